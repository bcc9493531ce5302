package org.cellweave.integrate.harmony;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.RowProjection;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * What Symphony keeps of a corrected embedding to place other cells in it: nothing here grows with
 * the number of its cells. The arrays are not copied.
 *
 * @param mean of every gene over the reference's cells
 * @param std of every gene; positive
 * @param loadings genes by components, of the scaled genes
 * @param directions of the clusters at unit length, in the corrected space: Y in the paper
 * @param centroids of the clusters among the components before the correction
 * @param covariances around these centroids, a row of dims x dims for each cluster
 * @param sizes cells of every cluster, by their shares: Nr in the paper
 * @param sums of the corrected cells by their shares, clusters by components: C in the paper
 * @param sigma width of the soft assignment
 * @see <a href="https://doi.org/10.1038/s41467-021-25957-x">Kang et al. 2021</a>
 */
public record CompressedReference(
    double[] mean,
    double[] std,
    DenseMatrix loadings,
    DenseMatrix directions,
    DenseMatrix centroids,
    DenseMatrix covariances,
    double[] sizes,
    DenseMatrix sums,
    double sigma) {
  private static final double ROUNDING = 1e-6;

  public CompressedReference {
    int genes = Check.positive(mean.length, "the number of genes");
    int dims = Check.positive(loadings.nCols(), "the number of components");
    int clusters = Check.positive(sizes.length, "the number of clusters");
    Check.sameLength(std.length, genes, "std", "the number of genes");
    Check.sameLength(loadings.nRows(), genes, "loadings", "the number of genes");
    requireShape(directions, clusters, dims, "directions");
    requireShape(centroids, clusters, dims, "centroids");
    requireShape(covariances, clusters, dims * dims, "covariances");
    requireShape(sums, clusters, dims, "sums");
    for (int g = 0; g < genes; g++) {
      Check.finite(mean[g], "mean[" + g + "]");
      Check.finite(Check.positive(std[g], "std[" + g + "]"), "std[" + g + "]");
    }
    for (int k = 0; k < clusters; k++) {
      Check.finite(Check.nonNegative(sizes[k], "sizes[" + k + "]"), "sizes[" + k + "]");
    }
    Finite.require(loadings, "loadings");
    requireUnitRows(directions);
    Check.finite(Check.positive(sigma, "sigma"), "sigma");
  }

  private static void requireShape(DenseMatrix x, int rows, int cols, String name) {
    Check.sameLength(x.nRows(), rows, name, "the number of clusters");
    Check.sameLength(x.nCols(), cols, "a row of " + name, "what it must have");
    Finite.require(x, name);
  }

  private static void requireUnitRows(DenseMatrix directions) {
    double[] row = new double[directions.nCols()];
    for (int k = 0; k < directions.nRows(); k++) {
      directions.readRow(k, row);
      double squares = Arrays.stream(row).map(v -> v * v).sum();
      if (Math.abs(squares - 1) > ROUNDING && squares != 0) {
        throw new IllegalArgumentException(
            "directions must have length one, got " + Math.sqrt(squares) + " for cluster " + k);
      }
    }
  }

  /**
   * Compresses a model of Harmony after its last correction.
   *
   * @param mean of the genes before they were scaled
   * @param std of the genes before they were scaled
   * @param loadings of the components that the model was given
   */
  public static CompressedReference of(
      double[] mean, double[] std, DenseMatrix loadings, HarmonyModel model) {
    var empty =
        new CompressedReference(
            mean,
            std,
            loadings.toFloat64(),
            model.getY(),
            DenseMatrix.zeros(model.getNClusters(), model.getNDims(), DType.FLOAT64),
            DenseMatrix.zeros(
                model.getNClusters(), model.getNDims() * model.getNDims(), DType.FLOAT64),
            new double[model.getNClusters()],
            DenseMatrix.zeros(model.getNClusters(), model.getNDims(), DType.FLOAT64),
            model.sigma());
    return empty.withCells(model.getZOrig(), model.getZCorr(), model.getR());
  }

  /**
   * The same genes and clusters with other cells in them. Cost: O(N K d^2).
   *
   * @param before cells by components before the correction
   * @param after the same corrected
   * @param shares of the cells in the clusters
   */
  public CompressedReference withCells(DenseMatrix before, DenseMatrix after, DenseMatrix shares) {
    int clusters = nClusters();
    Check.sameLength(shares.nCols(), clusters, "shares", "the number of clusters");
    Check.sameLength(shares.nRows(), before.nRows(), "shares", "the number of cells");
    Check.sameLength(after.nRows(), before.nRows(), "after", "the number of cells");
    Check.sameLength(before.nCols(), nDims(), "before", "the number of components");
    Check.sameLength(after.nCols(), nDims(), "after", "the number of components");
    var middle = DenseMatrix.zeros(clusters, nDims(), DType.FLOAT64);
    var spread = DenseMatrix.zeros(clusters, nDims() * nDims(), DType.FLOAT64);
    var corrected = DenseMatrix.zeros(clusters, nDims(), DType.FLOAT64);
    double[] amounts = new double[clusters];
    Parallel.forBlocks(
        clusters,
        k -> {
          double[] own = shares.column(k);
          var moments = new WeightedMoments(before, i -> own[i]);
          amounts[k] = moments.weight;
          middle.setRow(k, moments.mean);
          spread.setRow(k, moments.covariance);
          corrected.setRow(k, weightedSum(after, own));
        });
    return new CompressedReference(
        mean, std, loadings, directions, middle, spread, amounts, corrected, sigma);
  }

  private static double[] weightedSum(DenseMatrix cells, double[] weights) {
    double[] out = new double[cells.nCols()];
    double[] row = new double[cells.nCols()];
    for (int i = 0; i < weights.length; i++) {
      cells.readRow(i, row);
      for (int c = 0; c < out.length; c++) {
        out[c] += weights[i] * row[c];
      }
    }
    return out;
  }

  public int nGenes() {
    return mean.length;
  }

  public int nDims() {
    return loadings.nCols();
  }

  public int nClusters() {
    return sizes.length;
  }

  /**
   * Cells among the reference's components before any correction: scaled by the reference's means
   * and deviations, a gene that is not there at its mean. Sparse input stays sparse.
   *
   * @param x cells by genes, on the scale that the reference was made from
   * @param genes the reference's gene for every column of {@code x}, -1 for none; no gene twice
   * @return float64
   * @throws IllegalArgumentException when there is no gene in common, or one twice
   */
  public DenseMatrix project(Matrix x, int[] genes) {
    Check.sameLength(genes.length, x.nCols(), "genes", "the number of columns");
    int dims = nDims();
    boolean[] seen = new boolean[nGenes()];
    double[] offset = new double[dims];
    double[] basis = loadings.toFloat64().copy().doubleData();
    int common = 0;
    for (int gene : genes) {
      if (gene < 0) {
        continue;
      }
      Check.index(gene, nGenes(), "a gene of the reference");
      if (seen[gene]) {
        throw new IllegalArgumentException("genes has gene " + gene + " of the reference twice");
      }
      seen[gene] = true;
      common++;
      for (int c = 0; c < dims; c++) {
        basis[gene * dims + c] /= std[gene];
        offset[c] += mean[gene] * basis[gene * dims + c];
      }
    }
    if (common == 0) {
      throw new IllegalArgumentException(
          "query and reference have no gene in common; use the same kind of gene names in both");
    }
    Finite.require(x, "X", "projection");
    return new RowProjection(Rows.of(x), genes, basis, offset).run(null, DType.FLOAT64);
  }
}
