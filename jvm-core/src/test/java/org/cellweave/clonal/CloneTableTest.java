package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.design.Categories;
import org.junit.jupiter.api.Test;

class CloneTableTest {
  private static Categories labels(int... codes) {
    return new Categories("obs['clone']", codes, new String[] {"a", "b", "c", "d"});
  }

  private static CloneTable.Params atLeast(int minSize) {
    return new CloneTable.Params(minSize);
  }

  @Test
  void largestFirstThenTheFirstSeen() {
    var result = CloneTable.run(labels(2, 0, 0, 2, 1, -1, 1, 1, 3), atLeast(2));
    assertThat(result.clones().levels()).containsExactly("b", "c", "a");
    assertThat(result.clones().codes()).containsExactly(1, 2, 2, 1, 0, -1, 0, 0, -1);
    assertThat(result.clones().sizes()).containsExactly(3, 2, 2);
    assertThat(result.tooSmall()).isEqualTo(1);
  }

  @Test
  void refusesWhatLeavesNothing() {
    assertThatThrownBy(() -> CloneTable.run(labels(0, 0, 1), atLeast(3)))
        .hasMessage(
            "minSize must be at most 2, the cells of the largest of 2 clones in obs['clone'], got"
                + " 3");
    assertThatThrownBy(() -> CloneTable.run(labels(-1, -1), atLeast(1)))
        .hasMessage("no cell of obs['clone'] has a clone: all 2 labels are missing");
    assertThatThrownBy(() -> atLeast(0)).hasMessageContaining("minSize must be positive, got 0");
  }
}
