package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RefusedRowExceptionTest {
  private static final RefusedRowException TWO =
      new RefusedRowException("the gap between ", "part", 3, " is wide", 0, 2);

  private static int refuse() {
    throw TWO;
  }

  @Test
  void rowsAreToldByTheirPlaceInTheWhole() {
    assertThat(TWO).hasMessage("the gap between rows 0 and 2 of part is wide");
    assertThat(TWO.calling("'a' and 'c'")).isEqualTo("the gap between 'a' and 'c' is wide");
    int[] places = {4, 6, 9};
    assertThatThrownBy(
            () ->
                RefusedRowException.among("part", places, "x", 12, RefusedRowExceptionTest::refuse))
        .isInstanceOfSatisfying(
            RefusedRowException.class,
            e -> {
              assertThat(e).hasMessage("the gap between rows 4 and 9 of x is wide");
              assertThat(e.rows()).containsExactly(4, 9);
              assertThat(e.nRows()).isEqualTo(12);
            });
    assertThatThrownBy(
            () ->
                RefusedRowException.among("other", places, "x", 9, RefusedRowExceptionTest::refuse))
        .isSameAs(TWO);
    assertThatThrownBy(
            () -> RefusedRowException.renaming("part", "second", RefusedRowExceptionTest::refuse))
        .hasMessage("the gap between rows 0 and 2 of second is wide");
    assertThat(RefusedRowException.among("part", places, "x", 12, () -> 7)).isEqualTo(7);
  }
}
