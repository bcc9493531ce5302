package org.cellweave.neural.fused;

import java.util.Arrays;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.util.Elementary;

/**
 * The negative binomial likelihood of shares by softmax.
 *
 * <p>All genes are handled as if they had no count, in loops without a branch or a logarithm, and
 * those that have one are put right afterwards. The logarithms of zeros are taken once per gene and
 * block: of the product over its cells, which stays far from overflow since an expectation is below
 * 1e11 and a dispersion, with its epsilon, above 1e-8. A cell with a larger total, as inferred ones
 * may have, has a product of its own.
 */
final class NegativeBinomialPass extends LikelihoodPass {
  private static final double EPSILON = CountMath.EPSILON;
  private static final double LARGE_TOTAL = 1e11;

  NegativeBinomialPass(
      Inputs inputs,
      Dispersions dispersions,
      int[] levels,
      boolean wantsGradient,
      DoubleArrays room) {
    super(inputs, dispersions, levels, wantsGradient, room);
  }

  @Override
  Block block() {
    return new Cells();
  }

  private final class Cells extends Block {
    private final Shares shares = new Shares(array(), array());
    private final double[] slope = array();
    private final double[] product = array();
    private final CountedTerms counted = new CountedTerms();
    private final double[] inverseTotals = array();
    private int cellsOfLevel;
    private double ended;

    Cells() {
      Arrays.fill(product, 1);
      Arrays.fill(inverseTotals, 0);
    }

    @Override
    double cell(int cell) {
      double total = Elementary.exp(in.library()[cell]);
      if (total < LARGE_TOTAL) {
        return cell(cell, total);
      }
      endLevel();
      double sum = cell(cell, total);
      endLevel();
      return sum;
    }

    private double cell(int cell, double total) {
      cellsOfLevel++;
      int at = cell * genes;
      double factor = total / shares.load(in.scale(), at);
      double slopes = zeros(factor);
      int[] start = counts.start();
      double[] ownGradient = wantsGradient ? ownGradient() : null;
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        int g = counts.gene()[p];
        double x = counts.value()[p];
        double of = theta[g];
        double mu = shares.exponential[g] * factor;
        double inverse = 1 / (of + mu + EPSILON);
        double digamma = counted.add(x, of, (mu + EPSILON) * inverse);
        if (wantsGradient) {
          double moved = mu * x * (inverse - 1 / (mu + EPSILON));
          slope[g] += moved;
          slopes += moved;
          ownGradient[g] += x * inverse - digamma;
        }
      }
      if (wantsGradient) {
        in.libraryGradient()[cell] = (float) slopes;
        shares.handBack(in.scale(), at, slope, slopes * factor / total);
      }
      return -counted.take();
    }

    /** Every gene as if it had no count; the sum of the slopes along the logarithm of the total. */
    private double zeros(double factor) {
      double[] share = shares.exponential;
      for (int g = 0; g < genes; g++) {
        double mu = share[g] * factor;
        double of = theta[g];
        double total = of + mu + EPSILON;
        double overTotal = 1 / total;
        product[g] *= total * inverse[g];
        inverseTotals[g] += overTotal;
        slope[g] = mu * of * overTotal;
      }
      return Shares.sum(slope, genes);
    }

    @Override
    void endLevel() {
      if (cellsOfLevel == 0) {
        return;
      }
      for (int g = 0; g < genes; g++) {
        double log = Elementary.log(product[g]);
        ended += theta[g] * log;
        if (wantsGradient) {
          double constant = theta[g] * inverse[g];
          ownGradient()[g] += log - cellsOfLevel * constant + theta[g] * inverseTotals[g];
        }
      }
      Arrays.fill(product, 1);
      Arrays.fill(inverseTotals, 0);
      cellsOfLevel = 0;
    }

    @Override
    double end() {
      endLevel();
      return ended;
    }
  }
}
