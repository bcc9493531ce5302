package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The numbers of differential expression by hand. */
class ComparedGenesTest {
  @Test
  void bayesFactorsAreLogarithmsOfOdds() {
    double[] factors = ComparedGenes.bayesFactors(new double[] {0.5, 0.9982, 1, 0});
    assertThat(factors[0]).isZero();
    // as printed in scvi-tools' tutorial
    assertThat(factors[1]).isCloseTo(6.318, within(1e-3));
    assertThat(factors[2]).isCloseTo(Math.log(1 / 1e-8), within(1e-6));
    assertThat(factors[3]).isEqualTo(-factors[2]);
  }

  /** One false call among four at most: 0 + 0.1 + 0.2 over 3 is 0.1, then 0.9 more is too much. */
  @Test
  void discoveriesStayWithinTheExpectedShare() {
    double[] p = {1, 0.9, 0.8, 0.1};
    assertThat(ComparedGenes.discoveries(p, 0.05)).containsExactly(true, true, false, false);
    assertThat(ComparedGenes.discoveries(p, 0.1 + 1e-12)).containsExactly(true, true, true, false);
    assertThat(ComparedGenes.discoveries(new double[] {0.5}, 0.05)).containsExactly(false);
  }

  @Test
  void pseudocountsAreAQuantileOfWhatSilentGenesAreGiven() {
    PairSums sums = new PairSums(4);
    sums.add(new double[] {0.4, 0.1, 0.3, 0.2}, new double[] {0.2, 0.5, 0.2, 0.1});
    sums.add(new double[] {0.5, 0.2, 0.1, 0.2}, new double[] {0.1, 0.1, 0.1, 0.7});
    // silent in the first group: genes 1 and 2 with largest 0.2 and 0.3; 0.9 of the way is 0.29
    double[] mean1 = {5, 0, 0.001, 1};
    double[] mean2 = {5, 1, 1, 1};
    assertThat(ComparedGenes.pseudocounts(sums, mean1, mean2, 0.01))
        .isCloseTo(0.29 / 4, within(1e-12));
    double[] loud = {5, 5, 5, 5};
    assertThat(ComparedGenes.pseudocounts(sums, loud, loud, 0.01)).isEqualTo(1e-10);
  }

  @Test
  void foldChangesAreOfBaseTwo() {
    assertThat(FoldChanges.log2(0.3, 0.1, 0.1)).isCloseTo(1, within(1e-12));
    assertThat(FoldChanges.log2(0, 0, 1e-9)).isZero();
  }

  @Test
  void theNarrowestIntervalIsFound() {
    float[] sorted = {-5, 0, 0.1f, 0.2f, 0.3f, 9};
    assertThat(FoldChanges.narrowest(sorted, 0.5)).isEqualTo(1);
  }

  /** Three clouds of genes, told apart; beside them the least threshold that there is. */
  @Test
  void aThresholdIsEstimatedFromThreeClouds() {
    var random = new SplittableRandom(1);
    double[] x = new double[3000];
    double[] centre = {-2, 0, 3};
    for (int i = 0; i < x.length; i++) {
      x[i] = centre[i < 200 ? 0 : i < 2800 ? 1 : 2] + 0.2 * random.nextGaussian();
    }
    double[] found = FoldChangeThreshold.centres(x);
    assertThat(found).containsExactly(new double[] {-2, 0, 3}, within(0.05));
    assertThat(FoldChangeThreshold.of(x)).isCloseTo(0.6 * 2.5, within(0.03));
    assertThat(FoldChangeThreshold.of(new double[] {0, 0.001, -0.001, 0.002})).isEqualTo(0.1);
  }
}
