package org.cellweave.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.MissingKeyException;

/** Columns of modalities in the table of all, and the other way round. */
final class SharedColumns {
  private final Modalities mod;
  private final MuDataMaps maps;

  SharedColumns(Modalities mod, MuDataMaps maps) {
    this.mod = mod;
    this.maps = maps;
  }

  private static DataFrame table(AnnData adata, boolean obs) {
    return obs ? adata.getObs() : adata.getVar();
  }

  /** The modality whose name stands before a column's, or null. */
  private String owner(String key) {
    return mod.getKeys().stream().filter(m -> key.startsWith(m + ":")).findFirst().orElse(null);
  }

  private static String bare(String owner, String key) {
    return owner == null ? key : key.substring(owner.length() + 1);
  }

  /** The column of a modality that this one shows, or null. */
  private Column shown(boolean obs, String key) {
    String owner = owner(key);
    return owner == null ? null : table(mod.get(owner), obs).find(bare(owner, key));
  }

  /** Names of columns that belong to all, not to one modality. */
  List<String> ownKeys(boolean obs, DataFrame shared) {
    return shared.getKeys().stream().filter(key -> shown(obs, key) == null).toList();
  }

  // ------------------------------------------------------------------------------ tables

  /** Columns of the modalities, then those of all, at their new places. */
  DataFrame moved(boolean obs, DataFrame old, List<String> names, int[] at) {
    var out =
        new DataFrame(
            obs ? "obs" : "var", StringColumn.of(names.toArray(new String[0])), old.getIndexName());
    prefixed(obs, out);
    ownKeys(obs, old).forEach(key -> out.set(key, Reindexed.column(old.get(key), at)));
    return out;
  }

  /** Columns of the modalities, unless the table has them, then those of the table. */
  DataFrame completed(boolean obs, DataFrame stored) {
    var out = new DataFrame(obs ? "obs" : "var", stored.getIndex(), stored.getIndexName());
    prefixed(obs, out);
    stored.getKeys().forEach(key -> out.set(key, stored.get(key)));
    return out;
  }

  private void prefixed(boolean obs, DataFrame out) {
    mod.asMap()
        .forEach(
            (name, adata) -> {
              DataFrame from = table(adata, obs);
              from.getKeys()
                  .forEach(key -> out.set(name + ":" + key, spread(obs, name, from.get(key))));
            });
  }

  /** Without the columns that show a modality's with the same values. */
  DataFrame own(boolean obs, DataFrame shared) {
    DataFrame out = shared.copy();
    for (String key : List.copyOf(shared.getKeys())) {
      Column shown = shown(obs, key);
      boolean same =
          shown != null
              && Column.sameValues(shared.get(key), spread(obs, owner(key), shown))
              && sameOrder(shared.get(key), shown);
      if (same) {
        out.remove(key);
      }
    }
    return out;
  }

  private static boolean sameOrder(Column a, Column b) {
    return !(a instanceof CategoricalColumn x && b instanceof CategoricalColumn y)
        || (x.isOrdered() == y.isOrdered() && x.categoryNames().equals(y.categoryNames()));
  }

  /** A modality's column on the axis of all. */
  private Column spread(boolean obs, String name, Column column) {
    return Reindexed.column(
        column, Arrays.stream(maps.of(obs).get(name)).map(p -> p - 1).toArray());
  }

  // -------------------------------------------------------------------------------- pull

  /**
   * @param into the table of all
   * @param isShared whether the modalities share the axis
   */
  void pull(boolean obs, DataFrame into, Pull pull, boolean isShared) {
    if (isShared && (Boolean.TRUE.equals(pull.joinCommon()) || pull.joinNonunique())) {
      throw new IllegalArgumentException(
          "columns cannot be joined on a shared axis, where a row may have a value in each"
              + " modality; leave joinCommon and joinNonunique out");
    }
    List<String> mods = chosen(pull.mods());
    requireColumns(obs, pull.columns(), mods);
    Map<String, Column> found = new LinkedHashMap<>();
    for (String name : mods) {
      for (String key : List.copyOf(table(mod.get(name), obs).getKeys())) {
        if (isPulled(obs, name, key, pull)) {
          String target = target(obs, name, key, pull, isShared);
          found.computeIfAbsent(target, t -> pulled(obs, name, key, t.equals(key)));
        }
      }
    }
    if (!pull.onlyDrop()) {
      found.forEach(into::set);
    }
    if (pull.drop() || pull.onlyDrop()) {
      mods.forEach(
          name ->
              List.copyOf(table(mod.get(name), obs).getKeys()).stream()
                  .filter(key -> isPulled(obs, name, key, pull))
                  .toList()
                  .forEach(key -> drop(obs, name, key)));
    }
  }

  private void drop(boolean obs, String name, String key) {
    table(mod.get(name), obs).remove(key);
  }

  private List<String> chosen(List<String> mods) {
    Collection<String> all = mods == null ? mod.getKeys() : mods;
    all.forEach(mod::get);
    return List.copyOf(all);
  }

  private void requireColumns(boolean obs, List<String> columns, List<String> mods) {
    if (columns == null) {
      return;
    }
    Set<String> known = new LinkedHashSet<>();
    for (String name : mods) {
      for (String key : table(mod.get(name), obs).getKeys()) {
        known.add(key);
        known.add(name + ":" + key);
      }
    }
    requireAll(columns, known, (obs ? "obs" : "var") + " of " + mods);
  }

  private static void requireAll(List<String> wanted, Set<String> known, String where) {
    List<String> missing = wanted.stream().filter(c -> !known.contains(c)).toList();
    if (!missing.isEmpty()) {
      throw new MissingKeyException(where, missing, known, "");
    }
  }

  private long having(boolean obs, String key) {
    return mod.values().stream().filter(a -> table(a, obs).contains(key)).count();
  }

  private boolean isPulled(boolean obs, String name, String key, Pull pull) {
    if (pull.columns() != null) {
      return pull.columns().contains(key) || pull.columns().contains(name + ":" + key);
    }
    long having = having(obs, key);
    return having == mod.getSize() ? pull.common() : having > 1 ? pull.nonunique() : pull.unique();
  }

  /** What a modality's column is called in the table of all. */
  private String target(boolean obs, String name, String key, Pull pull, boolean isShared) {
    long having = having(obs, key);
    boolean joined;
    if (having > 1 && having == mod.getSize()) {
      joined = pull.joinCommon() == null ? !isShared && pull.mods() == null : pull.joinCommon();
    } else {
      joined = having > 1 ? pull.joinNonunique() : !pull.prefixUnique();
    }
    return joined ? key : name + ":" + key;
  }

  private Column pulled(boolean obs, String name, String key, boolean joined) {
    Column column = table(mod.get(name), obs).get(key);
    return joined && having(obs, key) > 1 ? joined(obs, key) : spread(obs, name, column);
  }

  /** One column of those of all modalities that have it, each for its own rows. */
  private Column joined(boolean obs, String key) {
    List<Column> parts = new ArrayList<>();
    int[] at = null;
    int start = 0;
    for (String name : mod.getKeys()) {
      Column part = table(mod.get(name), obs).find(key);
      int[] map = maps.of(obs).get(name);
      if (at == null) {
        at = new int[map.length];
        Arrays.fill(at, -1);
      }
      if (part != null) {
        for (int i = 0; i < map.length; i++) {
          at[i] = map[i] > 0 ? start + map[i] - 1 : at[i];
        }
        start += part.size();
        parts.add(part);
      }
    }
    int[] lengths = parts.stream().mapToInt(Column::size).toArray();
    return Reindexed.column(StackedColumns.of(parts, lengths), at);
  }

  // -------------------------------------------------------------------------------- push

  /**
   * @param from the table of all
   */
  void push(boolean obs, DataFrame from, Push push) {
    List<String> mods = chosen(push.mods());
    if (push.columns() != null) {
      Set<String> known = new LinkedHashSet<>(from.getKeys());
      from.getKeys().forEach(key -> known.add(bare(owner(key), key)));
      requireAll(push.columns(), known, obs ? "obs" : "var");
    }
    for (String key : List.copyOf(from.getKeys())) {
      String owner = owner(key);
      if (isPushed(owner, key, push)) {
        if (!push.onlyDrop()) {
          mods.stream()
              .filter(name -> owner == null || owner.equals(name))
              .forEach(name -> put(obs, name, bare(owner, key), from.get(key)));
        }
        if (push.drop() || push.onlyDrop()) {
          from.remove(key);
        }
      }
    }
  }

  private static boolean isPushed(String owner, String key, Push push) {
    if (push.columns() != null) {
      return push.columns().contains(key) || push.columns().contains(bare(owner, key));
    }
    return owner == null ? push.common() : push.prefixed();
  }

  /** A column that has these values already keeps its type. */
  private void put(boolean obs, String name, String key, Column column) {
    DataFrame into = table(mod.get(name), obs);
    int[] map = maps.of(obs).get(name);
    int[] at = new int[into.nRows()];
    for (int i = 0; i < map.length; i++) {
      if (map[i] > 0) {
        at[map[i] - 1] = i;
      }
    }
    Column values = column.take(at);
    Column there = into.find(key);
    if (there == null || !Column.sameValues(there, values)) {
      into.set(key, values);
    }
  }
}
