package org.cellweave.io.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockSpansTest {
  private static final long HUGE = 5L << 31;

  private static List<String> spans(long[] starts, long from, int count) {
    List<String> out = new ArrayList<>();
    new BlockSpans(starts)
        .forEach(
            from,
            count,
            (b, inBlock, inRun, n) -> out.add(b + ":" + inBlock + ":" + inRun + ":" + n));
    return out;
  }

  @Test
  void runsAreCutAtBlockBorders() {
    long[] starts = {0, 10, 10, 25, 30};
    assertThat(spans(starts, 0, 30)).containsExactly("0:0:0:10", "2:0:10:15", "3:0:25:5");
    assertThat(spans(starts, 10, 3)).containsExactly("2:0:0:3");
    assertThat(spans(starts, 8, 4)).containsExactly("0:8:0:2", "2:0:2:2");
    assertThat(spans(starts, 29, 1)).containsExactly("3:4:0:1");
    assertThat(spans(starts, 4, 0)).isEmpty();
  }

  @Test
  void positionsBeyondTwoToThe31Fit() {
    long[] starts = {0, HUGE, HUGE + 7, HUGE + (1L << 31) - 40};
    assertThat(spans(starts, HUGE - 2, 12))
        .containsExactly("0:" + (int) (HUGE - 2) + ":0:2", "1:0:2:7", "2:0:9:3");
    assertThat(spans(starts, HUGE + (1L << 31) - 42, 2))
        .containsExactly("2:" + ((1L << 31) - 49) + ":0:2");
  }
}
