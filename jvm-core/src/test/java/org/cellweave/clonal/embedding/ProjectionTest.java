package org.cellweave.clonal.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.linalg.Lbfgs;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ProjectionTest {
  private static final CsrMatrix COUNTS = BlockCounts.of(80, 4, 25, 1);
  private static final Clone2vec.Result FITTED =
      Clone2vec.run(new Clone2vec.Input(COUNTS), Clone2vec.Params.builder().zDim(4).build());

  private static Projection.Input input(CsrMatrix counts) {
    return new Projection.Input(counts, "counts", FITTED.context(), FITTED.bias());
  }

  /** One dimension and two contexts: the chance of the first is its share, but for the ridge. */
  @Test
  void byHand() {
    var counts = DenseMatrix.ofRows(new double[][] {{3, 1}, {1, 1}, {0, 0}, {5, 0}}).toCsr();
    var context = DenseMatrix.ofRows(new double[][] {{0.5}, {-0.5}});
    var params = Projection.Params.builder().ridge(1e-9).build();
    var r = Projection.run(new Projection.Input(counts, "x", context, new double[2]), params);
    float[] u = r.embedding().floatData();
    assertThat(u[0]).isCloseTo((float) Math.log(3), within(1e-5f));
    assertThat(u[1]).isCloseTo(0, within(1e-6f));
    assertThat(u[2]).isEqualTo(0);
    assertThat(u[3]).isBetween(10f, 30f);
    assertThat(r.losses()[1]).isCloseTo(Math.log(2), within(1e-9));
    assertThat(r.losses()[2]).isNaN();
    assertThat(r.withoutCounts()).isEqualTo(1);
    assertThat(r.unfinished()).isZero();
  }

  /** The same minimum as a general minimiser finds. */
  @Test
  void isTheMinimumOfEveryClone() {
    var params = Projection.Params.DEFAULTS;
    var query = BlockCounts.of(80, 4, 10, 9);
    float[] u = Projection.run(input(query), params).embedding().floatData();
    for (int i = 0; i < 80; i += 11) {
      var row = query.takeRows(new int[] {i});
      var data = ContextCounts.of(row, "row", true);
      var loss = new SoftmaxLoss(data, 4, 0, false);
      double[] all = new double[loss.size()];
      for (int j = 0; j < 80; j++) {
        for (int c = 0; c < 4; c++) {
          all[4 + c * 80 + j] = FITTED.context().doubleData()[j * 4 + c];
        }
        all[4 + 320 + j] = FITTED.bias()[j];
      }
      var found =
          Lbfgs.minimise(
              (x, g) -> {
                System.arraycopy(x, 0, all, 0, 4);
                double[] whole = new double[all.length];
                double value = loss.at(all, whole);
                for (int c = 0; c < 4; c++) {
                  g[c] = whole[c] + params.ridge() * x[c];
                  value += params.ridge() / 2 * x[c] * x[c];
                }
                return value;
              },
              new double[4],
              new Lbfgs.Stop(500, 1e-10, 0),
              (iteration, x, value) -> {});
      for (int c = 0; c < 4; c++) {
        assertThat((double) u[i * 4 + c]).isCloseTo(found.x()[c], within(1e-4));
      }
    }
  }

  /** Contexts of any length leave a gradient that rounding keeps above any bound of its own. */
  @Test
  void everyCloneComesToRest() {
    Seeds.forEach(
        20,
        seed -> {
          double scale = Math.pow(10, (int) (seed % 5));
          double[] longer = FITTED.context().doubleData();
          for (int k = 0; k < longer.length; k++) {
            longer[k] *= scale;
          }
          var context = DenseMatrix.wrap(longer, 80, 4);
          var query = BlockCounts.of(80, 4, 6, seed);
          var r =
              Projection.run(
                  new Projection.Input(query, "counts", context, FITTED.bias()),
                  Projection.Params.DEFAULTS);
          assertThat(r.unfinished()).as("contexts %s times as long", scale).isZero();
        });
  }

  /** Clones of the reference come to lie near where they are. */
  @Test
  void theReferenceFindsItself() {
    double[] there = FITTED.embedding().doubleData();
    double[] found =
        Projection.run(input(COUNTS), Projection.Params.DEFAULTS).embedding().doubleData();
    double left = 0;
    double all = 0;
    for (int k = 0; k < there.length; k++) {
      left += Math.pow(there[k] - found[k], 2);
      all += there[k] * there[k];
    }
    assertThat(left / all).isLessThan(0.1);
  }

  @Test
  void clonesAndThreadsDoNotMatterToEachOther() {
    var whole = Projection.run(input(COUNTS), Projection.Params.DEFAULTS);
    int[] some = {70, 3, 3, 15};
    var part = Projection.run(input(COUNTS.takeRows(some)), Projection.Params.DEFAULTS);
    assertThat(part.embedding().floatData())
        .isEqualTo(whole.embedding().takeRows(some).floatData());
    var seven =
        Seeds.withThreads(7, () -> Projection.run(input(COUNTS), Projection.Params.DEFAULTS));
    assertThat(seven.embedding().floatData()).isEqualTo(whole.embedding().floatData());
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(
            () -> Projection.run(input(BlockCounts.of(9, 2, 3, 1)), Projection.Params.DEFAULTS))
        .hasMessage(
            "counts must have a column for each of the 80 contexts of the reference, got 9");
    assertThatThrownBy(() -> Projection.Params.builder().ridge(0).build())
        .hasMessage(
            "ridge must be positive, got 0.0: without it a clone that meets few contexts has no"
                + " finite place");
  }
}
