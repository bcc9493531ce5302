package org.cellweave.integrate.anchors;

import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.BlockKrylov;
import org.cellweave.linalg.BlockLanczos;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.Parallel;

/**
 * Components of cells found among the genes: principal components of one set, and the common ones
 * of two sets by canonical correlation.
 *
 * <p>Of two sets with standardised cells {@code Z1} and {@code Z2} the singular vectors of {@code
 * Z1 Z2'} are wanted, a matrix of all pairs of cells that is never made: with {@code G = Z'Z} and
 * {@code G1 = R'R} the eigenvectors x of {@code R G2 R'}, a matrix of the genes, give {@code v = Z2
 * R'x / s} and {@code u = Z1 G2 R'x / s^2}, for eigenvalues {@code s^2}. All of it in float64, and
 * converged to far below what the choice of neighbours could notice.
 *
 * <p>Cost: {@code n p^2} for n cells of p genes once, then products of p by p with some twenty
 * blocks of vectors; memory {@code p^2}. Where there are fewer cells than genes, {@link CellSpace}
 * finds the same among the cells.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4096">Butler et al. 2018</a>
 */
final class GeneSpace {
  private static final double TOLERANCE = 1e-6;

  /** Steps of few vectors settle so fast in the end that more costs next to nothing. */
  private static final double SETTLED = 1e-8;

  private static final int WIDTH = 12;
  private static final double NO_CORRELATION = 1e-10;
  private static final double[] RIDGES = {1e-13, 1e-11, 1e-9};
  private static final int STRIP = 256;

  private GeneSpace() {}

  /**
   * @param first cells of the first set by dimensions, columns of length one
   * @param second cells of the second set
   * @param values singular values
   */
  record Correlation(double[] first, double[] second, double[] values) {}

  /**
   * Directions of largest square of the scaled values, which are centred up to their clipping.
   *
   * @return genes by k, row by row; the largest entry of every column is positive
   */
  static double[] principal(ScaledGenes cells, int k) {
    return principal(cells, k, false);
  }

  /**
   * As {@link #principal(ScaledGenes, int)}.
   *
   * @param narrow by products in float32, for distances that only weigh
   */
  static double[] principal(ScaledGenes cells, int k, boolean narrow) {
    int p = cells.nGenes();
    if (cells.nCells() < p) {
      return CellSpace.principal(cells, k);
    }
    try (var gram = narrow ? cells.narrowGram() : cells.upperGram()) {
      return byRow(CellSpace.largest(p, k, gram, "pca"), p, k);
    }
  }

  /** Vectors in columns; the largest entry of each is positive. */
  private static double[] byRow(LeadingEigen.Pairs pairs, int p, int k) {
    double[] out = new double[p * k];
    for (int c = 0; c < k; c++) {
      double sign = SymmetricEigen.sign(pairs.vectors(), c * p, 1, p);
      for (int g = 0; g < p; g++) {
        out[g * k + c] = sign * pairs.vectors()[c * p + g];
      }
    }
    return out;
  }

  /** Standardised cells with their products of genes, once wanted; the caller closes it. */
  static final class Factor implements AutoCloseable {
    private final ScaledGenes cells;
    private DoublePointer gram;
    private DoublePointer root;

    private Factor(ScaledGenes cells) {
      this.cells = cells;
    }

    static Factor of(ScaledGenes scaled) {
      return new Factor(scaled.standardised());
    }

    /** G. */
    synchronized DoublePointer gram() {
      if (gram == null) {
        gram = cells.gram();
      }
      return gram;
    }

    /** R of {@code G + r I = R'R}: cells that sum to zero leave G without full rank. */
    synchronized DoublePointer root() {
      if (root == null) {
        root = rootOf(gram(), cells.nGenes());
      }
      return root;
    }

    @Override
    public synchronized void close() {
      if (gram != null) {
        gram.close();
      }
      if (root != null) {
        root.close();
      }
    }
  }

  /**
   * Both sets on the same genes. The first cell of the first set is not negative in any dimension.
   */
  static Correlation canonical(ScaledGenes first, ScaledGenes second, int k) {
    try (var one = Factor.of(first);
        var two = Factor.of(second)) {
      return canonical(one, two, k);
    }
  }

  static Correlation canonical(Factor one, Factor two, int k) {
    int p = one.cells.nGenes();
    if (CellSpace.serves(one.cells, two.cells)) {
      return CellSpace.canonical(one.cells, two.cells, k);
    }
    DoublePointer root = one.root();
    DoublePointer gram = two.gram();
    var pairs =
        BlockLanczos.pairs(
            p, k, WIDTH, SETTLED, (nVectors, x, y) -> byColumns(p, nVectors, root, gram, x, y));
    if (pairs == null) {
      pairs =
          BlockKrylov.pairs(
              p,
              k,
              TOLERANCE,
              "cca",
              (nVectors, x, y) -> {
                try (var a = NativeMemory.doubles((long) p * nVectors);
                    var b = NativeMemory.doubles((long) p * nVectors)) {
                  transposedProduct(p, nVectors, root, x, a);
                  product(p, nVectors, gram, a, b);
                  product(p, nVectors, root, b, y);
                }
              });
    }
    return placed(one.cells, two.cells, root, gram, pairs, k);
  }

  /** {@code y = R G2 R' x} of vectors one after another; R is zero below its diagonal. */
  private static void byColumns(
      int p, int k, DoublePointer root, DoublePointer gram, DoublePointer x, DoublePointer y) {
    try (var b = NativeMemory.doubles((long) p * k)) {
      // row by row R is R' column by column; views: closing them would free what they are views of
      Parallel.forRange(
          p,
          STRIP,
          (from, to) ->
              Blas.gemmColumns(
                  false,
                  to - from,
                  k,
                  to,
                  1,
                  root.getPointer(from),
                  p,
                  x,
                  p,
                  0,
                  y.getPointer(from),
                  p));
      Parallel.forRange(
          p,
          STRIP,
          (from, to) ->
              Blas.gemmColumns(
                  true,
                  to - from,
                  k,
                  p,
                  1,
                  gram.getPointer((long) from * p),
                  p,
                  y,
                  p,
                  0,
                  b.getPointer(from),
                  p));
      Parallel.forRange(
          p,
          STRIP,
          (from, to) ->
              Blas.gemmColumns(
                  true,
                  to - from,
                  k,
                  p - from,
                  1,
                  root.getPointer((long) from * p + from),
                  p,
                  b.getPointer(from),
                  p,
                  0,
                  y.getPointer(from),
                  p));
    }
  }

  private static Correlation placed(
      ScaledGenes one,
      ScaledGenes two,
      DoublePointer root,
      DoublePointer gram,
      LeadingEigen.Pairs pairs,
      int k) {
    int p = one.nGenes();
    double[] values = new double[k];
    double[] inverse = new double[k];
    for (int c = 0; c < k; c++) {
      values[c] = Math.sqrt(Math.max(0, pairs.values()[c]));
      inverse[c] = values[c] > NO_CORRELATION * values[0] ? 1 / values[c] : 0;
    }
    double[] ofSecond = new double[p * k];
    double[] ofFirst = new double[p * k];
    try (var x = NativeMemory.doubles((long) p * k);
        var t = NativeMemory.doubles((long) p * k)) {
      x.put(byRow(pairs, p, k));
      transposedProduct(p, k, root, x, t);
      t.get(ofSecond);
      scaleColumns(ofSecond, inverse);
      t.put(ofSecond);
      product(p, k, gram, t, x);
      x.get(ofFirst);
      scaleColumns(ofFirst, inverse);
    }
    return signed(one.times(ofFirst, k), two.times(ofSecond, k), values);
  }

  /** With the first cell of the first set not negative in any dimension. */
  static Correlation signed(double[] u, double[] v, double[] values) {
    double[] signs = new double[values.length];
    for (int c = 0; c < signs.length; c++) {
      signs[c] = u[c] < 0 ? -1 : 1;
    }
    scaleColumns(u, signs);
    scaleColumns(v, signs);
    return new Correlation(u, v, values);
  }

  static void scaleColumns(double[] x, double[] factors) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factors[i % factors.length];
    }
  }

  private static DoublePointer rootOf(DoublePointer gram, int p) {
    double trace = 0;
    for (int g = 0; g < p; g++) {
      trace += gram.get((long) g * p + g);
    }
    double[] row = new double[p];
    for (double ridge : RIDGES) {
      var root = NativeMemory.doubles((long) p * p);
      for (int g = 0; g < p; g++) {
        gram.getPointer((long) g * p).get(row);
        row[g] += ridge * trace;
        root.position((long) g * p).put(row);
      }
      root.position(0);
      if (trace > 0 && Blas.cholesky(p, root)) {
        clearBelow(p, root);
        return root;
      }
      root.close();
    }
    throw new IllegalArgumentException(
        "cca: no cell of a batch varies over the " + p + " genes. Choose genes that vary");
  }

  private static void clearBelow(int p, DoublePointer a) {
    double[] zeros = new double[p];
    for (int i = 1; i < p; i++) {
      a.position((long) i * p).put(zeros, 0, i);
    }
    a.position(0);
  }

  /** {@code y = a x} for square a, in strips of rows. */
  private static void product(int p, int k, DoublePointer a, DoublePointer x, DoublePointer y) {
    Parallel.forRange(
        p,
        STRIP,
        (from, to) ->
            // views: closing them would free a and y
            Blas.gemmNn(
                to - from, k, p, a.getPointer((long) from * p), x, y.getPointer((long) from * k)));
  }

  /** {@code y = a' x} for square a, in strips of the columns of a. */
  private static void transposedProduct(
      int p, int k, DoublePointer a, DoublePointer x, DoublePointer y) {
    Parallel.forRange(
        p,
        STRIP,
        (from, to) ->
            Blas.gemmTn(to - from, k, p, a.getPointer(from), p, x, y.getPointer((long) from * k)));
  }
}
