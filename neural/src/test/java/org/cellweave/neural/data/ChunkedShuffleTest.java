package org.cellweave.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ChunkedShuffleTest {
  @Test
  void everyCellComesOnceAndChunksInFlightStayTogether() {
    Seeds.forEach(
        20,
        seed -> {
          var shuffle = new ChunkedShuffle(4, 3);
          int[] cells = Arrays.copyOf(Seeds.permutation(50, seed), 37);
          int[] order = shuffle.order(cells, new SplittableRandom(seed));
          int[] sorted = order.clone();
          Arrays.sort(sorted);
          int[] expected = cells.clone();
          Arrays.sort(expected);
          assertThat(sorted).isEqualTo(expected);
          // a chunk is left for good once three others have come up after its last cell
          for (int i = 0; i < order.length; i++) {
            int chunk = order[i] / 4;
            int last = i;
            for (int j = i; j < order.length; j++) {
              last = order[j] / 4 == chunk ? j : last;
            }
            assertThat(Arrays.stream(order, i, last).map(c -> c / 4).distinct().count())
                .isLessThanOrEqualTo(3);
          }
          assertThat(shuffle.order(cells, new SplittableRandom(seed))).isEqualTo(order);
        });
  }

  @Test
  void theOrderIsRandom() {
    int[] cells = new int[64];
    Arrays.setAll(cells, i -> i);
    var shuffle = new ChunkedShuffle(8, 4);
    assertThat(shuffle.order(cells, new SplittableRandom(1)))
        .isNotEqualTo(shuffle.order(cells, new SplittableRandom(2)));
    assertThat(shuffle.ascending(new int[] {3, 1, 2})).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> new ChunkedShuffle(0, 4))
        .hasMessage("rowsPerChunk must be positive, got 0");
  }
}
