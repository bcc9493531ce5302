package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;

/** Clones that the tests of this room share. */
final class AssociationSamples {
  private static final String PATH =
      "jvm-core/src/test/resources/reference/associations/associations.h5";

  private AssociationSamples() {}

  /** scipy, statsmodels and clone2vec; {@code tools/reference/associations.py} wrote it. */
  static H5Reference reference() {
    return H5Reference.of(SharedData.projectRoot().resolve(PATH));
  }

  static DenseMatrix normal(int n, int p, long seed) {
    var random = new SplittableRandom(seed);
    double[] values = new double[n * p];
    for (int k = 0; k < values.length; k++) {
      values[k] = random.nextGaussian();
    }
    return DenseMatrix.wrap(values, n, p);
  }

  /** Symmetric, without loops, about {@code density} of the pairs. */
  static CsrMatrix graph(int n, double density, long seed) {
    var random = new SplittableRandom(seed);
    double[][] w = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        w[i][j] = w[j][i] = random.nextDouble() < density ? random.nextDouble() : 0;
      }
    }
    return DenseMatrix.ofRows(w).toCsr();
  }

  /** Close within {@code tolerance} of the larger of one and the value; NaN where that is NaN. */
  static void same(double[] actual, double[] expected, double tolerance, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int k = 0; k < expected.length; k++) {
      if (Double.isNaN(expected[k])) {
        assertThat(actual[k]).as(what + " at " + k).isNaN();
      } else {
        double scale = Math.max(1, Math.abs(expected[k]));
        assertThat(actual[k])
            .as(what + " at " + k)
            .isCloseTo(expected[k], within(tolerance * scale));
      }
    }
  }

  static void same(Matrix actual, Matrix expected, double tolerance, String what) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    same(
        actual.toDense().toFloat64().doubleData(),
        expected.toDense().toFloat64().doubleData(),
        tolerance,
        what);
  }
}
