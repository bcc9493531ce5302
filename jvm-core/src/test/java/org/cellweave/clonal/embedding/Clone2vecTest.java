package org.cellweave.clonal.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Clone2vecTest {
  private static Clone2vec.Params.Builder small() {
    return Clone2vec.Params.builder().zDim(4);
  }

  private static Clone2vec.Result run(CsrMatrix counts, Clone2vec.Params.Builder params) {
    return Clone2vec.run(new Clone2vec.Input(counts), params.build());
  }

  @Test
  void theLossFallsAndTheContextsGiveIt() {
    Seeds.forEach(
        5,
        seed -> {
          CsrMatrix counts = BlockCounts.of(80, 4, 20, seed);
          var r = run(counts, small());
          assertThat(r.converged()).isTrue();
          double[] history = r.lossHistory();
          for (int k = 1; k < history.length; k++) {
            assertThat(history[k]).isLessThan(history[k - 1]);
          }
          assertThat(naive(counts, r)).isCloseTo(r.loss(), within(1e-5));
          assertThat(r.loss()).isBetween(entropy(counts), Math.log(80));
        });
  }

  /** The definition, pair by pair. */
  private static double naive(CsrMatrix counts, Clone2vec.Result r) {
    double[] u = r.embedding().doubleData();
    double[] v = r.context().doubleData();
    double[] a = counts.toDense().doubleData();
    int n = counts.nRows();
    int d = r.embedding().nCols();
    double total = 0;
    double loss = 0;
    for (int i = 0; i < n; i++) {
      double[] scores = new double[n];
      double sum = 0;
      for (int j = 0; j < n; j++) {
        scores[j] = r.bias()[j];
        for (int c = 0; c < d; c++) {
          scores[j] += u[i * d + c] * v[j * d + c];
        }
        sum += Math.exp(scores[j]);
      }
      for (int j = 0; j < n; j++) {
        total += a[i * n + j];
        loss -= a[i * n + j] * (scores[j] - Math.log(sum));
      }
    }
    return loss / total;
  }

  /** What no model can go below: each clone with the shares of its own counts. */
  private static double entropy(CsrMatrix counts) {
    double[] a = counts.toDense().doubleData();
    int n = counts.nRows();
    double total = Arrays.stream(a).sum();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double row = Arrays.stream(a, i * n, (i + 1) * n).sum();
      for (int j = 0; j < n; j++) {
        double x = a[i * n + j];
        sum -= x > 0 ? x * Math.log(x / row) : 0;
      }
    }
    return sum / total;
  }

  @ParameterizedTest
  @EnumSource(Clone2vec.Solver.class)
  void clonesOfAKindLieTogether(Clone2vec.Solver solver) {
    var r = run(BlockCounts.of(60, 3, 40, 1), small().solver(solver).maxIter(60));
    double[] u = r.embedding().doubleData();
    int right = 0;
    for (int i = 0; i < 60; i++) {
      int nearest = -1;
      double best = Double.POSITIVE_INFINITY;
      for (int j = 0; j < 60; j++) {
        double d2 = 0;
        for (int c = 0; c < 4; c++) {
          d2 += Math.pow(u[i * 4 + c] - u[j * 4 + c], 2);
        }
        if (j != i && d2 < best) {
          best = d2;
          nearest = j;
        }
      }
      right += nearest % 3 == i % 3 ? 1 : 0;
    }
    assertThat(right).isGreaterThan(55);
  }

  @ParameterizedTest
  @EnumSource(Clone2vec.Solver.class)
  void sameBitsForAnyNumberOfThreads(Clone2vec.Solver solver) {
    CsrMatrix counts = BlockCounts.of(1200, 5, 3, 2);
    var params = small().solver(solver).maxIter(solver == Clone2vec.Solver.SGD ? 2 : 12);
    var one = Seeds.withThreads(1, () -> run(counts, params));
    for (int threads : new int[] {2, 7}) {
      var several = Seeds.withThreads(threads, () -> run(counts, params));
      assertThat(several.embedding().floatData()).isEqualTo(one.embedding().floatData());
      assertThat(several.bias()).isEqualTo(one.bias());
      assertThat(several.lossHistory()).isEqualTo(one.lossHistory());
    }
  }

  @Test
  void theSeedMattersWhereThereIsChance() {
    CsrMatrix counts = BlockCounts.of(50, 3, 10, 2);
    var sgd = small().solver(Clone2vec.Solver.SGD).maxIter(3);
    assertThat(run(counts, sgd.seed(1)).lossHistory())
        .isEqualTo(run(counts, sgd.seed(1)).lossHistory())
        .isNotEqualTo(run(counts, sgd.seed(2)).lossHistory());
    var random = small().start(Clone2vec.Start.RANDOM);
    assertThat(run(counts, random.seed(1)).loss())
        .isEqualTo(run(counts, random.seed(1)).loss())
        .isNotEqualTo(run(counts, random.seed(2)).loss());
  }

  /** Other orders of the clones, the same chances. */
  @Test
  void theOrderOfClonesDoesNotMatter() {
    CsrMatrix counts = BlockCounts.of(60, 3, 20, 3);
    int[] order = Seeds.permutation(60, 1);
    var params = small().canonical(true).maxIter(15).tol(0);
    var plain = run(counts, params);
    var moved = run(counts.takeRows(order).takeCols(order), params);
    assertThat(moved.loss()).isCloseTo(plain.loss(), within(1e-9));
    for (int i = 0; i < 60; i++) {
      for (int c = 0; c < 4; c++) {
        double there = plain.embedding().doubleData()[order[i] * 4 + c];
        assertThat(Math.abs(moved.embedding().doubleData()[i * 4 + c]))
            .isCloseTo(Math.abs(there), within(1e-3));
      }
    }
  }

  @Test
  void theCanonicalFormKeepsTheChances() {
    CsrMatrix counts = BlockCounts.of(70, 3, 20, 4);
    var plain = run(counts, small());
    var canonical = run(counts, small().canonical(true));
    assertThat(naive(counts, canonical)).isCloseTo(naive(counts, plain), within(1e-5));
    double[] u = gram(canonical.embedding());
    double[] v = gram(canonical.context());
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        assertThat(u[a * 4 + b]).isCloseTo(v[a * 4 + b], within(1e-3));
        assertThat(a == b || Math.abs(u[a * 4 + b]) < 1e-3).isTrue();
      }
      assertThat(a == 0 || u[a * 4 + a] <= u[(a - 1) * 4 + a - 1]).isTrue();
    }
  }

  private static double[] gram(DenseMatrix x) {
    int d = x.nCols();
    double[] rows = x.doubleData();
    double[] g = new double[d * d];
    for (int k = 0; k < rows.length; k++) {
      for (int b = 0; b < d; b++) {
        g[k % d * d + b] += rows[k] * rows[k - k % d + b];
      }
    }
    return g;
  }

  @Test
  void heldOutCountsChooseTheSteps() {
    CsrMatrix counts = BlockCounts.of(120, 4, 4, 5);
    var r = run(counts, small().zDim(10).withSelf(false).heldOut(0.2).tol(1e-6));
    double[] unseen = r.heldOutHistory();
    double least = Arrays.stream(unseen).min().orElseThrow();
    assertThat(unseen[r.lossHistory().length - 1]).isEqualTo(least);
    assertThat(r.lossHistory().length).isLessThan(unseen.length);
    assertThat(run(counts, small()).heldOutHistory()).isEmpty();
    assertThat(r.converged()).isTrue();
  }

  @Test
  void startsWhereItIsTold() {
    CsrMatrix counts = BlockCounts.of(40, 3, 10, 6);
    var given = DenseMatrix.wrap(new float[160], 40, 4);
    Arrays.fill(given.floatData(), 0.25f);
    var input = new Clone2vec.Input(counts, "counts", given);
    var custom = small().start(Clone2vec.Start.CUSTOM);
    var r = Clone2vec.run(input, custom.build());
    assertThat(r.lossHistory()[0]).isNotEqualTo(run(counts, small()).lossHistory()[0]);
    assertThatThrownBy(() -> run(counts, custom))
        .hasMessage("start custom needs coordinates of 40 clones in 4 dimensions, got none");
  }

  @Test
  void withoutItselfAClonesOwnCountsAreLeftOut() {
    CsrMatrix counts = BlockCounts.of(30, 3, 10, 7);
    double[] a = counts.toDense().doubleData();
    for (int i = 0; i < 30; i++) {
      a[i * 31] = 0;
    }
    var bare = DenseMatrix.wrap(a, 30, 30).toCsr();
    assertThat(run(counts, small().withSelf(false)).lossHistory())
        .isEqualTo(run(bare, small()).lossHistory());
  }

  @Test
  void refusesWhatCannotBe() {
    CsrMatrix counts = BlockCounts.of(4, 2, 5, 1);
    assertThatThrownBy(() -> run(counts, small()))
        .hasMessage(
            "zDim must be less than the number of clones, got zDim = 4 for 4 clones and 4 contexts");
    assertThatThrownBy(() -> small().zDim(0).build()).hasMessageContaining("zDim");
    assertThatThrownBy(() -> small().heldOut(1).build())
        .hasMessage("heldOut must lie in [0, 1), got 1.0");
    assertThatThrownBy(() -> small().solver(Clone2vec.Solver.SGD).ridge(1).build())
        .hasMessageContaining("belong to solver exact");
    assertThatThrownBy(() -> run(BlockCounts.of(9, 2, 5, 1), small().heldOut(1e-9)))
        .hasMessageContaining("heldOut = 1.0E-9 leaves out no count of the ")
        .hasMessageEndingWith(" in counts; take a share nearer to 0.1, or 0 for none");
    assertThatThrownBy(() -> run(BlockCounts.of(1, 1, 5, 1), small().zDim(1)))
        .hasMessage(
            "counts must be of at least two clones, as there is no embedding of one in any zDim,"
                + " got 1. Lower minSize of c2v.pp.clonesAdata() to have more clones");
  }

  /** clone2vec 0.1.1 on real barcoded cells: see the script beside the file. */
  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void isThatOfTheOriginal(int day) {
    Path file = SharedData.require("reference/larry_clones_day" + day + ".h5ad");
    var reference = H5Reference.of(file);
    CsrMatrix counts = reference.csr("obsp/gex_adjacency");
    DenseMatrix theirs = reference.dense("obsm/clone2vec");
    double[] history = reference.doubles("uns/clone2vec/loss_history");
    double theirLoss = history[history.length - 1];

    var exact = run(counts, Clone2vec.Params.builder());
    assertThat(exact.loss()).isLessThanOrEqualTo(theirLoss);
    // it goes further down than theirs, and so away from it
    assertThat(explained(exact.embedding(), theirs)).isGreaterThan(0.8);

    var sgd = run(counts, Clone2vec.Params.builder().solver(Clone2vec.Solver.SGD));
    assertThat(sgd.loss()).isCloseTo(theirLoss, within(0.01 * theirLoss));
    assertThat(explained(sgd.embedding(), theirs)).isGreaterThan(0.95);
  }

  /** Share of the variance of {@code to} that an affine map of {@code from} explains. */
  private static double explained(DenseMatrix from, DenseMatrix to) {
    int n = from.nRows();
    int d = from.nCols();
    double left = 0;
    double all = 0;
    for (int c = 0; c < to.nCols(); c++) {
      double[] a = new double[n * (d + 1)];
      double[] b = new double[n];
      double mean = 0;
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < d; k++) {
          a[k * n + i] = from.doubleData()[i * d + k];
        }
        a[d * n + i] = 1;
        b[i] = to.doubleData()[i * d + c];
        mean += b[i] / n;
      }
      double[] x = org.cellweave.linalg.LeastSquares.solve(n, d + 1, a.clone(), b.clone(), 1e-12);
      for (int i = 0; i < n; i++) {
        double fitted = x[d];
        for (int k = 0; k < d; k++) {
          fitted += x[k] * from.doubleData()[i * d + k];
        }
        left += Math.pow(b[i] - fitted, 2);
        all += Math.pow(b[i] - mean, 2);
      }
    }
    return 1 - left / all;
  }
}
