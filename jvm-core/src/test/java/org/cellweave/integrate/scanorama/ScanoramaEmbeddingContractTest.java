package org.cellweave.integrate.scanorama;

import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.integrate.BatchIntegration;

/** The assembly of coordinates that are there. */
class ScanoramaEmbeddingContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Scanorama.onEmbedding(
        Scanorama.Params.builder().order(Scanorama.Order.SIZE).sigma(0.05).build());
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** As of expression. */
  @Override
  protected double tolerance() {
    return 1e-4;
  }

  /** Neighbours are those by direction, which ten dimensions hold little of. */
  @Override
  protected double leastMixing() {
    return 0.6;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
