package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;

/** Runs something that is interrupted. */
final class Interrupts {
  private Interrupts() {}

  /**
   * Interrupted before it begins, and at every stage before its last report, it ends with a
   * CancellationException. After the last report the work may be finished, with the interrupt left
   * for the caller. One thread runs it, so that the next block of a loop comes after the report.
   *
   * @param input all that it reads, which a run that was ended leaves as it was
   */
  static void areNoticed(Consumer<Progress> body, Supplier<double[]> input) {
    Seeds.withThreads(
        1,
        () -> {
          try {
            double[] before = input.get();
            Thread.currentThread().interrupt();
            cancels(() -> body.accept(Progress.NONE), "before it begins");
            assertThat(input.get()).isEqualTo(before);
            var reports = new AtomicInteger();
            body.accept((stage, step, total, objective) -> reports.incrementAndGet());
            int last = reports.get();
            for (int at : between(last)) {
              before = input.get();
              cancels(() -> body.accept(interruptingAt(at)), "at report " + at + " of " + last);
              assertThat(input.get()).isEqualTo(before);
            }
            endsOrKeepsTheInterrupt(body, last);
          } finally {
            Thread.interrupted();
          }
          return null;
        });
  }

  /** The first, one in the middle and the last but one; none where there is but one report. */
  private static Set<Integer> between(int last) {
    var at = new TreeSet<Integer>();
    for (int report : new int[] {1, last / 2, last - 1}) {
      if (report > 0 && report < last) {
        at.add(report);
      }
    }
    return at;
  }

  private static Progress interruptingAt(int report) {
    var caller = Thread.currentThread();
    var reports = new AtomicInteger();
    return (stage, step, total, objective) -> {
      if (reports.incrementAndGet() == report) {
        caller.interrupt();
      }
    };
  }

  private static void cancels(Runnable body, String when) {
    assertThatThrownBy(body::run).as(when).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("the interrupt is taken note of, %s", when).isFalse();
  }

  private static void endsOrKeepsTheInterrupt(Consumer<Progress> body, int last) {
    try {
      body.accept(interruptingAt(last));
      assertThat(Thread.interrupted()).as("the interrupt is kept").isEqualTo(last > 0);
    } catch (CancellationException noticed) {
      assertThat(last).isPositive();
    }
  }
}
