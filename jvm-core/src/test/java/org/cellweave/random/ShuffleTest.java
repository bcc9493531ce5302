package org.cellweave.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  @Test
  void everyKindGivesEveryNumberOnce() {
    Seeds.forEach(
        20,
        seed -> {
          int[] all = java.util.stream.IntStream.range(0, 17).toArray();
          assertThat(Shuffle.order(17, new SplittableRandom(seed))).containsExactlyInAnyOrder(all);
          assertThat(Shuffle.insideOut(17, new SplittableRandom(seed)))
              .containsExactlyInAnyOrder(all);
          int[] drawn = Shuffle.sample(17, 5, new SplittableRandom(seed));
          assertThat(drawn).hasSize(5).doesNotHaveDuplicates();
          assertThat(Shuffle.sample(17, 17, new SplittableRandom(seed))).startsWith(drawn);
        });
  }

  @Test
  void everyNumberIsAsLikelyInEveryPlace() {
    int[][] counts = new int[12][4];
    for (int r = 0; r < 12_000; r++) {
      int[][] orders = {
        Shuffle.order(4, new SplittableRandom(r)),
        Shuffle.insideOut(4, new SplittableRandom(r)),
        Shuffle.sample(4, 4, new SplittableRandom(r))
      };
      for (int k = 0; k < orders.length; k++) {
        for (int i = 0; i < 4; i++) {
          counts[4 * k + i][orders[k][i]]++;
        }
      }
    }
    for (int[] places : counts) {
      for (int count : places) {
        // five standard deviations of a binomial count
        assertThat((double) count).isCloseTo(3000, within(240.0));
      }
    }
  }
}
