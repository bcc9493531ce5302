package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.internal.Transcendental;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class Log1pTest {
  @Test
  void handComputedCase() {
    var x = DenseMatrix.wrap(new float[] {0, 1, 7, -0.5f}, 2, 2);
    Log1p.run(x, new Log1p.Params(2.0));
    assertThat(x.floatData()).containsExactly(0, 1, 3, -1);
  }

  @Test
  void float64KeepsItsPrecision() {
    var x = DenseMatrix.wrap(new double[] {0.1, 3}, 1, 2);
    Log1p.run(x, Log1p.Params.DEFAULTS);
    assertThat(x.doubleData()).containsExactly(Math.log1p(0.1), Math.log1p(3));
  }

  @Test
  void fastLogarithmIsWithinOneUnitInTheLastPlaceOverTheWholeRange() {
    var random = new SplittableRandom(1);
    double worst = 0;
    for (int k = 0; k < 2_000_000; k++) {
      float x = (float) Math.exp(random.nextDouble(-60, 60));
      if (k % 4 == 0) {
        x = -Math.min(x, 0.9999f);
      }
      double exact = Math.log1p(x);
      worst = Math.max(worst, Math.abs(Transcendental.log1p(x) - exact) / Math.ulp((float) exact));
    }
    assertThat(worst).isLessThan(1);
    assertThat(Transcendental.log1p(0)).isZero();
  }

  @Test
  void fastExponentialIsAccurateOverTheWholeRange() {
    var random = new SplittableRandom(2);
    double worst = 0;
    for (int k = 0; k < 2_000_000; k++) {
      double x = k % 2 == 0 ? random.nextDouble(-40, 80) : random.nextDouble(-0.1, 0.1);
      double exact = Math.expm1(x);
      worst = Math.max(worst, Math.abs(Transcendental.expm1(x) - exact) / Math.abs(exact));
    }
    assertThat(worst).isLessThan(1e-12);
    assertThat(Transcendental.expm1(0)).isZero();
    assertThat(Transcendental.expm1(1000)).isInfinite();
  }

  @Test
  void everyKindOfMatrixAndAnyThreadsGiveTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(200, 30, 0.4, seed);
          var csc = new CscMatrix(x.transposeToCsr());
          var dense = x.toDense();
          Seeds.withThreads(1, () -> run(x));
          Seeds.withThreads(2, () -> run(csc));
          Seeds.withThreads(7, () -> run(dense));
          assertThat(csc.toDense().floatData()).isEqualTo(x.toDense().floatData());
          assertThat(dense.floatData()).isEqualTo(x.toDense().floatData());
        });
  }

  private static boolean run(org.cellweave.matrix.Matrix x) {
    Log1p.run(x, Log1p.Params.DEFAULTS);
    return true;
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> new Log1p.Params(1.0))
        .hasMessageContaining("base must be positive and not 1, got 1.0");
    var x = CsrMatrix.of(2, 3, new int[] {0, 1, 2}, new int[] {1, 2}, new float[] {3, -1});
    assertThatThrownBy(() -> run(x))
        .hasMessageStartingWith("log1p needs values above -1, but X[1, 2] is -1.0");
    assertThat(x.get(0, 1)).as("nothing changed").isEqualTo(3);
    var nan =
        new CscMatrix(
            CsrMatrix.of(2, 2, new int[] {0, 0, 1}, new int[] {0}, new float[] {Float.NaN}));
    assertThatThrownBy(() -> run(nan))
        .hasMessageStartingWith("log1p needs finite values, but X[0, 1] is NaN");
    var infinite = DenseMatrix.zeros(3, 2, DType.FLOAT64);
    infinite.set(2, 1, Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> run(infinite)).hasMessageContaining("X[2, 1] is Infinity");
  }
}
