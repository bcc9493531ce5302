package org.cellweave.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the cells and features of all modalities stand in each of them.
 *
 * @param obs by modality: rows from 1, 0 where it lacks the cell
 * @param var the same of features
 */
record MuDataMaps(Map<String, int[]> obs, Map<String, int[]> var) {
  Map<String, int[]> of(boolean ofObs) {
    return ofObs ? obs : var;
  }

  MuDataMaps with(boolean ofObs, Map<String, int[]> maps) {
    return ofObs ? new MuDataMaps(maps, var) : new MuDataMaps(obs, maps);
  }

  MuDataMaps copy() {
    return new MuDataMaps(copy(obs), copy(var));
  }

  private static Map<String, int[]> copy(Map<String, int[]> maps) {
    Map<String, int[]> out = new LinkedHashMap<>();
    maps.forEach((name, map) -> out.put(name, map.clone()));
    return out;
  }

  /**
   * @throws IllegalArgumentException when the modalities have other names than these maps knew
   */
  void requireCurrent(Modalities mod, AnnData shared) {
    for (boolean ofObs : new boolean[] {true, false}) {
      Map<String, int[]> maps = of(ofObs);
      if (!maps.keySet().equals(mod.getKeys())) {
        throw new IllegalArgumentException(
            "modalities are "
                + mod.getKeys()
                + ", but "
                + (ofObs ? "obsmap" : "varmap")
                + " knows "
                + maps.keySet()
                + "; call update() after modalities were added or removed");
      }
      List<String> names = MuDataAxis.names(shared, ofObs);
      maps.forEach((m, map) -> require(m, map, names, MuDataAxis.names(mod.get(m), ofObs), ofObs));
    }
  }

  boolean isCurrent(Modalities mod, AnnData shared) {
    return List.of(true, false).stream()
        .allMatch(
            ofObs ->
                of(ofObs).keySet().equals(mod.getKeys())
                    && of(ofObs).entrySet().stream()
                        .allMatch(
                            e ->
                                fits(
                                    e.getValue(),
                                    MuDataAxis.names(shared, ofObs),
                                    MuDataAxis.names(mod.get(e.getKey()), ofObs))));
  }

  private static void require(
      String name, int[] map, List<String> names, List<String> own, boolean ofObs) {
    if (!fits(map, names, own)) {
      throw new IllegalArgumentException(
          (ofObs ? "cells" : "features")
              + " of modality '"
              + name
              + "' ("
              + own.size()
              + ") are not those that "
              + (ofObs ? "obsmap" : "varmap")
              + " knows; call update() after modalities were changed");
    }
  }

  /** Whether every row of the modality stands in the map once, under its name. */
  private static boolean fits(int[] map, List<String> names, List<String> own) {
    if (map.length != names.size()) {
      return false;
    }
    boolean[] seen = new boolean[own.size()];
    int found = 0;
    for (int i = 0; i < map.length; i++) {
      int p = map[i] - 1;
      if (p == -1) {
        continue;
      }
      if (p < 0 || p >= seen.length || seen[p] || !own.get(p).equals(names.get(i))) {
        return false;
      }
      seen[p] = true;
      found++;
    }
    return found == seen.length;
  }
}
