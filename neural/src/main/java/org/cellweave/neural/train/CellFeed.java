package org.cellweave.neural.train;

import java.util.SplittableRandom;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.ChunkedShuffle;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.nn.View;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;

/**
 * Minibatches of the training cells in a new random order every epoch, and of the held-out ones in
 * theirs. A rest of one or two cells, too few for the statistics of a minibatch, joins the
 * minibatch before it.
 */
public class CellFeed implements Feed {
  private final CellData cells;
  private final Split split;
  private final int batchSize;
  private final long seed;
  private ChunkedShuffle chunks;
  private int[] validation;
  private int[] order;

  public CellFeed(CellData cells, Split split, int batchSize, long seed) {
    this.cells = cells;
    this.split = split;
    this.batchSize = batchSize;
    this.seed = seed;
    this.order = split.training();
    this.validation = split.validation();
  }

  /**
   * Takes cells in an order that a file can follow.
   *
   * @param shuffle null for any order
   * @return this
   */
  public final CellFeed inChunks(ChunkedShuffle shuffle) {
    chunks = shuffle;
    validation = shuffle == null ? split.validation() : shuffle.ascending(split.validation());
    return this;
  }

  @Override
  public int genes() {
    return cells.nGenes();
  }

  @Override
  public int trainingCells() {
    return split.training().length;
  }

  @Override
  public int validationCells() {
    return split.validation().length;
  }

  @Override
  public void begin(int epoch) {
    order = shuffled(split.training(), Streams.of(seed, epoch));
  }

  final int[] shuffled(int[] cells, SplittableRandom random) {
    if (chunks != null) {
      return chunks.order(cells, random);
    }
    int[] out = cells.clone();
    Shuffle.inPlace(out, random);
    return out;
  }

  @Override
  public int steps() {
    return steps(order.length);
  }

  final int steps(int n) {
    int rest = n % batchSize;
    return Math.max(1, n / batchSize + (rest > 2 ? 1 : 0));
  }

  @Override
  public void step(int epoch, int step, Minibatch into) {
    feed(order, step, steps(order.length), into);
  }

  @Override
  public int validationSteps() {
    return validation.length == 0 ? 0 : steps(validation.length);
  }

  @Override
  public void validation(int step, Minibatch into) {
    feed(validation, step, validationSteps(), into);
  }

  private void feed(int[] of, int step, int steps, Minibatch into) {
    int to = step == steps - 1 ? of.length : (step + 1) * batchSize;
    cells.feed(of, step * batchSize, to, View.CELLS, into);
  }

  protected final CellData cells() {
    return cells;
  }

  protected final long seed() {
    return seed;
  }
}
