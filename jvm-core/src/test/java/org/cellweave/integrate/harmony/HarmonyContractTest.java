package org.cellweave.integrate.harmony;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

class HarmonyContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Harmony.with(Harmony.Params.builder().seed(seed).build());
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.UNCHANGED;
  }

  /** Blocks and first centroids are drawn by position; another seed moves cells as far. */
  @Override
  protected double tolerance() {
    return 0.1;
  }
}
