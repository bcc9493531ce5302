package org.cellweave.embed.tsne;

import org.cellweave.linalg.ColumnFft;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Convolution of masses on a grid with the forces and the similarity of t-SNE.
 *
 * <p>The kernels are those whose cubic B-spline interpolation, at the source and at the target,
 * agrees with the true ones in the nodes; so their spectra are divided by that of the spline twice.
 * One real transform forth and one complex transform back give both components of the force, and
 * the sum of all similarities follows from the spectrum alone.
 */
final class GridConvolution {
  /** Nodes beyond the doubled grid, where the spline kernels settle from their periodic jump. */
  private static final int SETTLE = 20;

  private static final int WIDTH = 32;

  final int rows;
  final int cols;

  /** Mass in the nodes, to be filled by the caller. */
  final float[][] mass;

  /** Components of the force in the nodes. */
  final float[][] forceX;

  final float[][] forceY;

  private final int long0;
  private final int long1;
  private final int half;
  private final ColumnFft alongX;
  private final ColumnFft alongY;
  private final float[][] spectrumRe;
  private final float[][] spectrumIm;
  private final float[][] backXRe;
  private final float[][] backXIm;
  private final float[][] backYRe;
  private final float[][] backYIm;
  private final float[][] kernelX;
  private final float[][] kernelY;
  private final float[][] similarity;

  /**
   * @param spacing distance of neighbouring nodes
   */
  GridConvolution(int rows, int cols, double spacing) {
    this.rows = rows;
    this.cols = cols;
    long0 = ColumnFft.goodLength(2 * rows + SETTLE);
    long1 = ColumnFft.goodLength(2 * cols + SETTLE);
    half = long0 / 2 + 1;
    alongX = new ColumnFft(long0, WIDTH);
    alongY = new ColumnFft(long1, WIDTH);
    mass = new float[rows][cols];
    forceX = new float[rows][cols];
    forceY = new float[rows][cols];
    spectrumRe = new float[half][cols];
    spectrumIm = new float[half][cols];
    backXRe = new float[half][cols];
    backXIm = new float[half][cols];
    backYRe = new float[half][cols];
    backYIm = new float[half][cols];
    kernelX = new float[half][long1];
    kernelY = new float[half][long1];
    similarity = new float[half][long1];
    kernels(spacing);
  }

  /** Fills the forces from the masses; returns the sum of similarities over all pairs. */
  double run() {
    massForth();
    double sum = kernelsApplied();
    forcesBack();
    return sum;
  }

  /** Transforms along x, two blocks of columns as the parts of one complex block. */
  private void massForth() {
    Parallel.forBlocks(
        Parallel.nBlocks(cols, 2 * WIDTH),
        block -> {
          int a = 2 * WIDTH * block;
          int na = Math.min(WIDTH, cols - a);
          int b = a + na;
          int nb = Math.max(0, Math.min(WIDTH, cols - b));
          var w = alongX.take();
          for (int r = 0; r < rows; r++) {
            System.arraycopy(mass[r], a, w.re()[r], 0, na);
            System.arraycopy(mass[r], b, w.im()[r], 0, nb);
          }
          alongX.transform(w);
          for (int k = 0; k < half; k++) {
            int mirror = k == 0 ? 0 : long0 - k;
            part(w.re()[k], w.re()[mirror], 0.5f, spectrumRe[k], a, na);
            part(w.im()[k], w.im()[mirror], -0.5f, spectrumIm[k], a, na);
            part(w.im()[k], w.im()[mirror], 0.5f, spectrumRe[k], b, nb);
            part(w.re()[mirror], w.re()[k], -0.5f, spectrumIm[k], b, nb);
          }
          alongX.give(w);
        });
  }

  private static void part(float[] u, float[] v, float factor, float[] to, int at, int count) {
    for (int c = 0; c < count; c++) {
      to[at + c] = 0.5f * u[c] + factor * v[c];
    }
  }

  /** Along y forth, times the kernels, and back. */
  private double kernelsApplied() {
    return Parallel.sum(
        half,
        WIDTH,
        (from, to) -> {
          var w = alongY.take();
          for (int k = from; k < to; k++) {
            for (int c = 0; c < cols; c++) {
              w.re()[c][k - from] = spectrumRe[k][c];
              w.im()[c][k - from] = spectrumIm[k][c];
            }
          }
          alongY.transform(w);
          double sum = 0;
          for (int k = from; k < to; k++) {
            double line = 0;
            for (int l = 0; l < long1; l++) {
              double re = w.re()[l][k - from];
              double im = w.im()[l][k - from];
              line += (re * re + im * im) * similarity[k][l];
            }
            sum += k == 0 || k == half - 1 ? line : 2 * line;
          }
          backAlongY(w, kernelX, backXRe, backXIm, from, to);
          backAlongY(w, kernelY, backYRe, backYIm, from, to);
          alongY.give(w);
          return sum;
        });
  }

  /** The kernels of the forces have imaginary spectra; only those parts are kept. */
  private void backAlongY(
      ColumnFft.Work spectrum, float[][] kernel, float[][] re, float[][] im, int from, int to) {
    var w = alongY.take();
    for (int l = 0; l < long1; l++) {
      for (int k = from; k < to; k++) {
        w.re()[l][k - from] = -spectrum.im()[l][k - from] * kernel[k][l];
        w.im()[l][k - from] = spectrum.re()[l][k - from] * kernel[k][l];
      }
    }
    w.exchange();
    alongY.transform(w);
    w.exchange();
    for (int k = from; k < to; k++) {
      for (int c = 0; c < cols; c++) {
        re[k][c] = w.re()[c][k - from];
        im[k][c] = w.im()[c][k - from];
      }
    }
    alongY.give(w);
  }

  /** Both forces as the parts of one complex field; negative frequencies follow by symmetry. */
  private void forcesBack() {
    Parallel.forBlocks(
        Parallel.nBlocks(cols, WIDTH),
        block -> {
          int at = WIDTH * block;
          int count = Math.min(WIDTH, cols - at);
          var w = alongX.take();
          for (int k = 0; k < half; k++) {
            int mirror = k == 0 || k == half - 1 ? -1 : long0 - k;
            for (int c = 0; c < count; c++) {
              float xr = backXRe[k][at + c];
              float xi = backXIm[k][at + c];
              float yr = backYRe[k][at + c];
              float yi = backYIm[k][at + c];
              w.re()[k][c] = xr - yi;
              w.im()[k][c] = xi + yr;
              if (mirror >= 0) {
                w.re()[mirror][c] = xr + yi;
                w.im()[mirror][c] = yr - xi;
              }
            }
          }
          w.exchange();
          alongX.transform(w);
          w.exchange();
          for (int r = 0; r < rows; r++) {
            System.arraycopy(w.re()[r], 0, forceX[r], at, count);
            System.arraycopy(w.im()[r], 0, forceY[r], at, count);
          }
          alongX.give(w);
        });
  }

  private void kernels(double spacing) {
    float[][] re = new float[half][long1];
    float[][] im = new float[half][long1];
    sampled(spacing, re, im, true);
    deconvolved(im, kernelX, 1);
    deconvolved(re, kernelY, -1);
    sampled(spacing, re, im, false);
    deconvolved(re, similarity, 1);
  }

  private void deconvolved(float[][] from, float[][] to, double sign) {
    for (int k = 0; k < half; k++) {
      for (int l = 0; l < long1; l++) {
        double spline = spline(k, long0) * spline(l, long1);
        to[k][l] = (float) (sign * from[k][l] / (spline * spline * long0 * long1));
      }
    }
  }

  /** Spectrum of the cubic B-spline in the nodes. */
  private static double spline(int k, int length) {
    return (2 + Elementary.cos(2 * Math.PI * k / length)) / 3;
  }

  /** The spectrum of {@code forceX + i forceY}, or of the similarity. */
  private void sampled(double spacing, float[][] re, float[][] im, boolean forces) {
    Parallel.forRange(
        long1,
        WIDTH,
        (from, to) -> {
          var w = alongX.take();
          for (int k = 0; k < long0; k++) {
            double dx = spacing * signed(k, long0);
            for (int l = from; l < to; l++) {
              double dy = spacing * signed(l, long1);
              double s = 1 / (1 + dx * dx + dy * dy);
              w.re()[k][l - from] = (float) (!forces ? s : 2 * k == long0 ? 0 : s * s * dx);
              w.im()[k][l - from] = (float) (!forces || 2 * l == long1 ? 0 : s * s * dy);
            }
          }
          alongX.transform(w);
          for (int k = 0; k < half; k++) {
            System.arraycopy(w.re()[k], 0, re[k], from, to - from);
            System.arraycopy(w.im()[k], 0, im[k], from, to - from);
          }
          alongX.give(w);
        });
    Parallel.forRange(
        half,
        WIDTH,
        (from, to) -> {
          var w = alongY.take();
          for (int k = from; k < to; k++) {
            for (int l = 0; l < long1; l++) {
              w.re()[l][k - from] = re[k][l];
              w.im()[l][k - from] = im[k][l];
            }
          }
          alongY.transform(w);
          for (int k = from; k < to; k++) {
            for (int l = 0; l < long1; l++) {
              re[k][l] = w.re()[l][k - from];
              im[k][l] = w.im()[l][k - from];
            }
          }
          alongY.give(w);
        });
  }

  private static int signed(int k, int length) {
    return 2 * k <= length ? k : k - length;
  }
}
