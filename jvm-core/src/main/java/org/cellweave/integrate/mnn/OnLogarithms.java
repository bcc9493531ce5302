package org.cellweave.integrate.mnn;

import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

/** A method that reads logarithms of expression and one batch column, with its parameters set. */
record OnLogarithms<R extends IntegrationResult>(String name, Body<R> body)
    implements BatchIntegration<R> {
  /** The method in its own words. */
  @FunctionalInterface
  interface Body<R> {
    R run(Matrix x, Categories batch, Progress progress);
  }

  @Override
  public Values reads() {
    return Values.LOG_EXPRESSION;
  }

  @Override
  public R run(IntegrationInput input, Progress progress) {
    return body.run(input.values(name), input.batch(name), progress);
  }
}
