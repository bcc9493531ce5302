package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.clonal.ClonalNeighbors.Cells;
import org.cellweave.clonal.ClonalNeighbors.Params;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.testing.Seeds;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ClonalNeighborsTest {
  /** Clones a, b, c on a line; the cell at 4 has none. */
  private static final Matrix LINE =
      DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}, {4}, {6}, {10}, {11}});

  private static final Categories CLONES = clones(0, 0, 1, -1, 1, 2, 2);

  private static Categories clones(int... codes) {
    return new Categories("obs['clone']", codes, new String[] {"a", "b", "c"});
  }

  private static Params k(int k) {
    return Params.builder().k(k).build();
  }

  private static double[] dense(Matrix x) {
    return x.toDense().doubleData();
  }

  @Test
  void byHand() {
    var result = ClonalNeighbors.run(Cells.of(LINE, CLONES), k(3));
    // 0: 0 1 3; 1: 1 0 3; 3: 3 1, then 0 and 6 are equally far and 0 has the lower index;
    // 6: 6 3 10; 10: 10 11 6; 11: 11 10 6
    assertThat(dense(result.adjacency())).containsExactly(4, 2, 0, 2, 3, 1, 0, 2, 4);
    assertThat(result.adjacency().dtype()).isEqualTo(DType.INT32);
    assertThat(result.search()).isEqualTo(Search.EXACT);
    assertThat(result.masked().nCols()).isZero();
  }

  @Test
  void whatCellsWithoutACloneHoldDoesNotMatter() {
    var other = DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}, {Double.NaN}, {6}, {10}, {11}});
    assertThat(dense(ClonalNeighbors.run(Cells.of(other, CLONES), k(3)).adjacency()))
        .isEqualTo(dense(ClonalNeighbors.run(Cells.of(LINE, CLONES), k(3)).adjacency()));
  }

  @Test
  void neighboursOfFlaggedCellsAreCountedApart() {
    boolean[] first = {true, false, true, true, false, false, false};
    boolean[] second = {false, false, true, false, false, false, true};
    var cells = Cells.of(LINE, CLONES).masked(List.of(first, second));
    var result = ClonalNeighbors.run(cells, k(3));
    assertThat(dense(result.adjacency())).containsExactly(2, 1, 0, 0, 2, 1, 0, 1, 2);
    assertThat(dense(result.masked())).containsExactly(3, 0, 3, 3, 0, 3);
    assertThat(result.masked().dtype()).isEqualTo(DType.INT32);
  }

  @Test
  void everyLevelIsSearchedOnItsOwn() {
    var split = new Categories("obs['well']", new int[] {0, 1, 0, -1, 1, 0, 2}, levels(4));
    var result = ClonalNeighbors.run(Cells.of(LINE, CLONES).splitBy(split), k(2));
    // well 0: 0 3 10; well 1: 1 6; well 2: 11 alone
    assertThat(dense(result.adjacency())).containsExactly(2, 2, 0, 2, 2, 0, 0, 1, 2);
  }

  @Test
  void levelsShareTheVariancesOfAllCells() {
    var random = new SplittableRandom(1);
    double[][] x = new double[60][2];
    int[] level = new int[60];
    for (int i = 0; i < 60; i++) {
      level[i] = i % 3;
      x[i][0] = random.nextDouble() * (1 + 20 * level[i]);
      x[i][1] = random.nextDouble();
    }
    int[] codes = Arrays.stream(level).map(l -> random.nextInt(3)).toArray();
    var whole = DenseMatrix.ofRows(x);
    double[] variances = whole.colMoments(1).variance();
    for (double[] row : x) {
      Arrays.setAll(row, j -> row[j] / Math.sqrt(variances[j]));
    }
    var split = new Categories("obs['well']", level, levels(3));
    var params = Params.builder().k(5).metric(Metric.SEUCLIDEAN).build();
    var measured = ClonalNeighbors.run(Cells.of(whole, clones(codes)).splitBy(split), params);
    var scaled = Cells.of(DenseMatrix.ofRows(x), clones(codes)).splitBy(split);
    assertThat(dense(measured.adjacency()))
        .isEqualTo(dense(ClonalNeighbors.run(scaled, k(5)).adjacency()));
  }

  private static String[] levels(int n) {
    String[] names = new String[n];
    Arrays.setAll(names, i -> "w" + i);
    return names;
  }

  @Test
  void oneNeighbourIsTheCellItself() {
    var result = ClonalNeighbors.run(Cells.of(LINE, CLONES), k(1));
    assertThat(dense(result.adjacency())).containsExactly(2, 0, 0, 0, 2, 0, 0, 0, 2);
  }

  @Test
  void inAReferenceNeighboursWithoutACloneAreDropped() {
    var query = DenseMatrix.ofRows(new double[][] {{0.9}, {4.1}, {100}});
    var of = new Categories("obs['clone']", new int[] {0, 1, -1}, new String[] {"q", "r", "s"});
    var mask = new boolean[] {false, true, true};
    var plain = ClonalNeighbors.against(Cells.of(query, of), LINE, CLONES, k(3), Progress.NONE);
    // 0.9: 1 0 3; 4.1: 4 3 6, of which 4 has no clone
    assertThat(dense(plain.adjacency())).containsExactly(2, 1, 0, 0, 2, 0, 0, 0, 0);
    var cells = Cells.of(query, of).masked(List.of(mask));
    var apart = ClonalNeighbors.against(cells, LINE, CLONES, k(3), Progress.NONE);
    assertThat(dense(apart.adjacency())).containsExactly(2, 1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(dense(apart.masked())).containsExactly(0, 2, 0);
  }

  /** A case drawn by chance: some cells without a clone, some alike. */
  private record Draw(DenseMatrix x, int[] codes, int nClones) {
    static Draw of(long seed) {
      var random = new SplittableRandom(seed);
      int n = 60 + random.nextInt(300);
      int nClones = 3 + random.nextInt(80);
      double[][] x = new double[n][3];
      int[] codes = new int[n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < 3; j++) {
          x[i][j] = random.nextInt(6);
        }
        codes[i] = i < 20 ? i % nClones : random.nextInt(nClones + 1) - 1;
      }
      return new Draw(DenseMatrix.ofRows(x), codes, nClones);
    }

    Categories clones() {
      return new Categories("clone", codes, levels(nClones));
    }
  }

  @Test
  void rowsAddUpToTheNeighboursOfTheirCells() {
    Seeds.forEach(
        20,
        seed -> {
          var draw = Draw.of(seed);
          var clones = draw.clones();
          int k = 1 + (int) (seed % 18);
          var result = ClonalNeighbors.run(Cells.of(draw.x(), clones), k(k));
          var adjacency = result.adjacency();
          double[] sums = adjacency.rowSums();
          for (int c = 0; c < draw.nClones(); c++) {
            assertThat(sums[c]).isEqualTo((double) k * clones.size(c));
            assertThat(adjacency.get(c, c)).isGreaterThanOrEqualTo(clones.size(c));
          }
          assertThat(dense(adjacency)).isEqualTo(directly(draw, k));
        });
  }

  /** The definition, pair by pair. */
  static double[] directly(Draw draw, int k) {
    return DirectNeighbors.adjacency(draw.x(), draw.codes(), draw.nClones(), k);
  }

  @Test
  void orderOfCellsAndNamesOfClonesDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var draw = Draw.of(seed);
          // no two pairs are equally far, so that no tie depends on the order
          var x = DenseMatrix.zeros(draw.x().nRows(), 3, DType.FLOAT64);
          var random = new SplittableRandom(seed);
          for (int i = 0; i < x.nRows(); i++) {
            x.setRow(i, random.doubles(3).toArray());
          }
          int n = draw.nClones();
          double[] plain = dense(ClonalNeighbors.run(Cells.of(x, draw.clones()), k(7)).adjacency());
          int[] order = Seeds.permutation(x.nRows(), seed);
          int[] renamed = Seeds.permutation(n, seed + 1);
          int[] codes = new int[order.length];
          Arrays.setAll(
              codes, i -> draw.codes()[order[i]] < 0 ? -1 : renamed[draw.codes()[order[i]]]);
          var other = new Categories("clone", codes, levels(n));
          double[] moved =
              dense(ClonalNeighbors.run(Cells.of(x.takeRows(order), other), k(7)).adjacency());
          for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
              assertThat(moved[renamed[a] * n + renamed[b]]).isEqualTo(plain[a * n + b]);
            }
          }
        });
  }

  @Test
  void threadsDoNotMatterAndAReferenceOfItselfFindsTheSame() {
    Seeds.forEach(
        5,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 2500;
          var x = DenseMatrix.wrap(random.doubles(4L * n).toArray(), n, 4);
          int[] codes = random.ints(n, 0, 300).toArray();
          var clones = new Categories("clone", codes, levels(300));
          var one = Seeds.withThreads(1, () -> ClonalNeighbors.run(Cells.of(x, clones), k(15)));
          for (int threads : new int[] {2, 7}) {
            var more =
                Seeds.withThreads(
                    threads, () -> ClonalNeighbors.run(Cells.of(x, clones), k(15)).adjacency());
            assertThat(dense(more)).isEqualTo(dense(one.adjacency()));
          }
          var same = ClonalNeighbors.against(Cells.of(x, clones), x, clones, k(15), Progress.NONE);
          assertThat(dense(same.adjacency())).isEqualTo(dense(one.adjacency()));
        });
  }

  @Test
  void anApproximateSearchKeepsTheSumsAndSaysSo() {
    var random = new SplittableRandom(3);
    var x = DenseMatrix.wrap(random.doubles(3000).toArray(), 1000, 3);
    var clones = new Categories("clone", random.ints(1000, 0, 50).toArray(), levels(50));
    var params = Params.builder().search(Search.APPROXIMATE).build();
    var result = ClonalNeighbors.run(Cells.of(x, clones), params);
    assertThat(result.search()).isEqualTo(Search.APPROXIMATE);
    double[] sums = result.adjacency().rowSums();
    for (int c = 0; c < 50; c++) {
      assertThat(sums[c]).isEqualTo(15.0 * clones.size(c));
    }
  }

  @Test
  void refusesParameters() {
    assertThatThrownBy(() -> k(0)).hasMessage("k must be positive, got 0");
    assertThatThrownBy(() -> Params.builder().metric(Metric.PRECOMPUTED).build())
        .hasMessage("metric must be one that is taken on coordinates, got precomputed");
    var cells = Cells.of(LINE, CLONES);
    assertThatThrownBy(() -> ClonalNeighbors.run(cells, k(7)))
        .hasMessage(
            "k must be at most the number of cells that are searched, got k = 7 for 6 cells with"
                + " a clone. Lower k.");
    assertThatThrownBy(() -> ClonalNeighbors.against(cells, LINE, CLONES, k(8), Progress.NONE))
        .hasMessageContaining("got k = 8 for 7 cells of the reference. Lower k.");
  }

  @Test
  void searchesAReferenceAsAskedFor() {
    var cells = Cells.of(LINE, CLONES);
    var near = Params.builder().k(2).search(Search.APPROXIMATE).build();
    var found = ClonalNeighbors.against(cells, LINE, CLONES, near, Progress.NONE);
    var exact = ClonalNeighbors.against(cells, LINE, CLONES, k(2), Progress.NONE);
    assertThat(found.search()).isEqualTo(Search.APPROXIMATE);
    assertThat(exact.search()).isEqualTo(Search.EXACT);
    assertThat(dense(found.adjacency())).isEqualTo(dense(exact.adjacency()));
  }

  @Test
  void refusesCells() {
    assertThatThrownBy(
            () -> ClonalNeighbors.run(Cells.of(LINE, clones(-1, -1, -1, -1, -1, -1, -1)), k(2)))
        .hasMessage("no cell of obs['clone'] has a clone: all 7 are missing");
    assertThatThrownBy(() -> Cells.of(LINE, clones(0, 1)))
        .hasMessage("obs['clone'] has length 2, but the number of cells is 7");
    var cells = Cells.of(LINE, CLONES);
    assertThatThrownBy(() -> cells.masked(List.of(new boolean[3])))
        .hasMessage("a mask has length 3, but the number of cells is 7");
    var split = new Categories("obs['well']", new int[] {0, 0, 0, 0, -1, 0, 0}, levels(1));
    assertThatThrownBy(() -> ClonalNeighbors.run(cells.splitBy(split), k(2)))
        .hasMessage(
            "obs['well'] has 1 missing label, for cell 4 of clone 'b'. Give every cell a label, or"
                + " subset to the cells that have one");
    assertThatThrownBy(
            () -> ClonalNeighbors.against(cells.splitBy(split), LINE, CLONES, k(2), Progress.NONE))
        .hasMessage("a search in a reference cannot be split by obs['well']");
    var infinite =
        DenseMatrix.ofRows(
            new double[][] {{0}, {1}, {3}, {4}, {Double.POSITIVE_INFINITY}, {10}, {11}});
    assertThatThrownBy(() -> ClonalNeighbors.run(Cells.of(infinite, CLONES), k(2)))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining(
            "a clonal neighbourhood needs finite values, but x[4, 0] is Infinity");
    assertThatThrownBy(() -> ClonalNeighbors.against(cells, infinite, CLONES, k(2), Progress.NONE))
        .hasMessageContaining("but reference[4, 0] is Infinity");
  }
}
