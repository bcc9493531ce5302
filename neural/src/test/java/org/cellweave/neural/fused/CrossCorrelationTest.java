package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** The terms of joint embeddings beside their definition in float64. */
class CrossCorrelationTest {
  private static final int ROWS = 50;
  private static final int COLS = 4;

  private static double[] draw(double deviation, long seed) {
    var random = new SplittableRandom(seed);
    double[] out = new double[ROWS * COLS];
    for (int k = 0; k < out.length; k++) {
      out[k] = (float) (deviation * random.nextGaussian() + 0.3);
    }
    return out;
  }

  private static Tensor tensor(double[] values) {
    float[] narrow = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = (float) values[k];
    }
    var made = new Tensor(ROWS, COLS, narrow, true);
    made.gradient = new float[values.length];
    return made;
  }

  private static double mean(double[] z, int column) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += z[i * COLS + column];
    }
    return sum / ROWS;
  }

  private static double deviation(double[] z, int column) {
    double mean = mean(z, column);
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double d = z[i * COLS + column] - mean;
      sum += d * d;
    }
    return Math.sqrt(sum / ROWS);
  }

  private static double[] standardised(double[] z) {
    double[] out = new double[z.length];
    for (int j = 0; j < COLS; j++) {
      double mean = mean(z, j);
      double scale = deviation(z, j) + 1e-8;
      for (int i = 0; i < ROWS; i++) {
        out[i * COLS + j] = (z[i * COLS + j] - mean) / scale;
      }
    }
    return out;
  }

  /** Invariance and redundancy. */
  private static double[] direct(double[] thinned, double[] full) {
    double[] left = standardised(thinned);
    double[] right = standardised(full);
    double[] out = new double[2];
    for (int a = 0; a < COLS; a++) {
      for (int b = 0; b < COLS; b++) {
        double c = 0;
        for (int i = 0; i < ROWS; i++) {
          c += left[i * COLS + a] * right[i * COLS + b] / ROWS;
        }
        out[a == b ? 0 : 1] += a == b ? (1 - c) * (1 - c) : c * c;
      }
    }
    return out;
  }

  private static double hinge(double[] z) {
    double sum = 0;
    for (int j = 0; j < COLS; j++) {
      sum += Math.max(0, 1 - deviation(z, j));
    }
    return sum / COLS;
  }

  private static void sameGradient(
      double[] z, float[] gradient, ToDoubleFunction<double[]> function) {
    double h = 1e-5;
    for (int k = 0; k < z.length; k++) {
      double before = z[k];
      z[k] = before + h;
      double above = function.applyAsDouble(z);
      z[k] = before - h;
      double below = function.applyAsDouble(z);
      z[k] = before;
      assertThat((double) gradient[k]).isCloseTo((above - below) / (2 * h), within(1e-6));
    }
  }

  @Test
  void agreesWithTheDefinition() {
    Seeds.forEach(
        20,
        seed -> {
          double[] a = draw(1.0 + seed % 20, seed);
          double[] b = draw(0.5, ~seed);
          for (int k = 0; k < b.length; k++) {
            b[k] = (float) (b[k] + 0.1 * a[k]);
          }
          Tensor thinned = tensor(a);
          Tensor full = tensor(b);
          float[] out = new float[2];
          var pass = new CrossCorrelation(thinned, full);
          pass.forward(out);
          double[] expected = direct(a, b);
          assertThat((double) out[0]).isCloseTo(expected[0], within(1e-6));
          assertThat((double) out[1]).isCloseTo(expected[1], within(1e-6));
          pass.back(0.7, 0.2);
          sameGradient(a, thinned.gradient, z -> weighted(direct(z, b)));
          sameGradient(b, full.gradient, z -> weighted(direct(a, z)));
        });
  }

  private static double weighted(double[] terms) {
    return 0.7 * terms[0] + 0.2 * terms[1];
  }

  @Test
  void hingeAgreesWithTheDefinition() {
    Seeds.forEach(
        20,
        seed -> {
          double[] z = draw(0.9, seed);
          Tensor x = tensor(z);
          assertThat(CrossCorrelation.hinge(x, 1.5)).isCloseTo(hinge(z), within(1e-9));
          sameGradient(z, x.gradient, y -> 1.5 * hinge(y));
        });
  }

  @Test
  void twoViewsThatAreOneHaveNoLossOfInvariance() {
    double[] z = draw(2, 4);
    float[] out = new float[2];
    new CrossCorrelation(tensor(z), tensor(z)).forward(out);
    assertThat(out[0]).isLessThan(1e-3f);
  }

  @Test
  void collapsedDimensionsStayFinite() {
    double[] z = new double[ROWS * COLS];
    Tensor same = tensor(z);
    Tensor full = tensor(draw(1, 5));
    float[] out = new float[2];
    var pass = new CrossCorrelation(same, full);
    pass.forward(out);
    assertThat(out).containsExactly(COLS, 0);
    pass.back(1, 1);
    for (float g : full.gradient) {
      assertThat(g).isFinite();
    }
    for (float g : same.gradient) {
      assertThat(g).isFinite();
    }
    assertThat(CrossCorrelation.hinge(same, 1)).isEqualTo(1);
    assertThat(CrossCorrelation.hinge(tensor(draw(4, 6)), 1)).isLessThan(0.1);
  }
}
