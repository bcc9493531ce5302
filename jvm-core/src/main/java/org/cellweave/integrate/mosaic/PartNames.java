package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.util.Check;
import org.cellweave.util.Quoted;

/** What parts and their features are called in arguments and messages. */
final class PartNames {
  private static final String AFTER_BLOCK = ": ";
  private static final int SHOWN = 5;

  private PartNames() {}

  /** Place of a part. */
  static int at(String name, List<String> names, String argument) {
    int at = names.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(
          argument
              + " must be names of parts, one of "
              + names
              + ", got "
              + Quoted.of(name)
              + "."
              + Check.suggestion(name, names));
    }
    return at;
  }

  /**
   * Columns of a part that bear one of some names; a name stands for the features of all modalities
   * that bear it.
   *
   * @throws IllegalArgumentException names what the part has not
   */
  static boolean[] columns(MosaicPart part, List<String> wanted) {
    Set<String> missing = new HashSet<>(wanted);
    Set<String> all = Set.copyOf(missing);
    boolean[] out = new boolean[part.features().length];
    for (int j = 0; j < out.length; j++) {
      String name = plain(part.features()[j]);
      out[j] = all.contains(name);
      missing.remove(name);
    }
    if (!missing.isEmpty()) {
      List<String> known = Arrays.stream(part.features()).map(PartNames::plain).toList();
      List<String> absent = wanted.stream().filter(missing::contains).distinct().toList();
      throw new IllegalArgumentException(
          "features of "
              + Quoted.of(part.name())
              + " must be features that it has, but "
              + absent.stream().limit(SHOWN).map(Quoted::of).toList()
              + (absent.size() > SHOWN ? " and " + (absent.size() - SHOWN) + " others" : "")
              + (absent.size() == 1 ? " is" : " are")
              + " not there."
              + Check.suggestion(absent.get(0), known));
    }
    return out;
  }

  private static String plain(String feature) {
    return feature.substring(feature.indexOf(AFTER_BLOCK) + AFTER_BLOCK.length());
  }

  /**
   * @throws IllegalArgumentException names the parts that no shared feature joins
   */
  static void requireConnected(List<MosaicPart> parts, MosaicTopology topology) {
    int[] group = topology.groups();
    int n = Arrays.stream(group).max().orElse(0) + 1;
    if (n < 2) {
      return;
    }
    List<List<String>> groups = new ArrayList<>();
    for (int g = 0; g < n; g++) {
      groups.add(new ArrayList<>());
    }
    for (int p = 0; p < group.length; p++) {
      groups.get(group[p]).add(topology.names()[p]);
    }
    String others = String.join(", ", groups.stream().skip(1).map(List::toString).toList());
    throw new IllegalArgumentException(
        "stabmap needs features that join all parts, but "
            + others
            + " share none with "
            + groups.get(0)
            + (n > 2 ? " nor among each other" : "")
            + ". "
            + alike(parts, group)
            + "Check the names of the features, or add cells that have both");
  }

  /** Two features of parts that are not joined, whose names differ in case or modality alone. */
  private static String alike(List<MosaicPart> parts, int[] group) {
    Map<String, String> first = new HashMap<>();
    for (int p = 0; p < group.length; p++) {
      for (String feature : parts.get(p).features()) {
        String key = plain(feature).toLowerCase(Locale.ROOT);
        if (group[p] == 0) {
          first.putIfAbsent(key, feature);
        } else if (first.containsKey(key)) {
          return String.format(
              Locale.ROOT,
              "'%s' and '%s' are not the same: names count as they are written, in one modality. ",
              first.get(key),
              feature);
        }
      }
    }
    return "";
  }

  /**
   * @throws IllegalArgumentException names the parts of a single cell
   */
  static void requireTwoCells(List<MosaicPart> parts) {
    List<String> lone =
        parts.stream().filter(p -> p.cells().length < 2).map(MosaicPart::name).toList();
    if (!lone.isEmpty()) {
      throw new IllegalArgumentException(
          "stabmap needs at least 2 cells in every part, but "
              + String.join(", ", lone.stream().map(Quoted::of).toList())
              + (lone.size() == 1 ? " has" : " have")
              + " 1; leave "
              + (lone.size() == 1 ? "it" : "them")
              + " out");
    }
  }
}
