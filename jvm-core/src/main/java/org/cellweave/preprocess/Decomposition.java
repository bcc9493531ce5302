package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.Mask;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.products.RowProjection;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Progress;

/**
 * One run of {@link Pca}: moments, eigenvectors by the solver chosen, signs, scores.
 *
 * <p>Eigenvectors are kept one after another, {@code k} vectors of {@code p} genes.
 */
final class Decomposition {
  private static final int LARGEST_GRAM = 8000;
  private static final int DEFAULT_COMPS = 50;
  private static final double NO_VARIANCE = 1e-13;
  private static final double DEPENDENT = 1e-8;
  private static final double ACCURACY = 1e-12;

  private final Matrix x;
  private final Rows rows;
  private final Pca.Params params;
  private final Progress progress;
  private final int[] genes;

  /** The matrix, or the chosen genes of a sparse one where they are fewer than half of all. */
  private final Matrix used;

  /** Columns of the chosen genes in what is used. */
  private final int[] columns;

  private final int[] position;
  private final int n;
  private final int p;
  private final int k;
  private final Pca.Solver solver;
  private double[] mean;
  private double totalVariance;

  Decomposition(Matrix x, boolean[] geneMask, Pca.Params params, Progress progress) {
    this.x = x;
    this.params = params;
    this.progress = progress;
    this.genes = genes(geneMask, x.nCols());
    this.n = x.nRows();
    this.p = genes.length;
    this.k = components();
    boolean few = x.isSparse() && 2L * p < x.nCols();
    this.used = few ? x.takeCols(genes) : x;
    this.columns = few ? genes(null, p) : genes;
    this.position = new int[used.nCols()];
    Arrays.fill(position, -1);
    for (int g = 0; g < p; g++) {
      position[columns[g]] = g;
    }
    this.solver = choose();
    this.rows = Rows.of(used);
  }

  private static int[] genes(boolean[] mask, int nCols) {
    if (mask != null) {
      return Mask.indicesOf(mask);
    }
    int[] all = new int[nCols];
    Arrays.setAll(all, j -> j);
    return all;
  }

  private int components() {
    int side = Math.min(n, p);
    int wanted =
        params.nComps() != null ? params.nComps() : Math.min(DEFAULT_COMPS, Math.max(1, side - 1));
    if (side < 2) {
      throw new IllegalArgumentException(
          "principal components need at least 2 cells and 2 genes, got "
              + n
              + " cells and "
              + p
              + " genes; loosen the filters before");
    }
    boolean full = params.solver() == Pca.Solver.COVARIANCE || params.solver() == Pca.Solver.GRAM;
    if (wanted > side || (wanted == side && !full)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "nComps must be smaller than the number of cells (%d) and of genes used (%d), got"
                  + " %d. Pass nComps = %d or less",
              n,
              p,
              wanted,
              side - 1));
    }
    return wanted;
  }

  private Pca.Solver choose() {
    if (params.solver() != Pca.Solver.AUTO) {
      return params.solver();
    }
    if (Math.min(n, p) > LARGEST_GRAM) {
      return Pca.Solver.ARPACK;
    }
    return p <= n ? Pca.Solver.COVARIANCE : Pca.Solver.GRAM;
  }

  Pca.Result result() {
    moments();
    double[] values = new double[k];
    double[] vectors =
        switch (solver) {
          case COVARIANCE -> covariance(values);
          case GRAM -> gram(values);
          default -> arpack(values);
        };
    fixSigns(vectors);
    double[] basis = new double[p * k];
    double[] offset = new double[k];
    for (int c = 0; c < k; c++) {
      for (int g = 0; g < p; g++) {
        double v = vectors[c * p + g];
        basis[g * k + c] = v;
        offset[c] += params.zeroCenter() ? v * mean[g] : 0;
      }
    }
    var scores = new RowProjection(rows, position, basis, offset).run(null, params.dtype());
    double[] variance = new double[k];
    double[] ratio = new double[k];
    double[] plain = params.zeroCenter() ? null : scores.colMoments(0).variance();
    for (int c = 0; c < k; c++) {
      variance[c] = plain != null ? plain[c] : Math.max(0, values[c]) / (n - 1);
      ratio[c] = variance[c] / totalVariance;
    }
    return new Pca.Result(scores, loadings(basis), variance, ratio, solver);
  }

  private void moments() {
    var sums = GroupSums.whole(rows).collect(GroupSums.PLAIN)[0];
    if (!sums.isFinite()) {
      throw Finite.sumsRefused(x, "X", "pca");
    }
    mean = new double[p];
    for (int g = 0; g < p; g++) {
      mean[g] = sums.mean(columns[g], n);
      totalVariance += sums.variance(columns[g], n);
    }
    if (!params.zeroCenter()) {
      totalVariance *= (n - 1) / (double) n;
    }
    if (!(totalVariance > 0)) {
      throw new IllegalArgumentException(
          "pca: all " + p + " genes used are constant, so there is no direction of variance");
    }
  }

  // ------------------------------------------------------------------------ solvers

  private double[] covariance(double[] values) {
    var product = new CrossProduct(rows, position, p);
    boolean dense = !used.isSparse() || CrossProduct.prefersDense(used.nnz(), n, used.nCols());
    double[] sums = new double[p];
    try (DoublePointer c =
        dense ? product.dense(params.zeroCenter() ? mean : null) : product.sparse(sums)) {
      if (!dense && params.zeroCenter()) {
        subtract(c, p, (i, j) -> sums[i] * mean[j]);
      }
      return eigen(c, p, values);
    }
  }

  private double[] gram(double[] values) {
    var transposed = transposed();
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    var product = new CrossProduct(transposed, all, n);
    boolean dense = !used.isSparse() || CrossProduct.prefersDense(used.nnz(), n, used.nCols());
    double[] cellVectors;
    try (DoublePointer c = dense ? product.dense(null) : product.sparse(new double[n])) {
      if (params.zeroCenter()) {
        double[] along = alongMean();
        double square = 0;
        for (double m : mean) {
          square += m * m;
        }
        double constant = square;
        subtract(c, n, (i, j) -> along[i] + along[j] - constant);
      }
      cellVectors = eigen(c, n, values);
    }
    return genesFromCells(transposed, cellVectors, values);
  }

  private Rows transposed() {
    boolean whole = columns.length == used.nCols();
    if (used instanceof DenseMatrix dense) {
      return Rows.of((whole ? dense : dense.takeCols(columns)).transpose());
    }
    CsrMatrix csr = used.toCsr();
    return Rows.of((whole ? csr : csr.takeCols(columns)).transposeToCsr());
  }

  /** Inner product of every cell with the mean. */
  private double[] alongMean() {
    double[] out = new double[n];
    rows.forEach(
        (i, at, start, v, count) -> {
          double sum = 0;
          for (int q = 0; q < count; q++) {
            int g = position[at[start + q]];
            sum += g >= 0 ? v[q] * mean[g] : 0;
          }
          out[i] = sum;
        });
    return out;
  }

  /** {@code X^T u / sqrt(lambda)}, centred; directions without variance are filled up. */
  private double[] genesFromCells(Rows transposed, double[] u, double[] values) {
    double[] sums = new double[k];
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < n; i++) {
        sums[c] += params.zeroCenter() ? u[c * n + i] : 0;
      }
    }
    double[] out = new double[p * k];
    transposed.forEach(
        (g, at, start, v, count) -> {
          for (int c = 0; c < k; c++) {
            double sum = -mean[g] * sums[c];
            for (int q = 0; q < count; q++) {
              sum += v[q] * u[c * n + at[start + q]];
            }
            out[c * p + g] = sum;
          }
        });
    orthonormalise(out, values);
    return out;
  }

  /** What has no variance is replaced by unit vectors that stand at right angles to the rest. */
  private void orthonormalise(double[] vectors, double[] values) {
    int known = 0;
    while (known < k && values[known] > NO_VARIANCE * values[0]) {
      known++;
    }
    double[][] columns = new double[k == known ? k : Math.min(known + p, 2 * k)][];
    double[] least = new double[columns.length];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new double[p];
      if (c < known) {
        System.arraycopy(vectors, c * p, columns[c], 0, p);
      } else {
        columns[c][c - known] = 1;
      }
      least[c] = DEPENDENT * OrthonormalBasis.length(columns[c]);
    }
    double[][] q = OrthonormalBasis.of(columns, least).q();
    for (int c = 0; c < k; c++) {
      System.arraycopy(q[c], 0, vectors, c * p, p);
    }
  }

  private double[] arpack(double[] values) {
    // ARPACK wants more dimensions than vectors; the added ones are empty.
    int size = Math.max(p, k + 2);
    var task =
        new LeadingEigen.Task(
            size,
            k,
            LeadingEigen.Order.LARGEST,
            ACCURACY,
            params.seed(),
            "pca",
            "Take fewer components, and check X for extreme values.");
    int[] steps = new int[1];
    var pairs =
        LeadingEigen.pairs(
            task,
            (v, out) -> {
              progress.step("pca", ++steps[0], 0, Double.NaN);
              applyCovariance(v, out);
            });
    System.arraycopy(pairs.values(), 0, values, 0, k);
    double[] vectors = new double[p * k];
    for (int c = 0; c < k; c++) {
      System.arraycopy(pairs.vectors(), c * size, vectors, c * p, p);
    }
    return vectors;
  }

  /** {@code X^T X v}, centred, in one walk over the rows. */
  private void applyCovariance(double[] v, double[] out) {
    double along = 0;
    for (int g = 0; g < p; g++) {
      along += params.zeroCenter() ? mean[g] * v[g] : 0;
    }
    double shift = along;
    double[] total =
        rows.sums(
            p + 1,
            sum ->
                (i, at, start, value, count) -> {
                  double s = -shift;
                  for (int q = 0; q < count; q++) {
                    int g = position[at[start + q]];
                    s += g >= 0 ? value[q] * v[g] : 0;
                  }
                  for (int q = 0; q < count; q++) {
                    int g = position[at[start + q]];
                    if (g >= 0) {
                      sum[g] += s * value[q];
                    }
                  }
                  sum[p] += s;
                });
    Arrays.fill(out, 0);
    for (int g = 0; g < p; g++) {
      out[g] = total[g] - (params.zeroCenter() ? total[p] * mean[g] : 0);
    }
  }

  @FunctionalInterface
  private interface Entry {
    double at(int i, int j);
  }

  private static void subtract(DoublePointer c, int size, Entry entry) {
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      c.position((long) i * size).get(row);
      for (int j = i; j < size; j++) {
        row[j] -= entry.at(i, j);
      }
      c.put(row);
    }
    c.position(0);
  }

  private double[] eigen(DoublePointer c, int size, double[] values) {
    progress.step("pca", 1, 1, Double.NaN);
    double[] vectors = new double[size * k];
    if (!Blas.largestEigen(size, k, c, values, vectors)) {
      throw new ConvergenceException(
          "pca: LAPACK found no eigenvectors. Try solver = ARPACK, and check X for extreme"
              + " values");
    }
    return vectors;
  }

  // ------------------------------------------------------------------------- output

  private void fixSigns(double[] vectors) {
    for (int c = 0; c < k; c++) {
      double largest = 0;
      for (int g = 0; g < p; g++) {
        double v = vectors[c * p + g];
        largest = Math.abs(v) > Math.abs(largest) ? v : largest;
      }
      for (int g = 0; g < p && largest < 0; g++) {
        vectors[c * p + g] = -vectors[c * p + g];
      }
    }
  }

  private DenseMatrix loadings(double[] basis) {
    var out = DenseMatrix.zeros(x.nCols(), k, DType.FLOAT64);
    for (int g = 0; g < p; g++) {
      out.setRow(genes[g], Arrays.copyOfRange(basis, g * k, (g + 1) * k));
    }
    return out;
  }
}
