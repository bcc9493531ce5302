package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.train.History;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * MIDAS: a variational autoencoder of cells that need not have all modalities. Every modality that
 * a cell has, and its batch, is an expert on where the cell lies; their product is its place, of
 * which some dimensions are biological and the others technical. Discriminators that tell batches
 * from the biological ones are played against the encoders.
 *
 * <p>Departures from the original: only the present modalities are decoded in training, a single
 * piece of accessible regions has a network as well, RNA may be negative binomial, training may end
 * by held-out cells, and may begin near a given embedding.
 *
 * <p>Cost: an epoch has, for each part, as many minibatches as the largest part fills. The same
 * bits for any number of threads.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-02040-y">He et al. 2024</a>; numbers are
 *     compared with those of scmidas 0.3.0
 */
public final class Midas {
  private Midas() {}

  /** What counts of genes are taken for. */
  public enum GeneLikelihood {
    POISSON,
    NEGATIVE_BINOMIAL
  }

  /**
   * @param dimC biological dimensions
   * @param dimU technical dimensions
   * @param nHidden units of the layer beside counts
   * @param nShared units of the layer that all modalities share
   * @param dropout share of units left out in training
   * @param batchDropout share of minibatches whose batch the model is not told
   * @param rna name of the modality that {@code geneLikelihood} is about
   * @param atac name of the modality of accessible regions, which are open or not
   * @param batchWeight of the cross-entropy of batches by technical dimensions
   * @param klWeightC of the divergence of the biological dimensions
   * @param klWeightU of that of the technical ones
   * @param alignmentWeight of the distances between a cell's places by its modalities
   * @param adversaryWeight of the discriminators' cross-entropies
   * @param discriminatorSteps of the discriminators before each of the autoencoder
   * @param maxCellsPerEpoch of every part
   * @param patience epochs without a better objective of held-out cells after which training ends;
   *     0 to train {@code maxEpochs} epochs on all cells
   * @param validationSize share of the cells of every part that is held out with {@code patience}
   * @param warmStartEpochs that draw places towards the given embedding, of {@code maxEpochs}
   * @param warmStartWeight of the squared distances from it
   */
  public record Params(
      int dimC,
      int dimU,
      int nHidden,
      int nShared,
      double dropout,
      double batchDropout,
      String rna,
      GeneLikelihood geneLikelihood,
      String atac,
      double batchWeight,
      double klWeightC,
      double klWeightU,
      double alignmentWeight,
      double adversaryWeight,
      int discriminatorSteps,
      double lr,
      double weightDecay,
      int batchSize,
      int maxEpochs,
      int maxCellsPerEpoch,
      int patience,
      double validationSize,
      int warmStartEpochs,
      double warmStartWeight,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(dimC, "dimC");
      Check.positive(dimU, "dimU");
      Check.positive(nHidden, "nHidden");
      Check.positive(nShared, "nShared");
      belowOne(dropout, "dropout");
      belowOne(batchDropout, "batchDropout");
      weight(batchWeight, "batchWeight");
      weight(klWeightC, "klWeightC");
      weight(klWeightU, "klWeightU");
      weight(alignmentWeight, "alignmentWeight");
      weight(adversaryWeight, "adversaryWeight");
      weight(warmStartWeight, "warmStartWeight");
      Check.nonNegative(discriminatorSteps, "discriminatorSteps");
      Check.positive(Check.finite(lr, "lr"), "lr");
      weight(weightDecay, "weightDecay");
      Check.positive(batchSize, "batchSize");
      Check.positive(maxEpochs, "maxEpochs");
      Check.positive(maxCellsPerEpoch, "maxCellsPerEpoch");
      Check.nonNegative(patience, "patience");
      belowOne(validationSize, "validationSize");
      Check.nonNegative(warmStartEpochs, "warmStartEpochs");
    }

    private static void belowOne(double value, String name) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException(name + " must lie in [0, 1), got " + value);
      }
    }

    private static void weight(double value, String name) {
      Check.nonNegative(Check.finite(value, name), name);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** A builder that has these values. */
    public Builder toBuilder() {
      Builder out = new Builder();
      out.dimC = dimC;
      out.dimU = dimU;
      out.nHidden = nHidden;
      out.nShared = nShared;
      out.dropout = dropout;
      out.batchDropout = batchDropout;
      out.rna = rna;
      out.geneLikelihood = geneLikelihood;
      out.atac = atac;
      out.batchWeight = batchWeight;
      out.klWeightC = klWeightC;
      out.klWeightU = klWeightU;
      out.alignmentWeight = alignmentWeight;
      out.adversaryWeight = adversaryWeight;
      out.discriminatorSteps = discriminatorSteps;
      out.lr = lr;
      out.weightDecay = weightDecay;
      out.batchSize = batchSize;
      out.maxEpochs = maxEpochs;
      out.maxCellsPerEpoch = maxCellsPerEpoch;
      out.patience = patience;
      out.validationSize = validationSize;
      out.warmStartEpochs = warmStartEpochs;
      out.warmStartWeight = warmStartWeight;
      out.seed = seed;
      return out;
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int dimC = 32;
      private int dimU = 2;
      private int nHidden = 1024;
      private int nShared = 128;
      private double dropout = 0.2;
      private double batchDropout = 0.1;
      private String rna = "rna";
      private GeneLikelihood geneLikelihood = GeneLikelihood.POISSON;
      private String atac = "atac";
      private double batchWeight = 1000;
      private double klWeightC = 1;
      private double klWeightU = 5;
      private double alignmentWeight = 50;
      private double adversaryWeight = 30;
      private int discriminatorSteps = 3;
      private double lr = 3e-4;
      private double weightDecay = 0.01;
      private int batchSize = 128;
      private int maxEpochs = 65;
      private int maxCellsPerEpoch = 10000;
      private int patience = 0;
      private double validationSize = 0.1;
      private int warmStartEpochs = 20;
      private double warmStartWeight = 50;
      private long seed = 0;

      public Builder dimC(int value) {
        this.dimC = value;
        return this;
      }

      public Builder dimU(int value) {
        this.dimU = value;
        return this;
      }

      public Builder nHidden(int value) {
        this.nHidden = value;
        return this;
      }

      public Builder nShared(int value) {
        this.nShared = value;
        return this;
      }

      public Builder dropout(double value) {
        this.dropout = value;
        return this;
      }

      public Builder batchDropout(double value) {
        this.batchDropout = value;
        return this;
      }

      public Builder rna(String value) {
        this.rna = value;
        return this;
      }

      public Builder geneLikelihood(GeneLikelihood value) {
        this.geneLikelihood = value;
        return this;
      }

      public Builder atac(String value) {
        this.atac = value;
        return this;
      }

      public Builder batchWeight(double value) {
        this.batchWeight = value;
        return this;
      }

      public Builder klWeightC(double value) {
        this.klWeightC = value;
        return this;
      }

      public Builder klWeightU(double value) {
        this.klWeightU = value;
        return this;
      }

      public Builder alignmentWeight(double value) {
        this.alignmentWeight = value;
        return this;
      }

      public Builder adversaryWeight(double value) {
        this.adversaryWeight = value;
        return this;
      }

      public Builder discriminatorSteps(int value) {
        this.discriminatorSteps = value;
        return this;
      }

      public Builder lr(double value) {
        this.lr = value;
        return this;
      }

      public Builder weightDecay(double value) {
        this.weightDecay = value;
        return this;
      }

      public Builder batchSize(int value) {
        this.batchSize = value;
        return this;
      }

      public Builder maxEpochs(int value) {
        this.maxEpochs = value;
        return this;
      }

      public Builder maxCellsPerEpoch(int value) {
        this.maxCellsPerEpoch = value;
        return this;
      }

      public Builder patience(int value) {
        this.patience = value;
        return this;
      }

      public Builder validationSize(double value) {
        this.validationSize = value;
        return this;
      }

      public Builder warmStartEpochs(int value) {
        this.warmStartEpochs = value;
        return this;
      }

      public Builder warmStartWeight(double value) {
        this.warmStartWeight = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            dimC,
            dimU,
            nHidden,
            nShared,
            dropout,
            batchDropout,
            rna,
            geneLikelihood,
            atac,
            batchWeight,
            klWeightC,
            klWeightU,
            alignmentWeight,
            adversaryWeight,
            discriminatorSteps,
            lr,
            weightDecay,
            batchSize,
            maxEpochs,
            maxCellsPerEpoch,
            patience,
            validationSize,
            warmStartEpochs,
            warmStartWeight,
            seed);
      }
    }
  }

  /**
   * @param c biological dimensions of every cell
   * @param u technical ones
   * @param history means over an epoch's minibatches: {@code loss}, {@code reconstruction_NAME},
   *     {@code batch}, {@code kl_c}, {@code kl_u}, {@code alignment}, {@code discriminator}, and
   *     {@code validation} where cells were held out
   * @param stoppedEarly whether training ended before {@code maxEpochs}
   */
  public record Result(
      TrainedMidas model, DenseMatrix c, DenseMatrix u, History history, boolean stoppedEarly) {}

  /**
   * @param input counts; a block per modality
   */
  public static Result run(IntegrationInput input, Params params, Progress progress) {
    return run(input, null, params, progress);
  }

  /**
   * @param start an embedding of all cells that training begins near; null without
   */
  public static Result run(IntegrationInput input, Matrix start, Params params, Progress progress) {
    if (input.nCells() < 2) {
      throw new IllegalArgumentException(
          "midas learns from many cells, got " + input.nCells() + "; give hundreds at least");
    }
    List<Modality> modalities = new ArrayList<>();
    for (FeatureBlock block : input.blocks()) {
      modalities.add(modality(block, params));
    }
    MosaicCells cells = new MosaicCells(input, modalities);
    Network.Shape shape = Network.Shape.of(modalities, cells, null);
    return trained(new Network(shape, params), input, cells, start, params, progress);
  }

  static Result trained(
      Network network,
      IntegrationInput input,
      MosaicCells cells,
      Matrix start,
      Params params,
      Progress progress) {
    var training = new MidasTraining(network, cells, start, params, progress);
    training.run();
    var model = new TrainedMidas(network, params, training.history());
    var places = model.latent(input, List.of());
    return new Result(model, places.c(), places.u(), training.history(), training.stoppedEarly());
  }

  private static Modality modality(FeatureBlock block, Params params) {
    if (block.features() == null) {
      throw new IllegalArgumentException(
          "midas matches features by their names, but " + block.name() + " has none");
    }
    if (block.name().equals(params.atac())) {
      return Modality.regions(block.name(), block.features());
    }
    boolean negative =
        block.name().equals(params.rna())
            && params.geneLikelihood() == GeneLikelihood.NEGATIVE_BINOMIAL;
    return Modality.counts(
        block.name(),
        block.features(),
        negative ? Modality.Likelihood.NEGATIVE_BINOMIAL : Modality.Likelihood.POISSON);
  }
}
