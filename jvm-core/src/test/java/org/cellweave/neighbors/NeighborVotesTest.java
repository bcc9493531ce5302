package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.design.Categories;
import org.junit.jupiter.api.Test;

class NeighborVotesTest {
  private static CrossNeighbors.Result lists(int k, int... indices) {
    return new CrossNeighbors.Result(indices.length / k, k, indices, new double[indices.length]);
  }

  private static NeighborVotes.Params of(int k) {
    return new NeighborVotes.Params(k);
  }

  @Test
  void theNearestAloneMayVote() {
    var labels = Categories.of("type", 0, 1);
    var lists = lists(3, 1, 0, 0, 0, 1, 1);
    assertThat(NeighborVotes.run(lists, labels, of(1)).predicted()).containsExactly(1, 0);
    assertThatThrownBy(() -> NeighborVotes.run(lists, labels, of(4)))
        .hasMessageContaining("nNeighbors must be at most 3, got 4");
  }

  @Test
  void byHand() {
    // labels of the cells 0 to 4: a, b, b, none, c
    var labels = new Categories("type", new int[] {0, 1, 1, -1, 2}, new String[] {"a", "b", "c"});
    var votes = NeighborVotes.run(lists(3, 0, 1, 2, 4, 0, 3, 3, 3, 3), labels, of(3));
    assertThat(votes.predicted()).containsExactly(1, 2, -1);
    assertThat(votes.score()).containsExactly(2 / 3.0, 1 / 3.0, 0);
    assertThat(votes.shares().doubleData())
        .containsExactly(1 / 3.0, 2 / 3.0, 0, 1 / 3.0, 0, 1 / 3.0, 0, 0, 0);
  }

  @Test
  void ofEqualsTheLabelOfTheNearestWins() {
    var labels = Categories.of("type", 0, 1);
    assertThat(NeighborVotes.run(lists(2, 1, 0, 0, 1), labels, of(2)).predicted())
        .containsExactly(1, 0);
  }

  @Test
  void aNeighbourOutsideTheReferenceIsRefused() {
    assertThatThrownBy(() -> NeighborVotes.run(lists(1, 2), Categories.of("type", 0, 1), of(1)))
        .hasMessageContaining("a neighbour must lie in [0, 2), got 2");
  }
}
