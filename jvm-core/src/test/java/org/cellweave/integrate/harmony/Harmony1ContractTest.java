package org.cellweave.integrate.harmony;

import org.cellweave.integrate.BatchIntegration;

class Harmony1ContractTest extends HarmonyContractTest {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Harmony.with(
        Harmony.Params.builder().flavor(Harmony.Flavor.HARMONY1).seed(seed).build());
  }
}
