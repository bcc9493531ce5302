package org.cellweave.clonal.association;

import java.util.Locale;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;

/** What is done to the numbers of clones before features are compared with them. */
public final class ResponseTransform {
  private static final double LEAST_SHARE = 0.01;
  private static final double WHOLE = 1e-6;

  private ResponseTransform() {}

  /** A function of every number, or of the numbers of a clone. */
  public enum Kind {
    NONE,
    /** {@code log(y / (1 - y))} with shares held within 0.01 and 0.99. */
    LOGIT,
    LOG1P,
    SQRT,
    /** {@code log(y + pseudocount)} less its mean over the responses of a clone. */
    CLR
  }

  /**
   * @param transform of the numbers
   * @param clrPseudocount added before {@link Kind#CLR} takes logarithms
   * @param binomial reads counts, which become shares of their row with its total as weight
   */
  public record Params(Kind transform, double clrPseudocount, boolean binomial) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(clrPseudocount, "clrPseudocount");
      if (binomial && transform != Kind.NONE) {
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
      private Kind transform = Kind.NONE;
      private double clrPseudocount = 1e-3;
      private boolean binomial = false;

      private Builder() {}

      public Builder transform(Kind value) {
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
   * @throws IllegalArgumentException when a transform or {@code binomial} cannot take a value
   */
  public static Response run(Matrix values, Params params) {
    DenseMatrix out = Response.of(values).values();
    double[] weights = params.binomial() ? new double[values.nRows()] : null;
    double[] row = new double[values.nCols()];
    for (int i = 0; i < values.nRows(); i++) {
      out.readRow(i, row);
      if (params.binomial()) {
        weights[i] = shares(row, i);
      } else {
        transform(row, i, params);
      }
      out.setRow(i, row);
    }
    return new Response(out, weights);
  }

  /** Turns counts into shares; returns their total. */
  private static double shares(double[] row, int clone) {
    double total = 0;
    for (int r = 0; r < row.length; r++) {
      if (row[r] < 0 || Math.abs(row[r] - Math.rint(row[r])) > WHOLE) {
        throw refused("binomial = true needs counts of cells", row[r], clone, r)
            .because("Take obsm[\"counts\"], or leave binomial out for shares");
      }
      total += row[r];
    }
    for (int r = 0; r < row.length; r++) {
      row[r] = total > 0 ? row[r] / total : 0;
    }
    return total;
  }

  private static void transform(double[] row, int clone, Params params) {
    double mean = 0;
    for (int r = 0; r < row.length; r++) {
      double y = row[r];
      row[r] =
          switch (params.transform()) {
            case NONE -> y;
            case LOGIT -> {
              double p = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, y));
              yield Math.log(p / (1 - p));
            }
            case LOG1P -> Math.log1p(above(y, -1, "log1p", clone, r));
            case SQRT -> Math.sqrt(above(y, -Double.MIN_VALUE, "sqrt", clone, r));
            case CLR ->
                Math.log(
                    above(y, -params.clrPseudocount(), "clr", clone, r) + params.clrPseudocount());
          };
      mean += row[r] / row.length;
    }
    for (int r = 0; r < row.length && params.transform() == Kind.CLR; r++) {
      row[r] -= mean;
    }
  }

  private static double above(double y, double bound, String transform, int clone, int r) {
    if (!(y > bound)) {
      String least = bound == -Double.MIN_VALUE ? "of at least 0" : "above " + bound;
      throw refused("responseTransform = '" + transform + "' needs values " + least, y, clone, r)
          .because("Leave the transform out, or take shares or counts");
    }
    return y;
  }

  private static Refusal refused(String need, double value, int clone, int response) {
    return new Refusal(
        need + ", got " + value + " in row " + clone + ", column " + response + " of the response");
  }

  /** The first half of a message. */
  private record Refusal(String what) {
    IllegalArgumentException because(String remedy) {
      return new IllegalArgumentException(what + ". " + remedy);
    }
  }
}
