package org.cellweave.integrate;

import java.util.List;
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
 * one sweep. {@link Flavor#SVA} does what the R package does instead.
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
   * @param meanOnly shift only, keep the variances
   * @param tol stop when no estimate changes by more than this share
   * @param maxIter upper bound on sweeps per batch
   */
  public record Params(Flavor flavor, boolean meanOnly, double tol, int maxIter) {
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

      public Builder tol(double value) {
        this.tol = value;
        return this;
      }

      public Builder maxIter(int value) {
        this.maxIter = value;
        return this;
      }

      public Params build() {
        return new Params(flavor, meanOnly, tol, maxIter);
      }
    }
  }

  /**
   * @param codes batch of every cell
   * @param names of the batches, in the order of the codes
   * @param column what the codes are of, for messages, such as {@code obs['batch']}
   */
  public record Batches(int[] codes, String[] names, String column) {}

  /**
   * What is known about the cells besides the batch, and is to be kept.
   *
   * @param name for messages
   * @param columns of the design matrix, one value per cell each
   */
  public record Covariate(String name, double[][] columns) {
    public static Covariate numeric(String name, double... values) {
      return new Covariate(name, new double[][] {values});
    }

    /** One indicator per category but the first. */
    public static Covariate categorical(String name, int[] codes, int nCategories) {
      double[][] columns = new double[Math.max(0, nCategories - 1)][codes.length];
      for (int i = 0; i < codes.length; i++) {
        if (codes[i] < 0) {
          throw new IllegalArgumentException(
              "covariate '" + name + "' is missing for cell " + i + ". Fill it or subset first");
        }
        if (codes[i] > 0) {
          columns[codes[i] - 1][i] = 1;
        }
      }
      return new Covariate(name, columns);
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
      int constantGenes) {}

  public static Result run(Matrix x, Batches batches, List<Covariate> covariates, Params params) {
    return run(x, batches, covariates, params, Progress.NONE);
  }

  /**
   * @param x cells by genes, usually logarithms; not changed
   * @param covariates may be empty
   */
  public static Result run(
      Matrix x, Batches batches, List<Covariate> covariates, Params params, Progress progress) {
    Check.sameLength(batches.codes().length, x.nRows(), "batch codes", "number of cells");
    if (x.nCols() < 2) {
      throw new IllegalArgumentException(
          "combat learns from many genes and needs at least 2, got " + x.nCols());
    }
    int[] sizes = sizes(batches);
    var design = CombatDesign.of(batches, sizes, covariates);
    var model = new CombatModel(x, batches.codes(), sizes, design);
    if (!model.fit()) {
      Finite.require(x, "X", "combat");
      throw new IllegalArgumentException("combat: sums of X exceed the range of float64");
    }
    progress.step("combat", 1, 3, Double.NaN);
    Parallel.checkInterrupted();
    var prior = new CombatPrior(model, sizes, params);
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

  private static int[] sizes(Batches batches) {
    int[] sizes = new int[batches.names().length];
    int[] codes = batches.codes();
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 0) {
        throw new IllegalArgumentException(
            "combat needs the batch of every cell, but cell " + i + " has none. Subset first");
      }
      sizes[Check.index(codes[i], sizes.length, "batch code")]++;
    }
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "combat needs at least 2 batches, got "
              + sizes.length
              + " in "
              + batches.column()
              + ". There is nothing to correct within one batch");
    }
    for (int b = 0; b < sizes.length; b++) {
      if (sizes[b] < 2) {
        throw new IllegalArgumentException(
            "batch '"
                + batches.names()[b]
                + "' of "
                + batches.column()
                + " has "
                + sizes[b]
                + (sizes[b] == 1 ? " cell" : " cells")
                + ", but combat needs at least 2 in each. Merge it with another batch or remove it");
      }
    }
    return sizes;
  }
}
