package org.cellweave.data.concat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Common names of several indexes and where each index's names went.
 *
 * @param maps new position of every old one, or -1; a null entry means unchanged
 */
record JoinedIndex(List<String> names, List<int[]> maps) {
  /** Inner: in the order of the first. Outer: sorted, unless all are the same. */
  static JoinedIndex of(List<List<String>> indexes, boolean outer, String slot) {
    List<int[]> maps = new ArrayList<>();
    List<String> first = indexes.get(0);
    if (indexes.stream().allMatch(first::equals)) {
      indexes.forEach(i -> maps.add(null));
      return new JoinedIndex(first, maps);
    }
    Set<String> joined = new LinkedHashSet<>(first);
    for (List<String> index : indexes) {
      Set<String> distinct = new HashSet<>(index);
      if (distinct.size() < index.size()) {
        throw new IllegalArgumentException(
            slot
                + " names must be unique to be matched, but "
                + (index.size() - distinct.size())
                + " repeat. Call "
                + slot
                + "NamesMakeUnique() first");
      }
      if (outer) {
        joined.addAll(index);
      } else {
        joined.retainAll(distinct);
      }
    }
    String[] names = joined.toArray(new String[0]);
    if (outer) {
      Arrays.sort(names);
    }
    Map<String, Integer> place = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      place.put(names[i], i);
    }
    for (List<String> index : indexes) {
      maps.add(index.stream().mapToInt(n -> place.getOrDefault(n, -1)).toArray());
    }
    return new JoinedIndex(Arrays.asList(names), maps);
  }

  int size() {
    return names.size();
  }

  /** For every joined name its position in index {@code part}, or -1. */
  int[] positions(int part) {
    int[] map = maps.get(part);
    int[] out = new int[size()];
    Arrays.setAll(out, i -> map == null ? i : -1);
    for (int j = 0; map != null && j < map.length; j++) {
      if (map[j] >= 0) {
        out[map[j]] = j;
      }
    }
    return out;
  }
}
