package org.cellweave.neural.model;

import java.nio.file.Path;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Progress;

/**
 * scVI with a linear decoder: every latent dimension has a loading for every gene.
 *
 * @see <a href="https://doi.org/10.1093/bioinformatics/btaa169">Svensson et al. 2020</a>
 */
public final class LinearScvi extends CountModel {
  static final String NAME = "LinearSCVI";

  private final Params params;

  /**
   * @param scvi what all models are made with; the defaults differ from those of {@link Scvi}
   * @param bias whether the decoder has one
   */
  public record Params(Scvi.Params scvi, boolean bias) {
    public static final Params DEFAULTS =
        new Params(
            Scvi.Params.builder().geneLikelihood(Likelihood.NB).useObservedLibSize(false).build(),
            false);
  }

  private LinearScvi(Params params, Registry registry) {
    super(
        registry,
        new Vae(params.scvi().shape(registry, true, params.bias()), params.scvi().seed()));
    this.params = params;
  }

  /** A model for cells like these, untrained. */
  public static LinearScvi of(CellData cells, Params params) {
    return of(params, Registry.of(cells, params.scvi().readsLabels()));
  }

  static LinearScvi of(Params params, Registry registry) {
    return new LinearScvi(params, registry);
  }

  /** A model of these cells, trained. */
  public static LinearScvi run(
      CellData cells,
      Params params,
      Training training,
      TrainingBackend.Factory engine,
      Progress progress) {
    LinearScvi model = of(cells, params);
    model.train(cells, training, engine, progress);
    return model;
  }

  /** As {@link Scvi#load}. */
  public static LinearScvi load(Path folder) {
    return ModelFile.load(folder, LinearScvi.class);
  }

  /**
   * Weights of the decoder, batch normalisation with them.
   *
   * @return genes by latent dimensions, float32
   */
  public DenseMatrix loadings() {
    Parameters weights = module().parameters();
    float[] weight = weights.get("px_scale.0.weight").values();
    int latent = nLatent();
    DenseMatrix out = DenseMatrix.zeros(nGenes(), latent, DType.FLOAT32);
    boolean norm = weights.has("px_scale.0.bn.gamma");
    for (int g = 0; g < nGenes(); g++) {
      double factor = 1;
      if (norm) {
        double variance = weights.get("px_scale.0.bn.running_var").values()[g];
        factor =
            weights.get("px_scale.0.bn.gamma").values()[g]
                / Math.sqrt(variance + BatchNorm.EPSILON);
      }
      for (int d = 0; d < latent; d++) {
        out.set(g, d, factor * weight[g * latent + d]);
      }
    }
    return out;
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
    return "";
  }

  @Override
  LinearScvi remade(Registry other, boolean dropout) {
    return new LinearScvi(new Params(params.scvi().without(!dropout), params.bias()), other);
  }
}
