package org.cellweave.integrate.anchors;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.BlockLanczos;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;

/**
 * What {@link GeneSpace} finds among the genes, found among the cells where these are fewer: by
 * products of cells, {@code Z Z'} of one set and {@code Z1 Z2'} of two.
 *
 * <p>Cost for m and n cells of p genes: {@code m n p}, then the eigenvectors of the smaller side;
 * memory {@code (m + n) p}.
 */
final class CellSpace {
  /** Below this share of the largest singular value, squares hold nothing but rounding. */
  private static final double NO_CORRELATION = 1e-7;

  private static final int STRIP = 128;

  private CellSpace() {}

  /** Whether products of the cells of two sets take less time than those of their genes. */
  static boolean serves(ScaledGenes one, ScaledGenes two) {
    return 2L * (one.nCells() + (long) two.nCells()) <= 3L * one.nGenes();
  }

  /** As {@link GeneSpace#principal}. */
  static double[] principal(ScaledGenes cells, int k) {
    int n = cells.nCells();
    int p = cells.nGenes();
    LeadingEigen.Pairs pairs;
    try (var z = cells.packed();
        var products = NativeMemory.doubles((long) n * n)) {
      products(n, n, p, z, z, products);
      pairs = largest(n, k, products, "pca");
    }
    double[] loadings = cells.transposedTimes(byRow(pairs.vectors(), n, k), k);
    GeneSpace.scaleColumns(loadings, inverse(roots(pairs.values())));
    double[] signs = new double[k];
    Arrays.setAll(signs, c -> SymmetricEigen.sign(loadings, c, k, p));
    GeneSpace.scaleColumns(loadings, signs);
    return loadings;
  }

  /** As {@link GeneSpace#canonical}, of standardised cells. */
  static GeneSpace.Correlation canonical(ScaledGenes one, ScaledGenes two, int k) {
    boolean swapped = one.nCells() > two.nCells();
    ScaledGenes few = swapped ? two : one;
    ScaledGenes many = swapped ? one : two;
    int m = few.nCells();
    int n = many.nCells();
    double[] u;
    double[] v = new double[n * k];
    double[] values;
    try (var a = few.packed();
        var b = many.packed();
        var cross = NativeMemory.doubles((long) m * n);
        var square = NativeMemory.doubles((long) m * m);
        var left = NativeMemory.doubles((long) m * k);
        var right = NativeMemory.doubles((long) n * k)) {
      products(m, n, few.nGenes(), a, b, cross);
      products(m, m, n, cross, cross, square);
      var pairs = largest(m, k, square, "cca");
      values = roots(pairs.values());
      u = byRow(pairs.vectors(), m, k);
      left.put(u);
      Blas.gemmTn(n, k, m, cross, n, left, right);
      right.get(v);
    }
    GeneSpace.scaleColumns(v, inverse(values));
    return swapped ? GeneSpace.signed(v, u, values) : GeneSpace.signed(u, v, values);
  }

  /**
   * The largest eigenpairs.
   *
   * @param upper triangle of an n by n matrix; overwritten
   */
  static LeadingEigen.Pairs largest(int n, int k, DoublePointer upper, String purpose) {
    double[] values = new double[k];
    double[] vectors = new double[Math.multiplyExact(n, k)];
    if (!BlockLanczos.largest(n, k, upper, values, vectors)) {
      throw new ConvergenceException(
          purpose
              + " found no "
              + k
              + " directions. Take fewer dimensions, and check the data for extreme values");
    }
    return new LeadingEigen.Pairs(values, vectors);
  }

  /** {@code c = a b'}, in strips of the rows of a. */
  private static void products(
      int m, int n, int p, DoublePointer a, DoublePointer b, DoublePointer c) {
    Parallel.forRange(
        m,
        STRIP,
        (from, to) ->
            // views: closing them would free a and c
            Blas.gemmNt(
                to - from, n, p, a.getPointer((long) from * p), b, c.getPointer((long) from * n)));
  }

  private static double[] byRow(double[] vectors, int n, int k) {
    double[] out = new double[vectors.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = vectors[i % k * n + i / k];
    }
    return out;
  }

  private static double[] roots(double[] values) {
    double[] out = new double[values.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = Math.sqrt(Math.max(0, values[c]));
    }
    return out;
  }

  private static double[] inverse(double[] roots) {
    double[] out = new double[roots.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = roots[c] > NO_CORRELATION * roots[0] ? 1 / roots[c] : 0;
    }
    return out;
  }
}
