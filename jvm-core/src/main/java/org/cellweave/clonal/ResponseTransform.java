package org.cellweave.clonal;

import java.util.Locale;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.RefusedValueException;

/** What is done to shares or counts of clones before a model takes them for plain numbers. */
public enum ResponseTransform {
  NONE(Double.NEGATIVE_INFINITY) {
    @Override
    double of(double y) {
      return y;
    }
  },
  /** {@code log(y / (1 - y))}, with shares held within 0.01 and 0.99. */
  LOGIT(Double.NEGATIVE_INFINITY) {
    @Override
    double of(double y) {
      double share = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, y));
      return Elementary.log(share / (1 - share));
    }
  },
  LOG1P(0) {
    @Override
    double of(double y) {
      return Elementary.log1p(y);
    }
  },
  SQRT(0) {
    @Override
    double of(double y) {
      return Math.sqrt(y);
    }
  },
  /** Logarithms of the values and a pseudocount, less their mean over the responses of a clone. */
  CLR(0) {
    @Override
    double of(double y) {
      return Elementary.log(y);
    }
  };

  /** What is added before logarithms are taken, unless told otherwise. */
  public static final double PSEUDOCOUNT = 1e-3;

  private static final double LEAST_SHARE = 0.01;

  private final double lowest;

  ResponseTransform(double lowest) {
    this.lowest = lowest;
  }

  abstract double of(double y);

  /**
   * @param values clones by responses, finite; left as they are
   * @param clrPseudocount added before {@link #CLR} takes logarithms, positive
   * @param name of the values, for messages
   * @throws RefusedValueException names the first value that lies below what is possible
   */
  public DenseMatrix apply(DenseMatrix values, double clrPseudocount, String name) {
    double added = this == CLR ? Check.positive(clrPseudocount, "clrPseudocount") : 0;
    var out = DenseMatrix.zeros(values.nRows(), values.nCols(), DType.FLOAT64);
    double[] row = new double[values.nCols()];
    for (int i = 0; i < values.nRows(); i++) {
      values.readRow(i, row);
      double total = 0;
      for (int r = 0; r < row.length; r++) {
        row[r] = of(possible(row[r], i, r, name) + added);
        total += row[r];
      }
      for (int r = 0; this == CLR && r < row.length; r++) {
        row[r] -= total / row.length;
      }
      out.setRow(i, row);
    }
    return out;
  }

  private double possible(double y, int row, int column, String name) {
    if (y >= lowest) {
      return y;
    }
    throw new RefusedValueException(
        "responseTransform = '"
            + name().toLowerCase(Locale.ROOT)
            + "' needs shares or counts, but "
            + name
            + " has "
            + y
            + " "
            + RefusedValueException.place(row, column)
            + ". Take such a slot, or leave the transform out",
        row,
        column,
        y);
  }
}
