package org.cellweave.clonal.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class AnchorSearchTest {
  private static AnchorSearch.Params params(int k, int kTrim) {
    return new AnchorSearch.Params(k, kTrim, Metric.EUCLIDEAN, 1);
  }

  private static CsrMatrix graph(Matrix x, Categories batches, AnchorSearch.Params params) {
    return AnchorSearch.run(x, batches, params, Progress.NONE).anchors().graph();
  }

  /** Weights by pair. */
  private static Map<String, Double> pairs(CsrMatrix graph) {
    var out = new TreeMap<String, Double>();
    for (int i = 0; i < graph.nRows(); i++) {
      var row = graph.blockOf(i);
      for (int p = row.start(i); p < row.end(i); p++) {
        Double other = out.put(ByDefinition.name(i, row.indices()[p]), row.value(p));
        assertThat(other == null || other == row.value(p)).isTrue();
      }
    }
    return out;
  }

  @Test
  void byHand() {
    // on a line: a at 0, 1, 10 and b at 0.4, 2, 30
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {10}, {0.4}, {2}, {30}});
    var batches = ClonalBatches.named(new int[] {0, 0, 0, 1, 1, 1}, 2);
    // 0 and 0.4 each other's nearest; 0 and 2, 1 and 0.4, 1 and 2 have places that add up to 1;
    // 10 and 2: 2 looks at 1 and 0; 30 looks at 10 and 1, of which neither looks at it
    assertThat(pairs(graph(x, batches, params(2, 2))))
        .isEqualTo(Map.of("0-3", 1.0, "0-4", 0.0, "1-3", 0.5, "1-4", 0.5));
    // the best of each: 0 and 0.4; of 1's two the nearer, 0.4; of 2's the one with 1
    assertThat(pairs(graph(x, batches, params(2, 1))).keySet())
        .containsExactly("0-3", "1-3", "1-4");
    assertThat(pairs(graph(x, batches, params(1, 1)))).isEqualTo(Map.of("0-3", 1.0));
    var graph = graph(x, batches, params(2, 2));
    assertThat(graph.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(graph.nnz()).as("weights of zero are stored").isEqualTo(8);
  }

  private static void assertDefinition(
      double[][] x, Categories batches, AnchorSearch.Params params) {
    var expected = new TreeMap<String, Double>();
    int[][] members = batches.members();
    for (int a = 0; a < members.length; a++) {
      for (int b = a + 1; b < members.length; b++) {
        expected.putAll(
            ByDefinition.anchors(
                x,
                members[a],
                members[b],
                params.k(),
                params.kTrim(),
                params.metric() == Metric.MANHATTAN));
      }
    }
    var got = pairs(graph(DenseMatrix.ofRows(x), batches, params));
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    expected.forEach((pair, w) -> assertThat(got.get(pair)).isCloseTo(w, within(1e-6)));
  }

  @Test
  void equalsTheDefinition() {
    Seeds.forEach(
        6,
        seed -> {
          var clones = ClonalBatches.simulated(5, 0.3, seed, 30, 45, 25);
          double[][] x = ClonalBatches.rows(clones.x());
          assertDefinition(x, clones.batches(), params(7, 2));
          assertDefinition(x, clones.batches(), new AnchorSearch.Params(5, 9, Metric.MANHATTAN, 1));
        });
  }

  /** Batches of unlike spread: variances of two of them would weigh the columns otherwise. */
  @Test
  void variancesAreOfAllClones() {
    Seeds.forEach(
        6,
        seed -> {
          var clones = ClonalBatches.simulated(3, 0.3, seed, 40, 30, 35);
          double[][] x = ClonalBatches.rows(clones.x());
          for (int i = 70; i < x.length; i++) {
            x[i][0] *= 20;
          }
          var batches = clones.batches();
          var whole = DenseMatrix.ofRows(x);
          var standard = new AnchorSearch.Params(4, 2, Metric.SEUCLIDEAN, 1);
          double[] variances = whole.colMoments(1).variance();
          for (double[] row : x) {
            Arrays.setAll(row, j -> row[j] / Math.sqrt(variances[j]));
          }
          assertThat(pairs(graph(whole, batches, standard)))
              .isEqualTo(pairs(graph(DenseMatrix.ofRows(x), batches, params(4, 2))));
        });
  }

  @Test
  void tiesGoToTheNearerAndThenToTheLowerIndex() {
    var clones = ClonalBatches.simulated(2, 0.3, 3, 30, 40);
    double[][] x = ClonalBatches.rows(clones.x());
    for (double[] row : x) {
      Arrays.setAll(row, j -> Math.rint(row[j] / 2));
    }
    assertDefinition(x, clones.batches(), params(12, 2));
  }

  @Test
  void rowsLabelsAndThreadsDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          var clones = ClonalBatches.simulated(6, 0.3, seed, 90, 60, 75);
          var one = Seeds.withThreads(1, () -> clones.anchors(8, 3).graph().toDense());
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> clones.anchors(8, 3).graph().toDense());
            assertThat(more.floatData()).isEqualTo(one.floatData());
          }
          int[] rows = Seeds.permutation(225, seed);
          var moved = clones.taken(rows).anchors(8, 3).graph().toDense();
          assertThat(moved.floatData()).isEqualTo(one.takeRows(rows).takeCols(rows).floatData());
          int[] other = Arrays.stream(clones.batches().codes()).map(b -> 2 - b).toArray();
          var named = graph(clones.x(), ClonalBatches.named(other, 3), params(8, 3));
          assertThat(named.toDense().floatData()).isEqualTo(one.floatData());
        });
  }

  @Test
  void trimmingLeavesEveryCloneItsBest() {
    var clones = ClonalBatches.simulated(4, 0.5, 1, 80, 60);
    var all = clones.anchors(10, 10).graph();
    var trimmed = clones.anchors(10, 3).graph();
    boolean more = false;
    for (int i = 0; i < 140; i++) {
      assertThat(trimmed.rowNnz(i)).isBetween(Math.min(3, all.rowNnz(i)), all.rowNnz(i));
      more |= trimmed.rowNnz(i) > 3;
    }
    assertThat(more).as("a floor, no bound").isTrue();
    assertThat(trimmed.nnz()).isLessThan(all.nnz());
  }

  /**
   * clone2vec 0.1.1 searches approximately; on so few clones it finds 234 of the 236 exact anchors
   * and one more.
   */
  @Test
  void anchorsOfRealClones() {
    try (var file = H5Reference.of(SharedData.require("reference/larry_clones.h5ad"))) {
      var days = new Categories("obs['day']", file.codes("/obs/day"), file.categories("/obs/day"));
      var x = file.dense("/obsm/X_pca");
      assertDefinition(ClonalBatches.rows(x), days, params(10, 3));
      var ours = pairs(graph(x, days, params(10, 3)));
      var theirs = pairs(file.csr("/obsp/mnn"));
      long shared = ours.keySet().stream().filter(theirs::containsKey).count();
      assertThat(ours).hasSize(236);
      assertThat(theirs).hasSize(235);
      assertThat(shared).isEqualTo(234);
      for (var pair : ours.entrySet()) {
        double weight = theirs.getOrDefault(pair.getKey(), pair.getValue());
        assertThat(weight).isCloseTo(pair.getValue(), within(0.12));
      }
    }
  }

  @Test
  void ordersBatchesByTheirAnchors() {
    var clones = ClonalBatches.simulated(4, 0.5, 1, 80, 60, 40);
    var result = AnchorSearch.run(clones.x(), clones.batches(), params(10, 3), Progress.NONE);
    assertThat(result.order()).isEqualTo(result.anchors().order());
    int[][] counts = result.anchors().counts();
    int total = counts[0][1] + counts[0][2] + counts[1][2];
    assertThat(2L * total).isEqualTo(result.anchors().graph().nnz());
    assertThat(counts[0][0] + counts[1][1] + counts[2][2]).isZero();
  }

  @Test
  void saysWhatItCannotTake() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {100}, {101}, {102}});
    var batches = ClonalBatches.named(new int[] {0, 0, 1, 1, 1}, 2);
    assertThatThrownBy(() -> graph(x, batches, params(3, 1)))
        .hasMessage(
            "k must be at most the clones of every batch, got k = 3, but 'well 0' of obs['well'] has"
                + " 2. Use a smaller k, or leave that batch out");
    assertThatThrownBy(() -> graph(x, ClonalBatches.named(new int[5], 1), params(1, 1)))
        .hasMessage(
            "obs['well'] must have at least two levels, got 1: anchors join clones of different"
                + " batches");
    assertThatThrownBy(
            () -> graph(x, ClonalBatches.named(new int[] {0, -1, 1, 1, 1}, 2), params(1, 1)))
        .hasMessageContaining(
            "obs['well'] has 1 missing label, for clone 1. Give every clone a label");
    var hole = DenseMatrix.ofRows(new double[][] {{0}, {Double.NaN}, {1}, {1}, {1}});
    assertThatThrownBy(() -> graph(hole, batches, params(1, 1)))
        .hasMessageContaining("the search for anchors needs finite values, but x[1, 0] is NaN");
    assertThatThrownBy(() -> params(0, 1)).hasMessage("k must be positive, got 0");
    assertThatThrownBy(() -> params(1, 0)).hasMessage("kTrim must be positive, got 0");
    assertThatThrownBy(() -> AnchorSearch.Params.builder().minAnchors(0).build())
        .hasMessage("minAnchors must be positive, got 0");
  }

  /** The two clones of two batches that are nearest of all are each other's nearest. */
  @Test
  void thereIsAlwaysOneAnchorAndFewAreRefused() {
    var far = DenseMatrix.ofRows(new double[][] {{0}, {-1}, {-2}, {-3}, {9}, {10}, {11}, {30}});
    var batches = ClonalBatches.named(new int[] {0, 0, 0, 0, 1, 1, 1, 2}, 3);
    assertThat(pairs(graph(far, batches, params(1, 1))).keySet())
        .containsExactly("0-4", "0-7", "6-7");
    assertThatThrownBy(
            () -> graph(far, batches, new AnchorSearch.Params(1, 1, Metric.EUCLIDEAN, 2)))
        .hasMessage(
            "'well 0' and 'well 1' of obs['well'] have 1 mutual nearest neighbours with k = 1, but"
                + " minAnchors = 2 are needed; use a larger k");
    assertThatThrownBy(
            () -> graph(far, batches, new AnchorSearch.Params(1, 1, Metric.EUCLIDEAN, 3)))
        .hasMessageContaining("use a larger k");
  }
}
