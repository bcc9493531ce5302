package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Proves of a contract that what is right passes, and that every clause can fail. */
final class Clauses {
  private static final AtomicLong CALLS = new AtomicLong();

  private Clauses() {}

  /** How something may be wrong. */
  enum Fault {
    NONE,
    LOSES_A_CELL,
    CHANGES_THE_INPUT,
    GOES_BY_POSITION,
    GOES_BY_CODE,
    CHANGES_ONE_BATCH,
    GOES_BY_THREADS,
    FORGETS_THE_SEED,
    TAKES_NAN,
    FILLS_LABELS,
    IGNORES_INTERRUPTS,
    DOES_NOTHING,
    MEASURES_WRONG,
    TIES_BACKWARDS,
    GOES_BY_COMPANY,
    BREAKS_ON_ONE_MORE,
    SAVES_HALF
  }

  /**
   * @param made something with that fault that is to keep to the contract
   * @param wrong for every clause the fault that it must notice
   */
  static void canFail(Class<?> contract, Function<Fault, Object> made, Map<String, Fault> wrong) {
    var clauses =
        Arrays.stream(contract.getMethods())
            .filter(m -> m.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(wrong.keySet()).isEqualTo(clauses);
    for (String clause : clauses) {
      assertThatCode(() -> check(made.apply(Fault.NONE), clause))
          .as(clause)
          .doesNotThrowAnyException();
      fails(made.apply(wrong.get(clause)), clause);
    }
  }

  private static void check(Object kept, String clause) throws Throwable {
    try {
      var method = kept.getClass().getMethod(clause);
      method.setAccessible(true);
      method.invoke(kept);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** By an assertion and not by a fault of the test. */
  private static void fails(Object wrong, String clause) {
    try {
      check(wrong, clause);
    } catch (AssertionError expected) {
      return;
    } catch (Throwable e) {
      throw new AssertionError(clause + " ended with " + e, e);
    }
    throw new AssertionError(clause + " let pass what is wrong");
  }

  /** What differs from call to call, or with the number of threads; otherwise nothing. */
  static double jitter(Fault fault) {
    return switch (fault) {
      case FORGETS_THE_SEED -> 1e-3 * CALLS.incrementAndGet();
      case GOES_BY_THREADS -> 1e-3 * Parallel.threads();
      default -> 0;
    };
  }

  /** What a run begins with: it can be interrupted, refuses NaN and leaves its input alone. */
  static void begin(Matrix x, Fault fault, Progress progress) {
    if (fault == Fault.IGNORES_INTERRUPTS) {
      Thread.interrupted();
      progress.step("stand", 1, 2, 0);
      Thread.interrupted();
    } else {
      Parallel.checkInterrupted();
      progress.step("stand", 1, 2, 0);
      Parallel.checkInterrupted();
    }
    if (fault != Fault.TAKES_NAN) {
      Finite.require(x, "x", "the stand");
    }
    if (fault == Fault.CHANGES_THE_INPUT) {
      ((DenseMatrix) x).set(0, 0, 17);
    }
  }
}
