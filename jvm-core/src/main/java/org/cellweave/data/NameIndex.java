package org.cellweave.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.MissingKeyException;

/**
 * Where each name of an axis, or of a column of other names, stands.
 *
 * <p>A name that stands for several entries is there, but asking for its place is an error: no
 * caller may take one of them in silence.
 */
public final class NameIndex {
  private static final int SHOWN = 3;

  private final String slot;
  private final String advice;
  private final List<String> names;
  private final List<String> labels;
  private final Map<String, Integer> position;
  private final Map<String, List<Integer>> repeated = new HashMap<>();

  private NameIndex(String slot, String advice, List<String> names, List<String> labels) {
    this.slot = slot;
    this.advice = advice;
    this.names = names;
    this.labels = labels;
    position = new HashMap<>(names.size() * 2);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Integer first = name == null ? null : position.putIfAbsent(name, i);
      if (first != null) {
        repeated.computeIfAbsent(name, k -> new ArrayList<>(List.of(first))).add(i);
      }
    }
  }

  /**
   * Names of an axis.
   *
   * @param axis {@code obs}, {@code var} or {@code raw.var}, for messages
   */
  public static NameIndex of(String axis, List<String> names) {
    String verb = axis.equals("obs") ? "adata.obsNamesMakeUnique()" : "adata.varNamesMakeUnique()";
    String when = axis.startsWith("raw") ? " before setting raw" : " first";
    return new NameIndex(axis + "_names", "Call " + verb + when + ".", names, null);
  }

  /**
   * Other names of an axis, such as gene symbols.
   *
   * @param slot the column, such as {@code var['symbol']}, for messages
   * @param names the axis's own names, which tell entries apart
   * @param values the column; null where there is no other name
   */
  public static NameIndex ofColumn(String slot, List<String> names, List<String> values) {
    return new NameIndex(slot, "Ask for them by their own names.", values, names);
  }

  public boolean contains(String name) {
    return position.containsKey(name);
  }

  /** What is indexed, in order. */
  public List<String> names() {
    return names;
  }

  /**
   * @throws MissingKeyException when there is no such name
   * @throws IllegalArgumentException when it stands for several entries
   */
  public int at(String name) {
    return at(name, "");
  }

  /**
   * @param remedy a sentence for the message when there is no such name, or ""
   */
  public int at(String name, String remedy) {
    Integer at = position.get(name);
    if (at == null) {
      throw new MissingKeyException(slot, name, present(), remedy);
    }
    List<Integer> places = repeated.get(name);
    if (places != null) {
      throw new IllegalArgumentException(ambiguous(name, places));
    }
    return at;
  }

  /** Places of several names; all that are missing stand in one message. */
  public int[] at(List<String> wanted, String remedy) {
    Set<String> missing = new LinkedHashSet<>();
    int[] out = new int[wanted.size()];
    for (int i = 0; i < out.length; i++) {
      if (contains(wanted.get(i))) {
        out[i] = at(wanted.get(i));
      } else {
        missing.add(wanted.get(i));
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingKeyException(slot, List.copyOf(missing), present(), remedy);
    }
    return out;
  }

  private List<String> present() {
    return names.stream().filter(n -> n != null).distinct().toList();
  }

  private String ambiguous(String name, List<Integer> places) {
    List<String> shown =
        places.stream()
            .limit(SHOWN)
            .map(p -> labels == null ? Integer.toString(p) : "'" + labels.get(p) + "'")
            .toList();
    String what = slot.startsWith("obs") ? "cells" : "genes";
    return slot
        + "['"
        + name
        + "'] stands for "
        + places.size()
        + " "
        + what
        + (labels == null ? " (positions " : " (")
        + String.join(", ", shown)
        + (places.size() > SHOWN ? ", ..." : "")
        + "), so that it names none of them. "
        + advice;
  }
}
