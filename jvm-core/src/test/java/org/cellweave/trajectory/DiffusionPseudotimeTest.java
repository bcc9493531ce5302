package org.cellweave.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.diffusion.DiffusionMap;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class DiffusionPseudotimeTest {
  /** Three arms from one point; cell 0 is the free end of the first. */
  private static DenseMatrix arms(int each, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(3 * each, 3, DType.FLOAT64);
    for (int i = 0; i < 3 * each; i++) {
      double along = i / each == 0 ? each - i : i % each;
      for (int j = 0; j < 3; j++) {
        double on = j == i / each ? 10 * along / each : 0;
        x.set(i, j, on + 0.15 * random.nextGaussian());
      }
    }
    return x;
  }

  private static DiffusionPseudotime.Input input(DenseMatrix x, int root) {
    CsrMatrix graph =
        FuzzyGraph.run(
            NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(15).build()));
    var map = DiffusionMap.run(graph, DiffusionMap.Params.DEFAULTS);
    return new DiffusionPseudotime.Input(graph, map.components(), map.eigenvalues(), root);
  }

  private static DiffusionPseudotime.Params branchings(int n) {
    return DiffusionPseudotime.Params.builder().nBranchings(n).build();
  }

  @Test
  void distanceByHand() {
    var components = DenseMatrix.ofRows(new double[][] {{1, 0, 2}, {0, 0, 1}, {0.5, 3, 0}});
    var graph = DenseMatrix.ofRows(new double[][] {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}}).toCsr();
    var params = DiffusionPseudotime.Params.builder().nDcs(3).build();
    double[] lambda = {1, 0.5, 0.25};
    var result =
        DiffusionPseudotime.run(
            new DiffusionPseudotime.Input(graph, components, lambda, 0), params);
    // the stationary component counts once, the others by 1 and 1/3
    double one = Math.sqrt(1 + 1.0 / 9);
    double two = Math.sqrt(0.25 + 9 + 4.0 / 9);
    assertThat(result.pseudotime())
        .containsExactly(new double[] {0, one / two, 1}, within(Tolerance.EXACT));
    assertThat(result.segments()).isNull();
  }

  @Test
  void timeRunsAlongTheArmsAndSegmentsAreTheArms() {
    Seeds.forEach(
        20,
        seed -> {
          int each = 60;
          var result = DiffusionPseudotime.run(input(arms(each, seed), 0), branchings(1));
          double[] time = result.pseudotime();
          assertThat(time[0]).isZero();
          assertThat(Arrays.stream(time).max().orElseThrow()).isEqualTo(1);
          assertThat(time[30]).isLessThan(time[each + 30]);
          var s = result.segments();
          int[] g = s.groups();
          assertThat(g[2]).isNotEqualTo(g[2 * each - 3]).isNotEqualTo(g[3 * each - 3]);
          assertThat(g[2 * each - 3]).isNotEqualTo(g[3 * each - 3]);
          for (int p = 1; p < g.length; p++) {
            int a = s.order()[p - 1];
            int b = s.order()[p];
            int at = p;
            boolean change = Arrays.stream(s.changepoints()).anyMatch(c -> c == at);
            assertThat(g[b] - g[a]).isEqualTo(change ? 1 : 0);
            assertThat(change || time[a] <= time[b]).isTrue();
          }
          for (int[] tips : s.tips()) {
            assertThat(time[tips[0]]).isLessThanOrEqualTo(time[tips[1]]);
          }
        });
  }

  @Test
  void kendallSplitFindsWhereTheSignTurns() {
    double[] a = new double[100];
    double[] b = new double[100];
    for (int i = 0; i < 100; i++) {
      a[i] = i;
      b[i] = i < 40 ? i : 100 - i;
    }
    assertThat(KendallSplit.of(a, b)).isBetween(38, 61);
  }

  @Test
  void doesNotDependOnThreads() {
    var input = input(arms(200, 3), 0);
    var one = Seeds.withThreads(1, () -> DiffusionPseudotime.run(input, branchings(3)));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> DiffusionPseudotime.run(input, branchings(3)));
      assertThat(other.pseudotime()).isEqualTo(one.pseudotime());
      assertThat(other.segments().groups()).isEqualTo(one.segments().groups());
    }
  }

  @Test
  void cellsOutOfReachAreInfinitelyFar() {
    var x = arms(40, 1);
    for (int i = 80; i < 120; i++) {
      x.set(i, 1, 1e3);
    }
    var input = input(x, 0);
    var result = DiffusionPseudotime.run(input, DiffusionPseudotime.Params.DEFAULTS);
    assertThat(result.connectedComponents()).isEqualTo(2);
    assertThat(result.pseudotime()[100]).isInfinite();
    assertThat(result.pseudotime()[0]).isZero();
    assertThatThrownBy(() -> DiffusionPseudotime.run(input, branchings(1)))
        .hasMessageContaining("branchings need a graph in one piece, but it has 2");
  }

  @Test
  void refusesWhatDoesNotFit() {
    var input = input(arms(20, 1), 99);
    assertThatThrownBy(() -> DiffusionPseudotime.run(input, DiffusionPseudotime.Params.DEFAULTS))
        .hasMessage("the root must be the number of a cell in [0, 60), got 99");
    var many = DiffusionPseudotime.Params.builder().nDcs(16).build();
    assertThatThrownBy(() -> DiffusionPseudotime.run(input, many))
        .hasMessageContaining("Compute more components first");
    assertThatThrownBy(() -> DiffusionPseudotime.Params.builder().nDcs(0).build())
        .hasMessageContaining("nDcs must be positive");
    assertThatThrownBy(() -> DiffusionPseudotime.Params.builder().minGroupSize(-1).build())
        .hasMessageContaining("minGroupSize must not be negative");
    assertThatThrownBy(() -> branchings(-1)).hasMessageContaining("nBranchings");
  }
}
