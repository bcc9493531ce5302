package org.cellweave.preprocess;

import org.cellweave.design.Categories;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * Divides every gene by its root mean square within each data set, without centring, so that values
 * of at least 0 stay so and a sparse matrix stays sparse: what non-negative factors take.
 *
 * <p>The divisor of the mean is the number of cells less one. A gene without a value in a set stays
 * 0 there. The sum of the squares of a set is then the number of its genes with values times its
 * cells less one. Cost: two passes over the stored values.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.006">Welch 2019</a>
 */
public final class ScaleNotCenter {
  private static final int ROWS = 256;

  private ScaleNotCenter() {}

  /**
   * @param x the scaled matrix, of the kind of the input, float64 where that holds integers
   * @param scale sets by genes: what values were divided by; 0 for a gene without values there
   */
  public record Result(Matrix x, double[][] scale) {}

  /**
   * @param x cells by genes; not changed
   * @param sets of the cells, without unused levels; at least two cells in each
   */
  public static Result run(Matrix x, Categories sets) {
    Finite.require(x, "X", "scaleNotCenter");
    Categories set = sets.forCells(x.nRows()).complete().cellsInEach(2, "scaleNotCenter");
    double[][] scale = new double[set.nLevels()][x.nCols()];
    int[] codes = set.codes();
    ColumnSums[] sums =
        GroupSums.byGroup(Rows.of(x), codes, set.nLevels()).collect(GroupSums.PLAIN);
    for (int s = 0; s < sums.length; s++) {
      for (int j = 0; j < x.nCols(); j++) {
        scale[s][j] = rootMeanSquare(sums[s].squares()[j], set.size(s));
      }
    }
    return new Result(scaled(x, codes, scale), scale);
  }

  /**
   * @param squares sum of the squared values of a gene
   * @param n cells
   */
  public static double rootMeanSquare(double squares, int n) {
    return Math.sqrt(squares / (n - 1));
  }

  private static Matrix scaled(Matrix x, int[] codes, double[][] scale) {
    Matrix out = x.dtype().isFloating() ? x.own() : x.withDType(DType.FLOAT64).own();
    if (out instanceof DenseMatrix dense) {
      Parallel.forRange(
          x.nRows(),
          ROWS,
          (from, to) -> {
            double[] row = new double[x.nCols()];
            for (int i = from; i < to; i++) {
              dense.readRow(i, row);
              for (int j = 0; j < row.length; j++) {
                row[j] = row[j] == 0 ? 0 : row[j] / scale[codes[i]][j];
              }
              dense.setRow(i, row);
            }
          });
      return out;
    }
    CsrMatrix csr = out.toCsr();
    csr.forBlocks(block -> scaleRows(block, codes, scale));
    return csr;
  }

  private static void scaleRows(CsrMatrix.Block block, int[] codes, double[][] scale) {
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      int end = block.end(i);
      for (int p = block.start(i); p < end; p++) {
        double v = block.value(p);
        double out = v == 0 ? 0 : v / scale[codes[i]][block.indices()[p]];
        if (block.values() != null) {
          block.values()[p] = (float) out;
        } else {
          block.wideValues()[p] = out;
        }
      }
    }
  }
}
