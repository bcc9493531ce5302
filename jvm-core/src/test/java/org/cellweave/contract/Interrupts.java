package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.cellweave.util.Progress;

/** Runs something that is interrupted. */
final class Interrupts {
  private Interrupts() {}

  /**
   * Interrupted before it begins, and again when it reports a step that is not its last. Work that
   * is all but done may be finished then, with the interrupt left for the caller.
   */
  static void areNoticed(Consumer<Progress> body) {
    try {
      Thread.currentThread().interrupt();
      cancels(() -> body.accept(Progress.NONE));
      var caller = Thread.currentThread();
      var reported = new AtomicBoolean();
      Progress interrupting =
          (stage, step, total, objective) -> {
            if (step < total && reported.compareAndSet(false, true)) {
              caller.interrupt();
            }
          };
      try {
        body.accept(interrupting);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isEqualTo(reported.get());
      } catch (CancellationException noticed) {
        assertThat(reported).isTrue();
      }
    } finally {
      Thread.interrupted();
    }
  }

  private static void cancels(Runnable body) {
    assertThatThrownBy(body::run).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("the interrupt is taken note of").isFalse();
  }
}
