package org.cellweave.integrate.combat;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/** Least squares of every gene on batches and covariates, and the adjustment, by gene blocks. */
final class LocationScaleModel {
  private static final int GENES_PER_BLOCK = 256;

  /** Residual variance below this share of the mean square is rounding. */
  private static final double NO_VARIANCE = 1e-20;

  private final DenseMatrix x;
  private final DenseMatrix out;
  private final int[] codes;
  private final int[] sizes;
  private final CombatDesign design;
  private final int reference;
  private final int nGenes;
  private final double[][] batchMean;
  private final double[][] beta;
  private final double[][] batchSquares;
  private final double[] mean;
  private final double[] std;

  /**
   * @param reference batch whose cells set mean and variance; -1 for all cells
   */
  LocationScaleModel(Matrix input, int[] codes, int[] sizes, CombatDesign design, int reference) {
    boolean direct = input instanceof DenseMatrix;
    this.x = direct ? (DenseMatrix) input : dense(input);
    this.out = direct ? DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT32) : x;
    this.codes = codes;
    this.sizes = sizes;
    this.design = design;
    this.reference = reference;
    this.nGenes = x.nCols();
    this.batchMean = new double[sizes.length][nGenes];
    this.batchSquares = new double[sizes.length][nGenes];
    this.beta = new double[design.rank()][nGenes];
    this.mean = new double[nGenes];
    this.std = new double[nGenes];
  }

  /** A fresh dense copy that may be overwritten. */
  private static DenseMatrix dense(Matrix sparse) {
    DenseMatrix d =
        sparse instanceof CsrMatrix csr ? csr.toFloat32().toDense() : sparse.toDense().toFloat32();
    return d.withDType(DType.FLOAT32);
  }

  int nGenes() {
    return nGenes;
  }

  /** False when a sum is not finite. */
  boolean fit() {
    int blocks = Parallel.nBlocks(nGenes, GENES_PER_BLOCK);
    boolean[] finite = new boolean[blocks];
    Parallel.forBlocks(
        blocks,
        k -> {
          int from = k * GENES_PER_BLOCK;
          int g = Math.min(GENES_PER_BLOCK, nGenes - from);
          sums(from, g);
          finite[k] = centres(from, g);
          residuals(from, g);
        });
    for (boolean f : finite) {
      if (!f) {
        return false;
      }
    }
    return true;
  }

  /** Sums per batch, and products with the covariates. */
  private void sums(int from, int g) {
    int q = design.rank();
    double[] basis = design.basis();
    double[] row = new double[g];
    double[] sum = new double[sizes.length * g];
    double[] cross = new double[q * g];
    for (int i = 0; i < codes.length; i++) {
      x.readRow(i, from, g, row);
      int at = codes[i] * g;
      for (int j = 0; j < g; j++) {
        sum[at + j] += row[j];
      }
      for (int k = 0; k < q; k++) {
        double w = basis[i * q + k];
        for (int j = 0; j < g; j++) {
          cross[k * g + j] += w * row[j];
        }
      }
    }
    for (int b = 0; b < sizes.length; b++) {
      System.arraycopy(sum, b * g, batchMean[b], from, g);
    }
    for (int k = 0; k < q; k++) {
      System.arraycopy(cross, k * g, beta[k], from, g);
    }
  }

  /** Turns the sums into means; false when one is not finite. */
  private boolean centres(int from, int g) {
    double check = 0;
    for (int j = from; j < from + g; j++) {
      double total = 0;
      for (int b = 0; b < sizes.length; b++) {
        total += batchMean[b][j];
        batchMean[b][j] /= sizes[b];
      }
      mean[j] = total / codes.length;
      check += 0 * total;
    }
    return check == 0;
  }

  private void residuals(int from, int g) {
    double[] row = new double[g];
    double[] square = new double[sizes.length * g];
    double[] centre = new double[sizes.length * g];
    for (int b = 0; b < sizes.length; b++) {
      System.arraycopy(batchMean[b], from, centre, b * g, g);
    }
    for (int i = 0; i < codes.length; i++) {
      x.readRow(i, from, g, row);
      int at = codes[i] * g;
      addFit(i, from, -1, row, g);
      for (int j = 0; j < g; j++) {
        double d = row[j] - centre[at + j];
        square[at + j] += d * d;
      }
    }
    for (int b = 0; b < sizes.length; b++) {
      System.arraycopy(square, b * g, batchSquares[b], from, g);
    }
    for (int j = from; j < from + g; j++) {
      double total = 0;
      double level = 0;
      for (int b = 0; b < sizes.length; b++) {
        total += batchSquares[b][j];
        level += sizes[b] * batchMean[b][j] * batchMean[b][j];
      }
      std[j] = total <= NO_VARIANCE * (level + total) ? 0 : Math.sqrt(total / codes.length);
      if (reference >= 0) {
        refer(j);
      }
    }
  }

  /** Mean and deviation of gene {@code j} are those of the reference batch. */
  private void refer(int j) {
    mean[j] = batchMean[reference][j];
    double[] offset = design.offset()[reference];
    for (int k = 0; k < offset.length; k++) {
      mean[j] -= offset[k] * beta[k][j];
    }
    std[j] =
        isConstantIn(reference, j) ? 0 : Math.sqrt(batchSquares[reference][j] / sizes[reference]);
  }

  /** {@code row += sign * Q_i beta}. */
  private void addFit(int i, int from, double sign, double[] row, int g) {
    int q = design.rank();
    for (int k = 0; k < q; k++) {
      double w = sign * design.basis()[i * q + k];
      double[] coefficients = beta[k];
      for (int j = 0; j < g; j++) {
        row[j] += w * coefficients[from + j];
      }
    }
  }

  /** Number of genes that batches and covariates explain wholly. */
  int constantGenes() {
    int n = 0;
    for (double s : std) {
      n += s == 0 ? 1 : 0;
    }
    return n;
  }

  /** True when gene {@code j} has no residual variance. */
  boolean isConstant(int j) {
    return std[j] == 0;
  }

  /** True when gene {@code j} does not vary in one of the batches. */
  boolean isConstantInABatch(int j) {
    for (int b = 0; b < sizes.length; b++) {
      // a single cell has no variance to look at
      if (sizes[b] > 1 && isConstantIn(b, j)) {
        return true;
      }
    }
    return std[j] == 0;
  }

  private boolean isConstantIn(int b, int j) {
    return batchSquares[b][j] <= NO_VARIANCE * sizes[b] * batchMean[b][j] * batchMean[b][j];
  }

  /** Mean of the standardised gene in batch {@code b}. */
  double shift(int b, int j) {
    return std[j] == 0 ? 0 : (batchMean[b][j] - fitted(b, j)) / std[j];
  }

  /** Variance of the standardised gene in batch {@code b}. */
  double spread(int b, int j) {
    return std[j] == 0 ? 0 : batchSquares[b][j] / (std[j] * std[j]) / (sizes[b] - 1);
  }

  /** What the gene would be on average in batch {@code b}, were it not for the batch. */
  private double fitted(int b, int j) {
    double value = mean[j];
    double[] offset = design.offset()[b];
    for (int k = 0; k < offset.length; k++) {
      value += offset[k] * beta[k][j];
    }
    return value;
  }

  DenseMatrix adjust(EmpiricalBayes prior) {
    Parallel.forRange(nGenes, GENES_PER_BLOCK, (from, to) -> adjust(from, to - from, prior));
    return out;
  }

  /** Writes {@code scale * (y - fit) + constant + fit}. */
  private void adjust(int from, int g, EmpiricalBayes prior) {
    double[] scale = new double[sizes.length * g];
    double[] constant = new double[sizes.length * g];
    for (int b = 0; b < sizes.length; b++) {
      for (int j = 0; j < g; j++) {
        int gene = from + j;
        double level = fitted(b, gene);
        double factor = prior.scale(b, gene);
        scale[b * g + j] = factor;
        constant[b * g + j] = level - factor * (level + prior.gamma()[b][gene] * std[gene]);
      }
    }
    double[] row = new double[g];
    double[] fit = new double[g];
    boolean covariates = design.rank() > 0;
    for (int i = 0; i < codes.length; i++) {
      x.readRow(i, from, g, row);
      int at = codes[i] * g;
      if (covariates) {
        java.util.Arrays.fill(fit, 0);
        addFit(i, from, 1, fit, g);
      }
      for (int j = 0; j < g; j++) {
        row[j] = scale[at + j] * (row[j] - fit[j]) + constant[at + j] + fit[j];
      }
      out.setRow(i, from, g, row);
    }
  }
}
