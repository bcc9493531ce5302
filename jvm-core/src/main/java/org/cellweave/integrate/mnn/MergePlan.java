package org.cellweave.integrate.mnn;

import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.util.Check;

/**
 * Which batches merge when, and among how many neighbours pairs are sought.
 *
 * @param k neighbours in the other set among which a cell's partners must be
 * @param propK neighbours as a share of each set's cells, where that is more than k; null for k
 * @param mergeOrder null for the order of the levels
 * @param autoMerge takes the two sets with the most pairs next, whatever their names
 */
public record MergePlan(int k, Double propK, BatchTree mergeOrder, boolean autoMerge) {
  public static final MergePlan DEFAULTS = builder().build();

  public MergePlan {
    Check.positive(k, "k");
    if (propK != null) {
      Check.positive(propK, "propK");
      Check.inRange(propK, 0, 1, "propK");
    }
    if (mergeOrder != null && autoMerge) {
      throw new IllegalArgumentException(
          "autoMerge = true and mergeOrder exclude each other; give one of them");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The one place where the default values are written. */
  public static final class Builder {
    private int k = 20;
    private Double propK = null;
    private BatchTree mergeOrder = null;
    private boolean autoMerge = false;

    public Builder k(int value) {
      this.k = value;
      return this;
    }

    public Builder propK(Double value) {
      this.propK = value;
      return this;
    }

    public Builder mergeOrder(BatchTree value) {
      this.mergeOrder = value;
      return this;
    }

    public Builder autoMerge(boolean value) {
      this.autoMerge = value;
      return this;
    }

    public MergePlan build() {
      return new MergePlan(k, propK, mergeOrder, autoMerge);
    }
  }

  /** Neighbours that a set of {@code n} cells offers to others. */
  int neighborsAmong(int n) {
    return propK == null ? k : (int) Math.min(n, Math.max(k, Math.rint(propK * n)));
  }

  /**
   * @param restrict cells that may be neighbours; null for all
   * @param step the method, for messages
   * @return the batches without unused levels, at least two, each with more than k such cells
   */
  Categories checked(Categories batch, int nCells, boolean[] restrict, String step) {
    var batches = batch.forCells(nCells).complete().withoutUnused();
    batches.atLeastTwo("there is nothing to merge within one batch.");
    String needs = step + " with k = " + k;
    batches.cellsInEach(k + 1, needs);
    Restriction.codes(batches, restrict, k + 1, needs);
    return batches;
  }
}
