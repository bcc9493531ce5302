package org.cellweave.preprocess.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class PooledSizeFactorsTest {
  private static final PooledSizeFactors.Params DEFAULTS = PooledSizeFactors.Params.DEFAULTS;

  private static double[] factors(Matrix x) {
    return PooledSizeFactors.run(PooledSizeFactors.Input.of(x), DEFAULTS).sizeFactors();
  }

  private static PooledSizeFactors.Params sizes(int... sizes) {
    return PooledSizeFactors.Params.builder().sizes(sizes).build();
  }

  private static H5Reference reference(String name) {
    return H5Reference.of(
        SharedData.projectRoot()
            .resolve("jvm-core/src/test/resources/reference/pooling")
            .resolve(name));
  }

  private static double largestRelative(double[] ours, double[] theirs) {
    return IntStream.range(0, ours.length)
        .mapToDouble(i -> Math.abs(ours[i] / theirs[i] - 1))
        .max()
        .orElse(Double.NaN);
  }

  /** Cells that are multiples of one profile have factors in the same proportions. */
  @Test
  void multiplesOfOneProfile() {
    double[] profile = {4, 1, 2, 7, 3};
    double[][] x = new double[30][5];
    double[] expected = new double[30];
    for (int i = 0; i < 30; i++) {
      int times = 1 + i * 7 % 30;
      expected[i] = times / 15.5;
      Arrays.setAll(x[i], j -> times * profile[j]);
    }
    var made =
        PooledSizeFactors.run(PooledSizeFactors.Input.of(DenseMatrix.ofRows(x)), sizes(3, 4, 7));
    assertThat(made.sizeFactors()).containsExactly(expected, within(Tolerance.F64));
    assertThat(made.notPositive()).isEmpty();
    assertThat(made.warnings()).isEmpty();
  }

  /** Odd ranks ascend and even ones descend; a pool of one cell is its median over the average. */
  @Test
  void ringAndSinglePools() {
    assertThat(PooledCluster.ring(7)).containsExactly(0, 2, 4, 6, 5, 3, 1);
    assertThat(PooledCluster.ring(4)).containsExactly(0, 2, 3, 1);
    var x = DenseMatrix.ofRows(new double[][] {{2, 2, 12}, {2, 4, 2}});
    double[] made = PooledSizeFactors.run(PooledSizeFactors.Input.of(x), sizes(1)).sizeFactors();
    // shares 1/8, 1/8, 3/4 and 1/4, 1/2, 1/4; their means 3/16, 5/16, 1/2
    double one = 16 * (1e-6 + 2 / 3.0) / (1 + 1e-6);
    double two = 8 * (1e-6 + 4 / 3.0) / (1 + 1e-6);
    double mean = (one + two) / 2;
    assertThat(made).containsExactly(new double[] {one / mean, two / mean}, within(1e-12));
  }

  @Test
  void agreesWithBruteForceOnSimulatedCells() {
    try (var f = reference("simulated.h5")) {
      var x = f.dense("counts");
      var clusters = Categories.of("obs['type']", f.ints("clusters"));
      var made = PooledSizeFactors.run(PooledSizeFactors.Input.of(x, clusters), DEFAULTS);
      assertThat(largestRelative(made.sizeFactors(), f.doubles("size_factors"))).isLessThan(1e-9);
      assertThat(made.reference()).isEqualTo(f.ints("reference")[0]);
      assertThat(made.warnings())
          .containsExactly(
              "level '2' of obs['type'] has 45 cells; its pools have at most 41 instead of 101",
              "level '3' of obs['type'] has 12 cells, fewer than the smallest pool, 21; its size"
                  + " factors are those of library sizes. Merge it with another cluster");
    }
  }

  @Test
  void agreesWithBruteForceOnKangControls() {
    try (var kang = H5Reference.kang();
        var f = reference("kang_ctrl.h5")) {
      int[] batch = kang.codes("obs/batch");
      int[] cells = IntStream.range(0, batch.length).filter(i -> batch[i] == 0).toArray();
      var x = kang.csr("layers/counts").takeRows(cells);
      var clusters = Categories.of("leiden", kang.codes("obs/leiden")).subset(cells);
      var made = PooledSizeFactors.run(PooledSizeFactors.Input.of(x, clusters), DEFAULTS);
      assertThat(largestRelative(made.sizeFactors(), f.doubles("size_factors"))).isLessThan(1e-6);
    }
  }

  /** A fifth of the genes six times up in one type, which library sizes take for coverage. */
  @Test
  void nearerToTheTruthThanLibrarySizes() {
    Seeds.forEach(
        5,
        seed -> {
          var data = Cells.of(600, 400, 3, seed);
          var made =
              PooledSizeFactors.run(
                  PooledSizeFactors.Input.of(data.x, Categories.of("type", data.type)), DEFAULTS);
          double pooled = spread(made.sizeFactors(), data.factor);
          double library = spread(data.x.rowSums(), data.factor);
          assertThat(pooled).isLessThan(library / 2);
          assertThat(pooled).isLessThan(0.1);
        });
  }

  private static double spread(double[] factors, double[] truth) {
    double[] log = new double[truth.length];
    Arrays.setAll(log, i -> Math.log(factors[i] / truth[i]));
    double mean = Arrays.stream(log).average().orElse(0);
    return Math.sqrt(Arrays.stream(log).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  @Test
  void orderStorageThreadsAndScaleDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Cells.of(150, 60, 1, seed).x;
          double[] one = Seeds.withThreads(1, () -> factors(x));
          assertThat(Seeds.withThreads(2, () -> factors(x))).isEqualTo(one);
          assertThat(Seeds.withThreads(7, () -> factors(x))).isEqualTo(one);
          assertThat(factors(x.toDense())).isEqualTo(one);
          assertThat(Arrays.stream(one).average().orElse(0)).isCloseTo(1, within(1e-12));
          assertThat(Arrays.stream(one).min().orElse(0)).isPositive();
        });
  }

  /** Distinct library sizes, since equal ones lie on the ring as they come. */
  @Test
  void orderOfCellsAndNamesOfClustersDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var data = Cells.of(240, 60, 2, seed);
          var x = distinctTotals(data.x);
          int[] order = Seeds.permutation(240, seed);
          var params = PooledSizeFactors.Params.builder().maxClusterSize(60).build();
          var type = Categories.of("type", data.type);
          double[] made =
              PooledSizeFactors.run(PooledSizeFactors.Input.of(x, type), params).sizeFactors();
          double[] moved =
              PooledSizeFactors.run(
                      PooledSizeFactors.Input.of(x.takeRows(order), type.subset(order)), params)
                  .sizeFactors();
          double[] taken = Arrays.stream(order).mapToDouble(i -> made[i]).toArray();
          assertThat(largestRelative(moved, taken)).isLessThan(Tolerance.F64);
        });
  }

  private static DenseMatrix distinctTotals(Matrix x) {
    var out = x.toDense().toFloat64();
    for (int i = 0; i < out.nRows(); i++) {
      out.set(i, 0, out.get(i, 0) + i * 1e-5);
    }
    return out;
  }

  @Test
  void genesThatAreLeftOutDoNotCount() {
    var data = Cells.of(150, 60, 1, 3);
    boolean[] genes = new boolean[60];
    Arrays.fill(genes, 0, 40, true);
    int[] columns = IntStream.range(0, 40).toArray();
    var chosen = new PooledSizeFactors.Input(data.x, null, genes, null);
    assertThat(PooledSizeFactors.run(chosen, DEFAULTS).sizeFactors())
        .isEqualTo(factors(data.x.takeCols(columns)));
  }

  @Test
  void largeClustersAreDealtOut() {
    var data = Cells.of(500, 100, 1, 5);
    var whole = factors(data.x);
    var params = PooledSizeFactors.Params.builder().maxClusterSize(150).build();
    var parts = PooledSizeFactors.run(PooledSizeFactors.Input.of(data.x), params);
    assertThat(parts.warnings()).isEmpty();
    assertThat(spread(parts.sizeFactors(), data.factor))
        .isLessThan(1.2 * spread(whole, data.factor));
    double[] libraries = data.x.rowSums();
    int[][] dealt = PooledCluster.dealt(IntStream.range(0, 500).toArray(), libraries, 150);
    assertThat(Arrays.stream(dealt).mapToInt(p -> p.length)).containsExactly(125, 125, 125, 125);
  }

  @Test
  void theReferenceCanBeChosen() {
    var data = Cells.of(300, 100, 2, 7);
    var type = Categories.of("type", data.type);
    for (int level = 0; level < 2; level++) {
      var input = new PooledSizeFactors.Input(data.x, type, null, level);
      assertThat(PooledSizeFactors.run(input, DEFAULTS).reference()).isEqualTo(level);
    }
    assertThatThrownBy(
            () ->
                PooledSizeFactors.run(new PooledSizeFactors.Input(data.x, type, null, 2), DEFAULTS))
        .hasMessageContaining("reference must be a cluster that has cells, got 2");
  }

  /** A cell with counts in one gene alone pulls its own factor below zero. */
  @Test
  void factorsThatAreNotPositiveAreReplacedByGenesSeen() {
    var made = PooledSizeFactors.run(PooledSizeFactors.Input.of(withPoorCells()), DEFAULTS);
    assertThat(made.notPositive()).isNotEmpty();
    assertThat(Arrays.stream(made.notPositive()).max().orElse(0)).isLessThan(10);
    assertThat(Arrays.stream(made.sizeFactors()).min().orElse(0)).isPositive();
    var params = PooledSizeFactors.Params.builder().positive(false).build();
    var left = PooledSizeFactors.run(PooledSizeFactors.Input.of(withPoorCells()), params);
    assertThat(left.notPositive()).isEqualTo(made.notPositive());
    for (int i : left.notPositive()) {
      assertThat(left.sizeFactors()[i]).isNotPositive();
    }
  }

  private static Matrix withPoorCells() {
    var x = Cells.of(200, 80, 1, 11).x.toDense().copy();
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 80; j++) {
        x.set(i, j, j == 79 ? 150 : 0);
      }
    }
    return x;
  }

  @Test
  void clustersWithoutCommonGenesAreScaledByTotals() {
    double[][] x = new double[60][40];
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 40; j++) {
        x[i][j] = j < 20 == i < 30 ? 1 + (i + j) % 3 : 0;
      }
    }
    int[] codes = IntStream.range(0, 60).map(i -> i < 30 ? 0 : 1).toArray();
    var made =
        PooledSizeFactors.run(
            PooledSizeFactors.Input.of(DenseMatrix.ofRows(x), Categories.of("kind", codes)),
            sizes(21));
    assertThat(made.warnings())
        .containsExactly(
            "level '1' of kind shares too few genes with the reference, level '0' of kind; it was"
                + " scaled by mean library sizes");
  }

  @Test
  void says() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {0, 0}, {3, 1}});
    assertThatThrownBy(() -> factors(x))
        .hasMessage(
            "size factors compare cells by their counts, but row 1 of x has none. Remove cells"
                + " without counts first");
    x.set(1, 1, -2);
    assertThatThrownBy(() -> factors(x))
        .hasMessage(
            "size factors need counts, but there is -2.0 in row 1, column 1. Start from the"
                + " counts");
    x.set(1, 1, Double.NaN);
    assertThatThrownBy(() -> factors(x)).hasMessageContaining("[1, 1]").hasMessageContaining("NaN");
    x.set(1, 1, 1);
    var chosen = new PooledSizeFactors.Input(x, null, new boolean[] {true, false}, null);
    assertThatThrownBy(() -> PooledSizeFactors.run(chosen, DEFAULTS))
        .hasMessageContaining("row 1 of x has none in the genes chosen");
    var none = new PooledSizeFactors.Input(x, null, new boolean[2], null);
    assertThatThrownBy(() -> PooledSizeFactors.run(none, DEFAULTS))
        .hasMessage("genes chooses none; size factors need some");
    assertThatThrownBy(() -> factors(CsrMatrix.empty(0, 3, org.cellweave.matrix.DType.FLOAT32)))
        .hasMessageContaining("no cells");
    var high = PooledSizeFactors.Params.builder().sizes(2).minMean(50).build();
    assertThatThrownBy(() -> PooledSizeFactors.run(PooledSizeFactors.Input.of(x), high))
        .hasMessage(
            "no gene has an average count of at least minMean = 50.0 in the set of all cells."
                + " Lower minMean, or check that X holds the counts");
    assertThatThrownBy(() -> sizes()).hasMessageContaining("sizes is empty");
    assertThatThrownBy(() -> sizes(3, 3)).hasMessage("sizes must ascend, got 3 after 3");
    assertThatThrownBy(() -> sizes(0)).hasMessageContaining("sizes must be positive, got 0");
    assertThatThrownBy(() -> PooledSizeFactors.Params.builder().minMean(-1).build())
        .hasMessageContaining("minMean");
    assertThatThrownBy(() -> PooledSizeFactors.Params.builder().maxClusterSize(0).build())
        .hasMessageContaining("maxClusterSize");
  }

  /** Poisson counts of types with changed genes, and what every cell's were multiplied by. */
  private record Cells(CsrMatrix x, int[] type, double[] factor) {
    static Cells of(int nCells, int nGenes, int nTypes, long seed) {
      var random = new SplittableRandom(seed);
      double[][] mean = new double[nTypes][nGenes];
      for (int j = 0; j < nGenes; j++) {
        double base = 0.5 + 3 * random.nextDouble() * random.nextDouble();
        for (int t = 0; t < nTypes; t++) {
          mean[t][j] = t > 0 && random.nextDouble() < 0.2 ? 6 * base : base;
        }
      }
      int[] type = new int[nCells];
      double[] factor = new double[nCells];
      var x = DenseMatrix.zeros(nCells, nGenes, org.cellweave.matrix.DType.FLOAT32);
      for (int i = 0; i < nCells; i++) {
        type[i] = i % nTypes;
        factor[i] = Math.exp(0.4 * random.nextGaussian());
        for (int j = 0; j < nGenes; j++) {
          x.set(i, j, poisson(mean[type[i]][j] * factor[i], random));
        }
      }
      return new Cells(x.toCsr(), type, factor);
    }

    private static int poisson(double mean, SplittableRandom random) {
      double limit = Math.exp(-mean);
      int n = -1;
      for (double product = 1; product > limit; n++) {
        product *= random.nextDouble();
      }
      return n;
    }
  }
}
