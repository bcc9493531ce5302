package org.cellweave.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.random.Streams;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;

/**
 * The largest eigenpairs of a symmetric operator without negative eigenvalues, which is applied to
 * many vectors at once: block Lanczos steps, orthogonalised in full and twice, until the residuals
 * of all wanted pairs are below a share of their eigenvalue. Where single vectors are cheap, {@link
 * LeadingEigen} needs less memory.
 *
 * <p>A small operator is written out and solved as a whole. The start is drawn from a fixed stream:
 * nothing depends on a seed. Cost for s steps of b vectors: {@code s} applications and {@code n b^2
 * s^2}; memory {@code n b s}.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898719628">Saad 2011, chapter 6</a>
 */
public final class BlockKrylov {
  private static final int SMALL = 400;
  private static final int EXTRA = 16;
  private static final int FIRST_LOOK = 4;
  private static final int LOOK = 2;
  private static final double DEPENDENT = 1e-10;

  private final int n;
  private final int count;
  private final double tolerance;
  private final Operator operator;

  /** Orthonormal columns so far, one array each. */
  private final List<double[]> basis = new ArrayList<>();

  /** The same columns for products, a row-major block for each step. */
  private final List<DoublePointer> packed = new ArrayList<>();

  /** {@code q' A q} of the columns, row by row as far as it is known. */
  private final List<double[]> projected = new ArrayList<>();

  private BlockKrylov(int n, int count, double tolerance, Operator operator) {
    this.n = n;
    this.count = count;
    this.tolerance = tolerance;
    this.operator = operator;
  }

  /** Computes {@code y = A x} of several vectors. */
  @FunctionalInterface
  public interface Operator {
    /**
     * @param nVectors columns of x and y, which are row-major and off-heap
     */
    void apply(int nVectors, DoublePointer x, DoublePointer y);
  }

  /**
   * @param n rows of the operator
   * @param count pairs wanted, at most n
   * @param tolerance residuals over the smallest eigenvalue wanted, at most
   * @param purpose for the message of a failure
   * @return values largest first; vectors one after another
   * @throws ConvergenceException when the steps span the whole space and do not settle
   */
  public static LeadingEigen.Pairs pairs(
      int n, int count, double tolerance, String purpose, Operator operator) {
    var run = new BlockKrylov(n, count, tolerance, operator);
    if (n <= Math.max(SMALL, 4 * count)) {
      return run.whole();
    }
    LeadingEigen.Pairs found;
    try {
      found = run.iterate();
    } finally {
      run.packed.forEach(DoublePointer::close);
    }
    if (found == null) {
      throw new ConvergenceException(
          purpose
              + " found no "
              + count
              + " directions in a space of "
              + run.basis.size()
              + ". Take fewer dimensions, and check the data for extreme values");
    }
    return found;
  }

  private LeadingEigen.Pairs whole() {
    double[][] identity = new double[n][n];
    for (int c = 0; c < n; c++) {
      identity[c][c] = 1;
    }
    double[][] a = applied(identity);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        a[i][j] = (a[i][j] + a[j][i]) / 2;
      }
    }
    var eigen = SymmetricEigen.of(a);
    double[] vectors = new double[Math.multiplyExact(n, count)];
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < n; i++) {
        vectors[c * n + i] = eigen.vectors()[i][c];
      }
    }
    return new LeadingEigen.Pairs(Arrays.copyOf(eigen.values(), count), vectors);
  }

  private LeadingEigen.Pairs iterate() {
    int width = Math.min(n, count + EXTRA);
    double[][] block = new double[width][n];
    for (int c = 0; c < width; c++) {
      var random = Streams.of(0, c);
      for (int i = 0; i < n; i++) {
        block[c][i] = random.nextGaussian();
      }
    }
    var next = OrthonormalBasis.of(block, new double[width]);
    for (int step = 1; basis.size() < n; step++) {
      Parallel.checkInterrupted();
      double[][] q = next.q();
      int from = basis.size();
      basis.addAll(Arrays.asList(q));
      packed.add(packed(q));
      double[][] image = applied(q);
      double[] before = lengths(image);
      project(image, from);
      next = OrthonormalBasis.of(image, least(before));
      boolean invariant = next.rank() == 0;
      if (basis.size() >= count && (invariant || (step >= FIRST_LOOK && step % LOOK == 0))) {
        var found = ritz(next, q.length, invariant);
        if (found != null) {
          return found;
        }
      }
      if (invariant) {
        break;
      }
    }
    return basis.size() >= count ? ritz(next, 0, true) : null;
  }

  private static double[] lengths(double[][] columns) {
    return Arrays.stream(columns).mapToDouble(OrthonormalBasis::length).toArray();
  }

  private static double[] least(double[] lengths) {
    double largest = Arrays.stream(lengths).max().orElse(0);
    return Arrays.stream(lengths).map(l -> DEPENDENT * largest).toArray();
  }

  /** {@code A} times some columns. */
  private double[][] applied(double[][] columns) {
    int width = columns.length;
    try (var x = packed(columns);
        var y = NativeMemory.doubles((long) n * width)) {
      operator.apply(width, x, y);
      return unpacked(y, width);
    }
  }

  /** Columns as the rows of a block. */
  private DoublePointer packed(double[][] columns) {
    int width = columns.length;
    double[] rows = new double[n * width];
    for (int c = 0; c < width; c++) {
      for (int i = 0; i < n; i++) {
        rows[i * width + c] = columns[c][i];
      }
    }
    return NativeMemory.doubles(rows.length).put(rows);
  }

  private double[][] unpacked(DoublePointer block, int width) {
    double[] rows = new double[n * width];
    block.get(rows);
    double[][] out = new double[width][n];
    for (int c = 0; c < width; c++) {
      for (int i = 0; i < n; i++) {
        out[c][i] = rows[i * width + c];
      }
    }
    return out;
  }

  /** Takes the basis out of the images of its last columns, and keeps what there was of it. */
  private void project(double[][] image, int from) {
    for (int c = 0; c < image.length; c++) {
      projected.add(new double[basis.size()]);
    }
    int width = image.length;
    try (var y = packed(image);
        var shift = NativeMemory.doubles((long) n * width)) {
      double[] rows = new double[n * width];
      for (int pass = 0; pass < 2; pass++) {
        int first = 0;
        for (DoublePointer q : packed) {
          int columns = (int) (q.limit() / n);
          remove(q, columns, y, shift, width, rows, from, first);
          first += columns;
        }
      }
      double[][] left = unpacked(y, width);
      System.arraycopy(left, 0, image, 0, width);
    }
  }

  /** Takes one block of the basis out of y. */
  private void remove(
      DoublePointer q,
      int columns,
      DoublePointer y,
      DoublePointer shift,
      int width,
      double[] rows,
      int from,
      int first) {
    double[] share = new double[columns * width];
    double[] taken = new double[rows.length];
    try (var along = NativeMemory.doubles(share.length)) {
      Blas.gemmTn(columns, width, n, q, columns, y, along);
      along.get(share);
      Blas.gemmNn(n, width, columns, q, along, shift);
    }
    shift.get(taken);
    y.get(rows);
    for (int i = 0; i < rows.length; i++) {
      rows[i] -= taken[i];
    }
    y.put(rows);
    for (int k = 0; k < columns; k++) {
      for (int c = 0; c < width; c++) {
        projected.get(from + c)[first + k] += share[k * width + c];
      }
    }
  }

  private static void subtract(double[] from, double factor, double[] what) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * what[i];
    }
  }

  /**
   * The eigenpairs of the operator within the basis, or null where they have not settled.
   *
   * @param next what the images of the last {@code width} columns have beyond the basis
   */
  private LeadingEigen.Pairs ritz(OrthonormalBasis next, int width, boolean settled) {
    int m = basis.size();
    double[] values = new double[count];
    double[] y = new double[Math.multiplyExact(m, count)];
    if (!leading(m, values, y)) {
      return null;
    }
    for (int c = 0; c < count && !settled; c++) {
      double residual = 0;
      for (double[] row : next.r()) {
        double sum = 0;
        for (int k = 0; k < row.length; k++) {
          sum += row[k] * y[c * m + m - width + next.kept()[k]];
        }
        residual += sum * sum;
      }
      if (Math.sqrt(residual) > tolerance * values[count - 1]) {
        return null;
      }
    }
    double[] vectors = new double[Math.multiplyExact(n, count)];
    Parallel.forBlocks(
        count,
        c -> {
          double[] sum = new double[n];
          for (int k = 0; k < m; k++) {
            subtract(sum, -y[c * m + k], basis.get(k));
          }
          System.arraycopy(sum, 0, vectors, c * n, n);
        });
    return new LeadingEigen.Pairs(values, vectors);
  }

  /** The leading eigenpairs of the projected operator, vectors one after another. */
  private boolean leading(int m, double[] values, double[] vectors) {
    double[] row = new double[m];
    try (var t = NativeMemory.doubles((long) m * m)) {
      for (int r = 0; r < m; r++) {
        // an array holds what is left of its column: the upper triangle is that of later ones
        for (int c = r; c < m; c++) {
          double[] known = projected.get(c);
          row[c] = r < known.length ? known[r] : 0;
        }
        t.position((long) r * m).put(row);
      }
      t.position(0);
      return Blas.largestEigen(m, count, t, values, vectors);
    }
  }
}
