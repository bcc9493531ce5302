package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.util.Check;

/** How much every batch counts in the search for directions of variance, whatever its size. */
public sealed interface BatchWeights {
  /** Every batch counts the same. */
  BatchWeights EQUAL = new Equal();

  /** Every cell counts the same: a batch counts by its size. */
  BatchWeights BY_CELLS = new ByCells();

  /** One number for every level, in their order. */
  static BatchWeights of(double... weights) {
    return new Given(weights.clone());
  }

  /** Every split of a tree shares its weight equally, as for replicates within conditions. */
  static BatchWeights of(BatchTree tree) {
    return new Shared(tree);
  }

  /**
   * @param batches without unused levels
   * @return one for every level, positive
   */
  double[] of(Categories batches);

  /** See {@link BatchWeights#EQUAL}. */
  record Equal() implements BatchWeights {
    @Override
    public double[] of(Categories batches) {
      double[] out = new double[batches.nLevels()];
      Arrays.fill(out, 1);
      return out;
    }
  }

  /** See {@link BatchWeights#BY_CELLS}. */
  record ByCells() implements BatchWeights {
    @Override
    public double[] of(Categories batches) {
      return Arrays.stream(batches.sizes()).asDoubleStream().toArray();
    }
  }

  /**
   * @param weights one for every level
   */
  record Given(double[] weights) implements BatchWeights {
    public Given {
      for (double weight : weights) {
        Check.inRange(weight, Double.MIN_NORMAL, Double.MAX_VALUE, "a weight of a batch");
      }
    }

    @Override
    public double[] of(Categories batches) {
      Check.sameLength(
          weights.length,
          batches.nLevels(),
          "weights",
          "the number of levels of " + batches.name());
      return weights.clone();
    }
  }

  /**
   * @param tree of all batches
   */
  record Shared(BatchTree tree) implements BatchWeights {
    @Override
    public double[] of(Categories batches) {
      return tree.weights(batches);
    }
  }
}
