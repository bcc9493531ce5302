package org.cellweave.clonal.association;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;

/**
 * What features are compared with: numbers of every clone, or shares of counts that weigh as much
 * as they rest on.
 *
 * @param values clones by responses, finite
 * @param weights counts behind every row of shares; null where all rows weigh the same
 */
public record Response(DenseMatrix values, double[] weights) {
  public Response {
    if (weights != null) {
      Check.sameLength(weights.length, values.nRows(), "weights", "the number of clones");
    }
  }

  /**
   * Numbers as they are, copied, all of one weight.
   *
   * @param values clones by responses
   * @throws org.cellweave.util.NonFiniteException when a value is NaN or infinite
   */
  public static Response of(Matrix values) {
    if (values.nCols() == 0) {
      throw new IllegalArgumentException("the response must have a column, got " + values.shape());
    }
    Finite.require(values, "response", "associations");
    return new Response(values.toDense().copy().toFloat64(), null);
  }

  /** The same of some clones, which may repeat. */
  public Response take(int[] rows) {
    double[] taken = weights == null ? null : new double[rows.length];
    for (int r = 0; r < rows.length && taken != null; r++) {
      taken[r] = weights[rows[r]];
    }
    return new Response(values.takeRows(rows), taken);
  }

  /** The responses one after another, each with a number for every clone. */
  double[][] columns() {
    double[][] columns = new double[values.nCols()][];
    for (int r = 0; r < columns.length; r++) {
      columns[r] = values.column(r);
    }
    return columns;
  }
}
