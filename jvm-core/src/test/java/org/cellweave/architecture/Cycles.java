package org.cellweave.architecture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for ways from a room back to itself. */
final class Cycles {
  private final Map<String, Map<String, String>> uses;
  private final Set<String> done = new HashSet<>();
  private final List<String> way = new ArrayList<>();

  private Cycles(Map<String, Map<String, String>> uses) {
    this.uses = uses;
  }

  /**
   * One cycle in words, with the classes that close it and what to do; empty where there is none.
   */
  static String in(Map<String, Map<String, String>> uses) {
    var cycles = new Cycles(uses);
    for (String room : uses.keySet()) {
      String found = cycles.from(room);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private String from(String room) {
    if (way.contains(room)) {
      List<String> circle = new ArrayList<>(way.subList(way.indexOf(room), way.size()));
      circle.add(room);
      return inWords(circle);
    }
    if (!done.contains(room)) {
      way.add(room);
      for (String used : uses.getOrDefault(room, Map.of()).keySet()) {
        String found = from(used);
        if (!found.isEmpty()) {
          return found;
        }
      }
      way.remove(way.size() - 1);
      done.add(room);
    }
    return "";
  }

  private String inWords(List<String> circle) {
    StringBuilder text = new StringBuilder(circle.get(0));
    for (int i = 1; i < circle.size(); i++) {
      String by = uses.get(circle.get(i - 1)).get(circle.get(i));
      text.append(" -> ").append(circle.get(i)).append(" (by ").append(by).append(')');
    }
    return text + ": hand in what one of them needs, or move what they share to a room below";
  }
}
