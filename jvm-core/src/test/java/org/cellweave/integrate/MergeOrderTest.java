package org.cellweave.integrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.MergeOrder.Step;
import org.junit.jupiter.api.Test;

class MergeOrderTest {
  private static final Categories BATCHES =
      new Categories("obs['batch']", new int[] {0, 1, 2, 3}, new String[] {"a", "b", "c", "d"});

  private static MergeOrder of(int... nodes) {
    var steps = new Step[nodes.length / 2];
    java.util.Arrays.setAll(steps, s -> new Step(nodes[2 * s], nodes[2 * s + 1]));
    return new MergeOrder(List.of(steps));
  }

  private static BatchTree tree(Object nested) {
    return BatchTree.of(nested);
  }

  @Test
  void nodesHoldWhatWasJoinedBelow() {
    MergeOrder chain = of(1, 3, 4, 0, 2, 5);
    assertThat(chain.nBatches()).isEqualTo(4);
    assertThat(chain.batches(2)).containsExactly(2);
    assertThat(chain.batches(4)).containsExactly(1, 3);
    assertThat(chain.batches(5)).containsExactly(0, 1, 3);
    assertThat(chain.batches(6)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void refusesWhatIsNoTree() {
    assertThatThrownBy(() -> of(0, 1, 0, 2))
        .hasMessage(
            "steps of the merge order must join each batch and each earlier step once, but step 1"
                + " of 2 joins node 0");
    assertThatThrownBy(() -> of(0, 4, 1, 2)).hasMessageContaining("step 0 of 2 joins node 4");
    assertThatThrownBy(() -> of(0, -1)).hasMessageContaining("step 0 of 1 joins node -1");
  }

  @Test
  void aListJoinsFromTheLeft() {
    assertThat(BatchTree.inOrder("a", "b", "c", "d").order(BATCHES))
        .isEqualTo(of(0, 1, 4, 2, 5, 3));
    assertThat(BatchTree.inOrder("c", "a", "d", "b").order(BATCHES))
        .isEqualTo(of(2, 0, 4, 3, 5, 1));
    assertThat(tree(List.of("c", "a", "d", "b")).order(BATCHES)).isEqualTo(of(2, 0, 4, 3, 5, 1));
  }

  /** The right branch is gone through first. */
  @Test
  void nestedListsJoinAsTheyAreNested() {
    assertThat(tree(List.of(List.of("a", "b"), List.of("d", "c"))).order(BATCHES))
        .isEqualTo(of(3, 2, 0, 1, 5, 4));
    assertThat(tree(List.of("a", List.of("b", "c", "d"))).order(BATCHES))
        .isEqualTo(of(1, 2, 4, 3, 0, 5));
    assertThat(tree(List.of(List.of("a", "b"), "c", "d")).order(BATCHES))
        .isEqualTo(of(0, 1, 4, 2, 5, 3));
  }

  @Test
  void everySplitSharesItsWeightEqually() {
    assertThat(tree(List.of(List.of("a", "b"), List.of("d", "c"))).weights(BATCHES))
        .containsExactly(0.25, 0.25, 0.25, 0.25);
    assertThat(tree(List.of("a", List.of("b", "c"), "d")).weights(BATCHES))
        .containsExactly(1 / 3.0, 1 / 6.0, 1 / 6.0, 1 / 3.0);
  }

  @Test
  void refusesBatchesThatAreNotThereOrTwice() {
    assertThatThrownBy(() -> tree(List.of("a", "b", "c")).order(BATCHES))
        .hasMessage("the tree of batches must name every level of obs['batch'], but lacks 'd'");
    assertThatThrownBy(() -> tree(List.of("a", "b", "c", "bd")).order(BATCHES))
        .hasMessage("obs['batch'] has no level 'bd'; it has [a, b, c, d]");
    assertThatThrownBy(() -> tree(List.of("a", List.of("b", "a"), "c", "d")).weights(BATCHES))
        .hasMessage(
            "the tree of batches must name every level of obs['batch'] once, got 'a' twice");
    assertThatThrownBy(() -> tree(List.of()))
        .hasMessage("a tree of batches must have a batch in every branch, got an empty list");
    assertThatThrownBy(() -> tree(List.of("a", 3.5)))
        .hasMessage("a tree of batches is made of names and lists of them, got a Double");
  }
}
