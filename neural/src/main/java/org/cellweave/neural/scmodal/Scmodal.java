package org.cellweave.neural.scmodal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Latent places that sets of cells with different features have in common: an autoencoder of every
 * set, trained with its neighbours in the chain of sets. A discriminator that tells two neighbours
 * apart is played against; cells that are mutual neighbours by the features that are linked are
 * drawn together; the neighbourhoods of cells stay as their features have them; and what is decoded
 * as another set is encoded where it came from. Nothing but links between features is needed.
 *
 * <p>Departures from the program of the paper: neighbours are exact; a minibatch without mutual
 * neighbours adds nothing, where the original's loss is NaN; kernels are made from products of
 * rows; minibatches and inference read rows, never a matrix as a whole; latent places are computed
 * once for all updates of a step.
 *
 * <p>Cost: {@code trainingSteps} steps of about {@code batchSize nHidden (22 features + 70
 * nHidden)} operations; memory a few minibatches and kernels of {@code batchSize^2}. The same bits
 * for any number of threads.
 *
 * @see <a href="https://doi.org/10.1038/s41467-025-60333-z">Wang et al. 2025</a>
 */
public final class Scmodal {
  private Scmodal() {}

  /**
   * @param batchSize cells that a step draws of every set, with replacement
   * @param trainingSteps updates of the encoders and decoders
   * @param nLatent dimensions
   * @param nHidden units of hidden layers
   * @param nNeighbors of a cell in the minibatch, among which mutual ones are sought
   * @param lambdaAe weight of reconstructions
   * @param lambdaLa weight of the latent cycle
   * @param lambdaMnn weight of the distance between mutual neighbours
   * @param lambdaGeo weight of neighbourhoods
   * @param lambdaGan weight of the discriminators' loss
   * @param discriminatorSteps updates of the discriminators for one of the others
   * @param weightDecay added to gradients as that times the weight
   * @param maxNorm length to which gradients of encoders and decoders are cut; 0 for no cut
   * @param scale whether every feature is brought to mean 0 and deviation 1 as its rows are read
   */
  public record Params(
      int batchSize,
      int trainingSteps,
      int nLatent,
      int nHidden,
      int nNeighbors,
      double lambdaAe,
      double lambdaLa,
      double lambdaMnn,
      double lambdaGeo,
      double lambdaGan,
      int discriminatorSteps,
      double learningRate,
      double weightDecay,
      double maxNorm,
      boolean scale,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(batchSize, "batchSize");
      Check.positive(trainingSteps, "trainingSteps");
      Check.positive(nLatent, "nLatent");
      Check.positive(nHidden, "nHidden");
      Check.positive(nNeighbors, "nNeighbors");
      Check.nonNegative(Check.finite(lambdaAe, "lambdaAe"), "lambdaAe");
      Check.nonNegative(Check.finite(lambdaLa, "lambdaLa"), "lambdaLa");
      Check.nonNegative(Check.finite(lambdaMnn, "lambdaMnn"), "lambdaMnn");
      Check.nonNegative(Check.finite(lambdaGeo, "lambdaGeo"), "lambdaGeo");
      Check.nonNegative(Check.finite(lambdaGan, "lambdaGan"), "lambdaGan");
      Check.nonNegative(discriminatorSteps, "discriminatorSteps");
      Check.positive(Check.finite(learningRate, "learningRate"), "learningRate");
      Check.nonNegative(Check.finite(weightDecay, "weightDecay"), "weightDecay");
      Check.nonNegative(Check.finite(maxNorm, "maxNorm"), "maxNorm");
      if (nNeighbors > batchSize) {
        throw new IllegalArgumentException(
            "nNeighbors must be at most batchSize, "
                + batchSize
                + ", among whose cells they are sought, got "
                + nNeighbors);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int batchSize = 500;
      private int trainingSteps = 10_000;
      private int nLatent = 20;
      private int nHidden = 512;
      private int nNeighbors = 30;
      private double lambdaAe = 10;
      private double lambdaLa = 10;
      private double lambdaMnn = 1;
      private double lambdaGeo = 10;
      private double lambdaGan = 1;
      private int discriminatorSteps = 5;
      private double learningRate = 1e-3;
      private double weightDecay = 1e-3;
      private double maxNorm = 5;
      private boolean scale = true;
      private long seed = 0;

      public Builder batchSize(int value) {
        batchSize = value;
        return this;
      }

      public Builder trainingSteps(int value) {
        trainingSteps = value;
        return this;
      }

      public Builder nLatent(int value) {
        nLatent = value;
        return this;
      }

      public Builder nHidden(int value) {
        nHidden = value;
        return this;
      }

      public Builder nNeighbors(int value) {
        nNeighbors = value;
        return this;
      }

      public Builder lambdaAe(double value) {
        lambdaAe = value;
        return this;
      }

      public Builder lambdaLa(double value) {
        lambdaLa = value;
        return this;
      }

      public Builder lambdaMnn(double value) {
        lambdaMnn = value;
        return this;
      }

      public Builder lambdaGeo(double value) {
        lambdaGeo = value;
        return this;
      }

      public Builder lambdaGan(double value) {
        lambdaGan = value;
        return this;
      }

      public Builder discriminatorSteps(int value) {
        discriminatorSteps = value;
        return this;
      }

      public Builder learningRate(double value) {
        learningRate = value;
        return this;
      }

      public Builder weightDecay(double value) {
        weightDecay = value;
        return this;
      }

      public Builder maxNorm(double value) {
        maxNorm = value;
        return this;
      }

      public Builder scale(boolean value) {
        scale = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            batchSize,
            trainingSteps,
            nLatent,
            nHidden,
            nNeighbors,
            lambdaAe,
            lambdaLa,
            lambdaMnn,
            lambdaGeo,
            lambdaGan,
            discriminatorSteps,
            learningRate,
            weightDecay,
            maxNorm,
            scale,
            seed);
      }
    }
  }

  /**
   * @param x cells by features, as a rule logarithms; not changed
   */
  public record DataSet(String name, Matrix x) {}

  /**
   * Features that two sets share, or that belong together, column by column.
   *
   * @param first cells of the one set by links
   * @param second cells of the next set by links
   */
  public record Links(Matrix first, Matrix second) {}

  /**
   * A chain of sets.
   *
   * @param sets at least two
   * @param links of every set with the next one
   */
  public record Input(List<DataSet> sets, List<Links> links) {
    public Input {
      sets = List.copyOf(sets);
      links = List.copyOf(links);
      if (sets.size() < 2) {
        throw new IllegalArgumentException(
            "scmodal needs at least two sets of cells, got " + sets.size());
      }
      Check.sameLength(links.size(), sets.size() - 1, "links", "the number of neighbouring sets");
      Set<String> names = new HashSet<>();
      for (DataSet set : sets) {
        if (!names.add(set.name())) {
          throw new IllegalArgumentException("two sets are called '" + set.name() + "'");
        }
      }
      for (int pair = 0; pair < links.size(); pair++) {
        DataSet first = sets.get(pair);
        DataSet second = sets.get(pair + 1);
        requireRows(links.get(pair).first(), first);
        requireRows(links.get(pair).second(), second);
        requireLinks(links.get(pair), first.name(), second.name());
      }
    }

    private static void requireRows(Matrix linked, DataSet set) {
      if (linked.nRows() != set.x().nRows()) {
        throw new ShapeMismatchException(
            "linked features of '"
                + set.name()
                + "' have "
                + linked.nRows()
                + " rows, but it has "
                + set.x().nRows()
                + " cells");
      }
    }

    private static void requireLinks(Links links, String first, String second) {
      int n = links.first().nCols();
      if (n != links.second().nCols()) {
        throw new ShapeMismatchException(
            "'"
                + first
                + "' has "
                + n
                + " linked features and '"
                + second
                + "' has "
                + links.second().nCols()
                + "; column j of both must belong together");
      }
      if (n == 0) {
        throw new IllegalArgumentException(
            "'" + first + "' and '" + second + "' share no feature; give links between them");
      }
    }
  }

  /**
   * @param latent of every set, cells by dimensions
   * @param model the trained networks, which also impute
   */
  public record Result(List<DenseMatrix> latent, Losses losses, ScmodalModel model) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * @throws IllegalArgumentException for values that are not finite, and for a set with no more
   *     cells than {@code nNeighbors}
   * @throws org.cellweave.util.ConvergenceException when the losses are no longer finite
   */
  public static Result run(Input input, Params params, Progress progress) {
    check(input, params);
    List<DataSet> sets = input.sets();
    List<Scaling> scalings = new ArrayList<>();
    int[] features = new int[sets.size()];
    for (int s = 0; s < features.length; s++) {
      Matrix x = sets.get(s).x();
      scalings.add(params.scale() ? Scaling.of(x) : Scaling.none(x.nCols()));
      features[s] = x.nCols();
    }
    var networks = new Networks(features, params.nHidden(), params.nLatent(), params.seed());
    var draws = Training.Draws.of(params.seed());
    Losses losses;
    try (var training = new Training(input, params, scalings, networks, draws)) {
      losses = training.run(progress);
    }
    List<String> names = sets.stream().map(DataSet::name).toList();
    var model = new ScmodalModel(names, scalings, networks, params);
    List<DenseMatrix> latent = new ArrayList<>();
    for (DataSet set : sets) {
      latent.add(model.latent(set.name(), set.x()));
    }
    return new Result(List.copyOf(latent), losses, model);
  }

  private static void check(Input input, Params params) {
    for (DataSet set : input.sets()) {
      Matrix x = set.x();
      if (x.nRows() <= params.nNeighbors()) {
        throw new IllegalArgumentException(
            "nNeighbors must be smaller than the number of cells of every set, got "
                + params.nNeighbors()
                + ", but '"
                + set.name()
                + "' has "
                + x.nRows());
      }
      Check.positive(x.nCols(), "number of features of '" + set.name() + "'");
      Finite.require(x, set.name(), "scmodal");
    }
    for (int pair = 0; pair < input.links().size(); pair++) {
      Links links = input.links().get(pair);
      Finite.require(links.first(), input.sets().get(pair).name() + "'s links", "scmodal");
      Finite.require(links.second(), input.sets().get(pair + 1).name() + "'s links", "scmodal");
    }
  }
}
