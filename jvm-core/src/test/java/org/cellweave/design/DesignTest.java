package org.cellweave.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class DesignTest {
  @Test
  void labelsAreIndicatorsOfAllLevelsButTheFirst() {
    var design =
        DesignMatrix.of(
            List.of(new NumericCovariate("age", 3, 5, 7), Categories.of("lane", 0, 2, 1)), 3);
    assertThat(design.names()).containsExactly("age", "lane", "lane");
    assertThat(design.columns()).isDeepEqualTo(new double[][] {{3, 5, 7}, {0, 0, 1}, {0, 1, 0}});
    assertThat(DesignMatrix.of(List.of(), 3).nColumns()).isZero();
  }

  @Test
  void aColumnOfOtherCellsOrWithAMissingLabelIsRefused() {
    assertThatThrownBy(() -> DesignMatrix.of(List.of(Categories.of("lane", 0, 1)), 3))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("lane has length 2");
    assertThatThrownBy(() -> DesignMatrix.of(List.of(Categories.of("lane", 0, -1)), 2))
        .hasMessageContaining("lane has 1 missing label, for cell 1");
  }

  @Test
  void cellsShareACombinationWhereTheyAgreeInAllColumns() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int[][] codes = new int[3][50];
          for (int[] column : codes) {
            Arrays.setAll(column, i -> random.nextInt(4));
          }
          var columns =
              List.of(
                  Categories.of("a", codes[0]),
                  Categories.of("b", codes[1]),
                  Categories.of("c", codes[2]));
          var found = LevelCombinations.of(columns, 50);
          for (int i = 0; i < 50; i++) {
            int[] levels = found.levels()[found.codes()[i]];
            for (int c = 0; c < 3; c++) {
              assertThat(levels[c] - found.firstLevel()[c]).isEqualTo(codes[c][i]);
            }
          }
          assertThat(Arrays.stream(found.codes()).distinct().count())
              .isEqualTo(found.levels().length);
        });
  }

  /** Two columns of 3000 levels have more pairs than are marked one by one. */
  @Test
  void manyLevelsAreJoinedToo() {
    int n = 6000;
    int[] a = new int[n];
    int[] b = new int[n];
    Arrays.setAll(a, i -> i / 2);
    Arrays.setAll(b, i -> (i * 7 % n) / 2);
    var found = LevelCombinations.of(List.of(Categories.of("a", a), Categories.of("b", b)), n);
    for (int i = 0; i < n; i++) {
      assertThat(found.levels()[found.codes()[i]]).containsExactly(a[i], 3000 + b[i]);
    }
  }

  @Test
  void noColumnIsOneCombinationWithoutLevels() {
    var found = LevelCombinations.of(List.of(), 4);
    assertThat(found.codes()).containsOnly(0);
    assertThat(found.levels()).isDeepEqualTo(new int[][] {{}});
  }
}
