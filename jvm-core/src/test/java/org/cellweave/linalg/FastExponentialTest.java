package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FastExponentialTest {
  @Test
  void exponentialsAreThose() {
    double[] x = new SplittableRandom(3).doubles(4001, -40, 0).toArray();
    double[] fast = x.clone();
    FastExponential.ofShifted(fast, x.length, 0);
    for (int k = 0; k < x.length; k++) {
      assertThat(fast[k] / Math.exp(x[k])).as("exp(%s)", x[k]).isCloseTo(1, within(1e-13));
    }
  }

  @Test
  void thoseInFloat32AreNearlyThose() {
    var random = new SplittableRandom(4);
    float[] x = new float[4001];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) random.nextDouble(-20, 0);
    }
    x[17] = 0;
    float[] fast = x.clone();
    FastExponential.ofShifted(fast, x.length, 2, 0);
    for (int k = 0; k < x.length; k++) {
      assertThat(fast[k] / Math.exp(2.0 * x[k])).as("exp(%s)", x[k]).isCloseTo(1, within(4e-5));
    }
    assertThat(fast[17]).isEqualTo(1);
    assertThatThrownBy(() -> FastExponential.ofShifted(fast, fast.length + 1, 1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatIsFarBelowIsNothingAndNotZero() {
    double[] far = {-1000, 3, Double.NEGATIVE_INFINITY, Double.NaN};
    FastExponential.ofShifted(far, 4, 3);
    assertThat(far[1]).isEqualTo(1);
    assertThat(far[0]).isEqualTo(far[2]).isPositive().isLessThan(5e-18);
    assertThat(far[3]).isNaN();
  }

  @Test
  void onlyTheFirstEntriesAreReplaced() {
    double[] x = {-1, -2, -3};
    FastExponential.ofShifted(x, 2, -1);
    assertThat(x[0]).isEqualTo(1);
    assertThat(x[2]).isEqualTo(-3);
    assertThatThrownBy(() -> FastExponential.ofShifted(x, 4, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(x[0]).as("nothing is done before the check").isEqualTo(1);
  }

  @Test
  void placeInTheRowDoesNotMatter() {
    double[] x = new SplittableRandom(5).doubles(67, -50, 0).toArray();
    double[] whole = x.clone();
    FastExponential.ofShifted(whole, x.length, 0);
    for (int from = 1; from < 9; from++) {
      double[] part = Arrays.copyOfRange(x, from, x.length);
      FastExponential.ofShifted(part, part.length, 0);
      assertThat(part).containsExactly(Arrays.copyOfRange(whole, from, x.length));
    }
  }
}
