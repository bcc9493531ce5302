package org.cellweave.neural.midas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.fused.Operation;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Every operation beside its closed form in float64, and its gradients beside differences. */
class OperationsTest {
  private static final int ROWS = 19;
  private static final double CLOSE = 2e-5;

  private static float[] numbers(int n, double scale, long seed) {
    var random = new SplittableRandom(seed);
    float[] out = new float[n];
    for (int k = 0; k < n; k++) {
      out[k] = (float) (scale * random.nextGaussian());
    }
    return out;
  }

  private static double[] wide(float[] values) {
    double[] out = new double[values.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = values[k];
    }
    return out;
  }

  /** A closed form: the inputs to all values of the result, in float64. */
  @FunctionalInterface
  private interface Form {
    double[] of(double[][] inputs);
  }

  /** Values are those of the form; gradients are those of its differences, weighed at random. */
  private static void check(Supplier<Operation> make, Form form, int size, float[]... inputs) {
    Operation operation = make.get();
    float[] out = new float[size];
    operation.forward(inputs, out);
    double[][] at = Arrays.stream(inputs).map(OperationsTest::wide).toArray(double[][]::new);
    double[] expected = form.of(at);
    for (int k = 0; k < size; k++) {
      assertThat((double) out[k])
          .as("value %d", k)
          .isCloseTo(expected[k], within(CLOSE * (1 + Math.abs(expected[k]))));
    }
    float[] weights = numbers(size, 1, 77);
    float[][] gradients =
        Arrays.stream(inputs).map(x -> new float[x.length]).toArray(float[][]::new);
    operation.back(inputs, out, weights, gradients);
    ToDoubleFunction<double[]> sum =
        values -> {
          double total = 0;
          for (int k = 0; k < size; k++) {
            total += weights[k] * values[k];
          }
          return total;
        };
    for (int m = 0; m < inputs.length; m++) {
      for (int k = 0; k < inputs[m].length; k++) {
        double was = at[m][k];
        double h = 1e-5;
        at[m][k] = was + h;
        double above = sum.applyAsDouble(form.of(at));
        at[m][k] = was - h;
        double below = sum.applyAsDouble(form.of(at));
        at[m][k] = was;
        double slope = (above - below) / (2 * h);
        assertThat((double) gradients[m][k])
            .as("gradient by input %d at %d", m, k)
            .isCloseTo(slope, within(3e-4 * (1 + Math.abs(slope))));
      }
    }
    leavesOutWhatWantsNone(make, inputs, out, weights, gradients);
  }

  private static void leavesOutWhatWantsNone(
      Supplier<Operation> make, float[][] inputs, float[] out, float[] weights, float[][] all) {
    for (int m = 0; inputs.length > 1 && m < inputs.length; m++) {
      Operation operation = make.get();
      operation.forward(inputs, out);
      float[][] some = Arrays.stream(inputs).map(x -> new float[x.length]).toArray(float[][]::new);
      some[m] = null;
      operation.back(inputs, out, weights, some);
      for (int k = 0; k < some.length; k++) {
        if (k != m) {
          assertThat(some[k]).isEqualTo(all[k]);
        }
      }
    }
  }

  private static double mish(double x) {
    return x * Math.tanh(CountMath.softplus(x));
  }

  @Test
  void normalisedMish() {
    int n = 11;
    Form form =
        in -> {
          double[] out = new double[ROWS * n];
          for (int i = 0; i < ROWS; i++) {
            double[] row = Arrays.copyOfRange(in[0], i * n, (i + 1) * n);
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / n;
            for (int j = 0; j < n; j++) {
              double normal = (row[j] - mean) / Math.sqrt(variance + 1e-5);
              out[i * n + j] = mish(normal * in[1][j] + in[2][j]);
            }
          }
          return out;
        };
    check(
        () -> new NormMish(ROWS, n, 0, 1),
        form,
        ROWS * n,
        numbers(ROWS * n, 2, 1),
        numbers(n, 2, 2),
        numbers(n, 1, 3));
  }

  @Test
  void mishIsFlatFarOut() {
    float[] out = new float[2];
    var operation = new NormMish(1, 2, 0, 1);
    operation.forward(new float[][] {{0, 1}, {90, 90}, {0, 0}}, out);
    assertThat(out[0]).isCloseTo(0, within(1e-5f));
    assertThat(out[1]).isCloseTo(90, within(0.02f));
    float[] gradient = new float[2];
    operation.back(
        new float[][] {{0, 1}, {90, 90}, {0, 0}},
        out,
        new float[] {1, 1},
        new float[][] {null, gradient, null});
    assertThat(gradient[1]).isCloseTo(1, within(1e-3f));
  }

  @Test
  void dropoutKeepsTheMean() {
    int n = 1000;
    float[] x = numbers(200 * n, 1, 4);
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    float[] zeros = new float[n];
    float[] kept = new float[x.length];
    new NormMish(200, n, 0, 9).forward(new float[][] {x, ones, zeros}, kept);
    float[] out = new float[x.length];
    new NormMish(200, n, 0.2, 9).forward(new float[][] {x, ones, zeros}, out);
    int dropped = 0;
    for (int k = 0; k < out.length; k++) {
      if (out[k] == 0) {
        dropped++;
      } else {
        assertThat(out[k]).isCloseTo(kept[k] * 1.25f, within(1e-4f));
      }
    }
    assertThat(dropped / (double) out.length).isCloseTo(0.2, within(0.005));
  }

  @Test
  void dropoutHasTheSameGradient() {
    int n = 7;
    float[][] inputs = {numbers(ROWS * n, 1, 1), numbers(n, 1, 2), numbers(n, 1, 3)};
    var whole = new NormMish(ROWS, n, 0, 5);
    var part = new NormMish(ROWS, n, 0.4, 5);
    float[] all = new float[ROWS * n];
    float[] some = new float[ROWS * n];
    whole.forward(inputs, all);
    part.forward(inputs, some);
    // a value dropped passes no gradient; the others are scaled
    float[] mask = new float[ROWS * n];
    double keep = 1 - Math.rint(0.4 * 65536) / 65536;
    for (int k = 0; k < mask.length; k++) {
      mask[k] = some[k] == 0 ? 0 : (float) (1 / keep);
    }
    float[][] expected = {new float[ROWS * n], new float[n], new float[n]};
    float[][] found = {new float[ROWS * n], new float[n], new float[n]};
    float[] ones = new float[ROWS * n];
    Arrays.fill(ones, 1);
    whole.back(inputs, all, mask, expected);
    part.back(inputs, some, ones, found);
    for (int m = 0; m < 3; m++) {
      for (int k = 0; k < found[m].length; k++) {
        assertThat(found[m][k]).isCloseTo(expected[m][k], within(1e-4f));
      }
    }
  }

  @Test
  void productOfExperts() {
    int dims = 3;
    Form form =
        in -> {
          double[] out = new double[ROWS * 2 * dims];
          for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < dims; j++) {
              int at = i * 2 * dims + j;
              double precision = 1;
              double mean = 0;
              for (double[] q : in) {
                precision += 1 / Math.exp(q[at + dims]);
                mean += q[at] / Math.exp(q[at + dims]);
              }
              out[at] = mean / precision;
              out[at + dims] = Math.log(1 / precision);
            }
          }
          return out;
        };
    int size = ROWS * 2 * dims;
    check(() -> new ProductOfExperts(ROWS, dims), form, size, numbers(size, 1, 1));
    check(
        () -> new ProductOfExperts(ROWS, dims),
        form,
        size,
        numbers(size, 1, 1),
        numbers(size, 1, 2),
        numbers(size, 1, 3));
  }

  @Test
  void gaussianDraw() {
    int dims = 4;
    float[] drawn = new float[ROWS * dims];
    new GaussianDraw(ROWS, dims, 8).forward(new float[][] {new float[ROWS * 2 * dims]}, drawn);
    Form form =
        in -> {
          double[] out = new double[ROWS * dims];
          for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < dims; j++) {
              int at = i * 2 * dims + j;
              out[i * dims + j] =
                  in[0][at] + Math.sqrt(Math.exp(in[0][at + dims])) * drawn[i * dims + j];
            }
          }
          return out;
        };
    check(() -> new GaussianDraw(ROWS, dims, 8), form, ROWS * dims, numbers(ROWS * 2 * dims, 1, 1));
  }

  @Test
  void divergence() {
    int dims = 5;
    Form form =
        in -> {
          double sum = 0;
          for (int i = 0; i < ROWS; i++) {
            for (int j = 1; j < 4; j++) {
              double mean = in[0][i * 2 * dims + j];
              double log = in[0][i * 2 * dims + dims + j];
              sum -= 0.5 * (1 + log - mean * mean - Math.exp(log));
            }
          }
          return new double[] {sum / ROWS};
        };
    check(() -> new Divergence(ROWS, dims, 1, 4), form, 1, numbers(ROWS * 2 * dims, 1, 1));
  }

  @Test
  void spread() {
    int dims = 3;
    Form form =
        in -> {
          double sum = 0;
          for (int k = 0; k < ROWS * dims; k++) {
            double mean = 0;
            for (double[] z : in) {
              mean += z[k] / in.length;
            }
            for (double[] z : in) {
              sum += (z[k] - mean) * (z[k] - mean);
            }
          }
          return new double[] {sum / ROWS};
        };
    int size = ROWS * dims;
    check(() -> new Spread(ROWS, dims), form, 1, numbers(size, 1, 1), numbers(size, 1, 2));
    check(
        () -> new Spread(ROWS, dims),
        form,
        1,
        numbers(size, 1, 1),
        numbers(size, 1, 2),
        numbers(size, 1, 3));
  }

  @Test
  void classLoss() {
    int classes = 4;
    Form form =
        in -> {
          double sum = 0;
          for (int i = 0; i < ROWS; i++) {
            double total = 0;
            for (int j = 0; j < classes; j++) {
              total += Math.exp(in[0][i * classes + j]);
            }
            sum += Math.log(total) - in[0][i * classes + 2];
          }
          return new double[] {sum / ROWS};
        };
    check(() -> new ClassLoss(ROWS, classes, 2), form, 1, numbers(ROWS * classes, 1, 1));
  }

  private static Counts counts(int features, int most, long seed) {
    var random = new SplittableRandom(seed);
    var out = new Counts(features);
    out.clear(ROWS);
    for (int i = 0; i < ROWS; i++) {
      List<Integer> at = new ArrayList<>();
      for (int j = 0; j < features; j++) {
        if (random.nextDouble() < 0.6) {
          at.add(j);
        }
      }
      double[] values = at.stream().mapToDouble(j -> 1 + random.nextInt(most)).toArray();
      out.append(at.stream().mapToInt(j -> j).toArray(), 0, values, values.length);
    }
    return out;
  }

  private static double[] dense(Counts counts) {
    double[] out = new double[ROWS * counts.genes()];
    for (int i = 0; i < ROWS; i++) {
      for (int p = counts.start()[i]; p < counts.start()[i + 1]; p++) {
        out[i * counts.genes() + counts.gene()[p]] = counts.value()[p];
      }
    }
    return out;
  }

  /** Negative log likelihood of one count. */
  @FunctionalInterface
  private interface One {
    double of(double x, double[][] inputs, int cell, int feature);
  }

  private static void checkLoss(
      Modality.Likelihood likelihood, Counts counts, One one, float[]... inputs) {
    int n = counts.genes();
    double[] x = dense(counts);
    boolean[] some = new boolean[n];
    for (int j = 0; j < n; j += 2) {
      some[j] = true;
    }
    for (boolean[] measured : new boolean[][] {null, some}) {
      Form form =
          in -> {
            double sum = 0;
            for (int k = 0; k < x.length; k++) {
              if (measured == null || measured[k % n]) {
                sum += one.of(x[k], in, k / n, k % n);
              }
            }
            return new double[] {sum / ROWS};
          };
      check(() -> new CountLoss(likelihood, counts, measured), form, 1, inputs);
    }
  }

  @Test
  void poisson() {
    Counts counts = counts(6, 40, 3);
    checkLoss(
        Modality.Likelihood.POISSON,
        counts,
        (x, in, i, j) -> {
          double o = in[0][i * 6 + j];
          double stirling = x > 1 ? x * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI * x) : 0;
          return Math.exp(o) - x * o + stirling;
        },
        numbers(ROWS * 6, 1, 4));
  }

  @Test
  void negativeBinomial() {
    Counts counts = counts(5, 60, 3);
    checkLoss(
        Modality.Likelihood.NEGATIVE_BINOMIAL,
        counts,
        (x, in, i, j) ->
            -CountMath.negativeBinomial(x, Math.exp(in[0][i * 5 + j]), Math.exp(in[1][j])),
        numbers(ROWS * 5, 1, 4),
        numbers(5, 1, 5));
  }

  @Test
  void bernoulli() {
    Counts counts = counts(6, 1, 3);
    checkLoss(
        Modality.Likelihood.BERNOULLI,
        counts,
        (x, in, i, j) -> {
          double share = CountMath.sigmoid(in[0][i * 6 + j]);
          return -(x * Math.log(share) + (1 - x) * Math.log(1 - share));
        },
        numbers(ROWS * 6, 2, 4));
  }

  @Test
  void threadsDoNotMatter() {
    int n = 300;
    float[][] inputs = {numbers(200 * n, 1, 1), numbers(n, 1, 2), numbers(n, 1, 3)};
    float[] weights = numbers(200 * n, 1, 4);
    Supplier<float[][]> run =
        () -> {
          var operation = new NormMish(200, n, 0.2, 5);
          float[] out = new float[200 * n];
          operation.forward(inputs, out);
          float[][] into = {new float[200 * n], new float[n], new float[n]};
          operation.back(inputs, out, weights, into);
          return new float[][] {out, into[0], into[1], into[2]};
        };
    float[][] one = Seeds.withThreads(1, run);
    assertThat(Seeds.withThreads(2, run)).isEqualTo(one);
    assertThat(Seeds.withThreads(7, run)).isEqualTo(one);
  }
}
