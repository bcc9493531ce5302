package org.cellweave.integrate.mnn;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class FastMnnContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return FastMnn.with(FastMnn.Params.DEFAULTS);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Sums in another order round otherwise. */
  @Override
  protected double tolerance() {
    return 1e-5;
  }

  @Override
  protected boolean draws() {
    return false;
  }

  @Override
  protected boolean goesByOrderOfBatches() {
    return true;
  }
}
