package org.cellweave.neural.model;

import java.nio.file.Path;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.module.JointEmbeddingVae;
import org.cellweave.neural.module.JointEmbeddingVae.JointWeights;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.ThinnedFeed;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * scVI that learns to place a cell and the same cell with a part of its counts together, for cells
 * of few counts.
 *
 * @see <a href="https://doi.org/10.64898/2026.02.11.705441">Svensson 2026</a>
 */
public final class JointEmbeddingScvi extends CountModel {
  static final String NAME = "JointEmbeddingSCVI";

  private final Params params;

  /**
   * @param scvi what all models are made with
   * @param jointEmbeddingWeight of the cross-correlation loss
   * @param lambdaOffDiag of redundancy between dimensions, within that loss
   * @param minLibrarySize the least total that a cell is thinned to
   * @param reconstructionWeight of the reconstruction
   * @param varianceWeight of the loss that keeps dimensions from collapsing
   * @param useJointEmbedding whether all this is done, or scVI trained
   */
  public record Params(
      Scvi.Params scvi,
      double jointEmbeddingWeight,
      double lambdaOffDiag,
      double minLibrarySize,
      double reconstructionWeight,
      double varianceWeight,
      boolean useJointEmbedding) {
    public static final Params DEFAULTS = of(Scvi.Params.DEFAULTS);

    public Params {
      Check.nonNegative(jointEmbeddingWeight, "jointEmbeddingWeight");
      Check.nonNegative(lambdaOffDiag, "lambdaOffDiag");
      Check.positive(minLibrarySize, "minLibrarySize");
      Check.nonNegative(reconstructionWeight, "reconstructionWeight");
      Check.nonNegative(varianceWeight, "varianceWeight");
    }

    /** With the usual weights. */
    public static Params of(Scvi.Params scvi) {
      JointWeights usual = JointWeights.DEFAULTS;
      return new Params(
          scvi,
          usual.joint(),
          usual.offDiagonal(),
          usual.minLibrarySize(),
          usual.reconstruction(),
          usual.variance(),
          true);
    }

    JointWeights weights() {
      return new JointWeights(
          jointEmbeddingWeight,
          lambdaOffDiag,
          reconstructionWeight,
          varianceWeight,
          minLibrarySize);
    }
  }

  private JointEmbeddingScvi(Params params, Registry registry) {
    super(registry, module(params, registry));
    this.params = params;
  }

  private static Vae module(Params params, Registry registry) {
    var shape = params.scvi().shape(registry);
    long seed = params.scvi().seed();
    return params.useJointEmbedding()
        ? new JointEmbeddingVae(shape, params.weights(), seed)
        : new Vae(shape, seed);
  }

  /** A model for cells like these, untrained. */
  public static JointEmbeddingScvi of(CellData cells, Params params) {
    return of(params, Registry.of(cells, params.scvi().readsLabels()));
  }

  static JointEmbeddingScvi of(Params params, Registry registry) {
    return new JointEmbeddingScvi(params, registry);
  }

  /** A model of these cells, trained. */
  public static JointEmbeddingScvi run(
      CellData cells,
      Params params,
      Training training,
      TrainingBackend.Factory engine,
      Progress progress) {
    JointEmbeddingScvi model = of(cells, params);
    model.train(cells, training, engine, progress);
    return model;
  }

  /** As {@link Scvi#load}. */
  public static JointEmbeddingScvi load(Path folder) {
    return ModelFile.load(folder, JointEmbeddingScvi.class);
  }

  @Override
  CellFeed feed(CellData read, Split split, Training settings) {
    return params.useJointEmbedding()
        ? new ThinnedFeed(
            read, split, settings.batchSize(), settings.seed(), params.minLibrarySize())
        : super.feed(read, split, settings);
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
  Scvi.Params common() {
    return params.scvi();
  }

  @Override
  String summary() {
    return ", jointEmbeddingWeight: "
        + params.jointEmbeddingWeight()
        + ", lambdaOffDiag: "
        + params.lambdaOffDiag()
        + ", minLibrarySize: "
        + params.minLibrarySize()
        + ", reconstructionWeight: "
        + params.reconstructionWeight()
        + ", varianceWeight: "
        + params.varianceWeight()
        + ", useJointEmbedding: "
        + params.useJointEmbedding();
  }

  @Override
  JointEmbeddingScvi remade(Registry other, boolean dropout) {
    Params same =
        new Params(
            params.scvi().without(!dropout),
            params.jointEmbeddingWeight(),
            params.lambdaOffDiag(),
            params.minLibrarySize(),
            params.reconstructionWeight(),
            params.varianceWeight(),
            params.useJointEmbedding());
    return new JointEmbeddingScvi(same, other);
  }
}
