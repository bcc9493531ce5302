package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  /** Rosenbrock's valley, whose minimum is 0 at (1, 1). */
  private static double valley(double[] x, double[] g) {
    double a = 1 - x[0];
    double b = x[1] - x[0] * x[0];
    g[0] = -2 * a - 400 * x[0] * b;
    g[1] = 200 * b;
    return a * a + 100 * b * b;
  }

  private static Lbfgs.Result fromTheSlope(Lbfgs.Stop stop) {
    return Lbfgs.minimise(
        LbfgsTest::valley, new double[] {-1.2, 1}, stop, (iteration, x, value) -> {});
  }

  @Test
  void findsTheEndOfTheValley() {
    var r = fromTheSlope(new Lbfgs.Stop(200, 1e-9, 0));
    assertThat(r.converged()).isTrue();
    assertThat(r.x()).containsExactly(new double[] {1, 1}, within(Tolerance.F64));
    assertThat(r.iterations()).isLessThan(60);
  }

  @Test
  void stopsWhereToldTo() {
    var r = fromTheSlope(new Lbfgs.Stop(3, 1e-9, 0));
    assertThat(r.converged()).isFalse();
    assertThat(r.iterations()).isEqualTo(3);
    assertThat(r.value()).isLessThan(valley(new double[] {-1.2, 1}, new double[2]));
  }

  @Test
  void restsWhereStepsGainLittle() {
    List<Double> values = new ArrayList<>();
    double[] start = {-1.2, 1};
    var r =
        Lbfgs.minimise(
            LbfgsTest::valley,
            start,
            new Lbfgs.Stop(200, 0, 0.1),
            (iteration, x, value) -> {
              assertThat(iteration).isEqualTo(values.size() + 1);
              values.add(value);
            });
    assertThat(r.converged()).isTrue();
    assertThat(values).hasSize(r.iterations()).last().isEqualTo(r.value());
    for (int k = 2; k + 1 < values.size(); k++) {
      boolean fell = values.get(k) <= 0.9 * values.get(k - 1);
      assertThat(fell || values.get(k - 1) <= 0.9 * values.get(k - 2)).isTrue();
    }
    assertThat(start).containsExactly(-1.2, 1);
  }

  /** Sum of w_i (x_i - i)^2 / 2 with weights over three orders of magnitude. */
  @Test
  void illConditionedQuadratic() {
    int n = 40;
    var r =
        Lbfgs.minimise(
            (x, g) -> {
              double sum = 0;
              for (int i = 0; i < n; i++) {
                double w = Math.pow(10, 3.0 * i / n - 1);
                g[i] = w * (x[i] - i);
                sum += g[i] * (x[i] - i) / 2;
              }
              return sum;
            },
            new double[n],
            new Lbfgs.Stop(2000, 1e-9, 0),
            (iteration, x, value) -> {});
    for (int i = 0; i < n; i++) {
      assertThat(r.x()[i]).isCloseTo(i, within(1e-5));
    }
  }
}
