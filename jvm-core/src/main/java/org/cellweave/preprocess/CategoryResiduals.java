package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.DesignMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Expression without what labels of the cells explain of it: one least-squares fit on all labels
 * together, whose residuals get back the mean of each gene.
 *
 * <p>Departure from clone2vec's {@code regress_categories}, which takes off the group means of one
 * label after another: with labels that go together the order decides there, and the mean of the
 * gene is lost. Genes of which the labels explain nothing stay as they are here.
 *
 * <p>Cost: O(n p levels), in memory a dense matrix.
 */
public final class CategoryResiduals {
  private static final int ROWS_PER_BLOCK = 256;

  private CategoryResiduals() {}

  /**
   * @param x cells by genes, finite; left as it is
   * @param labels complete, of the same cells
   * @return float32 where {@code x} is, else float64
   * @throws IllegalArgumentException when no label tells two groups apart, or a cell lacks one
   * @throws org.cellweave.util.NonFiniteException when a value is NaN or infinite
   */
  public static DenseMatrix run(Matrix x, List<Categories> labels, Progress progress) {
    Finite.require(x, "X", "regressCategories");
    for (Categories label : labels) {
      label.forCells(x.nRows()).complete();
    }
    var design =
        DesignMatrix.of(labels.stream().map(Categories::withoutUnused).toList(), x.nRows());
    if (design.nColumns() == 0) {
      throw new IllegalArgumentException(
          "regressCategories needs a label with two groups at least, got one group in each of "
              + labels.stream().map(Categories::name).toList());
    }
    double[] means = x.colMoments(0).mean();
    DenseMatrix own = x instanceof DenseMatrix dense ? dense.copy() : Scale.floatingDense(x);
    var keys =
        RegressOut.Regressors.numeric(design.names().toArray(new String[0]), design.columns());
    DenseMatrix residuals = RegressOut.run(own, keys, progress).x();
    double[] left = residuals.colMoments(0).mean();
    Arrays.setAll(means, j -> means[j] - left[j]);
    Parallel.forRange(x.nRows(), ROWS_PER_BLOCK, (from, to) -> add(means, residuals, from, to));
    return Finite.made(residuals, "regressCategories", "the values are too large; rescale them");
  }

  private static void add(double[] shift, DenseMatrix x, int from, int to) {
    double[] row = new double[shift.length];
    for (int i = from; i < to; i++) {
      x.readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        row[j] += shift[j];
      }
      x.setRow(i, row);
    }
  }
}
