package org.cellweave.integrate.scanorama;

import org.cellweave.integrate.BatchIntegration;

class ScanoramaEmbeddingContractTest extends ScanoramaContractTest {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return Scanorama.onEmbedding(
        Scanorama.Params.builder().order(Scanorama.Order.SIZE).sigma(0.05).build());
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
