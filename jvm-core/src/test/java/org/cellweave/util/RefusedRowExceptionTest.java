package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RefusedRowExceptionTest {
  private final RefusedRowException two =
      new RefusedRowException("the gap between ", "part", 3, " is wide", 0, 2);

  private int refuse() {
    throw two;
  }

  @Test
  void rowsAreToldByTheirPlaceInTheWhole() {
    assertThat(two).hasMessage("the gap between rows 0 and 2 of part is wide");
    assertThat(two.calling("'a' and 'c'")).isEqualTo("the gap between 'a' and 'c' is wide");
    int[] places = {4, 6, 9};
    assertThatThrownBy(() -> RefusedRowException.among("part", places, "x", 12, this::refuse))
        .isInstanceOfSatisfying(
            RefusedRowException.class,
            e -> {
              assertThat(e).hasMessage("the gap between rows 4 and 9 of x is wide");
              assertThat(e.rows()).containsExactly(4, 9);
              assertThat(e.nRows()).isEqualTo(12);
            });
    assertThatThrownBy(() -> RefusedRowException.among("other", places, "x", 9, this::refuse))
        .isSameAs(two);
    assertThatThrownBy(() -> RefusedRowException.renaming("part", "second", this::refuse))
        .hasMessage("the gap between rows 0 and 2 of second is wide");
    assertThat(RefusedRowException.among("part", places, "x", 12, () -> 7)).isEqualTo(7);
  }
}
