package org.cellweave.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ThinningTest {
  private static Counts counts(Matrix x) {
    var out = new Counts(x.nCols());
    int[] all = new int[x.nRows()];
    Arrays.setAll(all, i -> i);
    out.clear(all.length);
    new MatrixRows(x).append(all, 0, all.length, out);
    return out;
  }

  private static Counts thin(Counts full, double least, long seed) {
    var out = new Counts(full.genes());
    Thinning.thin(full, least, seed, out);
    return out;
  }

  private static double[][] dense(Counts counts) {
    double[][] out = new double[counts.cells()][counts.genes()];
    for (int i = 0; i < counts.cells(); i++) {
      for (int p = counts.start()[i]; p < counts.start()[i + 1]; p++) {
        out[i][counts.gene()[p]] = counts.value()[p];
      }
    }
    return out;
  }

  @Test
  void keepsAPartOfEveryCount() {
    Seeds.forEach(
        20,
        seed -> {
          Matrix x = Seeds.counts(30, 40, 0.4, seed);
          double[][] full = dense(counts(x));
          double[][] part = dense(thin(counts(x), 5, seed));
          for (int i = 0; i < full.length; i++) {
            for (int g = 0; g < full[i].length; g++) {
              double rest = full[i][g] - part[i][g];
              assertThat(rest).isBetween(0.0, full[i][g]);
              assertThat(rest).isEqualTo(Math.rint(rest));
            }
          }
        });
  }

  @Test
  void keepsAllOfCellsAtTheLeastTotalOrBelow() {
    double[][] rows = {{3, 4, 3}, {0, 2, 0}, {0, 0, 0}};
    Counts full = counts(DenseMatrix.ofRows(rows));
    Seeds.forEach(20, seed -> assertThat(dense(thin(full, 10, seed))).isDeepEqualTo(rows));
  }

  @Test
  void probabilityByHand() {
    assertThat(Thinning.keep(1000, 10, 0)).isCloseTo(0.01, within(1e-12));
    assertThat(Thinning.keep(1000, 10, 0.5)).isCloseTo(0.1, within(1e-12));
    assertThat(Thinning.keep(1000, 10, 1)).isCloseTo(1, within(1e-12));
    assertThat(Thinning.keep(7, 10, 0.3)).isEqualTo(1);
    assertThat(Thinning.keep(0, 10, 0.3)).isEqualTo(1);
  }

  @Test
  void totalsAreEvenOnTheLogarithmicScale() {
    // of 1e6 molecules the total follows its target closely: Kolmogorov's distance to the target's
    double[][] one = {new double[50]};
    Arrays.fill(one[0], 20_000);
    Counts full = counts(DenseMatrix.ofRows(one));
    int n = 2000;
    double[] places = new double[n];
    for (int seed = 0; seed < n; seed++) {
      double total = Arrays.stream(dense(thin(full, 100, seed))[0]).sum();
      places[seed] = Math.log(total / 100) / Math.log(1e6 / 100);
    }
    Arrays.sort(places);
    double distance = 0;
    for (int k = 0; k < n; k++) {
      distance = Math.max(distance, Math.abs(places[k] - (k + 0.5) / n));
    }
    assertThat(distance * Math.sqrt(n)).isLessThan(1.95);
  }

  @Test
  void aCellDoesNotDependOnItsNeighbours() {
    Matrix x = Seeds.counts(20, 30, 0.5, 3);
    double[][] rows = dense(counts(x));
    double[][] few = Arrays.copyOf(rows, 3);
    assertThat(dense(thin(counts(DenseMatrix.ofRows(few)), 5, 9)))
        .isDeepEqualTo(Arrays.copyOf(dense(thin(counts(x), 5, 9)), 3));
  }
}
