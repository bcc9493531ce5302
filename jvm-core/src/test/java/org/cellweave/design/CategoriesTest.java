package org.cellweave.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class CategoriesTest {
  private static final String[] ABC = {"a", "b", "c"};

  @Test
  void missingLabelsAndUnusedLevelsAreCountedOut() {
    var labels = new Categories("obs['k']", new int[] {2, -1, 0, 2}, ABC);
    assertThat(labels.sizes()).containsExactly(1, 0, 2);
    assertThat(labels.used()).isEqualTo(2);
    assertThat(labels.members()).isDeepEqualTo(new int[][] {{2}, {}, {0, 3}});
    var used = labels.withoutUnused();
    assertThat(used.levels()).containsExactly("a", "c");
    assertThat(used.codes()).containsExactly(1, -1, 0, 1);
    assertThat(used.withoutUnused()).isSameAs(used);
    assertThat(labels.subset(new int[] {3, 1}).codes()).containsExactly(2, -1);
  }

  @Test
  void levelsWithoutNamesAreCalledByTheirNumber() {
    var labels = Categories.of("k", 1, 0, 3);
    assertThat(labels.levels()).containsExactly("0", "1", "2", "3");
    assertThat(labels.withoutUnused().levels()).containsExactly("0", "1", "3");
    assertThat(Categories.of("none").nLevels()).isZero();
  }

  @Test
  void everyFaultIsToldInOneForm() {
    refuses(() -> new Categories("k", new int[] {0, 3}, ABC), "codes of k must lie in [0, 3)");
    refuses(() -> new Categories("k", new int[] {-2}, ABC), "got -2 for cell 0");
    refuses(
        () -> new Categories("k", new int[0], new String[] {"a", "a"}),
        "levels of k must be distinct, got 'a' twice");
    refuses(
        () -> Categories.of("k", 0, -1, 1, -1).complete(),
        "k has 2 missing labels, the first for cell 1. Give every cell a label, or subset");
    refuses(() -> Categories.of("k", -1).complete(), "k has 1 missing label, for cell 0.");
    refuses(
        () -> new Categories("k", new int[] {0, 0}, ABC).atLeastTwo("nothing to mix."),
        "k must have at least two levels, got 1: nothing to mix.");
    refuses(
        () -> Categories.of("k", 0, 0, 1).cellsInEach(2, "combat"),
        "level '1' of k has 1 cell, but combat needs at least 2 in each");
    refuses(
        () -> Categories.of("k", 0, 1, 2).shared("Harmony"),
        "k has 3 levels for 3 cells; Harmony needs labels that many cells share");
    assertThatThrownBy(() -> Categories.of("k", 0, 1).forCells(3))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("k has length 2, but the number of cells is 3");
    refuses(() -> new NumericCovariate("age", 1, Double.NaN), "age is NaN for cell 1. Give every");
  }

  private static void refuses(Runnable body, String message) {
    assertThatThrownBy(body::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
