package org.cellweave.neural.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.nn.View;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;

/**
 * Adds to every training minibatch one of cells with a label. The shorter of both streams begins
 * again, in the same order, until the longer one ends.
 */
public final class LabelledFeed extends CellFeed {
  private final int[] labelled;
  private final int[] heldOut;
  private final int batchSize;
  private final int perLabel;
  private int[] epochOrder;
  private Measures measures;

  /**
   * @param perLabel cells of every label that an epoch draws; 0 for all
   * @param unlabelled code of the cells without a label
   */
  public LabelledFeed(
      CellData cells, Split split, int batchSize, long seed, int perLabel, int unlabelled) {
    super(cells, split, batchSize, seed);
    this.batchSize = batchSize;
    this.perLabel = perLabel;
    Categories labels = cells.categories("labels");
    this.labelled = withLabel(split.training(), labels, unlabelled);
    this.heldOut = withLabel(split.validation(), labels, unlabelled);
    if (labelled.length == 0) {
      throw new IllegalArgumentException(
          "no training cell has a label in "
              + labels.name()
              + ": all are '"
              + labels.level(unlabelled)
              + "', the category for cells without one");
    }
    this.epochOrder = labelled;
  }

  /** Whether there is anything to teach a classifier. */
  public static boolean canTeach(CellData cells, Split split, int unlabelled) {
    return withLabel(split.training(), cells.categories("labels"), unlabelled).length > 0;
  }

  private static int[] withLabel(int[] cells, Categories labels, int unlabelled) {
    return java.util.Arrays.stream(cells).filter(i -> labels.code(i) != unlabelled).toArray();
  }

  /** Has measured after every epoch. */
  public void measuredBy(Measures by) {
    measures = by;
  }

  @Override
  public Measures measures() {
    return measures;
  }

  /** Cells with a label of this epoch, in its order. */
  public int[] labelled() {
    return epochOrder.clone();
  }

  /** Cells with a label that are not trained on. */
  public int[] heldOutWithLabel() {
    return heldOut.clone();
  }

  @Override
  public void begin(int epoch) {
    super.begin(epoch);
    SplittableRandom random = Streams.of(~seed(), epoch);
    epochOrder = shuffled(perLabel == 0 ? labelled : drawn(random), random);
  }

  /** Up to so many cells of every label, without replacement. */
  private int[] drawn(SplittableRandom random) {
    Categories labels = cells().categories("labels");
    List<Integer> out = new ArrayList<>();
    for (int level = 0; level < labels.nLevels(); level++) {
      int of = level;
      int[] all = java.util.Arrays.stream(labelled).filter(i -> labels.code(i) == of).toArray();
      for (int k : Shuffle.sample(all.length, Math.min(perLabel, all.length), random)) {
        out.add(all[k]);
      }
    }
    return out.stream().mapToInt(Integer::intValue).toArray();
  }

  private int labelledSteps() {
    return steps(epochOrder.length);
  }

  @Override
  public int steps() {
    return Math.max(super.steps(), labelledSteps());
  }

  @Override
  public void step(int epoch, int step, Minibatch into) {
    super.step(epoch, step % super.steps(), into);
    int n = labelledSteps();
    int at = step % n;
    int to = at == n - 1 ? epochOrder.length : (at + 1) * batchSize;
    cells().feed(epochOrder, at * batchSize, to, View.LABELLED, into);
  }
}
