package org.cellweave.preprocess;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Principal components of the cells, exact to rounding, from a sparse or dense matrix.
 *
 * <p>Sparse input is centred implicitly and never made dense. {@link Solver#AUTO} takes the
 * eigenvectors of the genes' covariance when there are at most 8,000 genes and no fewer cells, of
 * the cells' inner products when there are at most 8,000 cells, and ARPACK otherwise; {@link
 * Result#solver()} tells which. Without centring the result is that of a truncated SVD, variances
 * with divisor n as scikit-learn's {@code TruncatedSVD} reports them.
 *
 * <p>Cost: O(sum of squared row lengths + p^3) for the covariance, p^2 doubles of memory. Signs:
 * the loading of largest magnitude of each component is positive, the first one on ties. Numbers
 * matched: scanpy 1.11.5 ({@code svd_solver="arpack"}).
 *
 * @see <a href="https://doi.org/10.1080/14786440109462720">Pearson 1901</a>
 */
public final class Pca {
  private Pca() {}

  /** How the eigenvectors are found. */
  public enum Solver {
    /** One of the others, by the shape of the matrix. */
    AUTO,
    /** Eigenvectors of the covariance of the genes. */
    COVARIANCE,
    /** Eigenvectors of the inner products of the cells. */
    GRAM,
    /** Restarted Lanczos steps on the matrix itself. */
    ARPACK
  }

  /**
   * @param nComps number of components; null for 50, or one less than the smaller side of the
   *     matrix when that is at most 50
   * @param zeroCenter centre the genes first
   * @param solver how
   * @param seed start vector of {@code ARPACK}
   * @param dtype of the scores: {@code FLOAT32} or {@code FLOAT64}
   */
  public record Params(Integer nComps, boolean zeroCenter, Solver solver, long seed, DType dtype) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nComps != null) {
        Check.positive(nComps, "nComps");
      }
      if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
        throw new IllegalArgumentException("dtype must be FLOAT32 or FLOAT64, got " + dtype);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Integer nComps = null;
      private boolean zeroCenter = true;
      private Solver solver = Solver.AUTO;
      private long seed = 0;
      private DType dtype = DType.FLOAT32;

      public Builder nComps(Integer value) {
        this.nComps = value;
        return this;
      }

      public Builder zeroCenter(boolean value) {
        this.zeroCenter = value;
        return this;
      }

      public Builder solver(Solver value) {
        this.solver = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Builder dtype(DType value) {
        this.dtype = value;
        return this;
      }

      public Params build() {
        return new Params(nComps, zeroCenter, solver, seed, dtype);
      }
    }
  }

  /**
   * @param scores cells by components
   * @param loadings all genes by components, float64; zero for genes that were left out
   * @param variance explained by each component
   * @param varianceRatio share of the total variance of the genes used
   * @param solver the one that was used, never {@code AUTO}
   */
  public record Result(
      DenseMatrix scores,
      DenseMatrix loadings,
      double[] variance,
      double[] varianceRatio,
      Solver solver) {}

  public static Result run(Matrix x, boolean[] geneMask, Params params) {
    return run(x, geneMask, params, Progress.NONE);
  }

  /**
   * @param geneMask genes to use; null for all
   */
  public static Result run(Matrix x, boolean[] geneMask, Params params, Progress progress) {
    if (geneMask != null) {
      Check.sameLength(geneMask.length, x.nCols(), "geneMask", "number of genes");
    }
    var result = new Decomposition(x, geneMask, params, progress).result();
    var beyond = Finite.firstBeyond(result.scores(), Float.MAX_VALUE);
    if (beyond != null) {
      throw beyond.refusal(
          "pca: component "
              + beyond.col()
              + " of row "
              + beyond.row()
              + " is "
              + beyond.value()
              + ", because the values of X are too large for float32; rescale X first",
          "scores");
    }
    return result;
  }
}
