package org.cellweave.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Compares which room names which library with the table of the page. */
final class Libraries {
  private static final Pattern OF_THE_LANGUAGE =
      Pattern.compile(
          "(?:java|javax|jdk|sun|com\\.sun|kotlin|org\\.xml\\.sax|org\\.w3c\\.dom)\\..*");

  private static final String TENSORFLOW = "org.tensorflow";

  /**
   * The modules that are for it: one for TensorFlow 2, one for KotlinDL, which brings its first.
   */
  private static final List<String> NEURAL = List.of("neural", "neural-kotlindl");

  private Libraries() {}

  /**
   * Every use that no row allows, and every row that is not needed.
   *
   * @param table prefix of names, and the rooms that may use them
   * @param uses room, full name, a class that uses it
   */
  static List<String> faults(
      Map<String, List<String>> table, Map<String, Map<String, String>> uses) {
    var faults = new TreeSet<String>();
    var needless = new TreeSet<String>();
    table.forEach(
        (prefix, owners) -> owners.forEach(owner -> needless.add(owner + " uses " + prefix)));
    uses.forEach(
        (room, names) ->
            names.forEach(
                (name, by) -> {
                  String prefix =
                      table.keySet().stream()
                          .filter(p -> isInside(name, p))
                          .findFirst()
                          .orElse(null);
                  if (prefix == null) {
                    boolean listed = OF_THE_LANGUAGE.matcher(name).matches();
                    if (!listed && !isInside(name, TENSORFLOW)) {
                      faults.add(unknown(room, name, by));
                    }
                    return;
                  }
                  List<String> owners =
                      table.get(prefix).stream().filter(owner -> isInside(room, owner)).toList();
                  owners.forEach(owner -> needless.remove(owner + " uses " + prefix));
                  if (owners.isEmpty()) {
                    faults.add(misplaced(room, prefix, by, table.get(prefix)));
                  }
                }));
    var all = new ArrayList<>(faults);
    needless.forEach(
        entry -> all.add(entry + " no more: take the room out of that row of " + PAGE));
    return all;
  }

  /**
   * The rooms that see TensorFlow outside of the modules that are for it.
   *
   * @param modules room, and the Maven module it lies in
   */
  static List<String> seeTensorFlow(
      Map<String, Map<String, String>> uses, Map<String, String> modules) {
    var faults = new ArrayList<String>();
    uses.forEach(
        (room, names) ->
            names.entrySet().stream()
                .filter(use -> isInside(use.getKey(), TENSORFLOW))
                .findFirst()
                .filter(use -> !isInside(room, "neural") || !NEURAL.contains(modules.get(room)))
                .ifPresent(
                    use ->
                        faults.add(
                            room
                                + " uses org.tensorflow ("
                                + use.getValue()
                                + "): move what needs it to a package below org.cellweave.neural"
                                + " in the Maven module neural, so that the core stays small")));
    return faults;
  }

  private static final String PAGE = "docs/architecture.md";

  private static String unknown(String room, String name, String by) {
    return room
        + " uses "
        + name
        + " ("
        + by
        + "), which stands in no row of the libraries in "
        + PAGE
        + ": do without it, or add a row that says who may use it and why";
  }

  private static String misplaced(String room, String prefix, String by, List<String> owners) {
    return room
        + " uses "
        + prefix
        + " ("
        + by
        + "), which is only for "
        + owners
        + ": call what these rooms offer, add there what is missing, or name the room in that row"
        + " of "
        + PAGE;
  }

  private static boolean isInside(String name, String outer) {
    return name.equals(outer) || name.startsWith(outer + ".");
  }
}
