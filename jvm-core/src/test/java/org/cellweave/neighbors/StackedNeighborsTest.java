package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class StackedNeighborsTest {
  private static StackedNeighbors.Result run(
      DenseMatrix x, int[] starts, int k, Metric metric, Search search) {
    return StackedNeighbors.run(x, starts, k, metric, search, Progress.NONE);
  }

  /** Cells of some types on axes that fall off, of length one, as integrations have them. */
  private static DenseMatrix cells(int n, int d, long seed) {
    var random = new SplittableRandom(seed);
    double[][] types = new double[6][d];
    for (double[] type : types) {
      Arrays.setAll(type, j -> 2 * random.nextGaussian() / (1 + j));
    }
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      double[] type = types[random.nextInt(types.length)];
      double squares = 0;
      for (int j = 0; j < d; j++) {
        row[j] = type[j] + 0.3 * random.nextGaussian() / Math.sqrt(1 + j);
        squares += row[j] * row[j];
      }
      double length = Math.sqrt(squares);
      Arrays.setAll(row, j -> row[j] / length);
    }
    return DenseMatrix.ofRows(rows).withDType(DType.FLOAT32);
  }

  /** Sets {0, 4}, {1, 9} and {5, 6}, each cell's nearest before and after. */
  @Test
  void threeSetsByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {4}, {1}, {9}, {5}, {6}});
    for (Search search : Search.values()) {
      var found = run(x, new int[] {0, 2, 4, 6}, 1, Metric.MANHATTAN, search);
      assertThat(found.earlier()).containsExactly(-1, -1, 0, 1, 1, 1);
      assertThat(found.later()).containsExactly(2, 4, 4, 5, -1, -1);
      assertThat(found.recall()).isEqualTo(1);
    }
  }

  /** As many candidates as cells leave nothing to chance; copies go by index. */
  @Test
  void equalsTheExactSearchWhereAllAreCandidates() {
    Seeds.forEach(
        10,
        seed -> {
          var x = cells(100, 7, seed);
          for (int i = 60; i < 70; i++) {
            double[] row = new double[7];
            x.readRow(i - 40, row);
            x.setRow(i, row);
          }
          int[] starts = {0, 30, 55, 58, 100};
          for (Metric metric : new Metric[] {Metric.MANHATTAN, Metric.EUCLIDEAN}) {
            int k = metric == Metric.MANHATTAN ? 20 : 26;
            var fast = run(x, starts, k, metric, Search.APPROXIMATE);
            var exact = run(x, starts, k, metric, Search.EXACT);
            if (metric == Metric.MANHATTAN) {
              assertThat(fast.earlier()).isEqualTo(exact.earlier());
              assertThat(fast.later()).isEqualTo(exact.later());
            }
            assertThat(fast.recall()).isGreaterThan(0.99);
          }
        });
  }

  @Test
  void findsNearlyAllAndTellsHowMany() {
    int n = 5000;
    var x = cells(n, 60, 3);
    int[] starts = {0, 1700, 3300, n};
    for (Metric metric : new Metric[] {Metric.MANHATTAN, Metric.EUCLIDEAN}) {
      var fast = run(x, starts, 20, metric, Search.AUTO);
      var exact = run(x, starts, 20, metric, Search.EXACT);
      assertThat(fast.search()).isEqualTo(Search.APPROXIMATE);
      double recall =
          (shared(fast.earlier(), exact.earlier()) + shared(fast.later(), exact.later())) / 2;
      assertThat(recall).isGreaterThan(0.99);
      assertThat(fast.recall()).isCloseTo(recall, within(0.01));
    }
    assertThat(
            run(
                    x.takeRows(new int[] {0, 1, 2, 3}),
                    new int[] {0, 2, 4},
                    1,
                    Metric.MANHATTAN,
                    Search.AUTO)
                .search())
        .isEqualTo(Search.EXACT);
  }

  /** Share of the entries of exact lists that others have, -1 left out. */
  private static double shared(int[] lists, int[] exact) {
    int all = 0;
    int hits = 0;
    for (int p = 0; p < exact.length; p++) {
      if (exact[p] >= 0) {
        all++;
        int from = p / 20 * 20;
        int wanted = exact[p];
        hits += (int) Arrays.stream(lists, from, from + 20).filter(id -> id == wanted).count();
      }
    }
    return hits / (double) all;
  }

  @Test
  void threadsDoNotMatter() {
    var x = cells(3000, 20, 5);
    int[] starts = {0, 700, 710, 2000, 3000};
    for (Metric metric : new Metric[] {Metric.MANHATTAN, Metric.EUCLIDEAN}) {
      var one = Seeds.withThreads(1, () -> run(x, starts, 8, metric, Search.APPROXIMATE));
      for (int threads : new int[] {2, 7}) {
        var again = Seeds.withThreads(threads, () -> run(x, starts, 8, metric, Search.APPROXIMATE));
        assertThat(again.earlier()).isEqualTo(one.earlier());
        assertThat(again.later()).isEqualTo(one.later());
        assertThat(again.recall()).isEqualTo(one.recall());
      }
    }
  }

  @Test
  void columnsWithoutVarianceAreNothingSpecial() {
    var x = DenseMatrix.zeros(40, 3, DType.FLOAT32);
    var found = run(x, new int[] {0, 20, 40}, 2, Metric.MANHATTAN, Search.APPROXIMATE);
    assertThat(Arrays.copyOf(found.later(), 2)).containsExactly(20, 21);
    assertThat(found.recall()).isEqualTo(1);
  }

  @Test
  void messagesSayWhatToDo() {
    var x = cells(30, 4, 1);
    int[] starts = {0, 4, 30};
    assertThatThrownBy(() -> run(x, starts, 0, Metric.MANHATTAN, Search.AUTO))
        .hasMessage("nNeighbors must be positive, got 0");
    assertThatThrownBy(() -> run(x, starts, 5, Metric.MANHATTAN, Search.APPROXIMATE))
        .hasMessage(
            "nNeighbors must be at most the number of cells before, or after, each set, got"
                + " nNeighbors = 5 for 4 cells");
    assertThatThrownBy(() -> run(x, starts, 2, Metric.COSINE, Search.APPROXIMATE))
        .hasMessageStartingWith("metric cosine has no approximate search among stacked sets");
    assertThatThrownBy(() -> run(x, new int[] {0, 4, 29}, 2, Metric.MANHATTAN, Search.AUTO))
        .hasMessageContaining("the last of starts");
    x.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> run(x, starts, 2, Metric.MANHATTAN, Search.APPROXIMATE))
        .hasMessageContaining("x[3, 2] is NaN");
  }
}
