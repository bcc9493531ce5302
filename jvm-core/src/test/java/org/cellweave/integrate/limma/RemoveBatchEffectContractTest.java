package org.cellweave.integrate.limma;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class RemoveBatchEffectContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return RemoveBatchEffect.with(RemoveBatchEffect.Params.DEFAULTS);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Sums in another order round otherwise. */
  @Override
  protected double tolerance() {
    return 1e-6;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
