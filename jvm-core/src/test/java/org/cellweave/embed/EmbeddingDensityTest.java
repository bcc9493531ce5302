package org.cellweave.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class EmbeddingDensityTest {
  private static DenseMatrix cloud(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 2, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      x.set(i, 0, random.nextGaussian() + (i % 3 == 0 ? 6 : 0));
      x.set(i, 1, x.get(i, 0) * 0.5 + random.nextGaussian());
    }
    return x;
  }

  private static double[] run(DenseMatrix x, int... codes) {
    var groups =
        List.of("rare type", "B", "C", "D").subList(0, Arrays.stream(codes).max().orElse(0) + 1);
    return EmbeddingDensity.run(x, codes, groups, Progress.NONE);
  }

  @Test
  void squareWithItsCentreByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 0}, {2, 0}, {0, 2}, {2, 2}, {1, 1}});
    // covariance 1, bandwidth squared 5^(-1/3); only the centre differs from the corners
    assertThat(run(x, 0, 0, 0, 0, 0))
        .containsExactly(new double[] {0, 0, 0, 0, 1}, within(Tolerance.EXACT));
  }

  @Test
  void isTheDefinition() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 60;
          var x = cloud(n, seed);
          double[] mean = Arrays.stream(x.colSums()).map(s -> s / n).toArray();
          double[] c = new double[3];
          for (int i = 0; i < n; i++) {
            double a = x.get(i, 0) - mean[0];
            double b = x.get(i, 1) - mean[1];
            c[0] += a * a / (n - 1);
            c[1] += a * b / (n - 1);
            c[2] += b * b / (n - 1);
          }
          double h2 = Math.pow(n, -1.0 / 3);
          double det = (c[0] * c[2] - c[1] * c[1]) * h2;
          double[] density = new double[n];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              double a = x.get(i, 0) - x.get(j, 0);
              double b = x.get(i, 1) - x.get(j, 1);
              double q = (c[2] * a * a - 2 * c[1] * a * b + c[0] * b * b) / det;
              density[i] += Math.exp(-q / 2);
            }
          }
          double low = Arrays.stream(density).min().orElseThrow();
          double high = Arrays.stream(density).max().orElseThrow();
          double[] expected = Arrays.stream(density).map(d -> (d - low) / (high - low)).toArray();
          assertThat(run(x, new int[n])).containsExactly(expected, within(Tolerance.F64));
        });
  }

  @Test
  void groupsAreApartAndCellsWithoutOneGetZero() {
    var x = cloud(90, 1);
    int[] codes = new int[90];
    Arrays.setAll(codes, i -> i % 3 - 1);
    double[] both = run(x, codes);
    int[] second = Arrays.stream(codes).map(c -> c == 1 ? 0 : -1).toArray();
    double[] alone = run(x, second);
    for (int i = 0; i < 90; i++) {
      assertThat(alone[i]).isEqualTo(codes[i] == 1 ? both[i] : 0);
      assertThat(codes[i] >= 0 || both[i] == 0).isTrue();
    }
  }

  @Test
  void doesNotDependOnThreads() {
    var x = cloud(700, 2);
    double[] one = Seeds.withThreads(1, () -> run(x, new int[700]));
    assertThat(Seeds.withThreads(2, () -> run(x, new int[700]))).isEqualTo(one);
    assertThat(Seeds.withThreads(7, () -> run(x, new int[700]))).isEqualTo(one);
  }

  @Test
  void messages() {
    var line = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 1}, {2, 2}, {3, 3}});
    assertThatThrownBy(() -> run(line, 0, 0, 0, 0))
        .hasMessageContaining("group rare type has 4 cells that lie on one line");
    assertThatThrownBy(() -> run(line, 0, 0)).hasMessageContaining("codes has length 2");
    assertThatThrownBy(() -> run(DenseMatrix.zeros(3, 3, DType.FLOAT32), 0, 0, 0))
        .hasMessageContaining("a row of coordinates has length 3");
    line.set(2, 1, Double.NaN);
    assertThatThrownBy(() -> run(line, 0, 0, 0, 0)).hasMessageContaining("row 2 of coordinates");
  }
}
