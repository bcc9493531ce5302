package org.cellweave.clonal.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SoftmaxLossTest {
  private static ContextCounts counts(double[][] rows) {
    return ContextCounts.of(DenseMatrix.ofRows(rows).toCsr(), "counts", true);
  }

  private static double[] drawn(int n, long seed) {
    return new SplittableRandom(seed).doubles(n, -1, 1).toArray();
  }

  /** One dimension, two clones: chances are those of a logistic function. */
  @Test
  void byHand() {
    var loss = new SoftmaxLoss(counts(new double[][] {{2, 1}, {0, 3}}), 1, 0, false);
    // u = (1, -1), v = (0.5, -0.5), b = (0.2, 0)
    double[] x = {1, -1, 0.5, -0.5, 0.2, 0};
    double first = 1 / (1 + Math.exp(-1.2));
    double second = 1 / (1 + Math.exp(0.8));
    double expected = -(2 * Math.log(first) + Math.log(1 - first) + 3 * Math.log(1 - second)) / 6;
    double[] gradient = new double[6];
    assertThat(loss.at(x, gradient)).isCloseTo(expected, within(1e-12));
    // of u_0: (3 p - 2) / 6 for the difference of the contexts, which is 1
    assertThat(gradient[0]).isCloseTo((3 * first - 2) / 6, within(1e-12));
    assertThat(gradient[4]).isCloseTo((3 * first - 2 + 3 * second) / 6, within(1e-12));
    assertThat(loss.value(x)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    Seeds.forEach(
        6,
        seed -> {
          var data = ContextCounts.of(BlockCounts.of(23, 3, 9, seed), "counts", seed % 2 == 0);
          var loss = new SoftmaxLoss(data, 3, seed % 3 * 0.1, seed % 2 == 1);
          double[] x = drawn(loss.size(), seed);
          double[] gradient = new double[x.length];
          loss.at(x, gradient);
          for (int k = 0; k < x.length; k += 7) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[k] += 1e-6;
            down[k] -= 1e-6;
            double slope =
                (loss.at(up, new double[x.length]) - loss.at(down, new double[x.length])) / 2e-6;
            assertThat(gradient[k]).as("parameter %d", k).isCloseTo(slope, within(1e-8));
          }
        });
  }

  @Test
  void equalRowsWeighTheSame() {
    double[][] rows = {{1, 2, 3}, {2, 0, 1}, {0, 1, 1}};
    double[][] tripled = {{3, 6, 9}, {2, 0, 1}, {0, 1, 1}};
    var loss = new SoftmaxLoss(counts(rows), 2, 0, true);
    double[] x = drawn(loss.size(), 5);
    assertThat(new SoftmaxLoss(counts(tripled), 2, 0, true).value(x))
        .isCloseTo(loss.value(x), within(1e-12));
    assertThat(new SoftmaxLoss(counts(tripled), 2, 0, false).value(x)).isNotEqualTo(loss.value(x));
  }

  @Test
  void threadsDoNotMatter() {
    var data = ContextCounts.of(BlockCounts.of(700, 4, 12, 1), "counts", true);
    var loss = new SoftmaxLoss(data, 5, 0.01, false);
    var unpenalised = new SoftmaxLoss(data, 5, 0, false);
    double[] x = drawn(loss.size(), 2);
    double[] one = new double[x.length];
    double value = Seeds.withThreads(1, () -> loss.at(x, one));
    for (int threads : new int[] {2, 7}) {
      double[] several = new double[x.length];
      assertThat(Seeds.withThreads(threads, () -> loss.at(x, several))).isEqualTo(value);
      assertThat(Seeds.withThreads(threads, () -> unpenalised.value(x)))
          .as("the value that comes without a gradient, to the bit")
          .isEqualTo(unpenalised.at(x, new double[x.length]));
      assertThat(several).isEqualTo(one);
    }
  }

  @Test
  void refusesWhatIsNoCount() {
    assertThatThrownBy(() -> counts(new double[][] {{1, 0.5}, {0, 1}}))
        .hasMessage(
            "counts must hold counts, whole numbers from 0, got 0.5 in row 0, column 1. Give the"
                + " neighbours of clones as they were counted, not normalised");
    assertThatThrownBy(() -> counts(new double[][] {{1, 2}, {-1, 1}}))
        .hasMessageContaining("got -1.0 in row 1, column 0");
    assertThatThrownBy(() -> counts(new double[][] {{1, Double.NaN}, {1, 1}}))
        .hasMessageContaining("got NaN in row 0, column 1");
    assertThatThrownBy(() -> counts(new double[2][2]))
        .hasMessage("counts must have counts, but has none");
    CsrMatrix diagonal = DenseMatrix.ofRows(new double[][] {{1, 0}, {0, 1}}).toCsr();
    assertThatThrownBy(() -> ContextCounts.of(diagonal, "obsp['g']", false))
        .hasMessage("obsp['g'] must have counts off its diagonal, but has none");
  }

  @Test
  void splitsCountsOneByOne() {
    var data = ContextCounts.of(BlockCounts.of(200, 4, 30, 1), "counts", true);
    var parts = data.split(0.1, new SplittableRandom(1));
    assertThat(parts[0].total + parts[1].total).isEqualTo(data.total);
    assertThat(parts[1].total / data.total).isCloseTo(0.1, within(0.02));
    assertThat(Arrays.stream(parts[0].counts).min().orElseThrow()).isNotNegative();
    for (int p = 0; p < data.counts.length; p++) {
      assertThat(parts[0].counts[p] + parts[1].counts[p]).isEqualTo(data.counts[p]);
    }
  }
}
