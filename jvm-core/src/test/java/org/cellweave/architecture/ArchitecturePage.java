package org.cellweave.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellweave.testing.SharedData;

/**
 * The tables of {@code docs/architecture.md}. What may use what is written there and nowhere else:
 * the page is the rule that the tests hold the code to.
 */
final class ArchitecturePage {
  static final Path PATH = SharedData.projectRoot().resolve("docs/architecture.md");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * A layer of rooms.
   *
   * @param uses the layers whose rooms it may use, as numbers of earlier rows
   */
  record Layer(int number, List<Integer> uses, List<String> rooms) {}

  final List<Layer> layers = new ArrayList<>();

  /** Folders that are no room of their own, and the room that their files declare. */
  final Map<String, String> folders = new LinkedHashMap<>();

  /** Prefix of a library's names, and the rooms (with those inside them) that may use it. */
  final Map<String, List<String>> libraries = new LinkedHashMap<>();

  private ArchitecturePage() {}

  static ArchitecturePage read() {
    try {
      return parse(Files.readAllLines(PATH));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ArchitecturePage parse(List<String> lines) {
    ArchitecturePage page = new ArchitecturePage();
    String table = "";
    for (String line : lines) {
      if (!line.startsWith("|")) {
        table = "";
      } else if (table.isEmpty()) {
        table = line.replaceAll("[|\\s]+", " ").strip();
      } else if (!line.startsWith("|--")) {
        page.row(table, Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList());
      }
    }
    return page;
  }

  private void row(String table, List<String> cells) {
    if (table.startsWith("layer rooms may use")) {
      List<Integer> uses = new ArrayList<>();
      Matcher numbers = Pattern.compile("\\d+").matcher(cells.get(2));
      while (numbers.find()) {
        uses.add(Integer.valueOf(numbers.group()));
      }
      layers.add(new Layer(Integer.parseInt(cells.get(0)), uses, names(cells.get(1))));
    } else if (table.startsWith("folder declares")) {
      names(cells.get(0)).forEach(folder -> folders.put(folder, names(cells.get(1)).get(0)));
    } else if (table.startsWith("library only in")) {
      names(cells.get(0)).forEach(prefix -> libraries.put(prefix, names(cells.get(1))));
    }
  }

  private static List<String> names(String cell) {
    List<String> names = new ArrayList<>();
    Matcher matcher = CODE.matcher(cell);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
