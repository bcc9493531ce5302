package org.cellweave.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * The largest eigenpairs of a stored symmetric matrix by block Lanczos steps with full
 * orthogonalisation, which threads share, until every residual is at the level of rounding.
 *
 * <p>LAPACK takes over, on one thread, where the matrix is small, where the steps do not settle,
 * and where as many values coincide as a block has vectors, since there might be more of them. The
 * start is drawn from a fixed stream. Cost for s steps of b vectors: {@code s b n^2 + n (s b)^2};
 * memory {@code n^2} for the matrix alone.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898719628">Saad 2011, chapter 6</a>
 */
public final class BlockLanczos {
  private static final int WIDTH = 8;
  private static final int LEAST_ROWS = 800;

  /** Vectors of the basis per pair wanted, at most, and where they are looked at first. */
  private static final int MOST = 16;

  private static final int FIRST_LOOK = 4;
  private static final int LONGEST_STRIDE = 96;

  /** Largest residual over the smallest value wanted. */
  private static final double ACCURACY = 1e-12;

  /** What no residual falls below, over the largest value. */
  private static final double ROUNDING = 4e-15;

  private static final double DEPENDENT = 1e-12;
  private static final double COINCIDENT = 1e-9;
  private static final int STRIP = 256;
  private static final int MIRRORED = 64;

  private final int n;
  private final int count;
  private final int most;
  private final DoublePointer matrix;

  /** Orthonormal vectors, one after another. */
  private final DoublePointer basis;

  private int size;

  /** Products of a step's vectors with their images, and of the next with these. */
  private final List<double[]> diagonal = new ArrayList<>();

  private final List<double[]> below = new ArrayList<>();

  private BlockLanczos(int n, int count, int most, DoublePointer matrix, DoublePointer basis) {
    this.n = n;
    this.count = count;
    this.most = most;
    this.matrix = matrix;
    this.basis = basis;
  }

  /**
   * The {@code k} largest eigenvalues, largest first, and their vectors, one after another.
   *
   * @param a row-major upper triangle of a symmetric {@code n x n} matrix, off-heap; overwritten
   * @return false when LAPACK was asked and did not converge
   */
  public static boolean largest(int n, int k, DoublePointer a, double[] values, double[] vectors) {
    int most = MOST * k / WIDTH * WIDTH;
    if (n >= LEAST_ROWS && 2 * most <= n) {
      mirror(n, a);
      try (var basis = NativeMemory.doubles((long) n * (most + WIDTH))) {
        if (new BlockLanczos(n, k, most, a, basis).iterate(values, vectors)) {
          return true;
        }
      }
    }
    return Blas.largestEigen(n, k, a, values, vectors);
  }

  /** Fills the lower triangle. */
  private static void mirror(int n, DoublePointer a) {
    Parallel.forRange(
        n,
        MIRRORED,
        (from, to) -> {
          double[] columns = new double[(to - from) * n];
          double[] part = new double[to - from];
          // views, which have no memory of their own
          for (int j = 0; j < to; j++) {
            a.getPointer((long) j * n + from).get(part);
            for (int i = 0; i < part.length; i++) {
              columns[i * n + j] = part[i];
            }
          }
          for (int i = from; i < to; i++) {
            a.getPointer((long) i * n).put(columns, (i - from) * n, i);
          }
        });
  }

  private boolean iterate(double[] values, double[] vectors) {
    try (var image = NativeMemory.doubles((long) n * WIDTH);
        var spare = NativeMemory.doubles((long) n * WIDTH);
        var along = NativeMemory.doubles((long) (most + WIDTH) * WIDTH)) {
      double[] start = new double[n * WIDTH];
      var random = Streams.of(0, 0);
      Arrays.setAll(start, i -> random.nextDouble() - 0.5);
      image.put(start);
      if (append(image, spare) == null) {
        return false;
      }
      var looks = new Looks(FIRST_LOOK * count);
      while (size <= most) {
        Parallel.checkInterrupted();
        step(image, along);
        double[] rest = append(image, spare);
        if (rest == null) {
          return false;
        }
        int m = size - WIDTH;
        if (m >= looks.next) {
          double[] y = new double[m * count];
          if (!leading(m, values, y)) {
            return false;
          }
          double ratio = residual(m, y, rest) / tolerance(values);
          if (ratio <= 1) {
            combine(m, y, vectors);
            return !coincide(values);
          }
          looks.after(m, ratio);
        }
        below.add(rest);
      }
      return false;
    }
  }

  private double tolerance(double[] values) {
    return Math.max(ACCURACY * values[count - 1], ROUNDING * values[0]);
  }

  private boolean coincide(double[] values) {
    for (int c = WIDTH - 1; c < count; c++) {
      if (values[c - WIDTH + 1] - values[c] <= COINCIDENT * values[c]) {
        return true;
      }
    }
    return false;
  }

  /** When the pairs are looked at, which takes about the time of some steps. */
  private static final class Looks {
    private int next;
    private int last;
    private double lastRatio;

    Looks(int first) {
      this.next = first;
    }

    void after(int m, double ratio) {
      double stride = LONGEST_STRIDE;
      if (last > 0 && ratio < lastRatio) {
        stride = (m - last) * Elementary.log(ratio) / Elementary.log(lastRatio / ratio);
      }
      last = m;
      lastRatio = ratio;
      next = m + (int) Math.max(WIDTH, Math.min(LONGEST_STRIDE, stride));
    }
  }

  /** The image of the last vectors, less what it has of the basis. */
  private void step(DoublePointer image, DoublePointer along) {
    int from = size - WIDTH;
    // views in these loops: closing them would free what they are views of
    var last = basis.getPointer((long) from * n);
    Parallel.forRange(
        n,
        STRIP,
        (a, b) ->
            Blas.gemmColumns(
                true,
                b - a,
                WIDTH,
                n,
                1,
                matrix.getPointer((long) a * n),
                n,
                last,
                0,
                image.getPointer(a),
                n));
    // most of it lies along the last two blocks: once these are out, one pass over all is exact
    int near = Math.max(0, from - WIDTH);
    double[] own = remove(near, image, along);
    double[] more = remove(0, image, along);
    for (int i = 0; i < own.length; i++) {
      own[i] += more[i];
    }
    diagonal.add(own);
  }

  /**
   * Takes the basis from a vector on out of the image.
   *
   * @return what there was along the last block, column by column
   */
  private double[] remove(int first, DoublePointer image, DoublePointer along) {
    int columns = size - first;
    var q = basis.getPointer((long) first * n);
    Parallel.forRange(
        columns,
        STRIP / 2,
        (a, b) ->
            Blas.gemmColumns(
                true,
                b - a,
                WIDTH,
                n,
                1,
                q.getPointer((long) a * n),
                n,
                image,
                0,
                along.getPointer(a),
                columns));
    Parallel.forRange(
        n,
        STRIP,
        (a, b) ->
            Blas.gemmColumns(
                false,
                b - a,
                WIDTH,
                columns,
                -1,
                q.getPointer(a),
                n,
                along,
                1,
                image.getPointer(a),
                n));
    double[] out = new double[WIDTH * WIDTH];
    for (int c = 0; c < WIDTH; c++) {
      along.getPointer((long) (c + 1) * columns - WIDTH).get(out, c * WIDTH, WIDTH);
    }
    return out;
  }

  /**
   * Makes the image orthonormal, by Cholesky factors of its products, twice, and puts it behind the
   * basis.
   *
   * @return R of {@code image = Q R}, row by row; null where the image has fewer dimensions
   */
  private double[] append(DoublePointer image, DoublePointer spare) {
    double[] first = orthogonalise(image, spare);
    if (first == null) {
      return null;
    }
    double[] second = orthogonalise(spare, basis.getPointer((long) size * n));
    if (second == null) {
      return null;
    }
    size += WIDTH;
    double[] r = new double[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      for (int j = i; j < WIDTH; j++) {
        for (int k = i; k <= j; k++) {
          r[i * WIDTH + j] += second[k * WIDTH + i] * first[j * WIDTH + k];
        }
      }
    }
    return r;
  }

  /** Its Cholesky factor; null where there is none. */
  private double[] orthogonalise(DoublePointer from, DoublePointer to) {
    double[] products = new double[WIDTH * WIDTH];
    try (var small = NativeMemory.doubles(products.length)) {
      Blas.gemmColumns(true, WIDTH, WIDTH, n, 1, from, n, from, 0, small, WIDTH);
      small.get(products);
      double[] factor = products.clone();
      if (!SmallCholesky.factor(factor, WIDTH)) {
        return null;
      }
      for (int c = 0; c < WIDTH; c++) {
        double left = factor[c * WIDTH + c];
        if (!(left * left > DEPENDENT * products[c * WIDTH + c])) {
          return null;
        }
      }
      small.put(inverted(factor));
      Blas.gemmColumns(false, n, WIDTH, WIDTH, 1, from, n, small, 0, to, n);
      return factor;
    }
  }

  /** The inverse of a lower triangle, row by row. */
  private static double[] inverted(double[] factor) {
    double[] out = new double[factor.length];
    for (int c = 0; c < WIDTH; c++) {
      for (int i = c; i < WIDTH; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = c; k < i; k++) {
          sum -= factor[i * WIDTH + k] * out[k * WIDTH + c];
        }
        out[i * WIDTH + c] = sum / factor[i * WIDTH + i];
      }
    }
    return out;
  }

  /** The leading eigenpairs of the matrix within the first m vectors. */
  private boolean leading(int m, double[] values, double[] y) {
    try (var t = NativeMemory.doubles((long) m * m)) {
      double[] row = new double[m];
      for (int r = 0; r < m; r++) {
        Arrays.fill(row, 0);
        int block = r / WIDTH;
        int i = r % WIDTH;
        double[] own = diagonal.get(block);
        for (int j = i; j < WIDTH; j++) {
          row[block * WIDTH + j] = (own[i * WIDTH + j] + own[j * WIDTH + i]) / 2;
        }
        for (int j = 0; j < WIDTH && (block + 1) * WIDTH < m; j++) {
          row[(block + 1) * WIDTH + j] = below.get(block)[j * WIDTH + i];
        }
        t.position((long) r * m).put(row);
      }
      t.position(0);
      return Blas.largestEigen(m, count, t, values, y);
    }
  }

  private double residual(int m, double[] y, double[] rest) {
    double most = 0;
    for (int c = 0; c < count; c++) {
      double square = 0;
      for (int i = 0; i < WIDTH; i++) {
        double sum = 0;
        for (int j = i; j < WIDTH; j++) {
          sum += rest[i * WIDTH + j] * y[(c + 1) * m - WIDTH + j];
        }
        square += sum * sum;
      }
      most = Math.max(most, square);
    }
    return Math.sqrt(most);
  }

  private void combine(int m, double[] y, double[] vectors) {
    try (var weights = NativeMemory.doubles(y.length);
        var out = NativeMemory.doubles(vectors.length)) {
      weights.put(y);
      Parallel.forRange(
          n,
          STRIP,
          (a, b) ->
              Blas.gemmColumns(
                  false,
                  b - a,
                  count,
                  m,
                  1,
                  basis.getPointer(a),
                  n,
                  weights,
                  0,
                  out.getPointer(a),
                  n));
      out.get(vectors);
    }
  }
}
