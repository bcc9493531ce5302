package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.design.Categories;
import org.junit.jupiter.api.Test;

class CloneAnnotationTest {
  private static final Categories CLONES =
      new Categories("obs['clone']", new int[] {0, 0, 1, -1, 1, 0}, new String[] {"a", "b", "c"});

  private static Categories labels(int... codes) {
    return new Categories("obs['well']", codes, new String[] {"x", "y", "z"});
  }

  @Test
  void theLabelThatAllCellsShare() {
    assertThat(CloneAnnotation.of(CLONES, labels(1, 1, 0, 2, -1, 1))).containsExactly(1, 0, -1);
    assertThat(CloneAnnotation.of(CLONES, labels(-1, -1, 0, 2, 0, -1))).containsExactly(-1, 0, -1);
  }

  @Test
  void aCloneWithSeveralIsNamed() {
    assertThatThrownBy(() -> CloneAnnotation.of(CLONES, labels(0, 0, 1, 2, 1, 2)))
        .hasMessage(
            "clone 'a' of obs['clone'] has 2 values of obs['well']: 'x', 'z'. A clone takes a label"
                + " that all of its cells share; count them as fates otherwise");
    assertThatThrownBy(() -> CloneAnnotation.of(CLONES, labels(0, 1, 1, 2, 0, 2)))
        .hasMessageContaining("has 3 values of obs['well']: 'x', 'y', 'z', and 1 more clones have");
    assertThatThrownBy(() -> CloneAnnotation.of(CLONES, labels(0)))
        .hasMessage("the cells of labels has length 1, but those of clones is 6");
  }
}
