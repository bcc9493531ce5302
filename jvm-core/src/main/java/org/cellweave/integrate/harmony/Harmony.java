package org.cellweave.integrate.harmony;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Harmony: removes what batches add to principal components, by soft clustering that favours mixed
 * clusters and one ridge regression per cluster.
 *
 * <p>{@link Flavor#HARMONY2} follows R's harmony 2.0, {@link Flavor#HARMONY1} the version of 2019
 * as in harmonypy 0.2. Departures: sums, objective and solves in float64; the run does not stop
 * when the objective rises (it does under {@link Rng#R_COMPAT}); a block of cells keeps its members
 * for the whole run and only the order of the blocks is drawn anew; the start is a k-means++ on at
 * most 20,000 cells (or 200 per cluster) with two passes over all cells; a single block is
 * penalised by all cells' counts instead of none. A covariate with one level is left out, with a
 * warning.
 *
 * <p>Cost per iteration: O(N K (d + rounds)); memory beside input and result: 4 (K + d + 1) bytes a
 * cell, off-heap. Cells of length zero stay zero.
 *
 * @see HarmonyModel
 * @see <a href="https://doi.org/10.1038/s41592-019-0619-0">Korsunsky et al. 2019</a>
 */
public final class Harmony {
  private Harmony() {}

  /** Whose rules. */
  public enum Flavor {
    /** R's harmony 2.0: centroids from the regression, automatic lambda, pruning, four rounds. */
    HARMONY2,
    /** The paper and harmonypy 0.2: centroids every round, lambda 1, twenty rounds. */
    HARMONY1
  }

  /** Where random numbers come from. */
  public enum Rng {
    /** Own, splittable; any number of threads gives the same bits. */
    SPLITTABLE,
    /** R's, drawn as harmony 2.0.2 and later draw them; slow, for comparison with R. */
    R_COMPAT,
    /** As {@link #R_COMPAT} with the first cells of the start chosen as harmony 2.0.0 does. */
    R_COMPAT_2_0_0
  }

  /** How the penalties of several covariates are put together. */
  public enum Penalty {
    /** Added, as R and harmonypy do. */
    SUM,
    /** Multiplied, as the objective implies. */
    PRODUCT
  }

  /**
   * @param flavor whose rules
   * @param rng where random numbers come from
   * @param theta strength of the penalty: one value, one per covariate, or one per level of all
   *     covariates in order
   * @param lambda ridge penalty, in the same three forms; -1 for {@code alpha} times the expected
   *     count; null for the flavour's own, -1 or 1
   * @param alpha factor of the automatic lambda
   * @param sigma width of the soft assignment
   * @param tau discounts theta for batches of few cells per cluster; 0 for none
   * @param nClusters null for {@code min(round(N / 30), 100)}
   * @param blockSize share of the cells that are reassigned together
   * @param maxIterHarmony corrections at most
   * @param maxIterClustering rounds of clustering in an iteration; null for the flavour's own, 4 or
   *     20
   * @param tolClustering relative change that ends the rounds; null for the flavour's own
   * @param tolHarmony relative decrease that ends the run, 0 to go on to {@code maxIterHarmony};
   *     null for the flavour's own
   * @param minIterHarmony corrections at least
   * @param batchPropCutoff a batch with at most this share of its cells in a cluster is left out of
   *     the cluster's regression ({@code HARMONY2})
   * @param penalty of several covariates
   * @param objectiveParts tell distance and entropy apart in every round, for one more matrix
   *     product a round
   * @param seed of all random numbers
   */
  public record Params(
      Flavor flavor,
      Rng rng,
      double[] theta,
      double[] lambda,
      double alpha,
      double sigma,
      double tau,
      Integer nClusters,
      double blockSize,
      int maxIterHarmony,
      Integer maxIterClustering,
      Double tolClustering,
      Double tolHarmony,
      int minIterHarmony,
      double batchPropCutoff,
      Penalty penalty,
      boolean objectiveParts,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      theta = theta.clone();
      for (double t : theta) {
        Check.inRange(t, 0, 1e9, "theta");
      }
      if (lambda != null) {
        lambda = lambda.clone();
        for (double l : lambda) {
          if (!(l > 0 && l < Double.POSITIVE_INFINITY) && l != -1) {
            throw new IllegalArgumentException(
                "lambda must be positive, or -1 to follow the expected counts, got " + l);
          }
        }
      }
      Check.inRange(Check.positive(alpha, "alpha"), 0, 1e9, "alpha");
      Check.inRange(sigma, 1e-6, 1e6, "sigma");
      Check.inRange(tau, 0, 1e9, "tau");
      if (nClusters != null) {
        Check.positive(nClusters, "nClusters");
      }
      Check.inRange(Check.positive(blockSize, "blockSize"), 1e-4, 1, "blockSize");
      Check.nonNegative(maxIterHarmony, "maxIterHarmony");
      maxIterClustering =
          maxIterClustering == null
              ? Integer.valueOf(flavor == Flavor.HARMONY2 ? 4 : 20)
              : maxIterClustering;
      Check.positive(maxIterClustering, "maxIterClustering");
      tolClustering =
          tolClustering == null
              ? Double.valueOf(flavor == Flavor.HARMONY2 ? 1e-3 : 1e-5)
              : tolClustering;
      Check.nonNegative(tolClustering, "tolClustering");
      tolHarmony =
          tolHarmony == null ? Double.valueOf(flavor == Flavor.HARMONY2 ? 1e-2 : 1e-4) : tolHarmony;
      Check.nonNegative(tolHarmony, "tolHarmony");
      Check.nonNegative(minIterHarmony, "minIterHarmony");
      Check.inRange(batchPropCutoff, 0, 1, "batchPropCutoff");
      if (rng != Rng.SPLITTABLE && flavor != Flavor.HARMONY2) {
        throw new IllegalArgumentException(
            "rng " + rng + " follows R's harmony 2, got flavor " + flavor + "; use HARMONY2");
      }
      if (rng != Rng.SPLITTABLE && seed != (int) seed) {
        throw new IllegalArgumentException("seed must fit R's integers, got " + seed);
      }
    }

    @Override
    public double[] theta() {
      return theta.clone();
    }

    @Override
    public double[] lambda() {
      return lambda == null ? null : lambda.clone();
    }

    boolean followsR() {
      return rng != Rng.SPLITTABLE;
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.HARMONY2;
      private Rng rng = Rng.SPLITTABLE;
      private double[] theta = {2};
      private double[] lambda = null;
      private double alpha = 0.2;
      private double sigma = 0.1;
      private double tau = 0;
      private Integer nClusters = null;
      private double blockSize = 0.05;
      private int maxIterHarmony = 10;
      private Integer maxIterClustering = null;
      private Double tolClustering = null;
      private Double tolHarmony = null;
      private int minIterHarmony = 1;
      private double batchPropCutoff = 1e-5;
      private Penalty penalty = Penalty.SUM;
      private boolean objectiveParts = false;
      private long seed = 0;

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Builder rng(Rng value) {
        this.rng = value;
        return this;
      }

      public Builder theta(double... values) {
        this.theta = values;
        return this;
      }

      public Builder lambda(double... values) {
        this.lambda = values;
        return this;
      }

      public Builder alpha(double value) {
        this.alpha = value;
        return this;
      }

      public Builder sigma(double value) {
        this.sigma = value;
        return this;
      }

      public Builder tau(double value) {
        this.tau = value;
        return this;
      }

      public Builder nClusters(Integer value) {
        this.nClusters = value;
        return this;
      }

      public Builder blockSize(double value) {
        this.blockSize = value;
        return this;
      }

      public Builder maxIterHarmony(int value) {
        this.maxIterHarmony = value;
        return this;
      }

      public Builder maxIterClustering(Integer value) {
        this.maxIterClustering = value;
        return this;
      }

      public Builder tolClustering(Double value) {
        this.tolClustering = value;
        return this;
      }

      public Builder tolHarmony(Double value) {
        this.tolHarmony = value;
        return this;
      }

      public Builder minIterHarmony(int value) {
        this.minIterHarmony = value;
        return this;
      }

      public Builder batchPropCutoff(double value) {
        this.batchPropCutoff = value;
        return this;
      }

      public Builder penalty(Penalty value) {
        this.penalty = value;
        return this;
      }

      public Builder objectiveParts(boolean value) {
        this.objectiveParts = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            flavor,
            rng,
            theta,
            lambda,
            alpha,
            sigma,
            tau,
            nClusters,
            blockSize,
            maxIterHarmony,
            maxIterClustering,
            tolClustering,
            tolHarmony,
            minIterHarmony,
            batchPropCutoff,
            penalty,
            objectiveParts,
            seed);
      }
    }
  }

  /**
   * The objective after a round, each part times 2000 / N.
   *
   * @param total what the stopping rules look at
   * @param distance of the cells from their clusters; NaN unless {@code objectiveParts}
   * @param entropy of the assignment, times sigma; NaN unless {@code objectiveParts}
   * @param diversity how unlike the batches are spread over the clusters
   */
  public record Objective(double total, double distance, double entropy, double diversity) {}

  /**
   * @param corrected cells by dimensions, float32
   * @param nClusters number of clusters used
   * @param iterations corrections done
   * @param converged whether the objective settled before {@code maxIterHarmony}
   * @param objective after the start and after the clustering of every iteration
   * @param rounds after the start and after every round of clustering
   * @param roundsPerIteration rounds of clustering in every iteration
   * @param weights for every cluster the regression: row 0 is the intercept, then one row per level
   * @param assignment cells by clusters; null, ask {@link HarmonyModel#getR()} for it
   * @param warnings what was left out or looks wrong
   */
  public record Result(
      DenseMatrix corrected,
      int nClusters,
      int iterations,
      boolean converged,
      double[] objective,
      List<Objective> rounds,
      int[] roundsPerIteration,
      List<DenseMatrix> weights,
      DenseMatrix assignment,
      List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(corrected));
    }
  }

  /** Harmony with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return "harmony";
    }

    @Override
    public Values reads() {
      return Values.EMBEDDING;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return Harmony.run(input.values(name()), input.batches(), params, progress);
    }
  }

  public static Result run(Matrix pcs, List<Categories> covariates, Params params) {
    return run(pcs, covariates, params, Progress.NONE);
  }

  /**
   * @param pcs cells by principal components
   * @param covariates what to integrate over
   */
  public static Result run(
      Matrix pcs, List<Categories> covariates, Params params, Progress progress) {
    return run(pcs, covariates, params, false, progress);
  }

  /**
   * @param withAssignment return the soft assignment of cells to clusters as well
   */
  public static Result run(
      Matrix pcs,
      List<Categories> covariates,
      Params params,
      boolean withAssignment,
      Progress progress) {
    try (var model = model(pcs, covariates, params)) {
      model.harmonize(params.maxIterHarmony(), progress);
      return model.result(withAssignment);
    }
  }

  /** The model after its start, to be taken through its steps one by one. */
  public static HarmonyModel model(Matrix pcs, List<Categories> covariates, Params params) {
    return new HarmonyModel(pcs.toDense(), Design.of(covariates, pcs.nRows(), params), params);
  }
}
