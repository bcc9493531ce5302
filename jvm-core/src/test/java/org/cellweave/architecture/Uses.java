package org.cellweave.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who uses whom: for each room the rooms it uses, with one class that does, and the libraries named
 * in it.
 *
 * <p>The core is read from its class files, where no use is hidden; the other modules from their
 * sources, because their classes need not be compiled when the core's tests run.
 */
final class Uses {
  private static final Pattern COMMENT_OR_TEXT =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
  private static final Pattern QUALIFIED = Pattern.compile("\\b[a-z]\\w*(?:\\.\\w+)+");

  /** Room, then used room, then a class that uses it. */
  final Map<String, Map<String, String>> rooms = new TreeMap<>();

  /** Room, then the full names from outside of the project that it uses. */
  final Map<String, Set<String>> libraries = new TreeMap<>();

  private final Set<String> known;

  private Uses(Set<String> known) {
    this.known = known;
  }

  static Uses of(Project project, JavaClasses core, String coreModule) {
    Uses uses = new Uses(project.rooms().keySet());
    for (JavaClass type : core) {
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        uses.add(
            uses.roomOf(type.getPackageName()),
            use.getTargetClass().getBaseComponentType().getName(),
            type.getSimpleName());
      }
    }
    for (Project.Source source : project.sources) {
      if (!source.test() && !source.module().equals(coreModule)) {
        Matcher names =
            QUALIFIED.matcher(COMMENT_OR_TEXT.matcher(source.text()).replaceAll("\"\""));
        while (names.find()) {
          uses.add(source.room(), names.group(), source.name());
        }
      }
    }
    return uses;
  }

  private void add(String room, String used, String by) {
    if (!used.startsWith(Project.ROOT)) {
      libraries.computeIfAbsent(room, r -> new TreeSet<>()).add(used);
      return;
    }
    String target = roomOf(used);
    if (!target.equals(room) && !target.isEmpty()) {
      rooms.computeIfAbsent(room, r -> new TreeMap<>()).putIfAbsent(target, by);
    }
  }

  /** The room of a package or of a class: the longest known name that it starts with. */
  private String roomOf(String qualified) {
    String name = qualified.substring(Math.min(Project.ROOT.length(), qualified.length()));
    while (!known.contains(name) && name.contains(".")) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    return known.contains(name) ? name : "";
  }
}
