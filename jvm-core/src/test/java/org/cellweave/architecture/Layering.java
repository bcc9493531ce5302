package org.cellweave.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.architecture.ArchitecturePage.Layer;

/**
 * Compares who uses whom with what the page allows. A room inside another (`integrate.harmony`)
 * stands above it unless the page gives it a layer of its own: it may use the outer room and what
 * the outer room may use; rooms side by side do not see each other. Where the page gives one inner
 * room a layer, it must give one to all of them.
 */
final class Layering {
  static final String REMEDY =
      ": hand in what it needs, move that to a room below both, or move the user to a room above";
  static final String HOME = ": add it to the row of the layer that it belongs to";

  private final ArchitecturePage page;
  private final Set<String> rooms;
  private final Map<String, Map<String, String>> uses;
  private final Map<String, Layer> layerOf = new HashMap<>();

  Layering(ArchitecturePage page, Set<String> rooms, Map<String, Map<String, String>> uses) {
    this.page = page;
    this.rooms = rooms;
    this.uses = uses;
    page.layers.forEach(layer -> layer.rooms().forEach(room -> layerOf.put(room, layer)));
  }

  /** Every breach of the page and everything in the page that is not needed; empty when it fits. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(homeless());
    Set<String> needed = new HashSet<>();
    uses.forEach(
        (room, targets) ->
            targets.forEach(
                (used, by) -> {
                  String reason = permission(room, used);
                  if (reason.isEmpty()) {
                    faults.add(
                        room + " uses " + used + " (" + by + "), which lies not below it" + REMEDY);
                  }
                  needed.add(reason);
                }));
    faults.addAll(unneeded(needed));
    return faults;
  }

  private List<String> homeless() {
    List<String> faults = new ArrayList<>();
    for (String room : rooms) {
      if (layer(room) == null) {
        faults.add("room " + room + " stands in no layer of docs/architecture.md" + HOME);
      }
    }
    for (String room : layerOf.keySet()) {
      if (!rooms.contains(room)) {
        faults.add("docs/architecture.md has a room that is not there, take it out: " + room);
      }
    }
    return faults;
  }

  /** The entry of the page that allows the use; empty where none does. */
  private String permission(String room, String used) {
    Layer from = layer(room);
    Layer to = layer(used);
    if (from == null || to == null) {
      return "no layer";
    }
    if (from.uses().contains(to.number())) {
      return "layer " + from.number() + " uses " + to.number();
    }
    if (room.startsWith(used + ".") && from.equals(to)) {
      return "outer";
    }
    return "";
  }

  private List<String> unneeded(Set<String> needed) {
    List<String> faults = new ArrayList<>();
    for (Layer layer : page.layers) {
      for (int other : layer.uses()) {
        if (other >= layer.number()) {
          faults.add(
              "layer " + layer.number() + " lies not above layer " + other + ", which it uses");
        } else if (!needed.contains("layer " + layer.number() + " uses " + other)) {
          faults.add(
              "no room of layer "
                  + layer.number()
                  + " uses layer "
                  + other
                  + " any more: take it out of the row");
        }
      }
    }
    return faults;
  }

  private Layer layer(String room) {
    if (layerOf.containsKey(room)) {
      return layerOf.get(room);
    }
    String outer = outer(room);
    while (!outer.isEmpty() && !layerOf.containsKey(outer)) {
      outer = outer(outer);
    }
    String inside = outer + ".";
    boolean someHaveTheirOwn = layerOf.keySet().stream().anyMatch(r -> r.startsWith(inside));
    return someHaveTheirOwn ? null : layerOf.get(outer);
  }

  private static String outer(String room) {
    return room.contains(".") ? room.substring(0, room.lastIndexOf('.')) : "";
  }
}
