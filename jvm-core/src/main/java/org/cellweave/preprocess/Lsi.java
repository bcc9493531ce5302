package org.cellweave.preprocess;

import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Latent semantic indexing: the left singular vectors of a matrix that is not centred, most often
 * of {@link TfIdf}, each scaled to mean 0 and variance 1 where asked for, as muon does it.
 *
 * <p>The first component mostly says how many counts a cell has, so that it can be left out. Signs
 * are those of {@link Pca}, which makes the decomposition and says its cost.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2018.06.052">Cusanovich et al. 2018</a>
 */
public final class Lsi {
  private Lsi() {}

  /**
   * @param nComps components, the first one counted
   * @param scaleEmbeddings scale every component to mean 0 and variance 1
   * @param dropFirst leave the first component out
   * @param seed start vector of the decomposition
   */
  public record Params(int nComps, boolean scaleEmbeddings, boolean dropFirst, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nComps, "nComps");
      if (dropFirst && nComps == 1) {
        throw new IllegalArgumentException("nComps must be at least 2 with dropFirst, got 1");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nComps = 50;
      private boolean scaleEmbeddings = true;
      private boolean dropFirst = false;
      private long seed = 0;

      public Builder nComps(int value) {
        this.nComps = value;
        return this;
      }

      public Builder scaleEmbeddings(boolean value) {
        this.scaleEmbeddings = value;
        return this;
      }

      public Builder dropFirst(boolean value) {
        this.dropFirst = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(nComps, scaleEmbeddings, dropFirst, seed);
      }
    }
  }

  /**
   * @param embedding cells by components
   * @param loadings features by components
   * @param stdev singular value of each component over the root of the number of cells less one
   */
  public record Result(DenseMatrix embedding, DenseMatrix loadings, double[] stdev) {}

  public static Result run(Matrix x, Params params) {
    return run(x, params, Progress.NONE);
  }

  /**
   * @param x cells by features
   * @throws IllegalArgumentException for NaN and infinite values, and for more components than fit
   */
  public static Result run(Matrix x, Params params, Progress progress) {
    var pca =
        Pca.Params.builder()
            .nComps(params.nComps())
            .zeroCenter(false)
            .seed(params.seed())
            .dtype(DType.FLOAT64)
            .build();
    Pca.Result found = Pca.run(x, null, pca, progress);
    DenseMatrix scores = found.scores();
    int first = params.dropFirst() ? 1 : 0;
    int[] kept = IntStream.range(first, scores.nCols()).toArray();
    DenseMatrix u = scores.takeCols(kept).toDense();
    double[] stdev = new double[kept.length];
    for (int c = 0; c < kept.length; c++) {
      stdev[c] = scale(u, c, params.scaleEmbeddings()) / Math.sqrt(x.nRows() - 1.0);
    }
    return new Result(u, found.loadings().takeCols(kept).toDense(), stdev);
  }

  /** Scales a column in place and returns the length that it had. */
  private static double scale(DenseMatrix u, int c, boolean standardise) {
    int n = u.nRows();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      sum += u.get(i, c);
      squares += u.get(i, c) * u.get(i, c);
    }
    double length = Math.sqrt(squares);
    double mean = standardise ? sum / n : 0;
    double spread = 0;
    for (int i = 0; standardise && i < n; i++) {
      spread += (u.get(i, c) - mean) * (u.get(i, c) - mean);
    }
    double by = standardise ? Math.sqrt(spread / n) : length;
    for (int i = 0; i < n; i++) {
      u.set(i, c, by > 0 ? (u.get(i, c) - mean) / by : 0);
    }
    return length;
  }
}
