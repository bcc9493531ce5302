package org.cellweave.integrate;

import org.cellweave.util.Progress;

/**
 * A method of batch integration with its parameters set, as a value that can be handed on.
 *
 * <p>Running it does not change the input, gives the same bits for the same seed and any number of
 * threads, and ends with {@link java.util.concurrent.CancellationException} when the calling thread
 * is interrupted.
 *
 * @param <R> the method's own result
 */
public interface BatchIntegration<R extends IntegrationResult> {
  /** What a method's matrices must hold. */
  enum Values {
    /** Coordinates of the cells, such as principal components. */
    EMBEDDING,
    /** Logarithms of normalised expression. */
    LOG_EXPRESSION,
    /** Counts of molecules. */
    COUNTS
  }

  /** The name that the field knows the method by, such as {@code harmony}. */
  String name();

  Values reads();

  /**
   * @throws IllegalArgumentException for input that the method cannot take, by the name of the
   *     matrix, batch column or cell
   */
  R run(IntegrationInput input, Progress progress);
}
