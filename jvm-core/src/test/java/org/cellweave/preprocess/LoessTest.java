package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class LoessTest {
  @Test
  void parabolasAreReproduced() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[] x = random.doubles(200, -3, 5).toArray();
          double[] y = new double[x.length];
          for (int i = 0; i < x.length; i++) {
            y[i] = 2 - 0.5 * x[i] + 0.3 * x[i] * x[i];
          }
          double[] fit = Loess.fit(x, y, 0.3);
          for (int i = 0; i < x.length; i++) {
            assertThat(fit[i]).isCloseTo(y[i], Offset.offset(1e-9));
          }
        });
  }

  @Test
  void orderOfPointsDoesNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          double[][] data = wavy(150, seed);
          int[] order = Seeds.permutation(150, seed);
          double[] plain = Loess.fit(data[0], data[1], 0.4);
          double[] x = new double[150];
          double[] y = new double[150];
          for (int i = 0; i < 150; i++) {
            x[i] = data[0][order[i]];
            y[i] = data[1][order[i]];
          }
          double[] shuffled = Loess.fit(x, y, 0.4);
          for (int i = 0; i < 150; i++) {
            assertThat(shuffled[i]).isCloseTo(plain[order[i]], Offset.offset(Tolerance.F64));
          }
        });
  }

  private static double[][] wavy(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextDouble(0, 6);
      y[i] = Math.sin(x[i]) + random.nextDouble(-0.2, 0.2);
    }
    return new double[][] {x, y};
  }

  /** scikit-misc 0.5.1, {@code loess(x, y, span=s, degree=2)}, with many ties in x. */
  @Test
  void agreesWithNetlib() {
    double[] x = new double[40];
    double[] y = new double[40];
    for (int i = 0; i < 40; i++) {
      x[i] = Math.floor((i * 7) % 40 / 3.0) / 4;
      y[i] = Math.sin(x[i] * 2) + (i * 13) % 11 / 20.0;
    }
    assertThat(java.util.Arrays.copyOf(Loess.fit(x, y, 0.5), 8))
        .containsExactly(
            new double[] {
              0.04847717408950031,
              1.0078893222258212,
              1.1550816325190718,
              0.027913531846404056,
              -0.5358886490509681,
              -0.5129279330344376,
              0.04847717408950031,
              1.1890030778475382
            },
            Offset.offset(1e-10));
    assertThat(java.util.Arrays.copyOf(Loess.fit(x, y, 0.9), 8))
        .containsExactly(
            new double[] {
              0.1463567842760097,
              0.9062178409465913,
              1.0196318890870675,
              0.10650354314476929,
              -0.41065723463813963,
              -0.4316855953131822,
              0.1463567842760097,
              1.0502882225222825
            },
            Offset.offset(1e-10));
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> Loess.fit(new double[10], new double[10], 0.3))
        .hasMessage(
            "loess with span 0.3 needs at least 4 points in each local fit, got 10 points in all."
                + " Use a larger span or more genes");
    assertThatThrownBy(() -> Loess.fit(new double[20], new double[20], 0.5))
        .hasMessageContaining("points share the value");
    assertThatThrownBy(() -> Loess.fit(new double[20], new double[20], 0))
        .hasMessage("span must be positive, got 0.0");
    double[] y = new double[20];
    y[3] = Double.NaN;
    assertThatThrownBy(() -> Loess.fit(new double[20], y, 0.5))
        .hasMessageContaining("point 3 is (0.0, NaN)");
    assertThatThrownBy(() -> Loess.fit(new double[20], new double[19], 0.5))
        .hasMessage("y has length 19, but the length of x is 20");
  }
}
