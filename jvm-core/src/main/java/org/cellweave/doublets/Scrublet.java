package org.cellweave.doublets;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.preprocess.ValueFacts;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Finds doublets by simulating them: a cell whose neighbours are mostly simulated is one.
 *
 * <p>Steps, filters and formulas are those of scanpy 1.11.5, whose scores are reproduced on given
 * doublets; the doublets drawn are our own. A point never counts among its own neighbours: scanpy
 * counts it when no two doublets are alike, which seldom happens. Cells with fewer than 3 genes are
 * left out and have no score.
 *
 * <p>Cost: that of {@link NearestNeighbors} for {@code n (1 + simDoubletRatio)} points and {@code
 * round(sqrt(n) / 2) (1 + simDoubletRatio)} neighbours. The matrix is never densified.
 *
 * @see <a href="https://doi.org/10.1016/j.cels.2018.11.005">Wolock, Lopez and Klein 2019</a>
 */
public final class Scrublet {
  private Scrublet() {}

  /**
   * @param simDoubletRatio simulated doublets per cell
   * @param expectedDoubletRate share of doublets expected among the cells
   * @param stdevDoubletRate uncertainty of that share
   * @param umiSubsampling share of a simulated doublet's molecules that are kept
   * @param metric between cells, on the components
   * @param normalizeVariance scale every gene to variance 1
   * @param logTransform take logarithms before the components
   * @param meanCenter centre every gene
   * @param nPrinComps number of components
   * @param search for neighbours; lists are so long here that the exact search is the faster one
   * @param neighborParents whether to report the parents of the doublets next to each cell
   * @param nNeighbors before the doublets are added; null for {@code round(sqrt(n) / 2)}
   * @param threshold scores above it are doublets; null for the minimum between the two modes of
   *     the simulated doublets' scores
   * @param seed of the simulation, and of an approximate search
   */
  public record Params(
      double simDoubletRatio,
      double expectedDoubletRate,
      double stdevDoubletRate,
      double umiSubsampling,
      Metric metric,
      boolean normalizeVariance,
      boolean logTransform,
      boolean meanCenter,
      int nPrinComps,
      NearestNeighbors.Search search,
      boolean neighborParents,
      Integer nNeighbors,
      Double threshold,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(simDoubletRatio, "simDoubletRatio");
      if (!(expectedDoubletRate > 0 && expectedDoubletRate < 1)) {
        throw new IllegalArgumentException(
            "expectedDoubletRate must lie between 0 and 1, got " + expectedDoubletRate);
      }
      Check.nonNegative(stdevDoubletRate, "stdevDoubletRate");
      Check.positive(umiSubsampling, "syntheticDoubletUmiSubsampling");
      Check.inRange(umiSubsampling, 0, 1, "syntheticDoubletUmiSubsampling");
      Check.positive(nPrinComps, "nPrinComps");
      if (nNeighbors != null) {
        Check.positive(nNeighbors, "nNeighbors");
      }
      if (threshold != null && !Double.isFinite(threshold)) {
        throw new IllegalArgumentException("threshold must be finite, got " + threshold);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double simDoubletRatio = DoubletSimulation.Params.DEFAULTS.simDoubletRatio();
      private double expectedDoubletRate = 0.05;
      private double stdevDoubletRate = 0.02;
      private double umiSubsampling = DoubletSimulation.Params.DEFAULTS.umiSubsampling();
      private Metric metric = Metric.EUCLIDEAN;
      private boolean normalizeVariance = true;
      private boolean logTransform = false;
      private boolean meanCenter = true;
      private int nPrinComps = 30;
      private NearestNeighbors.Search search = NearestNeighbors.Search.EXACT;
      private boolean neighborParents = false;
      private Integer nNeighbors = null;
      private Double threshold = null;
      private long seed = 0;

      public Builder simDoubletRatio(double value) {
        simDoubletRatio = value;
        return this;
      }

      public Builder expectedDoubletRate(double value) {
        expectedDoubletRate = value;
        return this;
      }

      public Builder stdevDoubletRate(double value) {
        stdevDoubletRate = value;
        return this;
      }

      public Builder umiSubsampling(double value) {
        umiSubsampling = value;
        return this;
      }

      public Builder metric(Metric value) {
        metric = value;
        return this;
      }

      public Builder normalizeVariance(boolean value) {
        normalizeVariance = value;
        return this;
      }

      public Builder logTransform(boolean value) {
        logTransform = value;
        return this;
      }

      public Builder meanCenter(boolean value) {
        meanCenter = value;
        return this;
      }

      public Builder nPrinComps(int value) {
        nPrinComps = value;
        return this;
      }

      public Builder search(NearestNeighbors.Search value) {
        search = value;
        return this;
      }

      public Builder neighborParents(boolean value) {
        neighborParents = value;
        return this;
      }

      public Builder nNeighbors(Integer value) {
        nNeighbors = value;
        return this;
      }

      public Builder threshold(Double value) {
        threshold = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            simDoubletRatio,
            expectedDoubletRate,
            stdevDoubletRate,
            umiSubsampling,
            metric,
            normalizeVariance,
            logTransform,
            meanCenter,
            nPrinComps,
            search,
            neighborParents,
            nNeighbors,
            threshold,
            seed);
      }
    }
  }

  /**
   * Rows of "cells" are those kept, in their order.
   *
   * @param keptCells which cells of the input have a score
   * @param scores of the cells
   * @param errors standard errors of the scores
   * @param zScores {@code (score - threshold) / error}; null without a threshold
   * @param predicted score above the threshold; null without one
   * @param simScores of the simulated doublets
   * @param simErrors standard errors of {@code simScores}
   * @param parents kept cells that make up doublet {@code d}, at {@code 2 d} and {@code 2 d + 1}
   * @param threshold null when none was given and the scores have no two modes
   * @param nNeighbors before the doublets were added
   * @param neighborParents kept cells behind the doublets next to each cell; null unless asked
   * @param search the one that ran
   */
  public record Result(
      boolean[] keptCells,
      double[] scores,
      double[] errors,
      double[] zScores,
      boolean[] predicted,
      double[] simScores,
      double[] simErrors,
      int[] parents,
      Double threshold,
      int nNeighbors,
      int[][] neighborParents,
      NearestNeighbors.Search search) {

    /**
     * The number of neighbours asked for once the doublets were among the cells; few cells have
     * lists of {@link NearestNeighbors#fitting fitting} length.
     */
    public int adjustedNeighbors() {
      return adjusted(nNeighbors, scores.length, simScores.length);
    }

    /** Share of the cells called doublets; NaN without a threshold. */
    public double detectedRate() {
      return threshold == null ? Double.NaN : shareAbove(scores, threshold);
    }

    /** Share of the simulated doublets that would be called; NaN without a threshold. */
    public double detectableFraction() {
      return threshold == null ? Double.NaN : shareAbove(simScores, threshold);
    }

    /** Estimated share of doublets, detectable or not; NaN without a threshold. */
    public double overallRate() {
      return detectedRate() / detectableFraction();
    }

    private static double shareAbove(double[] values, double threshold) {
      return Arrays.stream(values).filter(v -> v > threshold).count() / (double) values.length;
    }
  }

  public static Result run(Matrix counts, Params params) {
    return run(counts, params, Progress.NONE);
  }

  /**
   * @param counts cells by genes, raw; not changed
   */
  public static Result run(Matrix counts, Params params, Progress progress) {
    var facts = ValueFacts.of(counts);
    facts.requireFinite("scrublet");
    if (facts.negative() != null) {
      throw new IllegalArgumentException(
          "scrublet needs counts, but row "
              + facts.negative().row()
              + ", column "
              + facts.negative().col()
              + " is "
              + facts.negative().value()
              + "; run it before scaling, or pass the layer with counts");
    }
    var variable = VariableCounts.of(counts);
    var simulation =
        DoubletSimulation.run(
            variable.counts(),
            new DoubletSimulation.Params(
                params.simDoubletRatio(), params.umiSubsampling(), params.seed()));
    var observed = variable.observed(params.logTransform());
    var simulated = VariableCounts.rescaled(simulation.counts(), params.logTransform());
    var points = SharedEmbedding.of(observed, simulated, params, progress);
    return classify(
        points, variable.keptCells(), observed.nRows(), simulation.parents(), params, progress);
  }

  public static Result score(Matrix observed, Matrix simulated, int[] parents, Params params) {
    return score(observed, simulated, parents, params, Progress.NONE);
  }

  /**
   * Scores cells by doublets simulated elsewhere; both on the same scale, and not changed.
   *
   * @param parents two per doublet; numbers of the cells that the doublets were simulated from, of
   *     which observed may be a part
   */
  public static Result score(
      Matrix observed, Matrix simulated, int[] parents, Params params, Progress progress) {
    if (observed.nCols() != simulated.nCols()) {
      throw new ShapeMismatchException(
          "cells and simulated doublets must have the same genes, got "
              + observed.shape()
              + " and "
              + simulated.shape()
              + "; simulate from the filtered object");
    }
    Check.sameLength(parents.length, 2 * simulated.nRows(), "parents", "two per doublet");
    for (int p : parents) {
      Check.nonNegative(p, "parents");
    }
    ValueFacts.of(observed).requireFinite("scrublet");
    ValueFacts.of(simulated).requireFinite("scrublet");
    var points =
        SharedEmbedding.of(
            observed.toCsr().toFloat32().own(),
            simulated.toCsr().toFloat32().own(),
            params,
            progress);
    boolean[] all = new boolean[observed.nRows()];
    Arrays.fill(all, true);
    return classify(points, all, observed.nRows(), parents, params, progress);
  }

  /** The number of neighbours once {@code nSimulated} doublets are among {@code n} cells. */
  static int adjusted(int k, int n, int nSimulated) {
    return (int) Math.rint(k * (1 + nSimulated / (double) n));
  }

  private static Result classify(
      DenseMatrix points, boolean[] kept, int n, int[] parents, Params params, Progress progress) {
    int nSim = points.nRows() - n;
    int k = params.nNeighbors() != null ? params.nNeighbors() : (int) Math.rint(0.5 * Math.sqrt(n));
    double ratio = nSim / (double) n;
    int adjusted = adjusted(k, n, nSim);
    var lists =
        NearestNeighbors.run(
            points,
            new NearestNeighbors.Params(
                NearestNeighbors.fitting(adjusted, points.nRows()),
                params.metric(),
                params.search(),
                params.seed()),
            progress);
    int[] doublets = DoubletOdds.count(lists, n);
    // of the number asked for even where few cells have shorter lists, as scanpy has it
    var odds =
        new DoubletOdds(adjusted, ratio, params.expectedDoubletRate(), params.stdevDoubletRate());
    double[] scores = Arrays.stream(doublets).mapToDouble(odds::score).toArray();
    double[] errors = Arrays.stream(doublets).mapToDouble(odds::error).toArray();
    double[] simScores = Arrays.copyOfRange(scores, n, n + nSim);
    Double threshold = params.threshold();
    if (threshold == null) {
      var found = ScoreThreshold.between(simScores);
      threshold = found.isPresent() ? found.getAsDouble() : null;
    }
    double[] z = threshold == null ? null : new double[n];
    boolean[] predicted = threshold == null ? null : new boolean[n];
    for (int i = 0; threshold != null && i < n; i++) {
      z[i] = (scores[i] - threshold) / errors[i];
      predicted[i] = scores[i] > threshold;
    }
    return new Result(
        kept,
        Arrays.copyOf(scores, n),
        Arrays.copyOf(errors, n),
        z,
        predicted,
        simScores,
        Arrays.copyOfRange(errors, n, n + nSim),
        parents,
        threshold,
        k,
        params.neighborParents() ? DoubletOdds.parents(lists, n, parents) : null,
        lists.search());
  }
}
