package org.cellweave.neural.train;

import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.data.Thinning;
import org.cellweave.neural.nn.View;
import org.cellweave.random.Streams;

/** Adds to every training minibatch the same cells with a part of their counts. */
public final class ThinnedFeed extends CellFeed {
  private final double minTotal;

  /**
   * @param minTotal the least total that a cell is thinned to
   */
  public ThinnedFeed(CellData cells, Split split, int batchSize, long seed, double minTotal) {
    super(cells, split, batchSize, seed);
    this.minTotal = minTotal;
  }

  @Override
  public void step(int epoch, int step, Minibatch into) {
    super.step(epoch, step, into);
    long stepSeed = Streams.mix(Streams.mix(~seed() + epoch) + Streams.STEP * (step + 1L));
    Thinning.thin(into.counts(View.CELLS), minTotal, stepSeed, into.counts(View.THINNED));
  }
}
