package org.cellweave.integrate.factor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cellweave.design.Categories;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Integrative non-negative matrix factorisation by minibatches of cells, of which no more need be
 * in memory; the objective is that of {@link Uinmf} without features of single sets. Data sets can
 * be added to factors that were learnt before, and new cells be given mixtures of fixed factors.
 *
 * <p>The cells of a minibatch get their best mixtures, then every weight is improved once or more
 * in turn. Departure from the original, which lets sums over cells fade: when a cell comes again,
 * what its last mixture has added is taken off exactly, so that from the second epoch on the
 * objective never rises, and is known without another pass. Chunks of {@value OnlineModel#CHUNK}
 * neighbouring cells of a set stay together, so that a file is read in pieces. Cost of an epoch:
 * stored values times k twice, and a problem of k unknowns for every cell. Memory: a minibatch, and
 * the mixtures.
 *
 * @see <a href="https://doi.org/10.1038/s41587-021-00867-x">Gao 2021</a>
 */
public final class OnlineInmf {
  static final String NAME = "onlineInmf";

  private OnlineInmf() {}

  /**
   * @param k number of factors
   * @param lambda weight of what sets have for themselves: the larger, the less they have
   * @param nEpochs how often every cell is learnt from
   * @param minibatchSize cells at a time, of all sets in proportion
   * @param nHals rounds over the weights after every minibatch
   * @param scale divides every feature by its root mean square within each set
   * @param project gives cells mixtures of the shared weights of factors learnt before, which stay
   *     as they are
   * @param seed of the start and of the order of cells
   */
  public record Params(
      int k,
      double lambda,
      int nEpochs,
      int minibatchSize,
      int nHals,
      boolean scale,
      boolean project,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(k, "k");
      Check.nonNegative(lambda, "lambda");
      Check.positive(nEpochs, "nEpochs");
      Check.positive(minibatchSize, "minibatchSize");
      Check.positive(nHals, "nHals");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = Uinmf.Params.DEFAULTS.k();
      private double lambda = Uinmf.Params.DEFAULTS.lambda();
      private int nEpochs = 5;
      private int minibatchSize = 5000;
      private int nHals = 1;
      private boolean scale = true;
      private boolean project = false;
      private long seed = 1;

      public Builder k(int value) {
        this.k = value;
        return this;
      }

      public Builder lambda(double value) {
        this.lambda = value;
        return this;
      }

      public Builder nEpochs(int value) {
        this.nEpochs = value;
        return this;
      }

      public Builder minibatchSize(int value) {
        this.minibatchSize = value;
        return this;
      }

      public Builder nHals(int value) {
        this.nHals = value;
        return this;
      }

      public Builder scale(boolean value) {
        this.scale = value;
        return this;
      }

      public Builder project(boolean value) {
        this.project = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(k, lambda, nEpochs, minibatchSize, nHals, scale, project, seed);
      }
    }
  }

  /**
   * Factors that were learnt before; not changed.
   *
   * @param features names
   * @param w their shared weights, rows of k
   * @param sets learnt from
   */
  public record Base(String[] features, double[] w, List<FactorSet> sets) {}

  /**
   * @param cells values of at least 0
   * @param features names of the columns
   * @param sets of the cells; those that {@code base} knows are not learnt from again
   * @param base null to start afresh
   */
  public record Input(CellReader cells, String[] features, Categories sets, Base base) {
    public Input {
      sets = sets.complete().withoutUnused();
    }
  }

  /**
   * @param k number of factors
   * @param h mixture of every cell, rows of k
   * @param features names
   * @param w their shared weights, rows of k
   * @param sets all that were learnt from: those of the base, then those of the input that were new
   * @param objective after every epoch, and last when each cell has its mixture of the final
   *     factors; of a projection the sum of squared residuals alone
   */
  public record Result(
      int k, double[] h, String[] features, double[] w, List<FactorSet> sets, double[] objective) {}

  /**
   * @throws IllegalArgumentException for values that are negative or not finite; for fewer cells or
   *     features than factors; for a base that has other features or factors, or knows all sets
   */
  public static Result run(Input input, Params params, Progress progress) {
    check(input, params);
    var model = new OnlineModel(input, params, progress);
    double[] objective = params.project() ? new double[0] : model.learn();
    double[] whole = Arrays.copyOf(objective, objective.length + 1);
    double[] h = model.mixtures();
    whole[objective.length] = model.objective();
    return new Result(params.k(), h, input.features(), model.w(), model.known(), whole);
  }

  private static void check(Input input, Params params) {
    Categories sets = input.sets();
    Base base = input.base();
    List<String> fresh = new ArrayList<>(List.of(sets.levels()));
    if (base != null) {
      requireSame(base, input.features(), params.k());
      Set<String> known = base.sets().stream().map(FactorSet::name).collect(Collectors.toSet());
      fresh.removeAll(known);
    }
    if (params.project()) {
      if (base == null) {
        throw new IllegalArgumentException(
            "project = true needs factors that were learnt before; give base");
      }
      return;
    }
    if (fresh.isEmpty()) {
      throw new IllegalArgumentException(
          "base has learnt from all sets of "
              + sets.name()
              + " already, "
              + List.of(sets.levels())
              + ". Give new sets other names, or pass project = true for mixtures alone");
    }
    for (int s = 0; s < sets.nLevels(); s++) {
      if (fresh.contains(sets.level(s))) {
        Uinmf.requireFactors(sets.level(s), sets.size(s), input.features().length, params.k());
      }
    }
  }

  private static void requireSame(Base base, String[] features, int k) {
    if (!Arrays.equals(base.features(), features)) {
      throw new IllegalArgumentException(
          "cells must have the features of base in the same order, got "
              + features.length
              + " for "
              + base.features().length);
    }
    int own = base.w().length / Math.max(1, features.length);
    if (own != k) {
      throw new ShapeMismatchException(
          "base has " + own + " factors, but k is " + k + ". Pass k = " + own);
    }
  }
}
