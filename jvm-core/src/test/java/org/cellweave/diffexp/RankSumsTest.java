package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class RankSumsTest {
  private static final int GROUPS = 5;

  /**
   * Values by every way of sorting: few, many and very many, close together, tied, of both signs.
   */
  @Test
  void ranksAsCountingSmallerAndEqualOnesDoes() {
    Seeds.forEach(
        24,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = new int[] {40, 900, 3000, 9000}[(int) (seed % 4)];
          float[] values = values(n, (int) (seed / 4 % 6), random);
          int[] groups = random.ints(n, 0, GROUPS).toArray();
          int[] sizes = new int[GROUPS];
          Arrays.stream(groups).forEach(g -> sizes[g]++);
          var ranks = new RankSums(sizes);
          long[] keys = new long[n];
          Arrays.setAll(keys, i -> GeneSlices.key(values[i], groups[i]));
          ranks.load(keys, 0, n);
          ranks.rankAll();
          assertRanked(ranks, values, groups, new boolean[] {true, true, true, true, true});
          ranks.rankPair(1, 3);
          assertRanked(ranks, values, groups, new boolean[] {false, true, false, true, false});
        });
  }

  private static float[] values(int n, int kind, SplittableRandom random) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      values[i] =
          switch (kind) {
            case 0 -> (float) u;
            case 1 -> (float) (u - 0.5);
            case 2 -> (float) Math.floor(8 * u) - 3;
            case 3 -> u < 0.3 ? 0 : u < 0.4 ? -0f : 2.5f;
            case 4 -> (float) Math.exp(160 * (u - 0.5)) * (random.nextBoolean() ? 1 : -1);
            default -> (float) (1 + 1e-6 * u);
          };
    }
    return values;
  }

  private static void assertRanked(RankSums ranks, float[] values, int[] groups, boolean[] ranked) {
    int[] kept =
        java.util.stream.IntStream.range(0, values.length).filter(i -> ranked[groups[i]]).toArray();
    float[] sorted = new float[kept.length];
    for (int k = 0; k < kept.length; k++) {
      // both zeros are one value
      sorted[k] = values[kept[k]] + 0f;
    }
    Arrays.sort(sorted);
    double[] sums = new double[GROUPS];
    double ties = 0;
    for (int i : kept) {
      float value = values[i] + 0f;
      int below = below(sorted, value);
      int upTo = below(sorted, Math.nextUp(value));
      sums[groups[i]] += below + (upTo - below + 1) / 2.0;
      double run = upTo - below;
      ties += run * run - 1;
    }
    assertThat(ranks.ties).isEqualTo(ties);
    for (int g = 0; g < GROUPS; g++) {
      if (ranked[g]) {
        assertThat(ranks.sums[g]).isEqualTo(sums[g]);
      }
    }
  }

  /** How many of the sorted values are smaller. */
  private static int below(float[] sorted, float value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
