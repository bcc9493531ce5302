package org.cellweave.integrate.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.integrate.MergeOrder.Step;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SimilarityOrderTest {
  private static MergeOrder of(int... nodes) {
    var steps = new Step[nodes.length / 2];
    java.util.Arrays.setAll(steps, s -> new Step(nodes[2 * s], nodes[2 * s + 1]));
    return new MergeOrder(List.of(steps));
  }

  /** The Python package, whose table has its rows in another order, joins the least similar two. */
  @Test
  void threeBatchesThatShare50And20And30Anchors() {
    int[][] ab50ac20bc30 = {{0, 50, 20}, {50, 0, 30}, {20, 30, 0}};
    assertThat(SimilarityOrder.of(ab50ac20bc30)).isEqualTo(of(0, 1, 2, 3));
    int[][] ab20ac30bc50 = {{0, 20, 30}, {20, 0, 50}, {30, 50, 0}};
    assertThat(SimilarityOrder.of(ab20ac30bc50)).isEqualTo(of(1, 2, 0, 3));
    int[][] ab30ac50bc20 = {{0, 30, 50}, {30, 0, 20}, {50, 20, 0}};
    assertThat(SimilarityOrder.of(ab30ac50bc20)).isEqualTo(of(0, 2, 1, 3));
  }

  @Test
  void theMostSimilarTwoOfAnyBatchesJoinFirst() {
    Seeds.forEach(
        50,
        seed -> {
          int[] values = Seeds.permutation(200, seed);
          int[][] similarity = new int[7][7];
          int largest = 0;
          int next = 0;
          for (int i = 0; i < 7; i++) {
            for (int j = 0; j < i; j++) {
              similarity[i][j] = values[next++];
              similarity[j][i] = similarity[i][j];
              largest = Math.max(largest, similarity[i][j]);
            }
          }
          MergeOrder order = SimilarityOrder.of(similarity);
          Step first = order.steps().get(0);
          assertThat(similarity[first.left()][first.right()]).isEqualTo(largest);
          assertThat(order.batches(12)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        });
  }

  /** scipy 1.15: linkage(max - similarity, "ward"). */
  @Test
  void pairsJoinBeforeTheirJoin() {
    int[][] pairs = {{0, 50, 1, 2}, {50, 0, 3, 1}, {1, 3, 0, 40}, {2, 1, 40, 0}};
    assertThat(SimilarityOrder.of(pairs)).isEqualTo(of(0, 1, 2, 3, 4, 5));
  }

  @Test
  void refusesWhatIsNotSymmetric() {
    assertThatThrownBy(() -> SimilarityOrder.of(new int[][] {{0, 2}, {3, 0}}))
        .hasMessage("similarities of batches must be symmetric, got 2 and 3 for 0 and 1");
  }
}
