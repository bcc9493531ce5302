package org.cellweave.integrate.factor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Integrative non-negative matrix factorisation of several data sets, with features that only some
 * of them have (UINMF); without such features it is iNMF. Every cell is a mixture H of k factors,
 * each of which has weights W of the shared features in all sets, further weights V of them in each
 * set, and weights U of the set's own features:
 *
 * <pre>sum |E - (W + V) H|^2 + |P - U H|^2 + lambda (|V H|^2 + |U H|^2)</pre>
 *
 * <p>Each group of weights in turn is the exact non-negative optimum given the others. Departures
 * from the original: it ends when the objective has settled; of several starts the best is kept,
 * each with random numbers of its own. Cost of an iteration: stored values times k, and a problem
 * of k unknowns for every cell and feature. Numbers matched: the update rules of rliger 2.2.1.
 *
 * @see <a href="https://doi.org/10.1038/s41467-022-28431-4">Kriebel and Welch 2022</a>
 */
public final class Uinmf {
  static final String NAME = "uinmf";

  private Uinmf() {}

  /**
   * @param k number of factors
   * @param lambda weight of what sets have for themselves: the larger, the less they have
   * @param maxIter iterations at most
   * @param tol relative fall of the objective in one iteration that counts as none; 0 to run all
   *     iterations
   * @param nStarts random starts, of which the best is kept
   * @param scale divides every feature by its root mean square within each set
   * @param seed of the starts
   */
  public record Params(
      int k, double lambda, int maxIter, double tol, int nStarts, boolean scale, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(k, "k");
      Check.nonNegative(lambda, "lambda");
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
      Check.positive(nStarts, "nStarts");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = 20;
      private double lambda = 5;
      private int maxIter = 30;
      private double tol = 1e-4;
      private int nStarts = 1;
      private boolean scale = true;
      private long seed = 1;

      public Builder k(int value) {
        this.k = value;
        return this;
      }

      public Builder lambda(double value) {
        this.lambda = value;
        return this;
      }

      public Builder maxIter(int value) {
        this.maxIter = value;
        return this;
      }

      public Builder tol(double value) {
        this.tol = value;
        return this;
      }

      public Builder nStarts(int value) {
        this.nStarts = value;
        return this;
      }

      public Builder scale(boolean value) {
        this.scale = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(k, lambda, maxIter, tol, nStarts, scale, seed);
      }
    }
  }

  /**
   * What one data set has for itself.
   *
   * @param learnt its weights of the shared features, and what they were learnt from
   * @param cells rows of the whole input
   * @param features of this set alone
   * @param u their weights, as many rows of k
   */
  public record Part(FactorSet learnt, int[] cells, String[] features, double[] u) {}

  /**
   * @param k number of factors
   * @param h mixture of every cell of the input, rows of k
   * @param features shared by all sets
   * @param w their weights, rows of k
   * @param parts one for every set
   * @param objective after every iteration of the best start
   * @param converged whether the objective had settled
   */
  public record Result(
      int k,
      double[] h,
      String[] features,
      double[] w,
      List<Part> parts,
      double[] objective,
      boolean converged) {}

  /**
   * @param input blocks with names of features and values of at least 0; the batch column names the
   *     sets
   * @throws IllegalArgumentException for negative values, by cell and feature; for sets that share
   *     no feature; for fewer cells or features than factors
   */
  public static Result run(IntegrationInput input, Params params, Progress progress) {
    List<MosaicPart> parts = MosaicParts.of(input, NAME);
    String[] shared = shared(parts);
    List<ScaledPart> values = new ArrayList<>();
    List<String[]> own = new ArrayList<>();
    for (MosaicPart part : parts) {
      Map<String, Integer> columns = part.columns();
      int[] sharedColumns = Arrays.stream(shared).mapToInt(columns::get).toArray();
      Set<String> rest = new LinkedHashSet<>(Arrays.asList(part.features()));
      rest.removeAll(Arrays.asList(shared));
      own.add(rest.toArray(new String[0]));
      int[] ownColumns = rest.stream().mapToInt(columns::get).toArray();
      values.add(ScaledPart.of(part, sharedColumns, ownColumns, params.scale()));
      requireFactors(part.name(), part.cells().length, part.features().length, params.k());
    }
    FactorModel best = null;
    for (int start = 0; start < params.nStarts(); start++) {
      var model = FactorModel.random(values, params, Streams.of(params.seed(), start));
      model.run(progress, start);
      best = best == null || model.objective() < best.objective() ? model : best;
    }
    return result(input.nCells(), parts, shared, own, best, params.k());
  }

  private static String[] shared(List<MosaicPart> parts) {
    Set<String> shared = new LinkedHashSet<>(Arrays.asList(parts.get(0).features()));
    for (MosaicPart part : parts) {
      shared.retainAll(part.columns().keySet());
    }
    if (shared.isEmpty()) {
      throw new IllegalArgumentException(
          "uinmf needs features that all sets share, but "
              + parts.stream().map(MosaicPart::name).toList()
              + " have none in common. A gene and its protein are two features until links join"
              + " them: give links, or take stabmap or multimap, which need no feature that all"
              + " sets have");
    }
    return shared.toArray(new String[0]);
  }

  /** A factor starts from a cell and needs a feature. */
  static void requireFactors(String set, int nCells, int nFeatures, int k) {
    int least = Math.min(nCells, nFeatures);
    if (least < k) {
      throw new IllegalArgumentException(
          "k must be at most the number of cells and of features of every set, got "
              + k
              + " for '"
              + set
              + "' with "
              + nCells
              + " cells and "
              + nFeatures
              + " features. Pass k = "
              + least
              + " or less, or leave the set out");
    }
  }

  private static Result result(
      int nCells,
      List<MosaicPart> parts,
      String[] shared,
      List<String[]> own,
      FactorModel model,
      int k) {
    double[] h = new double[Math.multiplyExact(nCells, k)];
    List<Part> out = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      int[] cells = parts.get(p).cells();
      FactorAlgebra.putRows(model.h(p), cells, k, h);
      FactorSet learnt = model.learnt(p, parts.get(p).name());
      out.add(new Part(learnt, cells, own.get(p), model.u(p)));
    }
    return new Result(k, h, shared, model.w(), out, model.trace(), model.converged());
  }
}
