package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;

/**
 * How well scores between the features of two modalities find known links that were hidden: the
 * share of hidden links whose first feature is among the best for its second.
 *
 * <p>Part of the links are hidden at random, several times; what scores may use is the rest. A
 * finder that knows nothing has a share of {@code top} in the number of first features. A feature
 * whose score equals that of others takes the middle of their places.
 */
public final class LinkRecovery {
  private LinkRecovery() {}

  /**
   * @param top places that count as found
   * @param hidden share of the links that is hidden
   * @param nSplits how often links are hidden
   * @param seed of the splits
   */
  public record Params(int top, double hidden, int nSplits, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(top, "top");
      if (!(hidden > 0 && hidden <= 1)) {
        throw new IllegalArgumentException("hidden must be above 0 and at most 1, got " + hidden);
      }
      Check.positive(nSplits, "nSplits");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int top = 10;
      private double hidden = 0.5;
      private int nSplits = 10;
      private long seed = 0;

      public Builder top(int value) {
        this.top = value;
        return this;
      }

      public Builder hidden(double value) {
        this.hidden = value;
        return this;
      }

      public Builder nSplits(int value) {
        this.nSplits = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(top, hidden, nSplits, seed);
      }
    }
  }

  /** Scores of all pairs of features, made without the hidden links. */
  @FunctionalInterface
  public interface Finder {
    /**
     * @param visible places in the list of links
     * @return first features by second features
     */
    DenseMatrix scores(int[] visible);
  }

  /**
   * @param shares of the hidden links that were found, one for each split
   * @param ranks median place of a hidden link, from 1, one for each split
   * @param nHidden links that were hidden in every split
   * @param chance share that a finder has that knows nothing
   */
  public record Result(double[] shares, double[] ranks, int nHidden, double chance) {
    public double mean() {
      return Arrays.stream(shares).sum() / shares.length;
    }

    /** Standard deviation over the splits; NaN of one. */
    public double deviation() {
      double mean = mean();
      double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
      return shares.length > 1 ? Math.sqrt(squares / (shares.length - 1)) : Double.NaN;
    }
  }

  /**
   * @param finder is asked once for each split
   * @param x first feature of every link
   * @param y second feature of every link
   */
  public static Result run(Finder finder, int[] x, int[] y, Params params) {
    Check.sameLength(y.length, x.length, "the second features", "the number of first features");
    int n = x.length;
    if (n == 0) {
      throw new IllegalArgumentException("linkRecovery needs known links, got none");
    }
    int nHidden = Math.max(1, (int) Math.round(params.hidden() * n));
    double[] shares = new double[params.nSplits()];
    double[] ranks = new double[params.nSplits()];
    double chance = 0;
    for (int split = 0; split < shares.length; split++) {
      Parallel.checkInterrupted();
      int[] order = Shuffle.order(n, Streams.of(params.seed(), split));
      int[] visible = Arrays.copyOfRange(order, nHidden, n);
      Arrays.sort(visible);
      DenseMatrix scores = finder.scores(visible);
      double[] places = new double[nHidden];
      Arrays.setAll(places, h -> place(scores, x[order[h]], y[order[h]]));
      long found = Arrays.stream(places).filter(place -> place <= params.top()).count();
      shares[split] = found / (double) nHidden;
      ranks[split] = Median.of(places);
      chance = Math.min(1, params.top() / (double) scores.nRows());
    }
    return new Result(shares, ranks, nHidden, chance);
  }

  private static double place(DenseMatrix scores, int x, int y) {
    double own = scores.get(x, y);
    int better = 0;
    int equal = 0;
    for (int other = 0; other < scores.nRows(); other++) {
      double score = scores.get(other, y);
      better += score > own ? 1 : 0;
      equal += other != x && score == own ? 1 : 0;
    }
    return 1 + better + equal / 2.0;
  }
}
