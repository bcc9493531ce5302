package org.cellweave.integrate.scanorama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.integrate.scanorama.Scanorama.Order;
import org.cellweave.integrate.scanorama.Scanorama.Params;
import org.cellweave.integrate.scanorama.Scanorama.Solver;
import org.cellweave.linalg.SingularValues;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ScanoramaTest {
  private static final String COLUMN = "obs['lane']";

  private static Categories batch(int... codes) {
    return new Categories(COLUMN, codes, new String[] {"a", "b", "c", "d"}).withoutUnused();
  }

  private static Scanorama.Result place(Matrix x, Categories batch, Params.Builder params) {
    return Scanorama.runOnEmbedding(x, batch, params.build(), Progress.NONE);
  }

  private static Params.Builder params() {
    return Params.builder();
  }

  /** Two cells in each batch, one unit apart in the second dimension; the larger batch stays. */
  @Test
  void twoBatchesByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{8, 0}, {8, 1}, {1, 8}, {0, 8}, {7, 0}});
    var result = place(x, batch(0, 1, 1, 0, 0), params().knn(1).sigma(2));
    // pairs by direction: (8,1) with (8,0), which lies exactly as (7,0) does but comes first, and
    // (1,8) with (0,8); each batch-b cell hardly feels the pair of the other
    assertThat(result.steps()).hasSize(1);
    assertThat(result.steps().get(0).moved()).containsExactly(1);
    assertThat(result.steps().get(0).onto()).containsExactly(0);
    assertThat(result.steps().get(0).matches()).isEqualTo(2);
    assertThat(result.scores()[0][1]).isEqualTo(1).isEqualTo(result.scores()[1][0]);
    double[][] expected = {{8, 0}, {8, 0}, {0, 8}, {0, 8}, {7, 0}};
    for (int i = 0; i < 5; i++) {
      assertThat(result.x().get(i, 0)).isCloseTo(expected[i][0], within(1e-5));
      assertThat(result.x().get(i, 1)).isCloseTo(expected[i][1], within(1e-5));
    }
  }

  /** The peer's list of batches: cells of four types, moved and scaled by batch. */
  private static DenseMatrix points(int n, int d, Categories batch, long seed) {
    var random = new SplittableRandom(seed);
    double[][] type = new double[4][d];
    double[][] shift = new double[batch.nLevels()][d];
    for (double[][] vectors : List.of(type, shift)) {
      double scale = vectors == type ? 0.4 : 0.08;
      for (double[] v : vectors) {
        Arrays.setAll(v, j -> scale * random.nextGaussian());
      }
    }
    var x = DenseMatrix.ofRows(new double[n][d]);
    for (int i = 0; i < n; i++) {
      int t = random.nextInt(4);
      for (int j = 0; j < d; j++) {
        x.set(i, j, type[t][j] + shift[batch.code(i)][j] + 0.08 * random.nextGaussian());
      }
    }
    return x;
  }

  private static Categories lanes(int n, int nBatches, long seed) {
    var random = new SplittableRandom(seed + 3);
    int[] codes = new int[n];
    Arrays.setAll(codes, i -> i < 4 * nBatches ? i % nBatches : random.nextInt(nBatches));
    return batch(codes);
  }

  @Test
  void equalsTheNaiveMethod() {
    Seeds.forEach(
        20,
        seed -> {
          int nBatches = 2 + (int) (seed % 3);
          var batch = lanes(160, nBatches, seed);
          var x = points(160, 6, batch, seed);
          for (Metric metric : new Metric[] {Metric.MANHATTAN, Metric.EUCLIDEAN}) {
            var options = params().knn(4).metric(metric).batchSize(seed % 2 == 0 ? 7 : 5000);
            var result = place(x, batch, options);
            double[][] expected = new NaiveScanorama(x, batch, options.build()).run();
            for (int i = 0; i < 160; i++) {
              for (int j = 0; j < 6; j++) {
                assertThat(result.x().get(i, j)).isCloseTo(expected[i][j], within(2e-5));
              }
            }
          }
        });
  }

  @Test
  void threadsAndBlocksDoNotMatter() {
    var batch = lanes(900, 4, 1);
    var x = points(900, 8, batch, 1);
    var counts = Seeds.counts(900, 50, 0.4, 3);
    for (boolean correct : new boolean[] {false, true}) {
      var search = correct ? Search.EXACT : Search.APPROXIMATE;
      var options = params().knn(5).correct(correct).search(search).build();
      var one = Seeds.withThreads(1, () -> Scanorama.run(counts, batch, options));
      for (int threads : new int[] {2, 7}) {
        var again = Seeds.withThreads(threads, () -> Scanorama.run(counts, batch, options));
        assertThat(again.x().floatData()).isEqualTo(one.x().floatData());
        if (correct) {
          assertThat(again.corrected().floatData()).isEqualTo(one.corrected().floatData());
        }
      }
    }
    double[] whole = place(x, batch, params()).x().doubleData();
    double[] small = place(x, batch, params().batchSize(13)).x().doubleData();
    assertThat(small).containsExactly(whole, within(1e-5));
  }

  @Test
  void sparseEqualsDenseAndTheInputStays() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Seeds.counts(200, 40, 0.3, seed);
          var batch = lanes(200, 3, seed);
          double[] before = x.toDense().doubleData();
          var options = params().knn(5).correct(true).hvg(25).build();
          var sparse = Scanorama.run(x, batch, options);
          var dense = Scanorama.run(x.toDense(), batch, options);
          assertThat(x.toDense().doubleData()).isEqualTo(before);
          assertThat(sparse.genes()).hasSize(25).isEqualTo(dense.genes()).isSorted();
          assertThat(dense.corrected().doubleData())
              .containsExactly(sparse.corrected().doubleData(), within(1e-4));
        });
  }

  @Test
  void genesOfLargestDispersion() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5, 0, 2}, {1, 0, 0, 2}, {1, 1, 0, 0}});
    // mean square over mean: 1, 13/3, none, 2
    assertThat(UnitExpression.of(x, 2).genes()).containsExactly(1, 3);
    assertThat(UnitExpression.of(x, 3).genes()).containsExactly(0, 1, 3);
    assertThat(UnitExpression.of(x, 9).genes()).isNull();
  }

  /** Spectra fall off, so that random projections find what is exact. */
  @Test
  void solversAgreeWhereComponentsAreDistinct() {
    var random = new SplittableRandom(8);
    for (int[] shape : new int[][] {{400, 60}, {60, 400}, {300, 9}, {9, 300}}) {
      var x = DenseMatrix.ofRows(new double[shape[0]][shape[1]]);
      for (int f = 0; f < 5; f++) {
        double[] left = random.doubles(shape[0], -1, 1).toArray();
        double[] right = random.doubles(shape[1], -1, 1).toArray();
        for (int i = 0; i < shape[0]; i++) {
          for (int j = 0; j < shape[1]; j++) {
            x.set(i, j, x.get(i, j) + Math.pow(10, -f) * left[i] * right[j] + (f == 0 ? 3 : 0));
          }
        }
      }
      var drawn =
          Components.of(x, Components.Draws.IN_ORDER, params().dimred(4).build(), Progress.NONE);
      var exact =
          Components.of(
              x.toCsr(),
              Components.Draws.IN_ORDER,
              params().dimred(4).svdSolver(Solver.EXACT).build(),
              Progress.NONE);
      assertThat(drawn.nCols()).isEqualTo(4);
      for (int c = 0; c < 4; c++) {
        double[] a = drawn.column(c);
        double[] b = exact.column(c);
        double sign = Math.signum(a[0] * b[0]);
        double size = Math.pow(10, -c) * Math.sqrt(shape[0] * (double) shape[1]);
        for (int i = 0; i < a.length; i++) {
          assertThat(a[i]).isCloseTo(sign * b[i], within(1e-4 * size));
        }
      }
    }
  }

  @Test
  void bySizeNamesOfBatchesDoNotMatter() {
    var batch = lanes(300, 4, 5);
    var x = points(300, 6, batch, 5);
    int[] turned = Arrays.stream(batch.codes()).map(c -> 3 - c).toArray();
    var options = params().knn(5).order(Order.SIZE);
    double[] once = place(x, batch, options).x().doubleData();
    double[] again = place(x, batch(turned), options).x().doubleData();
    assertThat(again).containsExactly(once, within(1e-5));
  }

  /** No cell of c is anywhere near the others: it stays, and the result says so. */
  @Test
  void aBatchThatSharesNothingStaysAndIsNamed() {
    int[] codes = new int[90];
    Arrays.setAll(codes, i -> i % 3);
    var batch = batch(codes);
    var x = points(90, 5, batch, 2);
    for (int i = 2; i < 90; i += 3) {
      double far = i == 2 ? -4 : -50;
      for (int j = 0; j < 5; j++) {
        x.set(i, j, far + (i == 2 ? 0 : 1e-3 * x.get(i, j)));
      }
    }
    var result = place(x, batch, params().knn(1).alpha(0.2));
    assertThat(result.warnings()).hasSize(1);
    assertThat(result.warnings().get(0))
        .startsWith("scanorama joined batch 'c' to no other: its highest score is 0.0")
        .endsWith("not above alpha = 0.2; its cells stay where they were");
    for (int i = 2; i < 90; i += 3) {
      assertThat(result.x().get(i, 0)).isEqualTo((double) (float) x.get(i, 0));
    }
  }

  @Test
  void cellsBeyondTheKernelStay() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {1.1, 0.1}, {400, 300}, {0, 1}});
    var result = place(x, batch(0, 1, 1, 0), params().knn(1).alpha(0));
    assertThat(result.x().get(2, 0)).isEqualTo(400);
  }

  /** Both searches: the approximate one finds nearly all pairs, and says so. */
  @EachReference
  void agreesWithScanoramaOnKang(H5Reference reference) {
    try (reference) {
      if (!reference.has("obsm/X_scanorama")) {
        return;
      }
      for (Search search : new Search[] {Search.EXACT, Search.APPROXIMATE}) {
        var result = onReference(reference, search);
        double[] correlations = afterOrthogonalFit(result.x(), reference.dense("obsm/X_scanorama"));
        assertThat(Arrays.stream(correlations).min().orElseThrow()).isGreaterThan(0.9999);
        assertThat(result.search()).isEqualTo(search);
        assertThat(result.recall()).isGreaterThan(0.99);
      }
    }
  }

  private static Scanorama.Result onReference(H5Reference reference, Search search) {
    double[] mask = reference.doubles("var/highly_variable");
    int[] genes =
        java.util.stream.IntStream.range(0, mask.length).filter(j -> mask[j] != 0).toArray();
    var batch =
        new Categories(COLUMN, reference.codes("obs/batch"), reference.categories("obs/batch"));
    String[] names = reference.strings("var/_index");
    return Scanorama.run(
        reference.csr("X").takeCols(genes),
        Arrays.stream(genes).mapToObj(j -> names[j]).toArray(String[]::new),
        batch,
        params().dimred(reference.dense("obsm/X_scanorama").nCols()).search(search).build(),
        Progress.NONE);
  }

  /** All cells come to lie as if none had been left out of the joins. */
  @Test
  void aSketchMovesAllCells() {
    int n = 1500;
    int[] codes = new int[n];
    Arrays.setAll(codes, i -> i % 10 == 0 ? 2 : i % 2);
    var batch = batch(codes);
    var x = points(n, 6, batch, 4);
    var options = params().knn(10).seed(3);
    var whole = place(x, batch, options);
    var same = place(x, batch, options.sketch(true).sketchMax(750));
    assertThat(same.x().floatData()).isEqualTo(whole.x().floatData());
    assertThat(same.nSketch()).isEqualTo(n);
    var sketched = Seeds.withThreads(1, () -> place(x, batch, options.sketchMax(300)));
    assertThat(sketched.nSketch()).isEqualTo(300 + 300 + 150);
    for (double r : afterOrthogonalFit(sketched.x(), whole.x())) {
      assertThat(r).isGreaterThan(0.98);
    }
    var again = Seeds.withThreads(7, () -> place(x, batch, options.sketchMax(300)));
    assertThat(again.x().floatData()).isEqualTo(sketched.x().floatData());
  }

  @Test
  void anInterruptStopsTheSearch() {
    var batch = lanes(900, 3, 1);
    var x = points(900, 6, batch, 1);
    Progress stop = (stage, step, total, objective) -> Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                Scanorama.runOnEmbedding(
                    x, batch, params().knn(5).search(Search.APPROXIMATE).build(), stop))
        .isInstanceOf(java.util.concurrent.CancellationException.class);
  }

  /** Correlation of every dimension, once the first is rotated onto the second. */
  static double[] afterOrthogonalFit(DenseMatrix ours, DenseMatrix theirs) {
    int d = theirs.nCols();
    double[][] cross = new double[d][d];
    double[] a = new double[d];
    double[] b = new double[d];
    for (int i = 0; i < ours.nRows(); i++) {
      ours.readRow(i, a);
      theirs.readRow(i, b);
      for (int r = 0; r < d; r++) {
        for (int c = 0; c < d; c++) {
          cross[r][c] += a[r] * b[c];
        }
      }
    }
    double[][] turn = SingularValues.of(cross).rotation();
    double[] out = new double[d];
    for (int c = 0; c < d; c++) {
      double[] turned = new double[ours.nRows()];
      for (int i = 0; i < turned.length; i++) {
        ours.readRow(i, a);
        for (int r = 0; r < d; r++) {
          turned[i] += a[r] * turn[r][c];
        }
      }
      out[c] = correlation(turned, theirs.column(c));
    }
    return out;
  }

  private static double correlation(double[] a, double[] b) {
    double ma = Arrays.stream(a).average().orElseThrow();
    double mb = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - ma) * (b[i] - mb);
      aa += (a[i] - ma) * (a[i] - ma);
      bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> params().knn(0).build()).hasMessage("knn must be positive, got 0");
    assertThatThrownBy(() -> params().sigma(-1).build()).hasMessageContaining("sigma");
    assertThatThrownBy(() -> params().alpha(2).build())
        .hasMessage("alpha must lie in [0.0, 1.0], got 2.0");
    assertThatThrownBy(() -> params().dimred(0).build()).hasMessageContaining("dimred");
    assertThatThrownBy(() -> params().hvg(-3).build()).hasMessage("hvg must be positive, got -3");
    assertThatThrownBy(() -> params().batchSize(0).build()).hasMessageContaining("batchSize");
    assertThatThrownBy(() -> params().sketchMax(0).build()).hasMessageContaining("sketchMax");
    assertThatThrownBy(() -> params().sketch(true).sketchMax(19).build())
        .hasMessage("sketchMax must be at least knn, 20, got 19");
    assertThatThrownBy(() -> params().sketch(true).correct(true).build())
        .hasMessageContaining("leave out correct, or the sketch");
    assertThatThrownBy(() -> params().metric(Metric.COSINE).build())
        .hasMessage("metric of scanorama must be manhattan or euclidean, got cosine");
    var x = Seeds.counts(30, 10, 0.5, 1);
    var batch = lanes(30, 2, 1);
    assertThatThrownBy(() -> Scanorama.run(x, batch, Params.DEFAULTS))
        .hasMessageContaining("of obs['lane'] has")
        .hasMessageContaining("but scanorama with knn = 20 needs at least 20 in each");
    assertThatThrownBy(() -> Scanorama.run(x, batch(new int[30]), Params.DEFAULTS))
        .hasMessage(
            "obs['lane'] must have at least two levels, got 1: there is nothing to join within one"
                + " batch.");
    assertThatThrownBy(() -> Scanorama.run(x.takeCols(new int[0]), batch, params().knn(2).build()))
        .hasMessageStartingWith("scanorama has no genes to work on, got float32 CSR of 30 x 0");
    assertThatThrownBy(() -> place(x, batch, params().knn(2).correct(true)))
        .hasMessageStartingWith("scanorama corrects expression only where it reads expression");
    var large = x.toDense().copy();
    large.set(2, 1, 1e20);
    assertThatThrownBy(() -> place(large, batch, params().knn(2)))
        .hasMessageStartingWith("x[2, 1] is 1.0");
  }
}
