package org.cellweave.integrate.mnn;

import java.util.List;
import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

class RescaleBatchesContractTest extends BatchIntegrationContract {
  /** Raises the contract's values, some of which are below zero as no logarithm of counts is. */
  private static final double RAISED = 40;

  @Override
  protected BatchIntegration<?> method(long seed) {
    return RescaleBatches.with(RescaleBatches.Params.builder().logBase(1.1).build());
  }

  @Override
  protected IntegrationResult run(
      BatchIntegration<?> method, Matrix x, Categories batch, Progress progress) {
    var raised = StoredMap.run(x, (i, j, v) -> v + RAISED);
    var result = method.run(IntegrationInput.of("x", raised, batch), progress);
    var made = (Integrated.Expression) result.integrated().get(0);
    var lowered = StoredMap.run(made.x(), (i, j, v) -> v - RAISED).toDense();
    return () -> List.of(new Integrated.Expression(lowered, null));
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.UNCHANGED;
  }

  /** Sums in another order round otherwise, and float32 holds what was raised. */
  @Override
  protected double tolerance() {
    return 1e-5;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
