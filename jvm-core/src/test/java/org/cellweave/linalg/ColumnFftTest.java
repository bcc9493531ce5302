package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColumnFftTest {
  @Test
  void transformsColumns() {
    for (int m : new int[] {2, 6, 10, 32, 60, 250}) {
      var fft = new ColumnFft(m, 3);
      var w = fft.take();
      double[][] x = new double[2][m];
      var random = new SplittableRandom(m);
      for (int i = 0; i < m; i++) {
        x[0][i] = random.nextDouble();
        w.re()[i][2] = (float) x[0][i];
        x[1][i] = random.nextDouble();
        w.im()[i][2] = (float) x[1][i];
      }
      fft.transform(w);
      for (int k = 0; k < m; k++) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < m; i++) {
          double t = -2 * Math.PI * i * k / m;
          re += x[0][i] * Math.cos(t) - x[1][i] * Math.sin(t);
          im += x[0][i] * Math.sin(t) + x[1][i] * Math.cos(t);
        }
        assertThat((double) w.re()[k][2]).isCloseTo(re, within(1e-6 * m));
        assertThat((double) w.im()[k][2]).isCloseTo(im, within(1e-6 * m));
        assertThat(w.re()[k][0]).isZero();
      }
    }
    assertThat(ColumnFft.goodLength(97)).isEqualTo(100);
    assertThat(ColumnFft.goodLength(7)).isEqualTo(8);
  }
}
