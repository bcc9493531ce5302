package org.cellweave.linalg;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cellweave.util.Elementary;

/**
 * Fourier transforms of many columns at once, in float32: one row of the arrays holds one element
 * of every column, so that the inner loops run over contiguous numbers.
 *
 * <p>Stockham's self-sorting scheme with factors 4, 2, 3 and 5; the length has no other prime
 * factors. An inverse transform swaps the real and the imaginary arrays and scales by the caller.
 */
public final class ColumnFft {
  private static final int[] RADICES = {4, 2, 3, 5};
  private static final float SIN3 = (float) Math.sqrt(0.75);
  private static final float COS5A = (float) Elementary.cos(2 * Math.PI / 5);
  private static final float COS5B = (float) Elementary.cos(4 * Math.PI / 5);
  private static final float SIN5A = (float) Elementary.sin(2 * Math.PI / 5);
  private static final float SIN5B = (float) Elementary.sin(4 * Math.PI / 5);

  private final int length;
  private final float[] cos;
  private final float[] sin;
  private final int width;
  private final ConcurrentLinkedQueue<Work> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param width the number of columns transformed at once
   */
  public ColumnFft(int length, int width) {
    this.length = length;
    this.width = width;
    cos = new float[length];
    sin = new float[length];
    for (int i = 0; i < length; i++) {
      cos[i] = (float) Elementary.cos(2 * Math.PI * i / length);
      sin[i] = (float) -Elementary.sin(2 * Math.PI * i / length);
    }
  }

  /** The smallest length from {@code least} on without prime factors above 5, and even. */
  public static int goodLength(int least) {
    for (int n = least + (least & 1); ; n += 2) {
      int rest = n;
      for (int r : RADICES) {
        while (rest % r == 0) {
          rest /= r;
        }
      }
      if (rest == 1) {
        return n;
      }
    }
  }

  /** Columns of complex numbers and room for the intermediate stages. */
  public static final class Work {
    private float[][] re;
    private float[][] im;
    private float[][] nextRe;
    private float[][] nextIm;

    private Work(int length, int width) {
      re = new float[length][width];
      im = new float[length][width];
      nextRe = new float[length][width];
      nextIm = new float[length][width];
    }

    /** Real parts, one row per element. */
    public float[][] re() {
      return re;
    }

    /** Imaginary parts, one row per element. */
    public float[][] im() {
      return im;
    }

    /** Sets everything to zero. */
    public void clear() {
      for (int i = 0; i < re.length; i++) {
        Arrays.fill(re[i], 0);
        Arrays.fill(im[i], 0);
      }
    }

    private void swap() {
      float[][] r = re;
      float[][] i = im;
      re = nextRe;
      im = nextIm;
      nextRe = r;
      nextIm = i;
    }

    /** Exchanges real and imaginary parts: turns a transform into its inverse. */
    public void exchange() {
      float[][] r = re;
      re = im;
      im = r;
    }
  }

  /** A zeroed array of columns; {@link #give} returns it. */
  public Work take() {
    Work w = idle.poll();
    if (w == null) {
      return new Work(length, width);
    }
    w.clear();
    return w;
  }

  public void give(Work w) {
    idle.add(w);
  }

  public void transform(Work w) {
    int rest = length;
    int stride = 1;
    for (int r : RADICES) {
      while (rest % r == 0) {
        rest /= r;
        stage(w, r, rest, stride);
        w.swap();
        stride *= r;
      }
    }
  }

  private void stage(Work w, int radix, int count, int stride) {
    for (int p = 0; p < count; p++) {
      for (int q = 0; q < stride; q++) {
        int in = q + stride * p;
        int out = q + stride * radix * p;
        int turn = p * stride;
        switch (radix) {
          case 4 -> four(w, in, stride * count, out, stride, turn);
          case 2 -> two(w, in, stride * count, out, stride, turn);
          case 3 -> three(w, in, stride * count, out, stride, turn);
          default -> five(w, in, stride * count, out, stride, turn);
        }
      }
    }
  }

  private void two(Work w, int in, int step, int out, int stride, int turn) {
    sumInto(w.re[in], w.re[in + step], w.nextRe[out]);
    sumInto(w.im[in], w.im[in + step], w.nextIm[out]);
    float c = cos[turn];
    float s = sin[turn];
    float[] ar = w.re[in];
    float[] ai = w.im[in];
    float[] br = w.re[in + step];
    float[] bi = w.im[in + step];
    turnedDifference(ar, br, ai, bi, c, -s, w.nextRe[out + stride]);
    turnedDifference(ai, bi, ar, br, c, s, w.nextIm[out + stride]);
  }

  private static void sumInto(float[] a, float[] b, float[] to) {
    for (int k = 0; k < to.length; k++) {
      to[k] = a[k] + b[k];
    }
  }

  /** {@code c (a - b) + s (d - e)}. */
  private static void turnedDifference(
      float[] a, float[] b, float[] d, float[] e, float c, float s, float[] to) {
    for (int k = 0; k < to.length; k++) {
      to[k] = c * (a[k] - b[k]) + s * (d[k] - e[k]);
    }
  }

  private void four(Work w, int in, int step, int out, int stride, int turn) {
    four(
        w.re[in],
        w.re[in + step],
        w.re[in + 2 * step],
        w.re[in + 3 * step],
        w.im[in],
        w.im[in + step],
        w.im[in + 2 * step],
        w.im[in + 3 * step],
        new Turn(cos[turn], sin[turn]),
        new Turn(cos[2 * turn], sin[2 * turn]),
        new Turn(cos[3 * turn], sin[3 * turn]),
        w.nextRe[out],
        w.nextRe[out + stride],
        w.nextRe[out + 2 * stride],
        w.nextRe[out + 3 * stride],
        w.nextIm[out],
        w.nextIm[out + stride],
        w.nextIm[out + 2 * stride],
        w.nextIm[out + 3 * stride]);
  }

  private record Turn(float c, float s) {}

  private static void four(
      float[] ar,
      float[] br,
      float[] cr,
      float[] dr,
      float[] ai,
      float[] bi,
      float[] ci,
      float[] di,
      Turn one,
      Turn two,
      Turn three,
      float[] yr0,
      float[] yr1,
      float[] yr2,
      float[] yr3,
      float[] yi0,
      float[] yi1,
      float[] yi2,
      float[] yi3) {
    float c1 = one.c;
    float s1 = one.s;
    float c2 = two.c;
    float s2 = two.s;
    float c3 = three.c;
    float s3 = three.s;
    int width = yr0.length;
    for (int k = 0; k < width; k++) {
      float pr = ar[k] + cr[k];
      float pi = ai[k] + ci[k];
      float qr = br[k] + dr[k];
      float qi = bi[k] + di[k];
      float mr = ar[k] - cr[k];
      float mi = ai[k] - ci[k];
      float nr = bi[k] - di[k];
      float ni = dr[k] - br[k];
      yr0[k] = pr + qr;
      yi0[k] = pi + qi;
      float er = mr + nr;
      float ei = mi + ni;
      yr1[k] = er * c1 - ei * s1;
      yi1[k] = er * s1 + ei * c1;
      float fr = pr - qr;
      float fi = pi - qi;
      yr2[k] = fr * c2 - fi * s2;
      yi2[k] = fr * s2 + fi * c2;
      float gr = mr - nr;
      float gi = mi - ni;
      yr3[k] = gr * c3 - gi * s3;
      yi3[k] = gr * s3 + gi * c3;
    }
  }

  private void three(Work w, int in, int step, int out, int stride, int turn) {
    float[] ar = w.re[in];
    float[] ai = w.im[in];
    float[] br = w.re[in + step];
    float[] bi = w.im[in + step];
    float[] cr = w.re[in + 2 * step];
    float[] ci = w.im[in + 2 * step];
    float[] yr0 = w.nextRe[out];
    float[] yi0 = w.nextIm[out];
    float[] yr1 = w.nextRe[out + stride];
    float[] yi1 = w.nextIm[out + stride];
    float[] yr2 = w.nextRe[out + 2 * stride];
    float[] yi2 = w.nextIm[out + 2 * stride];
    float c1 = cos[turn];
    float s1 = sin[turn];
    float c2 = cos[2 * turn];
    float s2 = sin[2 * turn];
    for (int k = 0; k < yr0.length; k++) {
      float sr = br[k] + cr[k];
      float si = bi[k] + ci[k];
      float mr = ar[k] - 0.5f * sr;
      float mi = ai[k] - 0.5f * si;
      float nr = SIN3 * (bi[k] - ci[k]);
      float ni = SIN3 * (cr[k] - br[k]);
      yr0[k] = ar[k] + sr;
      yi0[k] = ai[k] + si;
      yr1[k] = (mr + nr) * c1 - (mi + ni) * s1;
      yi1[k] = (mr + nr) * s1 + (mi + ni) * c1;
      yr2[k] = (mr - nr) * c2 - (mi - ni) * s2;
      yi2[k] = (mr - nr) * s2 + (mi - ni) * c2;
    }
  }

  private void five(Work w, int in, int step, int out, int stride, int turn) {
    float[] xr = w.re[in];
    float[] xi = w.im[in];
    float[] ar = w.re[in + step];
    float[] ai = w.im[in + step];
    float[] br = w.re[in + 2 * step];
    float[] bi = w.im[in + 2 * step];
    float[] cr = w.re[in + 3 * step];
    float[] ci = w.im[in + 3 * step];
    float[] dr = w.re[in + 4 * step];
    float[] di = w.im[in + 4 * step];
    sumInto(xr, ar, br, cr, dr, w.nextRe[out]);
    sumInto(xi, ai, bi, ci, di, w.nextIm[out]);
    for (int h = 1; h <= 2; h++) {
      float ca = h == 1 ? COS5A : COS5B;
      float cb = h == 1 ? COS5B : COS5A;
      float sa = h == 1 ? SIN5A : SIN5B;
      float sb = h == 1 ? SIN5B : -SIN5A;
      float c1 = cos[h * turn];
      float s1 = sin[h * turn];
      float c4 = cos[(5 - h) * turn];
      float s4 = sin[(5 - h) * turn];
      float[] yr1 = w.nextRe[out + h * stride];
      float[] yi1 = w.nextIm[out + h * stride];
      float[] yr4 = w.nextRe[out + (5 - h) * stride];
      float[] yi4 = w.nextIm[out + (5 - h) * stride];
      for (int k = 0; k < yr1.length; k++) {
        float mr = xr[k] + ca * (ar[k] + dr[k]) + cb * (br[k] + cr[k]);
        float mi = xi[k] + ca * (ai[k] + di[k]) + cb * (bi[k] + ci[k]);
        float nr = sa * (ai[k] - di[k]) + sb * (bi[k] - ci[k]);
        float ni = sa * (dr[k] - ar[k]) + sb * (cr[k] - br[k]);
        yr1[k] = (mr + nr) * c1 - (mi + ni) * s1;
        yi1[k] = (mr + nr) * s1 + (mi + ni) * c1;
        yr4[k] = (mr - nr) * c4 - (mi - ni) * s4;
        yi4[k] = (mr - nr) * s4 + (mi - ni) * c4;
      }
    }
  }

  private static void sumInto(float[] a, float[] b, float[] c, float[] d, float[] e, float[] to) {
    for (int k = 0; k < to.length; k++) {
      to[k] = a[k] + b[k] + c[k] + d[k] + e[k];
    }
  }
}
