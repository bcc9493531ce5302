package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More cells than one array of shares has room for. */
class HarmonyLargeTest {
  /** Twenty million cells have more shares than an array has room for. */
  @Test
  @Tag("slow")
  void sharesBeyondTheRangeOfAnArray() {
    assumeTrue(
        Runtime.getRuntime().maxMemory() > 10L << 30, "needs 10 GiB outside the heap: -Xmx12g");
    int n = 21_600_000;
    int dims = 2;
    float[] x = new float[n * dims];
    int[] batch = new int[n];
    for (int i = 0; i < n; i++) {
      batch[i] = i & 1;
      int type = i % 3;
      x[2 * i] = (type == 0 ? 1 : type == 1 ? -1 : 0.2f) + 0.2f * batch[i] + i % 11 * 0.01f;
      x[2 * i + 1] = (type == 2 ? 1.5f : 0.1f) + i % 13 * 0.01f;
    }
    var points = DenseMatrix.wrap(x, n, dims);
    var p = Harmony.Params.builder().nClusters(100).maxIterHarmony(1).build();
    var result = Harmony.run(points, List.of(Categories.of("b", batch)), p);
    // the last cells, whose shares lie beyond 2^31, move as the first of their kind do
    for (int i = 0; i < 858; i++) {
      int last = n - 858 + i;
      int twin = last % 858;
      for (int c = 0; c < dims; c++) {
        assertThat(result.corrected().get(last, c))
            .isCloseTo(result.corrected().get(twin, c), within(1e-3));
      }
    }
  }
}
