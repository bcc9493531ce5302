package org.cellweave.integrate.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.linalg.PositiveSystem;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class CentroidAlignTest {
  private static DenseMatrix mixtures(int n, int k, long seed) {
    var random = new SplittableRandom(seed);
    double[][] rows = new double[n][k];
    for (int i = 0; i < n; i++) {
      for (int f = 0; f < k; f++) {
        rows[i][f] = Math.max(0, random.nextDouble() - 0.3) * (i % 3 == 0 ? f + 1 : 1);
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  private static Categories sets(int n, int levels) {
    String[] names = new String[levels];
    Arrays.setAll(names, s -> "s" + s);
    return new Categories("set", IntStream.range(0, n).map(i -> i * 7 % levels).toArray(), names);
  }

  private static CentroidAlign.Result run(DenseMatrix h, Categories sets, double ridge) {
    return CentroidAlign.run(h, sets, new CentroidAlign.Params(ridge), Progress.NONE);
  }

  /** As Harmony's correction is written down: one whole ridge regression for every cluster. */
  private static double[][] plainly(DenseMatrix h, Categories sets, double ridge) {
    int n = h.nRows();
    int k = h.nCols();
    double[][] z = new double[n][k];
    for (int f = 0; f < k; f++) {
      double[] v = h.column(f);
      double mean = Arrays.stream(v).average().orElseThrow();
      double squares = Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum();
      for (int i = 0; i < n; i++) {
        z[i][f] = (v[i] - mean) / Math.sqrt(squares / (n - 1));
      }
    }
    double[][] out = Arrays.stream(z).map(double[]::clone).toArray(double[][]::new);
    int terms = sets.nLevels() + 1;
    for (int c = 0; c < k; c++) {
      double[] share = new double[n];
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int f = 0; f < k; f++) {
          sum += h.get(i, f);
        }
        share[i] = sum > 0 ? h.get(i, c) / sum : 0;
      }
      for (int f = 0; f < k; f++) {
        double[] a = new double[terms * terms];
        double[] b = new double[terms];
        for (int i = 0; i < n; i++) {
          int level = 1 + sets.code(i);
          for (int r : new int[] {0, level}) {
            b[r] += share[i] * z[i][f];
            for (int q : new int[] {0, level}) {
              a[r * terms + q] += share[i];
            }
          }
        }
        for (int r = 1; r < terms; r++) {
          a[r * terms + r] += ridge;
        }
        assertThat(PositiveSystem.solve(terms, a, b)).isTrue();
        for (int i = 0; i < n; i++) {
          out[i][f] -= share[i] * b[1 + sets.code(i)];
        }
      }
    }
    return out;
  }

  @Test
  void isTheRidgeRegressionOfHarmony() {
    Seeds.forEach(
        20,
        seed -> {
          var h = mixtures(90, 4, seed);
          var sets = sets(90, 3);
          var made = run(h, sets, 1);
          double[][] expected = plainly(h, sets, 1);
          for (int i = 0; i < 90; i++) {
            for (int f = 0; f < 4; f++) {
              assertThat(made.h().get(i, f)).isCloseTo(expected[i][f], within(1e-9));
            }
          }
        });
  }

  @Test
  void setsThatDifferByAShiftComeTogether() {
    var h = mixtures(600, 3, 1);
    int[] codes = IntStream.range(0, 600).map(i -> i / 300).toArray();
    var sets = new Categories("set", codes, new String[] {"a", "b"});
    for (int i = 300; i < 600; i++) {
      h.set(i, 0, h.get(i, 0) + 1);
    }
    var made = run(h, sets, 1).h();
    double before = 0;
    double after = 0;
    for (int i = 0; i < 600; i++) {
      double sign = i < 300 ? 1 : -1;
      before += sign * h.get(i, 0) / 300;
      after += sign * made.get(i, 0) / 300;
    }
    assertThat(Math.abs(before)).isGreaterThan(0.8);
    assertThat(Math.abs(after)).isLessThan(0.2);
  }

  @Test
  void oneSetIsOnlyStandardisedAndThreadsDoNotMatter() {
    var h = mixtures(1500, 5, 3);
    var one = run(h, sets(1500, 1), 1);
    for (int f = 0; f < 5; f++) {
      double[] v = one.h().column(f);
      assertThat(Arrays.stream(v).sum()).isCloseTo(0, within(1e-9));
      assertThat(Arrays.stream(v).map(x -> x * x).sum()).isCloseTo(1499, within(1e-6));
    }
    var single = Seeds.withThreads(1, () -> run(h, sets(1500, 4), 1));
    for (int threads : new int[] {2, 7}) {
      var many = Seeds.withThreads(threads, () -> run(h, sets(1500, 4), 1));
      assertThat(many.h().column(2)).isEqualTo(single.h().column(2));
      assertThat(many.cluster()).isEqualTo(single.cluster());
    }
  }

  @Test
  void cellsAndFactorsOfZerosStayWhereTheyAre() {
    var h = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 0}, {2, 0}, {0, 0}});
    var made = run(h, Categories.of("set", 0, 0, 1, 1), 1);
    assertThat(made.h().get(0, 0)).isEqualTo(made.h().get(3, 0));
    assertThat(made.h().column(1)).containsOnly(0);
    assertThat(made.cluster()).containsOnly(0);
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> new CentroidAlign.Params(0)).hasMessageContaining("ridge");
    var h = DenseMatrix.ofRows(new double[][] {{0, Double.NaN}, {1, 0}});
    assertThatThrownBy(() -> run(h, Categories.of("set", 0, 0), 1))
        .hasMessageContaining("h[0, 1] is NaN");
  }
}
