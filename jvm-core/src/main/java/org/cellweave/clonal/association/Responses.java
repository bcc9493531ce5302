package org.cellweave.clonal.association;

import java.util.Locale;
import org.cellweave.clonal.ResponseTransform;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.RefusedValueException;

/** The numbers of clones that features are compared with, from matrices as they are given. */
public final class Responses {
  private static final double WHOLE = 1e-6;

  private Responses() {}

  /**
   * @param transform of the numbers
   * @param clrPseudocount added before {@link ResponseTransform#CLR} takes logarithms
   * @param binomial reads counts, which become shares of their row with its total as weight
   */
  public record Params(ResponseTransform transform, double clrPseudocount, boolean binomial) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.finite(Check.positive(clrPseudocount, "clrPseudocount"), "clrPseudocount");
      if (binomial && transform != ResponseTransform.NONE) {
        throw new IllegalArgumentException(
            "binomial = true models shares of counts as they are and takes no responseTransform,"
                + " got '"
                + transform.name().toLowerCase(Locale.ROOT)
                + "'; give one of the two");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private ResponseTransform transform = ResponseTransform.NONE;
      private double clrPseudocount = ResponseTransform.PSEUDOCOUNT;
      private boolean binomial = false;

      private Builder() {}

      public Builder transform(ResponseTransform value) {
        transform = value;
        return this;
      }

      public Builder clrPseudocount(double value) {
        clrPseudocount = value;
        return this;
      }

      public Builder binomial(boolean value) {
        binomial = value;
        return this;
      }

      public Params build() {
        return new Params(transform, clrPseudocount, binomial);
      }
    }
  }

  /**
   * @param values clones by responses
   * @throws org.cellweave.util.NonFiniteException when a value is NaN or infinite
   * @throws RefusedValueException when a transform or {@code binomial} cannot take a value
   */
  public static Response run(Matrix values, Params params) {
    DenseMatrix out = Response.of(values).values();
    if (!params.binomial()) {
      double pseudocount = params.clrPseudocount();
      return new Response(params.transform().apply(out, pseudocount, "the response"), null);
    }
    double[] weights = new double[values.nRows()];
    double[] row = new double[values.nCols()];
    for (int i = 0; i < values.nRows(); i++) {
      out.readRow(i, row);
      weights[i] = shares(row, i);
      out.setRow(i, row);
    }
    return new Response(out, weights);
  }

  /** Turns counts into shares; returns their total. */
  private static double shares(double[] row, int clone) {
    double total = 0;
    for (int r = 0; r < row.length; r++) {
      if (row[r] < 0 || Math.abs(row[r] - Math.rint(row[r])) > WHOLE) {
        throw new RefusedValueException(
            "binomial = true needs counts of cells, got "
                + row[r]
                + " "
                + RefusedValueException.place(clone, r)
                + " of the response. Take obsm[\"counts\"], or leave binomial out for shares",
            clone,
            r,
            row[r]);
      }
      total += row[r];
    }
    for (int r = 0; r < row.length; r++) {
      row[r] = total > 0 ? row[r] / total : 0;
    }
    return total;
  }
}
