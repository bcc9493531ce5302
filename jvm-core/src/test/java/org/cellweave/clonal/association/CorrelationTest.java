package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.clonal.association.AssociationSamples.same;

import org.cellweave.clonal.ResponseTransform;
import org.cellweave.diffexp.Significance;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final Correlation.Params PEARSON = Correlation.Params.DEFAULTS;
  private static final Correlation.Params SPEARMAN =
      new Correlation.Params(Correlation.Method.SPEARMAN);
  private static final Responses.Params COUNTS = Responses.Params.builder().binomial(true).build();

  @Test
  void byHand() {
    // around their means -1.5 -.5 .5 1.5 and -1 -1 1 1: product 4, norms sqrt(5) and 2
    var x = DenseMatrix.ofRows(new double[][] {{1, 7, 0}, {2, 7, 0}, {3, 7, 0}, {4, 7, 5}});
    var y = Response.of(DenseMatrix.ofRows(new double[][] {{0, 1}, {0, 1}, {2, 1}, {2, 1}}));
    var result = Correlation.run(x, y, PEARSON);
    double r = 4 / (Math.sqrt(5) * 2);
    assertThat(result.r().get(0, 0)).isCloseTo(r, within(Tolerance.EXACT));
    assertThat(result.slope().get(0, 0)).isCloseTo(0.8, within(Tolerance.EXACT));
    assertThat(result.pvalue().get(0, 0)).isCloseTo(1 - r, within(Tolerance.F64));
    assertThat(result.nEff()).isEqualTo(4);
    assertThat(result.r().get(1, 0)).as("constant feature").isNaN();
    assertThat(result.slope().get(0, 1)).as("constant response").isNaN();
    assertThat(result.pvalue().get(0, 1)).isNaN();
    // ranks 2 2 2 4 against 1.5 1.5 3.5 3.5
    assertThat(Correlation.run(x, y, SPEARMAN).r().get(2, 0))
        .isCloseTo(2 / Math.sqrt(12), within(Tolerance.EXACT));
  }

  @Test
  void agreesWithScipyAndThePackage() {
    try (var reference = AssociationSamples.reference()) {
      var x = reference.dense("x");
      var plain = Response.of(reference.dense("y"));
      var counts = Responses.run(reference.dense("counts"), COUNTS);
      for (var params : new Correlation.Params[] {PEARSON, SPEARMAN}) {
        String name = params.equals(PEARSON) ? "pearson" : "spearman";
        agrees(Correlation.run(x, plain, params), reference, name);
        agrees(Correlation.run(x.toCsr(), plain, params), reference, name);
        agrees(Correlation.run(x, counts, params), reference, name + "_weighted");
      }
    }
  }

  private static void agrees(
      Correlation.Result found, org.cellweave.testing.H5Reference reference, String name) {
    // of the constant 0.1 the package sees what its mean loses in rounding
    var kept = java.util.stream.IntStream.range(0, 10).filter(j -> j != 7).toArray();
    for (String stat : new String[] {"r", "pvalue", "slope"}) {
      var values =
          stat.equals("r") ? found.r() : stat.equals("pvalue") ? found.pvalue() : found.slope();
      String path = name + "/" + stat;
      same(values.takeRows(kept), reference.dense(path).takeRows(kept), Tolerance.F64, path);
      assertThat(values.get(7, 0)).as(path).isNaN();
    }
  }

  @Test
  void adjustmentKeepsWhatHasNone() {
    try (var reference = AssociationSamples.reference()) {
      var found =
          Correlation.run(reference.dense("x"), Response.of(reference.dense("y")), SPEARMAN);
      double[] adjusted =
          Significance.keepingNaN(found.pvalue().doubleData(), Significance::benjaminiHochberg);
      assertThat(adjusted[7 * 3]).isNaN();
      double[] p = found.pvalue().doubleData().clone();
      assertThat(Significance.keepingNaN(p, Significance::bonferroni)[0])
          .isCloseTo(Math.min(1, p[0] * 27), within(Tolerance.EXACT));
    }
    assertThat(
            Significance.keepingNaN(
                new double[] {0.02, Double.NaN, 0.01}, Significance::benjaminiHochberg))
        .containsExactly(0.02, Double.NaN, 0.02);
  }

  @Test
  void rowsStorageAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(80, 150, 0.3, seed);
          var y = AssociationSamples.normal(80, 4, seed);
          var params = seed % 2 == 0 ? PEARSON : SPEARMAN;
          var one = Seeds.withThreads(1, () -> Correlation.run(x, Response.of(y), params));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> Correlation.run(x, Response.of(y), params));
            assertThat(more.pvalue().doubleData()).isEqualTo(one.pvalue().doubleData());
          }
          assertThat(Correlation.run(x.toDense(), Response.of(y), params).r().doubleData())
              .isEqualTo(one.r().doubleData());
          int[] order = Seeds.permutation(80, seed);
          var moved = Correlation.run(x.takeRows(order), Response.of(y.takeRows(order)), params);
          same(moved.r(), one.r(), Tolerance.EXACT, "r");
          // a clone that weighs twice counts as two
          var all = Responses.run(Seeds.counts(80, 3, 0.7, seed).toDense(), COUNTS);
          double[] twice = all.weights().clone();
          java.util.Arrays.fill(twice, 2);
          var doubled = Correlation.run(x, new Response(all.values(), twice), params);
          var plain = Correlation.run(x, new Response(all.values(), null), params);
          same(doubled.r(), plain.r(), Tolerance.EXACT, "r");
          assertThat(doubled.nEff()).isCloseTo(80, within(Tolerance.F64));
        });
  }

  @Test
  void aPerfectLineIsSignificant() {
    var x = DenseMatrix.ofRows(new double[][] {{0.1}, {0.2}, {0.3}, {0.4}, {0.7}});
    var found = Correlation.run(x, Response.of(x), PEARSON);
    assertThat(found.r().get(0, 0)).isLessThanOrEqualTo(1).isCloseTo(1, within(Tolerance.EXACT));
    assertThat(found.pvalue().get(0, 0)).isLessThan(1e-20);
    var two =
        Correlation.run(
            x.takeRows(new int[] {0, 1}), Response.of(x.takeRows(new int[] {0, 1})), PEARSON);
    assertThat(two.pvalue().get(0, 0)).as("no degree of freedom").isNaN();
  }

  @Test
  void transforms() {
    var shares = DenseMatrix.ofRows(new double[][] {{0, 0.5, 0.5}, {1, 0, 0}});
    assertThat(transformed(shares, ResponseTransform.LOGIT)[0])
        .isCloseTo(Math.log(0.01 / 0.99), within(Tolerance.EXACT));
    assertThat(transformed(shares, ResponseTransform.LOG1P)[1]).isEqualTo(Math.log1p(0.5));
    assertThat(transformed(shares, ResponseTransform.SQRT)[3]).isEqualTo(1);
    double[] clr = transformed(shares, ResponseTransform.CLR);
    assertThat(clr[0] + clr[1] + clr[2]).isCloseTo(0, within(Tolerance.EXACT));
    assertThat(clr[1] - clr[0]).isCloseTo(Math.log(0.501 / 0.001), within(Tolerance.EXACT));
  }

  private static double[] transformed(DenseMatrix y, ResponseTransform transform) {
    return Responses.run(y, Responses.Params.builder().transform(transform).build())
        .values()
        .doubleData();
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    var y = DenseMatrix.ofRows(new double[][] {{-2, 0.5}, {0, 1}});
    assertThatThrownBy(() -> transformed(y, ResponseTransform.LOG1P))
        .hasMessage(
            "responseTransform = 'log1p' needs shares or counts, but the response has -2.0 in row 0,"
                + " column 0. Take such a slot, or leave the transform out");
    assertThatThrownBy(() -> transformed(y, ResponseTransform.SQRT))
        .hasMessageContaining("'sqrt' needs shares or counts, but the response has -2.0");
    assertThatThrownBy(() -> transformed(y, ResponseTransform.CLR))
        .hasMessageContaining("'clr' needs shares or counts");
    assertThatThrownBy(() -> Responses.run(y, COUNTS))
        .hasMessageContaining("binomial = true needs counts of cells, got -2.0 in row 0, column 0");
    assertThatThrownBy(() -> Responses.run(DenseMatrix.ofRows(new double[][] {{1, 0.5}}), COUNTS))
        .hasMessageContaining("got 0.5")
        .hasMessageContaining("Take obsm[\"counts\"]");
    var zeros = Responses.run(DenseMatrix.ofRows(new double[][] {{0, 0}, {0, 0}}), COUNTS);
    assertThatThrownBy(() -> Correlation.run(x, zeros, PEARSON))
        .hasMessageContaining("all 2 rows of the response sum to zero");
    var nan = DenseMatrix.ofRows(new double[][] {{1}, {Double.NaN}});
    assertThatThrownBy(() -> Response.of(nan)).hasMessageContaining("response[1, 0] is NaN");
    assertThatThrownBy(() -> Correlation.run(nan, Response.of(x), PEARSON))
        .hasMessageContaining("X[1, 0] is NaN");
    assertThatThrownBy(() -> Correlation.run(x.takeRows(new int[] {0}), Response.of(x), PEARSON))
        .hasMessageContaining("the response has length 2");
    assertThatThrownBy(() -> Response.of(x.takeCols(new int[0]))).hasMessageContaining("2 x 0");
    assertThatThrownBy(() -> new Responses.Params(ResponseTransform.CLR, 1e-3, true))
        .hasMessageContaining("binomial = true models shares");
    assertThatThrownBy(() -> Responses.Params.builder().clrPseudocount(0).build())
        .hasMessage("clrPseudocount must be positive, got 0.0");
    var none = Response.of(x).take(new int[0]);
    assertThatThrownBy(() -> Correlation.run(x.takeRows(new int[0]), none, PEARSON))
        .hasMessageContaining("no clone is left");
  }
}
