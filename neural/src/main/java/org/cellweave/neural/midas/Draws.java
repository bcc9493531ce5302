package org.cellweave.neural.midas;

import org.cellweave.random.Streams;

/** Seeds for everything that one step draws, in the order in which it asks. */
final class Draws {
  private final long seed;
  private long place;

  Draws(long seed, long step) {
    this.seed = Streams.mix(Streams.mix(seed) + Streams.STEP * (step + 1));
  }

  long next() {
    place++;
    return Streams.mix(seed + Streams.STEP * place);
  }
}
