package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.design.Categories;
import org.junit.jupiter.api.Test;

class CompositionTest {
  private final Categories clones = Categories.of("clone", 0, 0, 0, 1, 1, -1, 2);
  private final Categories fates =
      new Categories("fate", new int[] {0, 1, 1, 2, 2, 0, -1}, new String[] {"x", "y", "z", "w"});

  @Test
  void byHand() {
    var c = Composition.of(clones, fates);
    assertThat(c.counts()).containsExactly(1, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0);
    assertThat(c.proportions().doubleData())
        .containsExactly(1 / 3.0, 2 / 3.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
    assertThat(c.fatesPerClone()).containsExactly(2, 1, 0);
    assertThat(c.clonesPerFate()).containsExactly(1, 1, 1, 0);
    assertThat(c.countMatrix().toDense().doubleData())
        .containsExactly(1, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0);
  }

  @Test
  void refusesOtherCells() {
    assertThatThrownBy(() -> Composition.of(clones, Categories.of("fate", 0, 1)))
        .hasMessageContaining("the cells of fates");
  }
}
