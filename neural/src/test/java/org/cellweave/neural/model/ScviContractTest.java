package org.cellweave.neural.model;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.Warmup;

class ScviContractTest extends BatchIntegrationContract {
  /** Few cells make few steps: divergences are warmed up at once, and steps are large. */
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Scvi.with(
        Scvi.Params.builder().geneLikelihood(Likelihood.NB).nHidden(32).seed(seed).build(),
        Training.builder()
            .maxEpochs(60)
            .warmup(new Warmup(10, 0, 0, 1))
            .learningRate(0.02)
            .seed(seed)
            .build());
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Weights start by what batches are counted as, and cells are held out by their position. */
  @Override
  protected double tolerance() {
    return 2;
  }
}
