package org.cellweave.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class PagaPathsTest {
  /** Symmetric graph with these edges. */
  private static CsrMatrix graph(int n, int[]... edges) {
    double[][] x = new double[n][n];
    for (int[] e : edges) {
      x[e[0]][e[1]] = 0.5;
      x[e[1]][e[0]] = 0.5;
    }
    return DenseMatrix.ofRows(x).toCsr();
  }

  private static int[] e(int a, int b) {
    return new int[] {a, b};
  }

  @Test
  void aGraphAgreesWithItselfUnderAnyNames() {
    var star = graph(4, e(0, 1), e(0, 2), e(0, 3));
    var renamed = graph(4, e(3, 1), e(3, 2), e(3, 0));
    int[] codes = {0, 0, 1, 1, 2, 2, 3, 3};
    int[] other = {3, 3, 2, 2, 1, 1, 0, 0};
    // three leaves, three pairs, two steps each
    assertThat(PagaPaths.run(star, star, codes, codes)).isEqualTo(new PagaPaths.Result(1, 6, 1, 3));
    assertThat(PagaPaths.run(star, renamed, codes, other))
        .isEqualTo(new PagaPaths.Result(1, 6, 1, 3));
  }

  @Test
  void aChainInAnotherOrderAgreesWhereItsStepsDo() {
    int[] codes = {0, 1, 2, 3};
    var chain = graph(4, e(0, 1), e(1, 2), e(2, 3));
    var swapped = graph(4, e(0, 2), e(2, 1), e(1, 3));
    // 0-1-2-3 against 0-2-1-3: no step of the second is one of the first in its order
    assertThat(PagaPaths.run(chain, swapped, codes, codes))
        .isEqualTo(new PagaPaths.Result(0, 3, 0, 1));
  }

  @Test
  void aGroupThatIsSplitInTheOtherGraphStillAgrees() {
    // groups 1 and 2 of the long chain are group 1 of the short one
    var longer = graph(4, e(0, 1), e(1, 2), e(2, 3));
    var shorter = graph(3, e(0, 1), e(1, 2));
    int[] fine = {0, 0, 1, 1, 2, 2, 3, 3};
    int[] coarse = {0, 0, 1, 1, 1, 1, 2, 2};
    assertThat(PagaPaths.run(longer, shorter, fine, coarse))
        .isEqualTo(new PagaPaths.Result(1, 2, 1, 1));
    assertThat(PagaPaths.run(shorter, longer, coarse, fine))
        .isEqualTo(new PagaPaths.Result(1, 2, 1, 1));
  }

  @Test
  void noPathInBothIsAgreementAndInOneIsNot() {
    int[] codes = {0, 1, 2, 3};
    var apart = graph(4, e(0, 1), e(2, 3));
    var chain = graph(4, e(0, 1), e(1, 2), e(2, 3));
    // leaves 0..3, six pairs; four of them are not joined
    assertThat(PagaPaths.run(apart, apart, codes, codes))
        .isEqualTo(new PagaPaths.Result(1, 6, 1, 6));
    var result = PagaPaths.run(apart, chain, codes, codes);
    assertThat(result.nSteps()).isEqualTo(6);
    assertThat(result.fracPaths()).isCloseTo(2.0 / 6, within(1e-12));
  }

  @Test
  void withoutLeavesThereIsNothingToCompare() {
    int[] codes = {0, 1, 2};
    var ring = graph(3, e(0, 1), e(1, 2), e(2, 0));
    var result = PagaPaths.run(ring, ring, codes, codes);
    assertThat(result.fracSteps()).isNaN();
    assertThat(result.nPaths()).isZero();
  }

  @Test
  void anyTreeAgreesWithItself() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          int n = 9;
          int[][] edges = new int[n - 1][];
          for (int g = 1; g < n; g++) {
            edges[g - 1] = e(g, random.nextInt(g));
          }
          int[] codes = random.ints(100, 0, n).toArray();
          for (int g = 0; g < n; g++) {
            codes[g] = g;
          }
          var tree = graph(n, edges);
          assertThat(PagaPaths.run(tree, tree, codes, codes).fracPaths()).isEqualTo(1);
        });
  }

  @Test
  void whatDoesNotFitIsNamed() {
    var pair = graph(2, e(0, 1));
    assertThatThrownBy(() -> PagaPaths.run(pair, pair, new int[] {0, 1}, new int[] {0}))
        .hasMessageContaining("codes2");
    assertThatThrownBy(() -> PagaPaths.run(pair, pair, new int[] {0, 2}, new int[] {0, 1}))
        .hasMessageContaining("the group of cell 1");
  }

  @Test
  void entropyOfMediansByHand() {
    // medians over genes 1, 2, 4; from the lowest: 0, 1, 3 of 4
    var x = DenseMatrix.ofRows(new double[][] {{0, 1, 5}, {2, 2, 9}, {4, 0, 8}, {7, 7, 7}});
    double expected = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    int[] codes = {0, 0, 0, 1};
    for (var form : java.util.List.of(x, x.toCsr())) {
      double[] found = GroupEntropy.run(form, codes, 2);
      assertThat(found[0]).isCloseTo(expected, within(1e-12));
      assertThat(found[1]).isNaN();
    }
    // an even number of genes: the mean of the middle two; negative values count
    var even = DenseMatrix.ofRows(new double[][] {{-1, 0, 0, 3}, {-3, -1, 5, 5}, {-8, -6, 0, 0}});
    // medians 0, 2, -3: from the lowest 3, 5, 0 of 8
    double other = -(0.375 * Math.log(0.375) + 0.625 * Math.log(0.625));
    assertThat(GroupEntropy.run(even.toCsr(), new int[3], 1)[0]).isCloseTo(other, within(1e-12));
  }
}
