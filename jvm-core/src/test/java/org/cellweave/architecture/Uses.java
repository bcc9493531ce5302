package org.cellweave.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who uses whom: for each room the rooms it uses and the libraries named in it, with one class that
 * does.
 *
 * <p>The core is read from its class files, where no use is hidden, and from its imports, which may
 * be there for documentation alone; the other modules from their sources, because their classes
 * need not be compiled when the core's tests run.
 */
final class Uses {
  private static final Pattern IMPORT = Pattern.compile("\\bimport\\s+(?:static\\s+)?([\\w.]+)");

  /** What may be a package and a class; a call on a value looks no different. */
  private static final Pattern QUALIFIED = Pattern.compile("\\b[a-z]\\w*(?:\\.\\w+)+");

  /** How names of libraries begin, and those of no value. */
  private static final Pattern LIBRARY = Pattern.compile("(?:org|com|net|edu|io|ai|de|ch|uk)\\..*");

  /** Room, then used room, then a class that uses it. */
  final Map<String, Map<String, String>> rooms = new TreeMap<>();

  /** Room, then the full names from outside of the project that it uses, then a class that does. */
  final Map<String, Map<String, String>> libraries = new TreeMap<>();

  private final Collection<String> known;

  private Uses(Collection<String> known) {
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
      if (!source.test()) {
        uses.addSource(source, !source.module().equals(coreModule));
      }
    }
    return uses;
  }

  /** Of these sources alone. */
  static Uses ofSources(Collection<String> rooms, Iterable<Project.Source> sources) {
    Uses uses = new Uses(rooms);
    sources.forEach(source -> uses.addSource(source, true));
    return uses;
  }

  private void addSource(Project.Source source, boolean whole) {
    // A long name may be broken before or after a dot.
    String code = BareCode.of(source.text(), source.isKotlin()).replaceAll("\\s*\\.\\s*", ".");
    Matcher imports = IMPORT.matcher(code);
    while (imports.find()) {
      add(source.room(), imports.group(1).replaceAll("\\.$", ""), source.name());
    }
    Matcher names = QUALIFIED.matcher(code);
    while (whole && names.find()) {
      if (names.group().startsWith(Project.ROOT) || LIBRARY.matcher(names.group()).matches()) {
        add(source.room(), names.group(), source.name());
      }
    }
  }

  private void add(String room, String used, String by) {
    if (!used.startsWith(Project.ROOT)) {
      if (used.contains(".")) {
        libraries.computeIfAbsent(room, r -> new TreeMap<>()).putIfAbsent(used, by);
      }
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
