package org.cellweave.integrate.mosaic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class FeatureLinksTest {
  private static FeatureLinks.Result run(Matrix x, Matrix y) {
    return FeatureLinks.run(x, y, FeatureLinks.Params.DEFAULTS, Progress.NONE);
  }

  /** Three signals, each seen by one feature of either side: a permutation links them. */
  @Test
  void featuresThatSeeOneSignalAreLinked() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int[] partner = {2, 0, 1};
          double[][] x = new double[60][3];
          double[][] y = new double[60][3];
          for (int i = 0; i < 60; i++) {
            for (int s = 0; s < 3; s++) {
              double signal = random.nextDouble() - 0.5;
              x[i][s] = signal + 0.2 * (random.nextDouble() - 0.5);
              y[i][partner[s]] = 3 * signal + 0.5 * (random.nextDouble() - 0.5);
            }
          }
          var made = run(DenseMatrix.ofRows(x), DenseMatrix.ofRows(y));
          assertThat(made.links()).hasSize(3);
          for (var link : made.links()) {
            assertThat(link.y()).isEqualTo(partner[link.x()]);
            assertThat(link.score()).isGreaterThan(1);
          }
        });
  }

  private static final FeatureLinks.Params CANONICAL =
      FeatureLinks.Params.builder().association(FeatureLinks.Association.CANONICAL).build();

  /** Two features, one of either side: the canonical correlation is Pearson's. */
  @Test
  void oneFeatureOfEitherSide() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {3}, {4}});
    var y = DenseMatrix.ofRows(new double[][] {{1}, {3}, {2}, {4}});
    assertThat(run(x, y).scores().get(0, 0)).isCloseTo(0.8, within(1e-12));
    var made = FeatureLinks.run(x, y, CANONICAL, Progress.NONE);
    assertThat(made.correlations()).hasSize(1);
    assertThat(made.correlations()[0]).isCloseTo(0.8, within(1e-12));
    assertThat(made.scores().get(0, 0)).isCloseTo(0.64, within(1e-12));
  }

  @Test
  void sparseIsAsDenseAndThreadsDoNotMatter() {
    var x = Seeds.counts(500, 40, 0.2, 1).withDType(DType.FLOAT64);
    var y = Seeds.counts(500, 30, 0.5, 2).withDType(DType.FLOAT64);
    for (var association : FeatureLinks.Association.values()) {
      var params = FeatureLinks.Params.builder().association(association).nCompsX(20).build();
      double[] one =
          Seeds.withThreads(
              1, () -> FeatureLinks.run(x, y, params, Progress.NONE).scores().doubleData());
      for (int threads : new int[] {2, 7}) {
        assertThat(
                Seeds.withThreads(
                    threads,
                    () -> FeatureLinks.run(x, y, params, Progress.NONE).scores().doubleData()))
            .isEqualTo(one);
      }
      var dense = FeatureLinks.run(x.toDense(), y.toDense(), params, Progress.NONE);
      assertThat(dense.scores().doubleData()).containsExactly(one, within(1e-6));
    }
  }

  /**
   * Real cells with RNA and proteins: how many genes of a table of names are among the ten best of
   * 500 for their protein. A finder that knows nothing has one in fifty.
   */
  @Test
  void namesOfATableAreFoundAgain() {
    var cells = new MosaicCells();
    var x = cells.pairedGenes();
    var y = cells.pairedProteins();
    assertThat(share(cells, run(x, y))).isGreaterThan(0.4);
    assertThat(share(cells, FeatureLinks.run(x, y, CANONICAL, Progress.NONE))).isGreaterThan(0.3);
  }

  private static double share(MosaicCells cells, FeatureLinks.Result made) {
    var known = cells.links();
    assertThat(known).hasSize(72);
    int found = 0;
    for (int[] link : known) {
      double own = made.scores().get(link[0], link[1]);
      long better =
          IntStream.range(0, made.scores().nRows())
              .filter(g -> made.scores().get(g, link[1]) > own)
              .count();
      found += better < 10 ? 1 : 0;
    }
    return found / (double) known.size();
  }

  @Test
  void constantFeaturesHaveNoScore() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5}, {2, 5}, {3, 5}, {4, 5}});
    var y = DenseMatrix.ofRows(new double[][] {{1}, {3}, {2}, {4}});
    var made = run(x, y);
    assertThat(made.scores().get(1, 0)).isZero();
    assertThat(made.links()).hasSize(1);
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5}, {2, 5}, {3, 5}, {4, 5}});
    assertThatThrownBy(() -> run(x, DenseMatrix.ofRows(new double[][] {{1}, {2}})))
        .hasMessageContaining("cells of y");
    assertThatThrownBy(() -> run(x, x.takeCols(new int[] {1})))
        .hasMessageContaining("all features of y are constant");
    var two = x.takeRows(new int[] {0, 1});
    assertThatThrownBy(() -> run(two, two)).hasMessageContaining("at least 3 cells");
  }
}
