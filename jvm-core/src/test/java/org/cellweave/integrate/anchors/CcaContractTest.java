package org.cellweave.integrate.anchors;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class CcaContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return AnchorMethod.with(AnchorMethod.Params.DEFAULTS);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Sums over cells run in another order, and what is corrected is float32. */
  @Override
  protected double tolerance() {
    return 1e-5;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
