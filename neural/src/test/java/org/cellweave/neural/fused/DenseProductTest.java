package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of dense layers beside their definitions, and the same for any number of threads. */
class DenseProductTest {
  private static final int INNER = 9;

  /** One block and several, of rows and of outs, and outs that are added up in parts. */
  @ParameterizedTest
  @CsvSource({"3, 5", "70, 300", "130, 513", "150, 4999"})
  void likeTheirDefinitions(int rows, int outs) {
    float[] x = random(rows * INNER, 1);
    float[] w = random(outs * INNER, 2);
    float[] dy = random(rows * outs, 3);
    float[] bias = random(outs, 4);
    float[][] found = Seeds.withThreads(2, () -> all(rows, outs, x, w, dy, bias));
    for (int n : new int[] {1, 7}) {
      float[][] other = Seeds.withThreads(n, () -> all(rows, outs, x, w, dy, bias));
      for (int k = 0; k < found.length; k++) {
        assertThat(other[k]).isEqualTo(found[k]);
      }
    }
    for (int i = 0; i < rows; i += 7) {
      for (int o = 0; o < outs; o += 11) {
        double sum = bias[o];
        for (int u = 0; u < INNER; u++) {
          sum += x[i * INNER + u] * w[o * INNER + u];
        }
        assertThat((double) found[0][i * outs + o]).isCloseTo(sum, within(1e-5));
      }
      for (int u = 0; u < INNER; u++) {
        double sum = 1;
        for (int o = 0; o < outs; o++) {
          sum += dy[i * outs + o] * w[o * INNER + u];
        }
        assertThat((double) found[1][i * INNER + u]).isCloseTo(sum, within(1e-4));
      }
    }
    for (int o = 0; o < outs; o += 11) {
      double sum = 0;
      for (int i = 0; i < rows; i++) {
        sum += dy[i * outs + o] * x[i * INNER + 4];
      }
      assertThat((double) found[2][o * INNER + 4]).isCloseTo(sum, within(1e-4));
      double column = 1;
      for (int i = 0; i < rows; i++) {
        column += dy[i * outs + o];
      }
      assertThat((double) found[3][o]).isCloseTo(column, within(1e-4));
    }
  }

  /** y, dx and the bias's gradient added to ones, dw. */
  private static float[][] all(int rows, int outs, float[] x, float[] w, float[] dy, float[] bias) {
    float[] y = new float[rows * outs];
    float[] dx = ones(rows * INNER);
    float[] dw = new float[outs * INNER];
    float[] dBias = ones(outs);
    try (FloatPointer xs = new FloatPointer(x);
        FloatPointer ws = new FloatPointer(w);
        FloatPointer dys = new FloatPointer(dy);
        FloatPointer large = Blas.floats((long) rows * outs);
        FloatPointer parts = Blas.floats((long) DenseProduct.parts(outs) * rows * INNER);
        FloatPointer room = Blas.floats((long) outs * INNER)) {
      DenseProduct.forward(rows, outs, INNER, xs, ws, bias, large, y);
      DenseProduct.addInputGradient(rows, outs, INNER, dys, ws, parts, dx);
      DenseProduct.weightGradient(rows, outs, INNER, dys, xs, false, dy, dBias, room, dw);
    }
    return new float[][] {y, dx, dw, dBias};
  }

  private static float[] ones(int n) {
    float[] out = new float[n];
    java.util.Arrays.fill(out, 1);
    return out;
  }

  private static float[] random(int n, long seed) {
    var random = new SplittableRandom(seed);
    float[] out = new float[n];
    for (int k = 0; k < n; k++) {
      out[k] = (float) (random.nextDouble() - 0.5);
    }
    return out;
  }
}
