package org.cellweave.integrate.scanorama;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class ScanoramaContractTest extends BatchIntegrationContract {
  /** By size: in the order given, the original's, the order of the batches decides which moves. */
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Scanorama.with(
        Scanorama.Params.builder().order(Scanorama.Order.SIZE).dimred(20).seed(seed).build());
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Weights come from products in float32, summed in another order. */
  @Override
  protected double tolerance() {
    return 1e-4;
  }
}
