package org.cellweave.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One axis of several modalities together: its names, and where each of them stands in each
 * modality.
 *
 * @param names on a shared axis every name once, in the order of the modalities; on the other all
 *     names one after the other
 * @param maps by modality: positions from 1, 0 where the modality lacks the entry
 */
record MuDataAxis(List<String> names, Map<String, int[]> maps) {

  /** The names of one axis of each modality. */
  static MuDataAxis of(Modalities mod, boolean obs, boolean shared) {
    return shared ? union(mod, obs) : stacked(mod, obs);
  }

  static List<String> names(AnnData adata, boolean obs) {
    return obs ? adata.getObsNames() : adata.getVarNames();
  }

  private static MuDataAxis union(Modalities mod, boolean obs) {
    Map<String, Integer> place = new LinkedHashMap<>();
    mod.asMap()
        .forEach(
            (name, adata) -> {
              requireDistinct(name, adata, obs);
              names(adata, obs).forEach(n -> place.putIfAbsent(n, place.size()));
            });
    Map<String, int[]> maps = new LinkedHashMap<>();
    mod.asMap()
        .forEach(
            (name, adata) -> {
              int[] map = new int[place.size()];
              List<String> own = names(adata, obs);
              for (int i = 0; i < own.size(); i++) {
                map[place.get(own.get(i))] = i + 1;
              }
              maps.put(name, map);
            });
    return new MuDataAxis(List.copyOf(place.keySet()), maps);
  }

  private static void requireDistinct(String name, AnnData adata, boolean obs) {
    int repeats = NameIndex.of(obs ? adata.getObs() : adata.getVar()).repeats();
    if (repeats > 0) {
      String axis = obs ? "obs" : "var";
      String first = firstRepeated(names(adata, obs));
      throw new IllegalArgumentException(
          axis
              + "_names of modality '"
              + name
              + "' must differ, since they say which "
              + (obs ? "cells" : "features")
              + " the modalities share, but "
              + repeats
              + (repeats == 1 ? " repeats" : " repeat")
              + " an earlier one (first '"
              + first
              + "'). Call "
              + axis
              + "NamesMakeUnique() of the modality first");
    }
  }

  private static String firstRepeated(List<String> names) {
    var seen = new java.util.HashSet<String>();
    return names.stream().filter(n -> !seen.add(n)).findFirst().orElse("");
  }

  private static MuDataAxis stacked(Modalities mod, boolean obs) {
    List<String> all = new ArrayList<>();
    mod.values().forEach(adata -> all.addAll(names(adata, obs)));
    Map<String, int[]> maps = new LinkedHashMap<>();
    int start = 0;
    for (var entry : mod.asMap().entrySet()) {
      int n = names(entry.getValue(), obs).size();
      int[] map = new int[all.size()];
      for (int i = 0; i < n; i++) {
        map[start + i] = i + 1;
      }
      start += n;
      maps.put(entry.getKey(), map);
    }
    return new MuDataAxis(all, maps);
  }

  /**
   * For every entry the place it had before, or -1. Entries of a shared axis are known by their
   * names, others by their modality and name, repeated ones in their order.
   */
  int[] placesIn(List<String> oldNames, Map<String, int[]> oldMaps, boolean shared) {
    int[] out = new int[names.size()];
    Arrays.fill(out, -1);
    if (shared) {
      match(out, waiting(oldNames, null), null);
      return out;
    }
    maps.forEach((mod, map) -> match(out, waiting(oldNames, oldMaps.get(mod)), map));
    return out;
  }

  private void match(int[] out, Map<String, Deque<Integer>> waiting, int[] map) {
    for (int i = 0; i < out.length; i++) {
      Deque<Integer> places = map != null && map[i] == 0 ? null : waiting.get(names.get(i));
      if (places != null && !places.isEmpty()) {
        out[i] = places.removeFirst();
      }
    }
  }

  /** Places by name; of one modality only, where a map says which are its own. */
  private static Map<String, Deque<Integer>> waiting(List<String> names, int[] map) {
    Map<String, Deque<Integer>> out = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (map == null || map[i] > 0) {
        out.computeIfAbsent(names.get(i), k -> new ArrayDeque<>()).add(i);
      }
    }
    return out;
  }

  // -------------------------------------------------------------------------- selections

  /** Rows of a modality, in the order of the chosen entries. */
  static int[] rowsOf(int[] map, int[] chosen) {
    return Arrays.stream(chosen).filter(i -> map[i] > 0).map(i -> map[i] - 1).toArray();
  }

  /** The map after {@link #rowsOf}: present entries are numbered as they come. */
  static int[] numbered(int[] map, int[] chosen) {
    int[] out = new int[chosen.length];
    int next = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = map[chosen[i]] > 0 ? ++next : 0;
    }
    return out;
  }

  /** Which rows of a modality of {@code n} rows stay when these entries do. */
  static boolean[] kept(int[] map, boolean[] keep, int n) {
    boolean[] out = new boolean[n];
    for (int i = 0; i < map.length; i++) {
      if (map[i] > 0) {
        out[map[i] - 1] = keep[i];
      }
    }
    return out;
  }

  /** The map after {@link #kept}: rows of the modality keep their order. */
  static int[] renumbered(int[] map, boolean[] keep, boolean[] rows) {
    int[] place = new int[rows.length];
    int next = 0;
    for (int r = 0; r < rows.length; r++) {
      place[r] = rows[r] ? ++next : 0;
    }
    int[] out = new int[map.length];
    int n = 0;
    for (int i = 0; i < map.length; i++) {
      if (keep[i]) {
        out[n++] = map[i] > 0 ? place[map[i] - 1] : 0;
      }
    }
    return Arrays.copyOf(out, n);
  }
}
