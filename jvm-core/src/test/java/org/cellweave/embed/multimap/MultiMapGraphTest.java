package org.cellweave.embed.multimap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.embed.umap.Umap;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.Foscttm;
import org.cellweave.metrics.PairMetric;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class MultiMapGraphTest {
  /** The same cells twice: own coordinates on scales of their own, one noisy shared dimension. */
  private static MultiMapGraph.Input twice(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] a = new double[n][2];
    double[][] b = new double[n][2];
    double[][] ab = new double[n][1];
    double[][] ba = new double[n][1];
    for (int i = 0; i < n; i++) {
      double x = random.nextDouble() * 4;
      double y = random.nextDouble();
      a[i] = new double[] {x, y};
      b[i] = new double[] {10 * y, -10 * x};
      ab[i][0] = x + 0.05 * random.nextDouble();
      ba[i][0] = x + 0.05 * random.nextDouble();
    }
    return new MultiMapGraph.Input(
        List.of(DenseMatrix.ofRows(a), DenseMatrix.ofRows(b)),
        new DenseMatrix[][] {
          {null, DenseMatrix.ofRows(ab)}, {DenseMatrix.ofRows(ba), null},
        });
  }

  private static CsrMatrix graph(MultiMapGraph.Input input, MultiMapGraph.Params params) {
    return MultiMapGraph.run(input, params, Progress.NONE);
  }

  /**
   * Three cells in either set, two neighbours in each: weights of a cell to a set sum to half the
   * cardinality, 1 where the nearest has it all.
   */
  @Test
  void neighboursAreFifteenForEverySetWhereNoneAreAskedFor() {
    assertThat(MultiMapGraph.Params.DEFAULTS.nNeighbors(3)).isEqualTo(45);
    assertThat(MultiMapGraph.Params.builder().nNeighbors(7).build().nNeighbors(3)).isEqualTo(7);
  }

  @Test
  void weightsOfASmallGraph() {
    var own = DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}});
    var input =
        new MultiMapGraph.Input(List.of(own, own), new DenseMatrix[][] {{null, own}, {own, null}});
    var made = graph(input, MultiMapGraph.Params.builder().nNeighbors(4).cardinality(3).build());
    // cell 0 in its own set: the nearest at 1 weighs 1, that at 3 what is left of 3 * 2 / 4
    double there = 0.5;
    // cell 2 to cell 0: nearest at 2, cell 0 at 3: 0.5 as well
    assertThat(made.get(0, 2)).isCloseTo(there + 0.5 - there * 0.5, within(1e-4));
    assertThat(made.get(0, 1)).isCloseTo(1, within(1e-6));
    // to its twin at distance zero, and the next at 1, which is the nearest that is not zero
    assertThat(made.get(0, 3)).isCloseTo(1, within(1e-6));
    assertThat(made.get(0, 4)).isCloseTo(1, within(1e-6));
    assertThat(made.get(0, 0)).isZero();
  }

  @Test
  void theGraphIsSymmetricAndThreadsDoNotMatter() {
    var input = twice(300, 1);
    var one = Seeds.withThreads(1, () -> graph(input, MultiMapGraph.Params.DEFAULTS));
    for (int threads : new int[] {2, 7}) {
      var made = Seeds.withThreads(threads, () -> graph(input, MultiMapGraph.Params.DEFAULTS));
      assertThat(made.toDense().doubleData()).isEqualTo(one.toDense().doubleData());
    }
    for (int i = 0; i < 600; i += 37) {
      for (int j = 0; j < 600; j++) {
        assertThat(one.get(i, j)).isEqualTo(one.get(j, i));
        assertThat(one.get(i, j)).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void strengthsMoveWeightWithinSets() {
    var input = twice(200, 2);
    double even = share(graph(input, MultiMapGraph.Params.DEFAULTS));
    double own = share(graph(input, MultiMapGraph.Params.builder().strengths(0.9, 0.9).build()));
    double none = share(graph(input, MultiMapGraph.Params.builder().strengths(0, 0).build()));
    assertThat(own).isGreaterThan(even + 0.2);
    assertThat(none).isZero();
  }

  /** Share of the weight that lies within sets. */
  private static double share(CsrMatrix graph) {
    int n = graph.nRows() / 2;
    double within = 0;
    double all = 0;
    for (int i = 0; i < 2 * n; i++) {
      for (int j = 0; j < 2 * n; j++) {
        double w = graph.get(i, j);
        all += w;
        within += i / n == j / n ? w : 0;
      }
    }
    return within / all;
  }

  @Test
  void cellsMeetTheirOthersOnTheMap() {
    var made = graph(twice(400, 3), MultiMapGraph.Params.DEFAULTS);
    var map = Umap.run(Umap.Input.of(made), Umap.Params.builder().minDist(0.25).build());
    int[] first = java.util.stream.IntStream.range(0, 400).toArray();
    int[] second = java.util.stream.IntStream.range(400, 800).toArray();
    var x = map.coordinates();
    assertThat(Foscttm.run(x.takeRows(first), x.takeRows(second), PairMetric.EUCLIDEAN).mean())
        .isLessThan(0.12);
  }

  @Test
  void messages() {
    var input = twice(30, 1);
    assertThatThrownBy(() -> graph(input, MultiMapGraph.Params.builder().strengths(0.5).build()))
        .hasMessageContaining("strengths")
        .hasMessageContaining("number of sets");
    assertThatThrownBy(() -> graph(input, MultiMapGraph.Params.builder().nNeighbors(80).build()))
        .hasMessageContaining("smaller nNeighbors");
    var own = input.own().get(0);
    assertThatThrownBy(() -> new MultiMapGraph.Input(List.of(own), new DenseMatrix[1][1]))
        .hasMessageContaining("at least two");
    assertThatThrownBy(
            () ->
                new MultiMapGraph.Input(
                    List.of(own, own.takeRows(new int[] {1, 2})), input.shared()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("shared[1][0] has 30 rows");
  }
}
