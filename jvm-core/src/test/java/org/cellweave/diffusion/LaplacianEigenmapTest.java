package org.cellweave.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.diffusion.LaplacianEigenmap.Params;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class LaplacianEigenmapTest {
  private static Params of(int nComponents) {
    return Params.builder().nComponents(nComponents).build();
  }

  /** A path of n nodes, each linked to the next. */
  private static double[][] path(int n) {
    double[][] a = new double[n][n];
    for (int i = 0; i + 1 < n; i++) {
      a[i][i + 1] = 1;
      a[i + 1][i] = 1;
    }
    return a;
  }

  private static CsrMatrix csr(double[][] a) {
    return DenseMatrix.ofRows(a).toCsr();
  }

  @Test
  void thePathHasTheEigenvaluesOfTheBook() {
    int n = 40;
    var found = LaplacianEigenmap.run(csr(path(n)), "g", of(3));
    for (int k = 1; k <= 3; k++) {
      // Chung 1997, example 1.4
      double wanted = 1 - Math.cos(Math.PI * k / (n - 1));
      assertThat(found.eigenvalues()[k - 1]).isCloseTo(wanted, within(1e-6));
    }
    double[] x = found.coordinates().doubleData();
    double sign = Math.signum(x[0]);
    for (int i = 1; i + 1 < n; i++) {
      assertThat(x[i * 3] / x[3])
          .as("the first runs along the path")
          .isCloseTo(Math.cos(Math.PI * i / (n - 1)) / Math.cos(Math.PI / (n - 1)), within(1e-2));
    }
    assertThat(sign * x[(n - 1) * 3]).isNegative();
  }

  @Test
  void whatItCannotTakeIsSaid() {
    assertThatThrownBy(() -> LaplacianEigenmap.run(csr(path(5)), "g", of(4)))
        .hasMessage("nComponents must be less than 4, the nodes of g less one, got 4");
    double[][] skew = path(5);
    skew[0][1] = 2;
    assertThatThrownBy(() -> LaplacianEigenmap.run(csr(skew), "g", of(2)))
        .hasMessage("g must be symmetric, but has 2.0 from node 0 to 1 and 1.0 back");
    double[][] two = path(6);
    two[2][3] = 0;
    two[3][2] = 0;
    assertThatThrownBy(() -> LaplacianEigenmap.run(csr(two), "g", of(2)))
        .hasMessageStartingWith("g falls into 2 parts, and a Laplacian does not tell");
    assertThatThrownBy(() -> of(0)).hasMessageContaining("nComponents must be positive");
  }
}
