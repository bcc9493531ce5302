package org.cellweave.integrate.anchors;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Carries labels or expression of a reference to the cells of a query: every cell takes the
 * weighted mean over its nearest anchors' reference cells. Ties between labels go to the first
 * level. Numbers matched: Seurat 4.3.0.
 *
 * <p>Cost: {@code n kWeight} entries of the reference for n cells.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class AnchorTransfer {
  private static final int BLOCK = 256;

  private AnchorTransfer() {}

  /**
   * @param kWeight cells with anchors that a cell looks at, at most
   * @param sdWeight the larger, the more do score and distance matter
   * @param l2Norm brings cells to length one before distances are taken
   */
  public record Params(int kWeight, double sdWeight, boolean l2Norm) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(kWeight, "kWeight");
      Check.positive(sdWeight, "sdWeight");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int kWeight = 50;
      private double sdWeight = 1;
      private boolean l2Norm = false;

      private Builder() {}

      public Builder kWeight(int value) {
        kWeight = value;
        return this;
      }

      public Builder sdWeight(double value) {
        sdWeight = value;
        return this;
      }

      public Builder l2Norm(boolean value) {
        l2Norm = value;
        return this;
      }

      public Params build() {
        return new Params(kWeight, sdWeight, l2Norm);
      }
    }
  }

  /**
   * @param predicted level of every cell
   * @param scores cells by levels, rows sum to 1
   * @param greatest score of the level predicted
   * @param kWeight cells with anchors that every cell looked at
   */
  public record Labels(int[] predicted, DenseMatrix scores, double[] greatest, int kWeight) {}

  /**
   * @param x cells by genes, float32
   * @param kWeight cells with anchors that every cell looked at
   */
  public record Expression(DenseMatrix x, int kWeight) {}

  /**
   * @param labels of the reference's cells
   */
  public static Labels run(TransferAnchors.Result found, Categories labels, Params params) {
    labels.complete();
    var weights = weights(found, params);
    int n = weights.nCells();
    int nLevels = labels.nLevels();
    var scores = DenseMatrix.zeros(n, nLevels, DType.FLOAT64);
    int[] predicted = new int[n];
    double[] greatest = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            double[] row = new double[nLevels];
            for (int e = weights.start()[i]; e < weights.start()[i + 1]; e++) {
              int cell = found.reference()[weights.anchors()[e]];
              row[labels.code(cell)] += weights.weights()[e];
            }
            scores.setRow(i, row);
            for (int level = 1; level < nLevels; level++) {
              predicted[i] = row[level] > row[predicted[i]] ? level : predicted[i];
            }
            greatest[i] = row[predicted[i]];
          }
        });
    return new Labels(predicted, scores, greatest, weights.kWeight());
  }

  /**
   * @param reference cells of the reference by any genes
   */
  public static Expression expression(
      TransferAnchors.Result found, Matrix reference, Params params) {
    var weights = weights(found, params);
    var rows = Rows.of(reference);
    int p = reference.nCols();
    var out = DenseMatrix.zeros(weights.nCells(), p, DType.FLOAT32);
    Parallel.forRange(
        weights.nCells(),
        BLOCK,
        (from, to) -> {
          var reader = rows.reader();
          for (int i = from; i < to; i++) {
            double[] row = new double[p];
            for (int e = weights.start()[i]; e < weights.start()[i + 1]; e++) {
              int cell = found.reference()[weights.anchors()[e]];
              reader.addTo(cell, weights.weights()[e], row);
            }
            out.setRow(i, row);
          }
        });
    return new Expression(out, weights.kWeight());
  }

  private static AnchorWeights weights(TransferAnchors.Result found, Params params) {
    var cells = found.coordinates();
    var places =
        NeighborSpaces.placed(cells.toFloat64().doubleData(), cells.nCols(), params.l2Norm());
    return AnchorWeights.of(
        places, found.query(), found.scores(), params.kWeight(), params.sdWeight());
  }
}
