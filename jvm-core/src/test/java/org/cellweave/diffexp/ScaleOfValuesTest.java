package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class ScaleOfValuesTest {
  private static RankGenesGroups.GroupResult first(double scale) {
    float[] values = {1, 2, 4, 3, 7, 5};
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * scale);
    }
    return RankGenesGroups.run(
            DenseMatrix.wrap(values, 6, 1),
            new int[] {0, 0, 0, 1, 1, 1},
            List.of("a", "b"),
            new int[] {0},
            1,
            RankGenesGroups.Params.DEFAULTS)
        .groups()
        .get(0);
  }

  /** Means 7/3 and 5, variances 7/3 and 4 of three cells each; a t has no unit. */
  @Test
  void squaresThatFloat32CannotHoldDoNotChangeTheTest() {
    double t = (7 / 3.0 - 5) / Math.sqrt((7 / 3.0 + 4) / 3);
    for (double scale : new double[] {1, 1e-30, 1e30}) {
      assertThat(first(scale).scores()[0]).as("%s", scale).isCloseTo(t, within(1e-5));
    }
  }

  /** exp(2000 * 7 / 3) is no number, the difference of the logarithms is. */
  @Test
  void foldChangesBeyondTheRangeOfExponentials() {
    assertThat(first(2000).logFoldChanges()[0])
        .isCloseTo(2000 * (7 / 3.0 - 5) / Math.log(2), within(1e-2));
  }
}
