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
  private static final int STORED_WIDTH = 8;
  private static final int LEAST_ROWS = 800;

  /** Vectors of the basis per pair wanted: at most, what is likely to do, where to look first. */
  private static final int MOST = 20;

  private static final int ENOUGH = 10;

  private static final int FIRST_LOOK = 7;
  private static final int LONGEST_STRIDE = 96;

  /** Largest residual over the smallest value wanted. */
  private static final double ACCURACY = 1e-12;

  /** What no residual falls below, over the largest value. */
  private static final double ROUNDING = 4e-15;

  private static final double DEPENDENT = 1e-12;
  private static final double COINCIDENT = 1e-9;
  private static final int STRIP = 256;

  private final int n;
  private final int count;
  private final int most;
  private final int width;
  private final double tolerance;
  private final BlockKrylov.Operator operator;

  /** Orthonormal vectors, one after another. */
  private final DoublePointer basis;

  private int size;

  /** Products of a step's vectors with their images, and of the next with these. */
  private final List<double[]> diagonal = new ArrayList<>();

  private final List<double[]> below = new ArrayList<>();

  private BlockLanczos(
      int n,
      int count,
      int width,
      double tolerance,
      BlockKrylov.Operator operator,
      DoublePointer basis) {
    this.n = n;
    this.count = count;
    this.width = width;
    this.most = most(n, count, width);
    this.tolerance = tolerance;
    this.operator = operator;
    this.basis = basis;
  }

  private static int most(int n, int count, int width) {
    return Math.min(MOST * count, n / 2) / width * width;
  }

  /**
   * The {@code k} largest eigenpairs of a stored matrix to the level of rounding, largest first,
   * and the vectors one after another. LAPACK takes over, on one thread, where the matrix is small,
   * where it shows no positive values, and where the steps are given up.
   *
   * @param a row-major upper triangle of a symmetric {@code n x n} matrix, off-heap; overwritten
   * @return false when LAPACK was asked and did not converge
   */
  public static boolean largest(int n, int k, DoublePointer a, double[] values, double[] vectors) {
    if (isLarge(n, k, STORED_WIDTH)) {
      Blas.mirror(n, a);
      BlockKrylov.Operator product =
          (width, x, y) -> strips(true, n, STRIP, width, n, 1, a, n, x, n, 0, y);
      if (iterate(n, k, STORED_WIDTH, ACCURACY, product, values, vectors)) {
        return true;
      }
    }
    return Blas.largestEigen(n, k, a, values, vectors);
  }

  /**
   * {@code y = alpha op(a) x + beta y} by strips of rows of {@code y}, which threads share.
   *
   * @param rows of y, whose columns lie one after another
   * @param columns of x and y
   * @param inner rows of x
   */
  private static void strips(
      boolean transposed,
      int rows,
      int strip,
      int columns,
      int inner,
      double alpha,
      DoublePointer a,
      int lda,
      DoublePointer x,
      int ldx,
      double beta,
      DoublePointer y) {
    // views, which have no memory of their own
    Parallel.forRange(
        rows,
        strip,
        (from, to) ->
            Blas.gemmColumns(
                transposed,
                to - from,
                columns,
                inner,
                alpha,
                a.getPointer(transposed ? (long) from * lda : from),
                lda,
                x,
                ldx,
                beta,
                y.getPointer(from),
                rows));
  }

  private static boolean isLarge(int n, int k, int width) {
    return n >= LEAST_ROWS && most(n, k, width) >= ENOUGH * k;
  }

  /**
   * The largest eigenpairs of an operator without negative eigenvalues.
   *
   * @param n rows of the operator
   * @param count pairs wanted
   * @param width vectors that it is applied to at once
   * @param tolerance residuals over the smallest eigenvalue wanted, at most
   * @param operator takes and gives vectors one after another, not row by row
   * @return null where n is small, and where the steps are given up
   */
  public static LeadingEigen.Pairs pairs(
      int n, int count, int width, double tolerance, BlockKrylov.Operator operator) {
    double[] values = new double[count];
    double[] vectors = new double[Math.multiplyExact(n, count)];
    boolean found =
        isLarge(n, count, width) && iterate(n, count, width, tolerance, operator, values, vectors);
    return found ? new LeadingEigen.Pairs(values, vectors) : null;
  }

  private static boolean iterate(
      int n,
      int count,
      int width,
      double tolerance,
      BlockKrylov.Operator operator,
      double[] values,
      double[] vectors) {
    try (var basis = NativeMemory.doubles((long) n * (most(n, count, width) + width))) {
      return new BlockLanczos(n, count, width, tolerance, operator, basis).iterate(values, vectors);
    }
  }

  private boolean iterate(double[] values, double[] vectors) {
    try (var image = NativeMemory.doubles((long) n * width);
        var spare = NativeMemory.doubles((long) n * width);
        var along = NativeMemory.doubles((long) (most + width) * width)) {
      double[] start = new double[n * width];
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
        int m = size - width;
        if (m >= looks.next) {
          double[] y = new double[m * count];
          if (!leading(m, values, y)) {
            return false;
          }
          if (!(values[0] > 0)) {
            // residuals are told by the size of the values, which says nothing here
            return false;
          }
          double ratio = residual(m, y, rest) / largestResidual(values);
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

  private double largestResidual(double[] values) {
    return Math.max(tolerance * values[count - 1], ROUNDING * values[0]);
  }

  private boolean coincide(double[] values) {
    for (int c = width - 1; c < count; c++) {
      if (values[c - width + 1] - values[c] <= COINCIDENT * values[c]) {
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
        // a little more: one look less is worth a step
        stride = 1.1 * (m - last) * Elementary.log(ratio) / Elementary.log(lastRatio / ratio);
      }
      last = m;
      lastRatio = ratio;
      next = m + (int) Math.max(1, Math.min(LONGEST_STRIDE, stride));
    }
  }

  /** The image of the last vectors, less what it has of the basis. */
  private void step(DoublePointer image, DoublePointer along) {
    int from = size - width;
    // a view: closing it would free the basis
    operator.apply(width, basis.getPointer((long) from * n), image);
    // most of it lies along the last two blocks: once these are out, one pass over all is exact
    int near = Math.max(0, from - width);
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
    strips(true, columns, STRIP / 2, width, n, 1, q, n, image, n, 0, along);
    strips(false, n, STRIP, width, columns, -1, q, n, along, columns, 1, image);
    double[] out = new double[width * width];
    for (int c = 0; c < width; c++) {
      along.getPointer((long) (c + 1) * columns - width).get(out, c * width, width);
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
    size += width;
    double[] r = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        for (int k = i; k <= j; k++) {
          r[i * width + j] += second[k * width + i] * first[j * width + k];
        }
      }
    }
    return r;
  }

  /** Its Cholesky factor; null where there is none. */
  private double[] orthogonalise(DoublePointer from, DoublePointer to) {
    double[] products = new double[width * width];
    try (var small = NativeMemory.doubles(products.length)) {
      Blas.gemmColumns(true, width, width, n, 1, from, n, from, n, 0, small, width);
      small.get(products);
      double[] factor = products.clone();
      if (!SmallCholesky.factor(factor, width)) {
        return null;
      }
      for (int c = 0; c < width; c++) {
        double left = factor[c * width + c];
        if (!(left * left > DEPENDENT * products[c * width + c])) {
          return null;
        }
      }
      small.put(inverted(factor));
      Blas.gemmColumns(false, n, width, width, 1, from, n, small, width, 0, to, n);
      return factor;
    }
  }

  /** The inverse of a lower triangle, row by row. */
  private double[] inverted(double[] factor) {
    double[] out = new double[factor.length];
    for (int c = 0; c < width; c++) {
      for (int i = c; i < width; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = c; k < i; k++) {
          sum -= factor[i * width + k] * out[k * width + c];
        }
        out[i * width + c] = sum / factor[i * width + i];
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
        int block = r / width;
        int i = r % width;
        double[] own = diagonal.get(block);
        for (int j = i; j < width; j++) {
          row[block * width + j] = (own[i * width + j] + own[j * width + i]) / 2;
        }
        for (int j = 0; j < width && (block + 1) * width < m; j++) {
          row[(block + 1) * width + j] = below.get(block)[j * width + i];
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
      for (int i = 0; i < width; i++) {
        double sum = 0;
        for (int j = i; j < width; j++) {
          sum += rest[i * width + j] * y[(c + 1) * m - width + j];
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
      strips(false, n, STRIP, count, m, 1, basis, n, weights, m, 0, out);
      out.get(vectors);
    }
  }
}
