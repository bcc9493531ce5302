package org.cellweave.util;

import java.util.Locale;
import java.util.Map;

/**
 * On what the last bits of results may depend. Decided once for the life of the process: before the
 * first product of matrices or elementary function, by {@link #choose}, or at the start by the
 * property {@value #PROPERTY} or the environment's {@value #VARIABLE}.
 */
public enum Reproducibility {
  /** Nothing but the machine: any number of threads gives the same bits. */
  MACHINE,

  /**
   * As {@link #MACHINE}, and the same bits on every x86-64 machine that has AVX2: one set of
   * OpenBLAS kernels ({@link org.cellweave.linalg.OpenBlas}), and the elementary functions of
   * fdlibm ({@link Elementary}). About half as fast where such work dominates.
   */
  EVERYWHERE;

  public static final String PROPERTY = "cellweave.reproducible";
  public static final String VARIABLE = "CELLWEAVE_REPRODUCIBLE";

  private static final Choice CHOICE = new Choice();

  /** What holds, or will from the first computation on. */
  public static Reproducibility current() {
    return CHOICE.current();
  }

  /**
   * @throws IllegalStateException if something else is in force already
   */
  public static void choose(Reproducibility wanted) {
    CHOICE.choose(wanted);
  }

  /** What holds from now on: for those whose work depends on it, as they start. */
  public static Reproducibility fixed() {
    return CHOICE.fixed();
  }

  /** The name that users write: {@code "machine"}, {@code "everywhere"}. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A choice that may change until it is first relied on. */
  static final class Choice {
    private Reproducibility value;
    private boolean relied;

    synchronized Reproducibility current() {
      if (value == null) {
        value = atStart(System.getProperty(PROPERTY), System.getenv());
      }
      return value;
    }

    synchronized void choose(Reproducibility wanted) {
      if (relied && current() != wanted) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "results of this process are reproducible on \"%s\" already, and something was"
                    + " computed; \"%s\" must be chosen before: as the first line of a script, by the"
                    + " launcher's --reproducible %s, or after a restart of the kernel",
                current().spelling(),
                wanted.spelling(),
                wanted.spelling()));
      }
      value = wanted;
    }

    synchronized Reproducibility fixed() {
      relied = true;
      return current();
    }

    /** The property counts before the environment's variable. */
    static Reproducibility atStart(String property, Map<String, String> environment) {
      String variable = environment.get(VARIABLE);
      if (property != null && !property.isEmpty()) {
        return Check.oneOf(property, Reproducibility.class, PROPERTY);
      }
      return variable == null || variable.isEmpty()
          ? MACHINE
          : Check.oneOf(variable, Reproducibility.class, VARIABLE);
    }
  }
}
