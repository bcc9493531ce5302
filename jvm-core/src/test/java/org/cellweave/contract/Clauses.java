package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Proves of a contract that what is right passes, and that every clause alone can fail. */
final class Clauses {
  private Clauses() {}

  /** How something may be wrong. */
  enum Fault {
    NONE,
    NOT_FINITE,
    SKIPS_A_LABEL,
    CHANGES_THE_INPUT,
    WORKS_IN_THE_INPUT,
    GOES_BY_POSITION,
    GOES_BY_CODE,
    CHANGES_ONE_BATCH,
    GOES_BY_THREADS,
    REMEMBERS_RUNS,
    IGNORES_THE_SEED,
    TAKES_NAN,
    FILLS_LABELS,
    IGNORES_INTERRUPTS,
    LOOKS_ONCE,
    DOES_NOTHING,
    HAS_A_CELL_TWICE,
    MEASURES_WRONG,
    MISSES_NEIGHBOURS,
    MISSES_FAR_AWAY,
    TIES_BACKWARDS,
    GOES_BY_COMPANY,
    BREAKS_ON_ONE_MORE,
    SAVES_HALF
  }

  /**
   * @param made something with that fault that is to keep to the contract
   * @param wrong for every clause the faults that it must notice, and it alone
   */
  static void canFail(
      Class<?> contract, Function<Fault, Object> made, Map<String, List<Fault>> wrong) {
    var clauses =
        Arrays.stream(contract.getMethods())
            .filter(m -> m.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(wrong.keySet()).isEqualTo(clauses);
    assertThat(broken(clauses, made, Fault.NONE)).as("what is right").isEmpty();
    for (String clause : clauses) {
      assertThat(wrong.get(clause)).as(clause).isNotEmpty();
      for (Fault fault : wrong.get(clause)) {
        var broken = broken(clauses, made, fault);
        assertThat(broken.keySet()).as("%s: %s", fault, broken).containsExactly(clause);
        assertThat(broken.get(clause)).as("%s", fault).isInstanceOf(AssertionError.class);
      }
    }
  }

  /** The clauses that something with the fault breaks, and how. */
  private static Map<String, Throwable> broken(
      Iterable<String> clauses, Function<Fault, Object> made, Fault fault) {
    var broken = new TreeMap<String, Throwable>();
    for (String clause : clauses) {
      var how = breach(made.apply(fault), clause);
      if (how != null) {
        broken.put(clause, how);
      }
    }
    return broken;
  }

  /** How the clause is broken; null where it is kept. */
  static Throwable breach(Object kept, String clause) {
    try {
      var method = kept.getClass().getMethod(clause);
      method.setAccessible(true);
      method.invoke(kept);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
