package org.cellweave.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SplitTest {
  @Test
  void sizesByHand() {
    assertThat(Split.of(10, 0.9, Double.NaN, 1).training()).hasSize(9);
    assertThat(Split.of(48_074, 0.9, Double.NaN, 1).training()).hasSize(43_267);
    assertThat(Split.of(11, 0.9, Double.NaN, 1).training()).hasSize(10);
    assertThat(Split.of(11, 0.9, Double.NaN, 1).validation()).hasSize(1);
    assertThat(Split.of(10, 1, Double.NaN, 1).validation()).isEmpty();
    assertThat(Split.of(20, 0.5, 0.3, 1).validation()).hasSize(6);
    assertThat(Split.of(1, 0.1, Double.NaN, 1).training()).containsExactly(0);
  }

  @Test
  void everyCellIsInOnePart() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 50 + (int) (seed % 7);
          Split split = Split.of(n, 0.7, Double.NaN, seed);
          int[] all =
              IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation()))
                  .sorted()
                  .toArray();
          assertThat(all).containsExactly(IntStream.range(0, n).toArray());
        });
  }

  @Test
  void labelledCellsAreSplitByThemselves() {
    int[] codes = new int[100];
    Arrays.fill(codes, 80, 100, 1);
    Split split = Split.ofLabels(Categories.of("type", codes), 0, 0.9, Double.NaN, 3);
    assertThat(split.training()).hasSize(72 + 18);
    assertThat(Arrays.stream(split.validation()).filter(i -> i >= 80).count()).isEqualTo(2);
    int[] all =
        IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation()))
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, 100).toArray());
    Split one = Split.ofLabels(Categories.of("type", new int[10]), 1, 0.9, Double.NaN, 3);
    assertThat(one.training()).hasSize(9);
  }

  @Test
  void theSeedDecides() {
    assertThat(Split.of(100, 0.9, Double.NaN, 3).training())
        .isEqualTo(Split.of(100, 0.9, Double.NaN, 3).training())
        .isNotEqualTo(Split.of(100, 0.9, Double.NaN, 4).training());
  }

  @Test
  void refusesSharesThatMakeNoSense() {
    assertThatThrownBy(() -> Split.of(10, 0, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trainSize must lie in (0, 1], got 0.0");
    assertThatThrownBy(() -> Split.of(10, 1.5, Double.NaN, 1)).hasMessageContaining("got 1.5");
    assertThatThrownBy(() -> Split.of(10, 0.75, 0.5, 1))
        .hasMessageContaining("at most 1 - trainSize = 0.25, got 0.5");
    assertThatThrownBy(() -> Split.of(10, 0.75, -0.5, 1)).hasMessageContaining("got -0.5");
  }
}
