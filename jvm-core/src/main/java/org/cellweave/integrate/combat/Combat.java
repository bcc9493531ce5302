package org.cellweave.integrate.combat;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.DesignMatrix;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * ComBat: shifts and scales every gene of every batch towards the whole, by empirical Bayes
 * estimates that borrow strength across genes.
 *
 * <p>Departures from scanpy: float32 output; categorical covariates leave out their first category,
 * where scanpy inverts a singular matrix; a gene without variance does not end the iteration after
 * one sweep. {@link Flavor#SVA} does what the R package does instead. With a reference batch, mean
 * and variance of every gene are those of its cells, and its cells stay as they are.
 *
 * <p>Cost: O(n p (1 + covariates)) in three passes over blocks of genes; besides the dense result
 * only values per gene and batch are held. A gene without residual variance becomes its fitted
 * value ({@code SVA}: one without variance in any single batch is left as it is). Numbers matched:
 * scanpy 1.11.5, sva 3.46.
 *
 * @see <a href="https://doi.org/10.1093/biostatistics/kxj037">Johnson 2007</a>
 */
public final class Combat {
  private Combat() {}

  /** Whose details to follow. */
  public enum Flavor {
    /** Priors over all genes, variance of the shifts divided by the number of genes. */
    SCANPY,
    /** Genes constant within a batch are left out; variance divided by one less. */
    SVA
  }

  /**
   * @param flavor scanpy's details or those of R's sva
   * @param meanOnly shift only, keep the variances; with {@code SVA} a batch may have one cell
   * @param refBatch level that stays as it is and that the others are drawn to; null for the whole
   * @param tol stop when no estimate changes by more than this share
   * @param maxIter upper bound on sweeps per batch
   */
  public record Params(Flavor flavor, boolean meanOnly, String refBatch, double tol, int maxIter) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(tol, "tol");
      Check.positive(maxIter, "maxIter");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.SCANPY;
      private boolean meanOnly = false;
      private String refBatch = null;
      private double tol = 1e-4;
      private int maxIter = 1000;

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Builder meanOnly(boolean value) {
        this.meanOnly = value;
        return this;
      }

      public Builder refBatch(String value) {
        this.refBatch = value;
        return this;
      }

      public Builder tol(double value) {
        this.tol = value;
        return this;
      }

      public Builder maxIter(int value) {
        this.maxIter = value;
        return this;
      }

      public Params build() {
        return new Params(flavor, meanOnly, refBatch, tol, maxIter);
      }
    }
  }

  /**
   * @param x corrected values, dense float32; never the input itself
   * @param gamma shift per batch and gene, in units of the gene's pooled standard deviation
   * @param delta variance per batch and gene relative to the pooled one
   * @param iterations sweeps per batch
   * @param converged false when {@code maxIter} ended the sweeps of a batch
   * @param constantGenes number of genes without residual variance
   */
  public record Result(
      DenseMatrix x,
      double[][] gamma,
      double[][] delta,
      int[] iterations,
      boolean converged,
      int constantGenes)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, null));
    }

    @Override
    public List<String> warnings() {
      return converged
          ? List.of()
          : List.of(
              "combat stopped after "
                  + Arrays.stream(iterations).max().orElse(0)
                  + " sweeps before its estimates settled");
    }
  }

  /** ComBat with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return "combat";
    }

    @Override
    public Values reads() {
      return Values.LOG_EXPRESSION;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return Combat.run(
          input.values(name()),
          input.batch(name()).withoutUnused(),
          input.kept(),
          params,
          progress);
    }
  }

  public static Result run(
      Matrix x, Categories batch, List<? extends Covariate> kept, Params params) {
    return run(x, batch, kept, params, Progress.NONE);
  }

  /**
   * @param x cells by genes, usually logarithms; not changed
   * @param batch of every cell, at least two with two cells each
   * @param kept what is known about the cells besides the batch, and is to be kept; may be empty
   */
  public static Result run(
      Matrix x,
      Categories batch,
      List<? extends Covariate> kept,
      Params params,
      Progress progress) {
    batch.forCells(x.nRows());
    if (x.nCols() < 2) {
      throw new IllegalArgumentException(
          "combat learns from many genes and needs at least 2, got " + x.nCols());
    }
    boolean one = params.meanOnly() && params.flavor() == Flavor.SVA;
    batch
        .complete()
        .atLeastTwo("there is nothing to correct within one batch.")
        .cellsInEach(one ? 1 : 2, "combat");
    int reference = reference(batch, params.refBatch());
    int[] sizes = batch.sizes();
    var design = CombatDesign.of(batch, DesignMatrix.of(kept, x.nRows()));
    var model = new LocationScaleModel(x, batch.codes(), sizes, design, reference);
    if (!model.fit()) {
      Finite.require(x, "X", "combat");
      throw new IllegalArgumentException("combat: sums of X exceed the range of float64");
    }
    progress.step("combat", 1, 3, Double.NaN);
    Parallel.checkInterrupted();
    var prior = new EmpiricalBayes(model, sizes, params, reference);
    prior.shrink();
    progress.step("combat", 2, 3, Double.NaN);
    Parallel.checkInterrupted();
    DenseMatrix out = model.adjust(prior);
    var beyond = Finite.firstBeyond(out, Float.MAX_VALUE);
    if (beyond != null) {
      throw beyond.refusal(
          "combat: column "
              + beyond.col()
              + " of row "
              + beyond.row()
              + " comes out as "
              + beyond.value()
              + ", because X holds values too large for float32; rescale X, or take logarithms first",
          "X");
    }
    progress.step("combat", 3, 3, Double.NaN);
    return new Result(
        out,
        prior.gamma(),
        prior.delta(),
        prior.iterations(),
        prior.converged(),
        model.constantGenes());
  }

  /** The level that stays, or -1. */
  private static int reference(Categories batch, String refBatch) {
    if (refBatch == null) {
      return -1;
    }
    var levels = Arrays.asList(batch.levels());
    int at = levels.indexOf(refBatch);
    if (at < 0) {
      throw new IllegalArgumentException(
          "refBatch must be a level of "
              + batch.name()
              + ", one of "
              + levels
              + ", got '"
              + refBatch
              + "'."
              + Check.suggestion(refBatch, levels));
    }
    if (batch.size(at) < 2) {
      throw new IllegalArgumentException(
          "refBatch '"
              + refBatch
              + "' of "
              + batch.name()
              + " has 1 cell, but the others are scaled by its variance; name a batch with more");
    }
    return at;
  }
}
