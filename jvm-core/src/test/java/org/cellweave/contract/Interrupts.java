package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.cellweave.util.Progress;

/** Runs something that is interrupted. */
final class Interrupts {
  private Interrupts() {}

  /** Interrupted before it begins, and again when it reports a step that is not its last. */
  static void areNoticed(Consumer<Progress> body) {
    try {
      Thread.currentThread().interrupt();
      cancels(() -> body.accept(Progress.NONE));
      boolean[] reported = {false};
      Progress interrupting =
          (stage, step, total, objective) -> {
            if (step < total) {
              reported[0] = true;
              Thread.currentThread().interrupt();
            }
          };
      try {
        body.accept(interrupting);
        assertThat(reported[0]).as("ran on after an interrupt").isFalse();
      } catch (CancellationException noticed) {
        assertThat(reported[0]).isTrue();
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
