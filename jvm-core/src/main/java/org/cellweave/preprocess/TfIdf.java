package org.cellweave.preprocess;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Counts of peaks weighted by term frequency and inverse document frequency.
 *
 * <p>{@code MUON}: the share of a cell's counts that a peak has, times {@code scaleFactor}, and the
 * number of cells over the peak's total count; each as {@code ln(1 + .)} where asked for, then
 * their product. {@code MULTIMAP}: {@code 1 + ln x} times {@code 1 + ln((1 + cells) / (1 + cells
 * with the peak))}, every cell then scaled to length 1; the other options do not touch it. Cells
 * and peaks without counts stay zero (muon makes them NaN). Cost: three passes over the stored
 * values. Threads do not change a bit.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2018.06.052">Cusanovich et al. 2018</a>
 */
public final class TfIdf {
  private TfIdf() {}

  /** Which weights. */
  public enum Flavor {
    MUON,
    MULTIMAP
  }

  /**
   * @param logTf take {@code ln(1 + .)} of the term frequency
   * @param logIdf take {@code ln(1 + .)} of the inverse document frequency
   * @param logTfidf take {@code ln(1 + .)} of the product; excludes the two others
   * @param scaleFactor of the term frequency
   * @param flavor which weights
   */
  public record Params(
      boolean logTf, boolean logIdf, boolean logTfidf, double scaleFactor, Flavor flavor) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(scaleFactor, "scaleFactor");
      if (logTfidf && (logTf || logIdf)) {
        throw new IllegalArgumentException(
            "logTfidf takes the logarithm of the product, so that logTf and logIdf must be false,"
                + " got logTf = "
                + logTf
                + ", logIdf = "
                + logIdf);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean logTf = true;
      private boolean logIdf = true;
      private boolean logTfidf = false;
      private double scaleFactor = 1e4;
      private Flavor flavor = Flavor.MUON;

      public Builder logTf(boolean value) {
        this.logTf = value;
        return this;
      }

      public Builder logIdf(boolean value) {
        this.logIdf = value;
        return this;
      }

      public Builder logTfidf(boolean value) {
        this.logTfidf = value;
        return this;
      }

      public Builder scaleFactor(double value) {
        this.scaleFactor = value;
        return this;
      }

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Params build() {
        return new Params(logTf, logIdf, logTfidf, scaleFactor, flavor);
      }
    }
  }

  /**
   * @param x cells by peaks, counts; changed in place
   * @throws IllegalArgumentException for NaN, infinite or negative values, before any is changed
   */
  public static void run(Matrix x, Params params) {
    ValueFacts.of(x).requireCounts("tfidf");
    if (params.flavor() == Flavor.MULTIMAP) {
      sublinear(x);
      return;
    }
    double[] total = x.rowSums();
    double[] idf = x.colSums();
    for (int j = 0; j < idf.length; j++) {
      double ratio = x.nRows() / idf[j];
      idf[j] = params.logIdf() ? Elementary.log1p(ratio) : ratio;
    }
    EachValue.change(
        x,
        (i, j, v) -> {
          double tf = v / total[i] * params.scaleFactor();
          double product = (params.logTf() ? Elementary.log1p(tf) : tf) * idf[j];
          return params.logTfidf() ? Elementary.log1p(product) : product;
        });
  }

  private static void sublinear(Matrix x) {
    double[] idf = present(x).colSums();
    for (int j = 0; j < idf.length; j++) {
      idf[j] = 1 + Elementary.log((1.0 + x.nRows()) / (1.0 + idf[j]));
    }
    EachValue.change(x, (i, j, v) -> (1 + Elementary.log(v)) * idf[j]);
    Matrix squares = x.own();
    EachValue.change(squares, (i, j, v) -> v * v);
    double[] length = squares.rowSums();
    EachValue.change(x, (i, j, v) -> v / Math.sqrt(length[i]));
  }

  private static Matrix present(Matrix x) {
    Matrix out = x.own();
    Binarize.run(out);
    return out;
  }
}
