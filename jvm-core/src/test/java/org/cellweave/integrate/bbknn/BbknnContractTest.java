package org.cellweave.integrate.bbknn;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class BbknnContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Bbknn.with(Bbknn.Params.DEFAULTS);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** The mean of all distances, which few weights depend on, is summed in another order. */
  @Override
  protected double tolerance() {
    return 1e-6;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
