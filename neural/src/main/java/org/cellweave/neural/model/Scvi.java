package org.cellweave.neural.model;

import java.nio.file.Path;
import java.util.List;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * scVI: a variational autoencoder of counts, whose latent places hold what is left of cells when
 * their totals and batches are accounted for.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0229-2">Lopez et al. 2018</a>
 */
public final class Scvi extends CountModel {
  static final String NAME = "SCVI";

  private final Params params;

  /**
   * What all models here are made with.
   *
   * @param nHidden units of hidden layers
   * @param nLatent latent dimensions
   * @param nLayers hidden layers of encoder and decoder
   * @param dropoutRate share of the encoder's units that training drops
   * @param dispersion whose dispersion a gene has
   * @param geneLikelihood how counts scatter
   * @param latentDistribution of places: normal, or on the simplex
   * @param useObservedLibSize whether totals are taken as they are, instead of inferred
   * @param logVariational whether the encoder sees {@code log(1 + x)}
   * @param deeplyInjectCovariates whether every layer sees the covariates, not the first alone
   * @param encodeCovariates whether the encoder sees them at all
   * @param useBatchNorm where minibatches are normalised
   * @param useLayerNorm where cells are normalised
   * @param seed of the first weights
   */
  public record Params(
      int nHidden,
      int nLatent,
      int nLayers,
      double dropoutRate,
      Dispersion dispersion,
      Likelihood geneLikelihood,
      LatentDistribution latentDistribution,
      boolean useObservedLibSize,
      boolean logVariational,
      boolean deeplyInjectCovariates,
      boolean encodeCovariates,
      Where useBatchNorm,
      Where useLayerNorm,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nHidden, "nHidden");
      Check.positive(nLatent, "nLatent");
      VaeShape.requireLayers(nLayers);
      if (!(dropoutRate >= 0 && dropoutRate < 1)) {
        throw new IllegalArgumentException("dropoutRate must lie in [0, 1), got " + dropoutRate);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** A builder that has the values of these parameters. */
    public Builder toBuilder() {
      return builder()
          .nHidden(nHidden)
          .nLatent(nLatent)
          .nLayers(nLayers)
          .dropoutRate(dropoutRate)
          .dispersion(dispersion)
          .geneLikelihood(geneLikelihood)
          .latentDistribution(latentDistribution)
          .useObservedLibSize(useObservedLibSize)
          .logVariational(logVariational)
          .deeplyInjectCovariates(deeplyInjectCovariates)
          .encodeCovariates(encodeCovariates)
          .useBatchNorm(useBatchNorm)
          .useLayerNorm(useLayerNorm)
          .seed(seed);
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nHidden = 128;
      private int nLatent = 10;
      private int nLayers = 1;
      private double dropoutRate = 0.1;
      private Dispersion dispersion = Dispersion.GENE;
      private Likelihood geneLikelihood = Likelihood.ZINB;
      private LatentDistribution latentDistribution = LatentDistribution.NORMAL;
      private boolean useObservedLibSize = true;
      private boolean logVariational = true;
      private boolean deeplyInjectCovariates = true;
      private boolean encodeCovariates = false;
      private Where useBatchNorm = Where.BOTH;
      private Where useLayerNorm = Where.NONE;
      private long seed = 0;

      public Builder nHidden(int value) {
        nHidden = value;
        return this;
      }

      public Builder nLatent(int value) {
        nLatent = value;
        return this;
      }

      public Builder nLayers(int value) {
        nLayers = value;
        return this;
      }

      public Builder dropoutRate(double value) {
        dropoutRate = value;
        return this;
      }

      public Builder dispersion(Dispersion value) {
        dispersion = value;
        return this;
      }

      public Builder geneLikelihood(Likelihood value) {
        geneLikelihood = value;
        return this;
      }

      public Builder latentDistribution(LatentDistribution value) {
        latentDistribution = value;
        return this;
      }

      public Builder useObservedLibSize(boolean value) {
        useObservedLibSize = value;
        return this;
      }

      public Builder logVariational(boolean value) {
        logVariational = value;
        return this;
      }

      public Builder deeplyInjectCovariates(boolean value) {
        deeplyInjectCovariates = value;
        return this;
      }

      public Builder encodeCovariates(boolean value) {
        encodeCovariates = value;
        return this;
      }

      public Builder useBatchNorm(Where value) {
        useBatchNorm = value;
        return this;
      }

      public Builder useLayerNorm(Where value) {
        useLayerNorm = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            nHidden,
            nLatent,
            nLayers,
            dropoutRate,
            dispersion,
            geneLikelihood,
            latentDistribution,
            useObservedLibSize,
            logVariational,
            deeplyInjectCovariates,
            encodeCovariates,
            useBatchNorm,
            useLayerNorm,
            seed);
      }
    }

    /** Whether the network looks at labels. */
    boolean readsLabels() {
      return dispersion == Dispersion.GENE_LABEL && geneLikelihood != Likelihood.POISSON;
    }

    /** The network for these cells. */
    VaeShape shape(Registry registry) {
      return shape(registry, false, true);
    }

    /**
     * @param linear whether the decoder is one linear layer
     * @param bias whether that layer has a bias
     */
    VaeShape shape(Registry registry, boolean linear, boolean bias) {
      return new VaeShape(
          registry.nGenes(),
          registry.size(Registry.BATCH),
          Math.max(1, registry.size(Registry.LABELS)),
          registry.categorySizes(),
          registry.continuous(),
          nHidden,
          nLatent,
          nLayers,
          dropoutRate,
          dispersion,
          geneLikelihood,
          latentDistribution,
          useObservedLibSize,
          registry.sizeFactors(),
          logVariational,
          deeplyInjectCovariates,
          encodeCovariates,
          useBatchNorm,
          useLayerNorm,
          linear,
          bias);
    }

    Params without(boolean dropout) {
      return dropout ? toBuilder().dropoutRate(0).build() : this;
    }
  }

  private Scvi(Params params, Registry registry) {
    super(registry, new Vae(params.shape(registry), params.seed()));
    this.params = params;
  }

  /** A model for cells like these, untrained. */
  public static Scvi of(CellData cells, Params params) {
    return of(params, Registry.of(cells, params.readsLabels()));
  }

  static Scvi of(Params params, Registry registry) {
    return new Scvi(params, registry);
  }

  /** A model of these cells, trained. */
  public static Scvi run(
      CellData cells,
      Params params,
      Training training,
      TrainingBackend.Factory engine,
      Progress progress) {
    Scvi model = of(cells, params);
    model.train(cells, training, engine, progress);
    return model;
  }

  /**
   * The model that was saved in a folder.
   *
   * @throws org.cellweave.util.FormatException when there is none, or another kind
   */
  public static Scvi load(Path folder) {
    return ModelFile.load(folder, Scvi.class);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Params params() {
    return params;
  }

  @Override
  Params common() {
    return params;
  }

  @Override
  String summary() {
    return "";
  }

  @Override
  Scvi remade(Registry other, boolean dropout) {
    return new Scvi(params.without(!dropout), other);
  }

  /**
   * @param model that was trained
   * @param latent cells by latent dimensions
   */
  public record Result(CountModel model, DenseMatrix latent) implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(latent));
    }
  }

  /** scVI with these parameters, trained on the CPU, to be handed on. */
  public static BatchIntegration<Result> with(Params params, Training training) {
    return with(params, training, FusedBackend.FACTORY);
  }

  /** As the other {@code with}, on a chosen engine. */
  public static BatchIntegration<Result> with(
      Params params, Training training, TrainingBackend.Factory engine) {
    return new Ready(params, training, engine);
  }

  private record Ready(Params params, Training training, TrainingBackend.Factory engine)
      implements BatchIntegration<Result> {
    @Override
    public String name() {
      return "scvi";
    }

    @Override
    public Values reads() {
      return Values.COUNTS;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      var batch = input.batch(name()).atLeastTwo("scvi integrates batches with one another");
      var block = input.blocks().get(0);
      var covariates = new Covariates(block.name(), batch, null, List.of(), List.of(), null);
      var cells = new CellData(new MatrixRows(input.values(name()), block.features()), covariates);
      Scvi model = Scvi.run(cells, params, training, engine, progress);
      return new Result(model, model.latentRepresentation(cells));
    }
  }
}
