package org.cellweave.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class DiffusionMapTest {
  private static DiffusionMap.Params comps(int n) {
    return DiffusionMap.Params.builder().nComps(n).build();
  }

  private static CsrMatrix cloud(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 3, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      x.set(i, 0, 6.0 * i / n);
      for (int j = 1; j < 3; j++) {
        x.set(i, j, random.nextGaussian() * 0.5);
      }
    }
    return FuzzyGraph.run(
        NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(12).build()));
  }

  @Test
  void ringHasCosinesAsEigenvalues() {
    int n = 12;
    var w = DenseMatrix.zeros(n, n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      w.set(i, (i + 1) % n, 0.5);
      w.set((i + 1) % n, i, 0.5);
      w.set(i, i, 1);
    }
    // rows (1/4, 1/2, 1/4) around the ring: eigenvalues (1 + cos(2 pi k / n)) / 2
    var result = DiffusionMap.run(w.toCsr(), comps(5));
    for (int c = 0; c < 5; c++) {
      int k = (c + 1) / 2;
      double expected = (1 + Math.cos(2 * Math.PI * k / n)) / 2;
      assertThat(result.eigenvalues()[c]).isCloseTo(expected, within(Tolerance.F64));
    }
    for (int i = 0; i < n; i++) {
      assertThat(result.components().get(i, 0)).isCloseTo(1 / Math.sqrt(n), within(1e-7));
    }
  }

  @Test
  void vectorsSolveTheEigenproblem() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = cloud(120, seed);
          var result = DiffusionMap.run(graph, comps(6));
          int n = graph.nRows();
          double[] d = graph.rowSums();
          double[][] k = new double[n][n];
          double[] z = new double[n];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              k[i][j] = graph.get(i, j) / d[i] / d[j];
              z[i] += k[i][j];
            }
          }
          double[] lambda = result.eigenvalues();
          assertThat(lambda[0]).isCloseTo(1, within(Tolerance.F64));
          for (int c = 0; c < 6; c++) {
            double top = 0;
            for (int i = 0; i < n; i++) {
              double sum = 0;
              for (int j = 0; j < n; j++) {
                sum += k[i][j] / Math.sqrt(z[i] * z[j]) * result.components().get(j, c);
              }
              double value = result.components().get(i, c);
              assertThat(sum).isCloseTo(lambda[c] * value, within(1e-6));
              top = Math.abs(value) > Math.abs(top) ? value : top;
            }
            assertThat(top).isPositive();
            assertThat(c == 0 || lambda[c] <= lambda[c - 1]).isTrue();
          }
        });
  }

  @Test
  void doesNotDependOnThreads() {
    var graph = cloud(3000, 1);
    float[] one = components(graph, 1);
    assertThat(components(graph, 2)).isEqualTo(one);
    assertThat(components(graph, 7)).isEqualTo(one);
  }

  private static float[] components(CsrMatrix graph, int threads) {
    return Seeds.withThreads(
        threads,
        () -> DiffusionMap.run(graph, DiffusionMap.Params.DEFAULTS).components().floatData());
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      var result = DiffusionMap.run(kang.csr("obsp/connectivities"), DiffusionMap.Params.DEFAULTS);
      double[] values = kang.doubles("uns/diffmap_evals");
      var theirs = kang.dense("obsm/X_diffmap");
      for (int c = 0; c < values.length; c++) {
        assertThat(result.eigenvalues()[c]).isCloseTo(values[c], within(Tolerance.PEER));
        double sign = 0;
        for (int i = 0; i < theirs.nRows(); i++) {
          sign += theirs.get(i, c) * result.components().get(i, c);
        }
        for (int i = 0; i < theirs.nRows(); i++) {
          assertThat(Math.signum(sign) * result.components().get(i, c))
              .as("cell %d, component %d", i, c)
              .isCloseTo(theirs.get(i, c), within(Tolerance.PEER));
        }
      }
    }
  }

  @Test
  void refusesWhatItCannotDo() {
    var graph = cloud(40, 1);
    assertThatThrownBy(() -> comps(2)).hasMessageContaining("nComps must be greater than 2");
    assertThatThrownBy(() -> DiffusionMap.run(graph, comps(40)))
        .hasMessage(
            "nComps must be smaller than the number of cells, got nComps = 40 for 40 cells");
    assertThatThrownBy(() -> DiffusionMap.run(CsrMatrix.empty(9, 8, DType.FLOAT32), comps(3)))
        .hasMessageContaining("graph must be square");
    assertThatThrownBy(() -> DiffusionMap.run(CsrMatrix.empty(9, 9, DType.FLOAT32), comps(3)))
        .hasMessageContaining("cell 0 has no edge");
    var bad = graph.toDense();
    bad.set(3, 4, Double.NaN);
    assertThatThrownBy(() -> DiffusionMap.run(bad.toCsr(), comps(3)))
        .hasMessageContaining("row 3, column 4 is NaN");
  }
}
