package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class WholeNumbersTest {
  private static Blocks blocks(float[] x, int d, int[] starts) {
    double[][] rows = new double[x.length / d][d];
    for (int i = 0; i < x.length; i++) {
      rows[i / d][i % d] = x[i];
    }
    var points = PointSet.of(DenseMatrix.ofRows(rows), Metric.EUCLIDEAN, MetricArguments.NONE, "x");
    return Blocks.ofSets(points, starts);
  }

  /** Columns of 0 to 3 and of -1 to 1: all ranges together are 5. */
  @Test
  void theRangesTogetherFillTheNumbers() {
    float[] x = {0, -1, 3, 1, 1, 0};
    var whole = new WholeNumbers(x, 2, blocks(x, 2, new int[] {0, 2, 3}));
    double unit = (WholeNumbers.FAR - 6) / 5.0;
    assertThat(whole.between(0, 1, 0, 2)).isBetween((int) (5 * unit) - 2, WholeNumbers.FAR - 1);
    assertThat(whole.between(0, 2, 0, 1)).isBetween((int) unit - 1, (int) unit + 2);
    assertThat(whole.between(0, 2, 1, 2)).isBetween((int) unit - 1, (int) unit + 2);
  }

  /** Sums over columns of a block are those between rows, and off by one for each column. */
  @Test
  void sumsAreThoseOfTheRows() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int d = 1 + random.nextInt(23);
          int n = 20 + random.nextInt(200);
          float[] x = new float[n * d];
          for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * (1 + i % d));
          }
          var blocks = blocks(x, d, new int[] {0, n / 2, n});
          var whole = new WholeNumbers(x, d, blocks);
          int block = blocks.count() - 1;
          int[][] sums = new int[3][blocks.size(block)];
          int half = d / 2;
          whole.add(2, 3, block, 0, half, sums);
          whole.add(2, 3, block, half, d, sums);
          double unit = 0;
          for (int g = 0; g < 3; g++) {
            for (int c = 0; c < sums[g].length; c++) {
              int place = blocks.starts[block] + c;
              assertThat(sums[g][c])
                  .isEqualTo(whole.between(2 + g, place, 0, d))
                  .isBetween(0, WholeNumbers.FAR - 1);
              double exact = 0;
              for (int t = 0; t < d; t++) {
                exact +=
                    Math.abs(
                        (double) x[blocks.order[2 + g] * d + t] - x[blocks.order[place] * d + t]);
              }
              unit = unit == 0 ? sums[g][c] / exact : unit;
              assertThat(sums[g][c] / exact)
                  .isCloseTo(unit, org.assertj.core.api.Assertions.withinPercentage(1e-3));
            }
          }
        });
  }
}
