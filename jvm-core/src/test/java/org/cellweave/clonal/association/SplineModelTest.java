package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.clonal.association.AssociationSamples.same;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class SplineModelTest {
  private static final SplineModel.Params DEFAULTS = SplineModel.Params.DEFAULTS;
  private static final Responses.Params COUNTS = Responses.Params.builder().binomial(true).build();

  /** What the project promises of statsmodels' curves. */
  private static final double CURVES = 1e-6;

  @Test
  void agreesWithStatsmodels() {
    try (var reference = AssociationSamples.reference()) {
      var x = reference.dense("x");
      var y = Response.of(reference.dense("y"));
      agrees(SplineModel.run(x, y, DEFAULTS), reference, "gam");
      agrees(SplineModel.run(x.toCsr(), y, DEFAULTS), reference, "gam");
      agrees(SplineModel.run(x, y, new SplineModel.Params(7)), reference, "gam_7");
      var counts = Responses.run(reference.dense("counts"), COUNTS);
      agrees(SplineModel.run(x, counts, DEFAULTS), reference, "gam_binomial");
    }
  }

  private static void agrees(SplineModel.Result found, H5Reference reference, String name) {
    same(found.r2(), reference.dense(name + "/r2"), CURVES, name + " r2");
    same(found.amplitude(), reference.dense(name + "/amplitude"), CURVES, name + " amplitude");
    same(found.slope(), reference.dense(name + "/slope"), CURVES, name + " slope");
    same(found.pvalue(), reference.dense(name + "/pvalue"), CURVES, name + " pvalue");
    double[] p = reference.dense(name + "/pvalue").doubleData();
    for (int k = 0; k < p.length; k++) {
      if (p[k] > 1e-280) {
        double ratio = found.pvalue().doubleData()[k] / p[k];
        assertThat(ratio).as(name + " p-value " + k).isCloseTo(1, within(1e-4));
      }
    }
  }

  @Test
  void aCubicIsMetAndACurveThroughTwoValuesIsTheirMeans() {
    double[][] x = new double[40][2];
    double[][] y = new double[40][2];
    for (int i = 0; i < 40; i++) {
      double t = i / 10.0 - 1.5;
      x[i] = new double[] {t, i % 2};
      y[i] = new double[] {t * t * t - t, i % 4};
    }
    var found =
        SplineModel.run(DenseMatrix.ofRows(x), Response.of(DenseMatrix.ofRows(y)), DEFAULTS);
    assertThat(found.slope().get(0, 0)).isCloseTo(y[39][0] - y[0][0], within(Tolerance.F64));
    assertThat(found.r2().get(0, 0)).isCloseTo(1, within(Tolerance.EXACT));
    assertThat(found.pvalue().get(0, 0)).isLessThan(1e-200);
    // 0 and 2 where the feature is 0, 1 and 3 where it is 1
    assertThat(found.slope().get(1, 1)).isCloseTo(1, within(Tolerance.EXACT));
    assertThat(found.amplitude().get(1, 1)).isCloseTo(1, within(Tolerance.EXACT));
  }

  @Test
  void sharesOfTwoValuesAreTheirPooledCounts() {
    // 3 of 10 where the feature is 0 and 8 of 10 where it is 1, with a knot on the upper end
    double[][] x = {{0}, {0}, {1}, {1}, {1}, {1}, {1}, {1}};
    double[][] counts = {{1, 5}, {2, 2}, {2, 0}, {2, 1}, {2, 1}, {2, 0}, {0, 0}, {0, 0}};
    var found =
        SplineModel.run(
            DenseMatrix.ofRows(x), Responses.run(DenseMatrix.ofRows(counts), COUNTS), DEFAULTS);
    assertThat(found.slope().get(0, 0)).isCloseTo(0.5, within(Tolerance.F64));
    assertThat(found.slope().get(0, 1)).isCloseTo(-0.5, within(Tolerance.F64));
    double gain =
        3 * Math.log(0.3)
            + 7 * Math.log(0.7)
            + 8 * Math.log(0.8)
            + 2 * Math.log(0.2)
            - 11 * Math.log(0.55)
            - 9 * Math.log(0.45);
    assertThat(found.r2().get(0, 0)).isCloseTo(1 - Math.exp(-gain / 4), within(Tolerance.F64));
    // one degree of freedom: the root of the statistic is normal
    assertThat(found.pvalue().get(0, 0))
        .isCloseTo(
            org.cellweave.diffexp.Significance.normal(Math.sqrt(2 * gain)), within(Tolerance.F64));
  }

  @Test
  void separatedFatesEnd() {
    double[][] x = new double[60][1];
    double[][] counts = new double[60][2];
    for (int i = 0; i < 60; i++) {
      x[i][0] = i;
      counts[i] = i < 30 ? new double[] {5, 0} : new double[] {0, 5};
    }
    var found =
        SplineModel.run(
            DenseMatrix.ofRows(x), Responses.run(DenseMatrix.ofRows(counts), COUNTS), DEFAULTS);
    assertThat(found.slope().get(0, 0)).isCloseTo(-1, within(1e-6));
    assertThat(found.amplitude().get(0, 0)).isCloseTo(1, within(1e-6));
    assertThat(found.pvalue().get(0, 0)).isLessThan(1e-50);
  }

  @Test
  void whatHasNoCurveIsNaN() {
    double[][] x = new double[30][2];
    double[][] y = new double[30][2];
    for (int i = 0; i < 30; i++) {
      x[i] = new double[] {100 + 1e-4 * (i % 2), i};
      y[i] = new double[] {i, 4};
    }
    var found =
        SplineModel.run(DenseMatrix.ofRows(x), Response.of(DenseMatrix.ofRows(y)), DEFAULTS);
    assertThat(found.r2().get(0, 0)).as("all values close").isNaN();
    assertThat(found.pvalue().get(1, 1)).as("constant response").isNaN();
    int[] few = {0, 1, 2, 3, 4, 5};
    var six =
        SplineModel.run(
            DenseMatrix.ofRows(x).takeRows(few),
            Response.of(DenseMatrix.ofRows(y).takeRows(few)),
            DEFAULTS);
    assertThat(six.r2().get(1, 0)).as("six clones, six coefficients").isNaN();
  }

  @Test
  void rowsAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(90, 20, 0.5, seed);
          var counts = Seeds.counts(90, 3, 0.8, seed + 1000).toDense();
          var y =
              seed % 2 == 0
                  ? Response.of(AssociationSamples.normal(90, 3, seed))
                  : Responses.run(counts, COUNTS);
          var one = Seeds.withThreads(1, () -> SplineModel.run(x, y, DEFAULTS));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> SplineModel.run(x, y, DEFAULTS));
            assertThat(more.pvalue().doubleData()).isEqualTo(one.pvalue().doubleData());
          }
          int[] order = Seeds.permutation(90, seed);
          var moved = SplineModel.run(x.takeRows(order), y.take(order), DEFAULTS);
          same(moved.r2(), one.r2(), Tolerance.F64, "r2");
          // a curve over values that are stretched and moved is the same curve
          double[] stretched = x.toDense().toFloat64().doubleData().clone();
          for (int k = 0; k < stretched.length; k++) {
            stretched[k] = 5 * stretched[k] - 3;
          }
          var other = SplineModel.run(DenseMatrix.wrap(stretched, 90, 20), y, DEFAULTS);
          same(other.amplitude(), one.amplitude(), Tolerance.PEER, "amplitude");
        });
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> new SplineModel.Params(2))
        .hasMessage("splineDf must be at least 3, as cubic splines need, got 2");
    var x = DenseMatrix.ofRows(new double[][] {{1}, {Double.POSITIVE_INFINITY}});
    var y = Response.of(DenseMatrix.ofRows(new double[][] {{1}, {2}}));
    assertThatThrownBy(() -> SplineModel.run(x, y, DEFAULTS)).hasMessageContaining("X[1, 0]");
    assertThatThrownBy(() -> SplineModel.run(x.takeRows(new int[] {0}), y, DEFAULTS))
        .hasMessageContaining("the response has length 2");
  }
}
