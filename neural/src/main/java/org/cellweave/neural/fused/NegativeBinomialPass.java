package org.cellweave.neural.fused;

import java.util.Arrays;
import org.cellweave.neural.distributions.CountMath;

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
      Inputs inputs, Dispersions dispersions, int[] levels, boolean wantsGradient) {
    super(inputs, dispersions, levels, wantsGradient);
  }

  @Override
  Block block() {
    return new Cells();
  }

  private final class Cells extends Block {
    private final Shares shares = new Shares(genes);
    private final double[] expected = new double[genes];
    private final double[] slope = new double[genes];
    private final double[] product = new double[genes];
    private final double[] inverseTotals = new double[genes];
    private int cellsOfLevel;
    private double ended;

    Cells() {
      Arrays.fill(product, 1);
    }

    @Override
    double cell(int cell) {
      double total = Math.exp(in.library()[cell]);
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
      double sum = 0;
      int offset = level() * genes;
      int[] start = counts.start();
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        int g = counts.gene()[p];
        double x = counts.value()[p];
        double theta = dispersions.theta[offset + g];
        double mu = expected[g];
        double inverse = 1 / (theta + mu + EPSILON);
        sum -= x * Math.log((mu + EPSILON) * inverse) + CountMath.logRising(x, theta);
        if (wantsGradient) {
          double moved = mu * x * (inverse - 1 / (mu + EPSILON));
          slope[g] += moved;
          slopes += moved;
          ownGradient()[g] += x * inverse - CountMath.digammaRising(x, theta);
        }
      }
      if (wantsGradient) {
        in.libraryGradient()[cell] = (float) slopes;
        shares.handBack(in.scale(), at, slope, slopes * factor / total);
      }
      return sum;
    }

    /** Every gene as if it had no count; the sum of the slopes along the logarithm of the total. */
    private double zeros(double factor) {
      double[] share = shares.exponential;
      double[] theta = dispersions.theta;
      double[] inverseTheta = dispersions.inverse;
      int offset = level() * genes;
      for (int g = 0; g < genes; g++) {
        double mu = share[g] * factor;
        double of = theta[offset + g];
        double total = of + mu + EPSILON;
        double inverse = 1 / total;
        expected[g] = mu;
        product[g] *= total * inverseTheta[offset + g];
        inverseTotals[g] += inverse;
        slope[g] = mu * of * inverse;
      }
      return Shares.sum(slope, genes);
    }

    @Override
    void endLevel() {
      if (cellsOfLevel == 0) {
        return;
      }
      int offset = level() * genes;
      for (int g = 0; g < genes; g++) {
        double theta = dispersions.theta[offset + g];
        double log = Math.log(product[g]);
        ended += theta * log;
        if (wantsGradient) {
          double constant = theta * dispersions.inverse[offset + g];
          ownGradient()[g] += log - cellsOfLevel * constant + theta * inverseTotals[g];
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
