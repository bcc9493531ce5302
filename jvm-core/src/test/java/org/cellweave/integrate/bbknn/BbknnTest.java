package org.cellweave.integrate.bbknn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.integrate.bbknn.Bbknn.Params;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class BbknnTest {
  private static final Params ONE = Params.builder().neighborsWithinBatch(1).build();

  private static Categories batch(int... codes) {
    return new Categories("obs['lane']", codes, new String[] {"a", "b", "c"}).withoutUnused();
  }

  private static DenseMatrix line(double... places) {
    return DenseMatrix.wrap(places, places.length, 1);
  }

  @Test
  void oneNeighbourInEachBatchByHand() {
    var x = line(0, 1, 10, 0.5, 11, 13);
    var result = Bbknn.run(x, batch(0, 0, 0, 1, 1, 1), ONE);
    // of two equally near cells, 0 and 1, cell 3 takes the first
    double[][] expected = new double[6][6];
    expected[0][3] = 0.5;
    expected[1][3] = 0.5;
    expected[2][4] = 1;
    expected[3][0] = 0.5;
    expected[4][2] = 1;
    expected[5][2] = 3;
    assertRows(result.distances(), expected);
    // the only neighbour of a cell has weight one, in both directions
    double[][] ones = new double[6][6];
    for (int[] edge : new int[][] {{0, 3}, {1, 3}, {2, 4}, {2, 5}}) {
      ones[edge[0]][edge[1]] = 1;
      ones[edge[1]][edge[0]] = 1;
    }
    assertRows(result.connectivities(), ones);
    assertThat(result.nNeighbors()).isEqualTo(2);
    assertThat(result.trim()).isEqualTo(20);
  }

  @Test
  void aCellAmongDuplicatesIsStillItsOwnNeighbour() {
    var x = line(2, 2, 2, 2, 2, 3);
    var result = Bbknn.run(x, batch(0, 0, 0, 1, 1, 1), ONE);
    for (int i = 0; i < 6; i++) {
      assertThat(result.distances().rowNnz(i)).isEqualTo(1);
      assertThat(result.connectivities().get(i, i)).isZero();
    }
    assertThat(result.distances().get(5, 0)).isEqualTo(1);
    assertThat(result.connectivities().get(2, 3)).isEqualTo(1);
  }

  @Test
  void equalDistancesGoToTheLowerIndexWithinABatchAndBetweenThem() {
    var x = line(5, 4, 6, 4, 6, 6, 4, 5);
    var two = Params.builder().neighborsWithinBatch(2).build();
    var lists = Bbknn.lists(x, batch(0, 2, 1, 0, 0, 2, 1, 1), two, Progress.NONE);
    // itself, the other cell at its place, then those one away, whatever their batch
    assertThat(Arrays.copyOf(lists.indices(), 6)).containsExactly(0, 7, 1, 2, 3, 5);
    assertThat(Arrays.copyOf(lists.distances(), 6)).containsExactly(0, 0, 1, 1, 1, 1);
  }

  @Test
  void theApproximateSearchTellsItsRecallAndIsTheSameForAllThreads() {
    var x = points(4000, 6, 3);
    int[] codes = new int[4000];
    Arrays.setAll(codes, i -> i % 2);
    var two = batch(codes);
    var exact = Bbknn.run(x, two, Params.DEFAULTS);
    assertThat(exact.search()).isEqualTo(NearestNeighbors.Search.EXACT);
    assertThat(exact.recall()).isEqualTo(1);
    var params = Params.builder().search(NearestNeighbors.Search.APPROXIMATE).build();
    double[] sums = Bbknn.run(x, two, params).connectivities().colSums();
    for (int threads : new int[] {1, 2, 7}) {
      var found = Seeds.withThreads(threads, () -> Bbknn.run(x, two, params));
      assertThat(found.search()).isEqualTo(NearestNeighbors.Search.APPROXIMATE);
      assertThat(found.recall()).isBetween(0.98, 1.0);
      assertThat(found.connectivities().colSums()).isEqualTo(sums);
    }
  }

  private static void assertRows(CsrMatrix x, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected.length; j++) {
        assertThat(x.get(i, j)).as("%d, %d", i, j).isCloseTo(expected[i][j], within(1e-6));
      }
    }
  }

  private static DenseMatrix points(int n, int d, long seed) {
    var random = new SplittableRandom(seed);
    return DenseMatrix.wrap(random.doubles((long) n * d, -1, 1).toArray(), n, d);
  }

  private static Categories lanes(int n, long seed) {
    var random = new SplittableRandom(seed + 5);
    int[] codes = new int[n];
    Arrays.setAll(codes, i -> i < 12 ? i % 3 : random.nextInt(3));
    return batch(codes);
  }

  private static double distance(DenseMatrix x, int i, int j) {
    double sum = 0;
    for (int c = 0; c < x.nCols(); c++) {
      sum += Math.pow(x.get(i, c) - x.get(j, c), 2);
    }
    return Math.sqrt(sum);
  }

  /** The nearest cells of every batch but the cell itself, by looking at all. */
  private static List<Integer> naive(DenseMatrix x, Categories batch, int i, int k) {
    var out = new ArrayList<Integer>();
    for (int[] cells : batch.members()) {
      Arrays.stream(cells)
          .boxed()
          .sorted(Comparator.comparingDouble(j -> distance(x, i, j)))
          .limit(k)
          .filter(j -> j != i)
          .forEach(out::add);
    }
    return out;
  }

  @Test
  void everyBatchHasAsManyNeighboursAsAnother() {
    Seeds.forEach(
        20,
        seed -> {
          int k = 1 + (int) (seed % 4);
          var x = points(90, 4, seed);
          var batch = lanes(90, seed);
          var params = Params.builder().neighborsWithinBatch(k).build();
          var distances = Bbknn.run(x, batch, params).distances();
          for (int i = 0; i < 90; i++) {
            var expected = naive(x, batch, i, k);
            assertThat(distances.rowNnz(i)).isEqualTo(3 * k - 1);
            for (int j : expected) {
              assertThat(distances.get(i, j)).isCloseTo(distance(x, i, j), within(1e-9));
            }
          }
        });
  }

  /** A batch of its own variance, and one in which a column does not vary at all. */
  @Test
  void variancesAreThoseOfAllCells() {
    Seeds.forEach(
        5,
        seed -> {
          var x = points(90, 4, seed);
          var batch = lanes(90, seed);
          for (int i = 0; i < 90; i++) {
            x.set(i, 0, x.get(i, 0) * (1 + 3 * batch.code(i)));
            x.set(i, 1, batch.code(i) == 2 ? 0.5 : x.get(i, 1));
          }
          for (Metric metric : new Metric[] {Metric.SEUCLIDEAN, Metric.MAHALANOBIS}) {
            var all =
                NearestNeighbors.run(
                        x, NearestNeighbors.Params.builder().nNeighbors(90).metric(metric).build())
                    .distanceMatrix();
            var params = Params.builder().metric(metric).build();
            var distances = Bbknn.run(x, batch, params).distances();
            for (int i = 0; i < 90; i++) {
              for (int j = 0; j < 90; j++) {
                double there = distances.get(i, j);
                assertThat(there).isIn(0.0, all.get(i, j));
                assertThat(there == 0 || distances.get(j, i) == 0 || there == distances.get(j, i))
                    .isTrue();
              }
            }
          }
        });
  }

  @Test
  void trimmingKeepsWhatBothCellsHoldStrong() {
    Seeds.forEach(
        20,
        seed -> {
          var x = points(120, 3, seed);
          var batch = lanes(120, seed);
          var all = Bbknn.run(x, batch, Params.builder().trim(0).build()).connectivities();
          int trim = 3 + (int) (seed % 5);
          var kept = Bbknn.run(x, batch, Params.builder().trim(trim).build()).connectivities();
          double[] cut = new double[120];
          for (int i = 0; i < 120; i++) {
            double[] row = new double[120];
            for (int j = 0; j < 120; j++) {
              row[j] = all.get(i, j);
            }
            Arrays.sort(row);
            cut[i] = row[120 - trim];
          }
          for (int i = 0; i < 120; i++) {
            for (int j = 0; j < 120; j++) {
              double weight = all.get(i, j);
              double expected = weight >= Math.max(cut[i], cut[j]) ? weight : 0;
              assertThat(kept.get(i, j)).isEqualTo(expected);
            }
          }
          assertThat(kept.nnz()).isLessThan(all.nnz());
        });
  }

  @Test
  void columnsBeyondNpcsAreNotRead() {
    var x = points(60, 5, 3);
    var batch = lanes(60, 3);
    var two = Bbknn.run(x, batch, Params.builder().nPcs(2).build()).distances().toDense();
    var cut = Bbknn.run(x.takeCols(new int[] {0, 1}), batch, Params.DEFAULTS).distances();
    assertThat(two.doubleData()).isEqualTo(cut.toDense().doubleData());
  }

  @Test
  void messagesSayWhatToDo() {
    var x = line(0, 1, 2, 3, 4);
    assertThatThrownBy(() -> Params.builder().neighborsWithinBatch(0).build())
        .hasMessage("neighborsWithinBatch must be positive, got 0");
    assertThatThrownBy(() -> Params.builder().nPcs(0).build())
        .hasMessage("nPcs must be positive, got 0");
    assertThatThrownBy(() -> Params.builder().metric(Metric.PRECOMPUTED).build())
        .hasMessageStartingWith("metric precomputed does not go with bbknn");
    assertThatThrownBy(() -> Params.builder().trim(-1).build()).hasMessageContaining("trim");
    assertThatThrownBy(() -> Params.builder().setOpMixRatio(1.5).build())
        .hasMessageContaining("setOpMixRatio");
    assertThatThrownBy(() -> Params.builder().localConnectivity(-1).build())
        .hasMessageContaining("localConnectivity");
    assertThatThrownBy(() -> Bbknn.run(x, batch(0, 0, 0, 1, 1), Params.DEFAULTS))
        .hasMessage(
            "level 'b' of obs['lane'] has 2 cells, but bbknn with neighborsWithinBatch = 3 needs at"
                + " least 3 in each. Merge it with another level or remove it");
    assertThatThrownBy(() -> Bbknn.run(x, batch(0, 0, 0, 0, 0), ONE))
        .hasMessage(
            "obs['lane'] must have at least two levels, got 1: there is nothing to balance. Compute"
                + " plain neighbors instead");
    assertThatThrownBy(() -> Bbknn.run(line(0, 1e30, 2, 3, 4), batch(0, 0, 1, 1, 1), ONE))
        .hasMessageStartingWith("X[1, 0] is 1.0E30, but bbknn works in float32");
  }
}
