package org.cellweave.data;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.ShapeMismatchException;

/** Names of an axis that modalities do not share, made to differ. */
final class MuDataNames {
  private final Modalities mod;
  private final boolean obs;

  MuDataNames(Modalities mod, boolean obs) {
    this.mod = mod;
    this.obs = obs;
  }

  /** Refuses a table of other rows than the object has. */
  static void require(DataFrame table, List<String> names, String slot) {
    if (table.nRows() != names.size()) {
      throw new ShapeMismatchException(
          slot + " must have " + names.size() + " rows, got a " + table.described());
    }
    if (!table.getNames().equals(names)) {
      throw new IllegalArgumentException(
          slot
              + " must be named as the modalities are; rename those and call update(), or call"
              + " table.setNames(mdata."
              + slot
              + "Names) when the rows are in that order");
    }
  }

  /** Within each modality, and where modalities have names in common, by the modality's name. */
  void makeUnique(String joiner) {
    Set<String> all = new HashSet<>();
    int total = 0;
    for (AnnData adata : mod.values()) {
      rename(adata, NameIndex.unique(names(adata), joiner));
      all.addAll(names(adata));
      total += names(adata).size();
    }
    if (all.size() < total) {
      mod.asMap()
          .forEach(
              (name, adata) ->
                  rename(adata, names(adata).stream().map(n -> name + ":" + n).toList()));
    }
  }

  /** Gives the entries of {@code shared}, which stay where they are, the modalities' names. */
  void adoptedBy(AnnData shared, Map<String, int[]> maps) {
    String[] out = names(shared).toArray(new String[0]);
    maps.forEach(
        (name, map) -> {
          List<String> own = names(mod.get(name));
          for (int i = 0; i < map.length; i++) {
            out[i] = map[i] > 0 ? own.get(map[i] - 1) : out[i];
          }
        });
    rename(shared, List.of(out));
  }

  private List<String> names(AnnData adata) {
    return MuDataAxis.names(adata, obs);
  }

  private void rename(AnnData adata, List<String> names) {
    if (obs) {
      adata.setObsNames(names);
    } else {
      adata.setVarNames(names);
    }
  }
}
