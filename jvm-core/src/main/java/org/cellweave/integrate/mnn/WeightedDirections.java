package org.cellweave.integrate.mnn;

import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.linalg.BlockLanczos;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.util.ConvergenceException;

/**
 * Leading eigenpairs of {@code A'A - t m m'}, where A has the rows of a matrix times a factor each:
 * of the matrix itself up to some thousand columns, of the operator beyond.
 */
final class WeightedDirections {
  private static final int LARGEST_PRODUCT = 8000;
  private static final double ACCURACY = 1e-13;

  private final Rows rows;
  private final boolean dense;
  private final ChosenGenes genes;
  private final double[] factors;
  private final double[] mean;
  private final double total;

  /**
   * @param factors one for every row
   * @param mean one for every column of x
   * @param total t
   */
  WeightedDirections(Matrix x, ChosenGenes genes, double[] factors, double[] mean, double total) {
    this.rows = Rows.of(x);
    this.dense = !x.isSparse() || CrossProduct.prefersDense(x.nnz(), x.nRows(), x.nCols());
    this.genes = genes;
    this.factors = factors;
    this.mean = mean;
    this.total = total;
  }

  /**
   * @param values largest first
   * @param vectors row-major, genes by directions; the largest entry of each is positive
   */
  record Pairs(double[] values, double[] vectors) {}

  Pairs leading(int k) {
    return leading(k, genes.size() <= LARGEST_PRODUCT || k + 2 > genes.size());
  }

  /**
   * @param product by the matrix itself
   */
  Pairs leading(int k, boolean product) {
    int p = genes.size();
    double[] values = new double[k];
    double[] packed = new double[p * k];
    if (!product) {
      ofOperator(k, values, packed);
    } else {
      ofProduct(k, values, packed);
    }
    double[] vectors = new double[p * k];
    for (int c = 0; c < k; c++) {
      double sign = SymmetricEigen.sign(packed, c * p, 1, p);
      for (int g = 0; g < p; g++) {
        vectors[g * k + c] = sign * packed[c * p + g];
      }
    }
    return new Pairs(values, vectors);
  }

  private void ofProduct(int k, double[] values, double[] packed) {
    int p = genes.size();
    var product = new CrossProduct(rows, factors, genes.place(), p);
    try (DoublePointer upper = dense ? product.dense(null) : product.sparse(new double[p])) {
      double[] row = new double[p];
      for (int i = 0; i < p; i++) {
        upper.position((long) i * p).get(row);
        double along = total * mean[genes.columns()[i]];
        for (int j = i; j < p; j++) {
          row[j] -= along * mean[genes.columns()[j]];
        }
        upper.put(row);
      }
      upper.position(0);
      if (!BlockLanczos.largest(p, k, upper, values, packed)) {
        throw new ConvergenceException(
            "multiBatchPca: LAPACK found no eigenvectors. Check X for extreme values");
      }
    }
  }

  private void ofOperator(int k, double[] values, double[] packed) {
    int p = genes.size();
    var task =
        new LeadingEigen.Task(
            p,
            k,
            LeadingEigen.Order.LARGEST,
            ACCURACY,
            0,
            "multiBatchPca",
            "Take a smaller d, and check X for extreme values.");
    var pairs = LeadingEigen.pairs(task, this::applyRows);
    System.arraycopy(pairs.values(), 0, values, 0, k);
    System.arraycopy(pairs.vectors(), 0, packed, 0, packed.length);
  }

  private void applyRows(double[] v, double[] out) {
    int p = genes.size();
    int[] place = genes.place();
    double[] sums =
        rows.sums(
            p,
            sum ->
                (i, at, start, value, n) -> {
                  double along = 0;
                  for (int q = 0; q < n; q++) {
                    int g = place[at[start + q]];
                    along += g < 0 ? 0 : value[q] * v[g];
                  }
                  along *= factors[i] * factors[i];
                  for (int q = 0; q < n; q++) {
                    int g = place[at[start + q]];
                    if (g >= 0) {
                      sum[g] += along * value[q];
                    }
                  }
                });
    double along = 0;
    for (int g = 0; g < p; g++) {
      along += mean[genes.columns()[g]] * v[g];
    }
    for (int g = 0; g < p; g++) {
      out[g] = sums[g] - total * along * mean[genes.columns()[g]];
    }
  }
}
