package org.cellweave.diffexp;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.internal.Mask;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Scores a set of genes in every cell: their mean minus that of control genes of similar
 * expression.
 *
 * <p>Bins, controls and means are those of scanpy 1.11.5, missing values left out; only the draw of
 * the controls is our own, so that scores agree where a bin has no more than {@code ctrlSize} genes
 * and in distribution elsewhere.
 *
 * <p>Cost: one pass over the values for the genes' means and one for the scores; sparse matrices
 * stay sparse. Genes of equal mean share the lowest of their ranks.
 *
 * @see <a href="https://doi.org/10.1038/nbt.3192">Satija et al. 2015</a>
 */
public final class GeneScores {
  private static final int ROWS_PER_BLOCK = 512;

  private GeneScores() {}

  /**
   * @param ctrlAsRef whether the scored genes count when controls are drawn; they never are
   *     controls themselves
   * @param ctrlSize controls drawn from every bin
   * @param nBins bins of mean expression
   * @param seed of the draw
   */
  public record Params(boolean ctrlAsRef, int ctrlSize, int nBins, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(ctrlSize, "ctrlSize");
      if (nBins < 2) {
        throw new IllegalArgumentException("nBins must be at least 2, got " + nBins);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean ctrlAsRef = true;
      private int ctrlSize = 50;
      private int nBins = 25;
      private long seed = 0;

      public Builder ctrlAsRef(boolean value) {
        ctrlAsRef = value;
        return this;
      }

      public Builder ctrlSize(int value) {
        ctrlSize = value;
        return this;
      }

      public Builder nBins(int value) {
        nBins = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(ctrlAsRef, ctrlSize, nBins, seed);
      }
    }
  }

  /**
   * @param scores one per cell
   * @param controls the control genes, ascending
   * @param emptyBins bins of scored genes in which there was no gene to draw
   */
  public record Result(double[] scores, int[] controls, int[] emptyBins) {}

  /**
   * @param x cells by genes, logarithms
   * @param genes columns to score, each once
   * @param pool columns the controls are drawn from; null for all
   */
  public static Result run(Matrix x, int[] genes, int[] pool, Params params) {
    boolean[] scored = mask(genes, x.nCols(), "genes");
    boolean[] inPool = pool == null ? all(x.nCols()) : mask(pool, x.nCols(), "genePool");
    for (int j : genes) {
      if (!inPool[j]) {
        throw new IllegalArgumentException(
            "genePool must hold the genes that are scored, but not column " + j + "; add them");
      }
    }
    double[] means = GeneMeans.of(x);
    int[] bins = bins(means, inPool, params.nBins());
    boolean[] control = new boolean[x.nCols()];
    int[] empty = draw(bins, scored, genes, params, control);
    int[] controls = Mask.indicesOf(control);
    if (controls.length == 0) {
      throw new IllegalArgumentException(
          "there are no control genes in the bins of the genes scored."
              + (params.ctrlAsRef() ? " Try ctrlAsRef = false, or" : " Try")
              + " a larger genePool or fewer nBins");
    }
    return new Result(scores(x, scored, control, genes.length, controls.length), controls, empty);
  }

  private static boolean[] mask(int[] columns, int n, String name) {
    if (columns.length == 0) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    boolean[] mask = new boolean[n];
    for (int j : columns) {
      Check.index(j, n, name);
      if (mask[j]) {
        throw new IllegalArgumentException(
            name + " must be distinct, column " + j + " is repeated");
      }
      mask[j] = true;
    }
    return mask;
  }

  private static boolean[] all(int n) {
    boolean[] mask = new boolean[n];
    Arrays.fill(mask, true);
    return mask;
  }

  /** Bin of every gene of the pool by the rank of its mean, -1 for the others. */
  private static int[] bins(double[] means, boolean[] inPool, int nBins) {
    double[] known = new double[means.length];
    int n = 0;
    for (int j = 0; j < means.length; j++) {
      boolean used = inPool[j] && Double.isFinite(means[j]);
      known[j] = used ? means[j] : Double.NaN;
      n += used ? 1 : 0;
    }
    int perBin = (int) Math.rint(n / (nBins - 1.0));
    if (perBin == 0) {
      throw new IllegalArgumentException(
          "nBins must not exceed twice the number of genes in genePool ("
              + n
              + "), got "
              + nBins
              + "; lower nBins");
    }
    int[] order = Ordering.ascending(known);
    int[] bins = new int[means.length];
    Arrays.fill(bins, -1);
    int rank = 1;
    for (int r = 0; r < n; r++) {
      if (r > 0 && known[order[r]] > known[order[r - 1]]) {
        rank = r + 1;
      }
      bins[order[r]] = rank / perBin;
    }
    return bins;
  }

  /** Marks the controls; returns the bins that had none. */
  private static int[] draw(
      int[] bins, boolean[] scored, int[] genes, Params params, boolean[] control) {
    var random = new SplittableRandom(params.seed());
    int[] wanted = Arrays.stream(genes).map(j -> bins[j]).filter(b -> b >= 0).toArray();
    int[] empty = new int[wanted.length];
    int nEmpty = 0;
    for (int bin : Arrays.stream(wanted).sorted().distinct().toArray()) {
      int[] candidates = new int[bins.length];
      int n = 0;
      for (int j = 0; j < bins.length; j++) {
        if (bins[j] == bin && (params.ctrlAsRef() || !scored[j])) {
          candidates[n++] = j;
        }
      }
      if (n == 0) {
        empty[nEmpty++] = bin;
      }
      int take = Math.min(n, params.ctrlSize());
      if (take < n) {
        Shuffle.draw(candidates, n, take, random);
      }
      for (int c = 0; c < take; c++) {
        control[candidates[c]] |= !scored[candidates[c]];
      }
    }
    return Arrays.copyOf(empty, nEmpty);
  }

  private static double[] scores(
      Matrix x, boolean[] scored, boolean[] control, int nScored, int nControls) {
    double[] out = new double[x.nRows()];
    var rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        ROWS_PER_BLOCK,
        (from, to) -> {
          var means = new RowMeans(nScored, nControls);
          rows.visit(
              from,
              to,
              (i, at, start, v, n) -> {
                means.clear();
                for (int k = 0; k < n; k++) {
                  int j = at[start + k];
                  means.add(v[k], scored[j], control[j]);
                }
                out[i] = means.difference();
              });
        });
    return out;
  }

  /** Means of one cell's scored and control genes; missing values do not count. */
  private static final class RowMeans {
    private final int nScored;
    private final int nControls;
    private double sum;
    private double controlSum;
    private int missing;
    private int controlMissing;

    RowMeans(int nScored, int nControls) {
      this.nScored = nScored;
      this.nControls = nControls;
    }

    void clear() {
      sum = 0;
      controlSum = 0;
      missing = 0;
      controlMissing = 0;
    }

    void add(double v, boolean isScored, boolean isControl) {
      boolean nan = Double.isNaN(v);
      if (isScored) {
        sum += nan ? 0 : v;
        missing += nan ? 1 : 0;
      } else if (isControl) {
        controlSum += nan ? 0 : v;
        controlMissing += nan ? 1 : 0;
      }
    }

    double difference() {
      return sum / (nScored - missing) - controlSum / (nControls - controlMissing);
    }
  }
}
