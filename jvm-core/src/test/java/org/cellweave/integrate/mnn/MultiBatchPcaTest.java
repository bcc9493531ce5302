package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Pca;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class MultiBatchPcaTest {
  private static MultiBatchPca.Params d(int d) {
    return MultiBatchPca.Params.builder().d(d).build();
  }

  private static MultiBatchPca.Result run(Matrix x, Categories batch, MultiBatchPca.Params params) {
    return MultiBatchPca.run(x, batch, null, params, Progress.NONE);
  }

  /** Batches of one cell and of two lie along the first gene around -2 and 4. */
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{-2, 0}, {3, 1}, {5, -1}});
    var ours = run(x, Categories.of("batch", 0, 1, 1), d(2));
    // centre 1; squares (9) / 1 and (4 + 16) / 2 along gene 1, (1 + 1) / 2 along gene 2
    assertThat(ours.center()).containsExactly(1, 0);
    // the genes' products are (-2 - 4) / ... : [[19, -1], [-1, 1]] over two batches
    double root = Math.sqrt(18 * 18 + 4);
    assertThat(ours.explained()[0]).isCloseTo((20 + root) / 4, within(Tolerance.EXACT));
    assertThat(ours.explained()[1]).isCloseTo((20 - root) / 4, within(Tolerance.EXACT));
    assertThat(ours.total()).isCloseTo(10, within(Tolerance.EXACT));
  }

  @Test
  void repeatingTheCellsOfABatchChangesNoDirection() {
    Seeds.forEach(
        10,
        seed -> {
          var data = MnnData.noise(20, 1, seed, 40, 60, 30);
          int[] rows =
              IntStream.concat(
                      IntStream.range(0, data.n()), Arrays.stream(data.batch().members()[1]))
                  .toArray();
          var once = run(data.x(), data.batch(), d(6));
          var twice = run(data.x().takeRows(rows), data.batch().subset(rows), d(6));
          assertClose(twice.loadings(), once.loadings(), Tolerance.F64);
          assertThat(twice.explained()[3]).isCloseTo(once.explained()[3], within(Tolerance.F64));
        });
  }

  @Test
  void equalBatchesAreAsTheirUnion() {
    Seeds.forEach(
        10,
        seed -> {
          var data = MnnData.noise(15, 0.5, seed, 50, 50);
          var ours = run(data.x(), data.batch(), d(4));
          var plain = Pca.run(data.x(), null, Pca.Params.builder().nComps(4).build());
          assertClose(ours.loadings(), plain.loadings(), Tolerance.F64);
          var sizes = MultiBatchPca.Params.builder().d(4).weights(BatchWeights.BY_CELLS).build();
          assertClose(run(data.x(), data.batch(), sizes).loadings(), ours.loadings(), 1e-9);
        });
  }

  @Test
  void allDimensionsKeepDistances() {
    Seeds.forEach(
        10,
        seed -> {
          var data = MnnData.noise(8, 1, seed, 20, 30);
          var scores = run(data.x(), data.batch(), d(8)).scores();
          for (int i = 1; i < data.n(); i++) {
            assertThat(distance(scores, i)).isCloseTo(distance(data.x(), i), within(1e-10));
          }
        });
  }

  private static double distance(DenseMatrix x, int i) {
    double sum = 0;
    for (int c = 0; c < x.nCols(); c++) {
      sum += Math.pow(x.get(i, c) - x.get(0, c), 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void weightsAndTreesAgree() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(12, 1, seed, 30, 40, 50);
          var tree = BatchWeights.of(BatchTree.of(List.of(List.of("b0", "b2"), "b1")));
          var numbers = BatchWeights.of(1, 2, 1);
          var one =
              run(
                  data.x(),
                  data.batch(),
                  MultiBatchPca.Params.builder().d(3).weights(tree).build());
          var two =
              run(
                  data.x(),
                  data.batch(),
                  MultiBatchPca.Params.builder().d(3).weights(numbers).build());
          assertClose(one.loadings(), two.loadings(), 1e-9);
          assertThat(one.explained()[0]).isCloseTo(two.explained()[0], within(1e-9));
        });
  }

  /** The other genes get what the same cells would say of them. */
  @Test
  void genesThatWereNotChosenGetLoadingsToo() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(24, 1, seed, 40, 30);
          int[] doubled = IntStream.range(0, 48).map(j -> j % 24).toArray();
          var x = data.x().takeCols(doubled);
          boolean[] genes = new boolean[48];
          Arrays.fill(genes, 0, 24, true);
          var params = MultiBatchPca.Params.builder().d(5).correctAll(true).build();
          var all = MultiBatchPca.run(x, data.batch(), genes, params, Progress.NONE);
          var some = MultiBatchPca.run(x, data.batch(), genes, d(5), Progress.NONE);
          for (int g = 0; g < 24; g++) {
            for (int c = 0; c < 5; c++) {
              assertThat(all.loadings().get(24 + g, c))
                  .isCloseTo(all.loadings().get(g, c), within(1e-9));
              assertThat(some.loadings().get(24 + g, c)).isZero();
            }
          }
          assertThat(some.scores().doubleData()).isEqualTo(all.scores().doubleData());
        });
  }

  @Test
  void storageSolverAndThreadsDoNotMatter() {
    Seeds.forEach(
        3,
        seed -> {
          CsrMatrix x = Seeds.counts(900, 60, 0.1, seed);
          var batch = Categories.of("batch", IntStream.range(0, 900).map(i -> i % 3).toArray());
          var one = Seeds.withThreads(1, () -> run(x, batch, d(5)));
          for (int threads : new int[] {2, 7}) {
            var other = Seeds.withThreads(threads, () -> run(x, batch, d(5)));
            assertThat(other.scores().doubleData()).isEqualTo(one.scores().doubleData());
          }
          assertClose(run(x.toDense(), batch, d(5)).loadings(), one.loadings(), Tolerance.F64);
          double[] factors = new double[900];
          Arrays.fill(factors, 1 / Math.sqrt(300));
          var solver =
              new WeightedDirections(x, ChosenGenes.of(null, 60), factors, one.center(), 3);
          var operator = solver.leading(5, false);
          for (int c = 0; c < 5; c++) {
            assertThat(operator.values()[c] / 3).isCloseTo(one.explained()[c], within(1e-9));
            assertThat(operator.vectors()[7 * 5 + c])
                .isCloseTo(one.loadings().get(7, c), within(1e-7));
          }
        });
  }

  private static void assertClose(DenseMatrix a, DenseMatrix b, double by) {
    for (int i = 0; i < a.nRows(); i++) {
      for (int c = 0; c < a.nCols(); c++) {
        assertThat(a.get(i, c)).isCloseTo(b.get(i, c), within(by));
      }
    }
  }

  @Test
  void refusals() {
    var data = MnnData.noise(5, 1, 1, 10, 10);
    assertThatThrownBy(() -> run(data.x(), data.batch(), d(6)))
        .hasMessage(
            "d must be at most the number of cells and of genes used, got d = 6 for 20 cells and 5"
                + " genes. Pass d = 5 or less");
    assertThatThrownBy(
            () -> MultiBatchPca.run(data.x(), data.batch(), new boolean[5], d(2), Progress.NONE))
        .hasMessage("no gene is chosen, of 5 that there are; batches need genes in common");
    assertThatThrownBy(() -> run(DenseMatrix.ofRows(new double[20][5]), data.batch(), d(2)))
        .hasMessage(
            "all 5 genes used are constant, so there is no direction of variance; choose others");
    assertThatThrownBy(() -> BatchWeights.of(1, 0))
        .hasMessageContaining("a weight of a batch must lie in");
    var three = MultiBatchPca.Params.builder().d(2).weights(BatchWeights.of(1, 2, 3)).build();
    assertThatThrownBy(() -> run(data.x(), data.batch(), three))
        .hasMessageContaining(
            "weights has length 3, but the number of levels of obs['batch'] is 2");
    assertThatThrownBy(() -> d(0)).hasMessage("d must be positive, got 0");
  }
}
