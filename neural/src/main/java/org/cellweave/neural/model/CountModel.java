package org.cellweave.neural.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.LatentPosterior;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.Checkpoints;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.Trainer;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.random.Streams;
import org.cellweave.util.Progress;

/**
 * A generative model of counts as users hold it: what it knows of its cells, its network and the
 * history of its training. Training changes it; whatever it is asked gives a value of its own.
 *
 * <p>Cells are handed in with every question, so that a model holds none. They must have the genes,
 * covariates and levels that the model knows.
 */
public abstract class CountModel {
  private final Registry registry;
  private final Vae module;
  private Reference reference;
  private Map<String, String> notes = Map.of();
  private State state =
      new State(History.of(Map.of()), new Split(new int[0], new int[0]), 0, false);

  /**
   * What training has left.
   *
   * @param history of all trainings
   * @param split of the cells of the last one
   * @param cells of the last one
   */
  record State(History history, Split split, int cells, boolean trained) {}

  CountModel(Registry registry, Vae module) {
    this.registry = registry;
    this.module = module;
  }

  // what it is ----------------------------------------------------------------------------------

  /** As scvi-tools calls it. */
  public abstract String name();

  /** What it was made with. */
  public abstract Record params();

  /** What all models are made with. */
  abstract Scvi.Params common();

  /** The parameters that {@link #toString} tells after those of all models. */
  abstract String summary();

  /**
   * A model of this kind, untrained, for other levels.
   *
   * @param dropout whether training drops units as this one does, or none
   */
  abstract CountModel remade(Registry other, boolean dropout);

  final Registry registry() {
    return registry;
  }

  final Vae module() {
    return module;
  }

  final State state() {
    return state;
  }

  final void state(State next) {
    state = next;
  }

  final Reference reference() {
    return reference;
  }

  /** Keeps parts of the weights as they are from now on. */
  final void reference(Reference kept) {
    reference = kept;
    kept.applyTo(module);
  }

  public final int nGenes() {
    return registry.nGenes();
  }

  /** Names of the genes in the order of the model; numbers where it was given none. */
  public final String[] geneNames() {
    return registry.geneNames();
  }

  /** Levels of {@code batch}, {@code category_k} or {@code labels}, in the model's order. */
  public final List<String> levels(String key) {
    if (!registry.has(key)) {
      throw new IllegalArgumentException(
          "the " + name() + " model has no '" + key + "', only " + registry.levels().keySet());
    }
    return registry.levels().get(key);
  }

  /** Levels by covariate, {@code batch} first. */
  public final Map<String, List<String>> levels() {
    return registry.levels();
  }

  public final int nLatent() {
    return module.shape().latent();
  }

  public final History history() {
    return state.history();
  }

  /** Cells of the last training that were trained on. */
  public final int[] trainIndices() {
    return state.split().training().clone();
  }

  /** Cells of the last training that were held out. */
  public final int[] validationIndices() {
    return state.split().validation().clone();
  }

  public final boolean isTrained() {
    return state.trained();
  }

  @Override
  public final String toString() {
    Scvi.Params p = common();
    return name()
        + " model with nHidden: "
        + p.nHidden()
        + ", nLatent: "
        + p.nLatent()
        + ", nLayers: "
        + p.nLayers()
        + ", dropoutRate: "
        + p.dropoutRate()
        + ", dispersion: "
        + spelled(p.dispersion())
        + ", geneLikelihood: "
        + spelled(p.geneLikelihood())
        + ", latentDistribution: "
        + spelled(p.latentDistribution())
        + summary()
        + "\nTraining status: "
        + (isTrained() ? "Trained" : "Not Trained");
  }

  private static String spelled(Enum<?> of) {
    return of.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  // training ------------------------------------------------------------------------------------

  /**
   * Trains, from the present weights on; the history grows. A training that fails, or is
   * interrupted, leaves the model as it was. A checkpoint of the same training in {@code
   * training.checkpoint()} is gone on from, with the same bits as if nothing had happened.
   *
   * @param engine that computes
   * @throws IllegalArgumentException for cells that the model does not know
   * @throws org.cellweave.util.ConvergenceException when the objective is no longer finite
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   */
  public final void train(
      CellData cells, Training training, TrainingBackend.Factory engine, Progress progress) {
    CellData read = read(TrainingChecks.trainable(this, cells));
    Training settings =
        training.maxEpochs() > 0
            ? training
            : training.toBuilder().maxEpochs(epochs(read.nCells())).build();
    Split split = split(read, settings);
    TrainingChecks.settings(this, settings, split);
    // a second training draws other numbers, on the same split
    int before = state.history().epochs();
    long seed = before == 0 ? settings.seed() : Streams.mix(settings.seed() + before);
    Training seeded = settings.toBuilder().seed(seed).build();
    CellFeed feed = feed(read, split, seeded).inChunks(settings.chunkedShuffle());
    Checkpoints checkpoints =
        settings.checkpoint() == null
            ? Checkpoints.NONE
            : CheckpointFile.of(this, read, seeded, engine.name());
    Map<String, float[]> start = module.parameters().snapshot();
    try {
      Trainer.Result result =
          Trainer.run(objective(feed), feed, seeded, engine, checkpoints, name(), progress);
      state = new State(state.history().then(result.history()), split, read.nCells(), true);
    } catch (RuntimeException | Error e) {
      module.parameters().restore(start);
      throw e;
    }
  }

  /** Epochs where the settings have none. */
  int epochs(int nCells) {
    return Training.epochsFor(nCells);
  }

  Split split(CellData read, Training settings) {
    return Split.of(
        read.nCells(), settings.trainSize(), settings.validationSize(), settings.seed());
  }

  CellFeed feed(CellData read, Split split, Training settings) {
    return new CellFeed(read, split, settings.batchSize(), settings.seed());
  }

  /** What is made small with these minibatches. */
  NeuralModule objective(CellFeed feed) {
    return module;
  }

  /**
   * @throws IllegalArgumentException when the model does not know cells like these
   */
  public final void require(CellData cells) {
    read(cells);
  }

  /**
   * Looks at genes before anybody reads counts, whose faults may be those of a part of the genes.
   *
   * @param counts what messages call them, such as {@code X}
   * @param genes names
   * @throws IllegalArgumentException for other genes than the model's, or another order
   */
  public final void requireGenes(String counts, String[] genes) {
    registry.checkGenes(counts, genes.length, genes, name());
  }

  /** What whoever made the model wants to find again with it, such as names of columns. */
  public final Map<String, String> notes() {
    return notes;
  }

  public final void notes(Map<String, String> of) {
    notes = Map.copyOf(of);
  }

  // asking --------------------------------------------------------------------------------------

  /** Cells under the model's codes. */
  final CellData read(CellData cells) {
    return registry.read(cells, name());
  }

  /**
   * @throws IllegalStateException when there is nothing to ask yet
   */
  final CellData asked(CellData cells) {
    if (!isTrained() && reference == null) {
      throw new IllegalStateException(
          "this " + name() + " model is not trained. Call train() first");
    }
    return read(cells);
  }

  final Places places(CellData cells) {
    return Places.of(this, asked(cells), chosen(null, cells.nCells()));
  }

  /** These positions, or all. */
  static int[] chosen(int[] cells, int n) {
    if (cells == null) {
      int[] all = new int[n];
      Arrays.setAll(all, i -> i);
      return all;
    }
    if (cells.length == 0) {
      throw new IllegalArgumentException("cells must name at least one cell");
    }
    for (int cell : cells) {
      if (cell < 0 || cell >= n) {
        throw new IllegalArgumentException("cells must lie in [0, " + n + "), got " + cell);
      }
    }
    return cells.clone();
  }

  /** Positions of genes by name; of all for null. */
  final int[] genes(List<String> names) {
    return names == null ? chosen(null, nGenes()) : registry.positions(names);
  }

  /** Codes of batches by name; -1 alone, for the cells' own, where there are none. */
  final int[] batches(List<String> names) {
    return names.isEmpty()
        ? new int[] {-1}
        : names.stream().mapToInt(name -> registry.code(Registry.BATCH, name)).toArray();
  }

  /** Means of cells' latent places: cells by dimensions, float32. */
  public final DenseMatrix latentRepresentation(CellData cells) {
    return latentRepresentation(cells, LatentRepresentation.Params.DEFAULTS);
  }

  public final DenseMatrix latentRepresentation(
      CellData cells, LatentRepresentation.Params params) {
    return LatentRepresentation.run(this, cells, params);
  }

  /** The distributions of cells' latent places. */
  public final LatentRepresentation.Distribution latentDistribution(CellData cells) {
    return LatentRepresentation.distribution(this, cells);
  }

  /**
   * What stands for the counts of cells in most questions, so that these need not be kept: {@link
   * CellData#minified}.
   *
   * @throws IllegalArgumentException when the model infers totals, for which counts are needed
   */
  public final LatentPosterior latentPosterior(CellData cells) {
    if (module.infersLibrary()) {
      throw new IllegalArgumentException(
          "this "
              + name()
              + " model infers the totals of cells from their counts (useObservedLibSize = false),"
              + " so that cells cannot be minified");
    }
    Places found = places(cells);
    return new LatentPosterior(found.size(), found.latent(), found.mean(), found.variance());
  }

  public final NormalizedExpression.Result normalizedExpression(
      CellData cells, NormalizedExpression.Params params) {
    return NormalizedExpression.run(this, cells, params);
  }

  public final LikelihoodParameters.Result likelihoodParameters(
      CellData cells, LikelihoodParameters.Params params) {
    return LikelihoodParameters.run(this, cells, params);
  }

  /**
   * Totals of cells, as {@link LatentLibrary} tells.
   *
   * @param giveMean the mean of the distribution that the model infers, instead of a draw
   */
  public final double[] latentLibrarySize(CellData cells, boolean giveMean, long seed) {
    return LatentLibrary.run(this, cells, giveMean, seed);
  }

  /** Drawn counts: cells by genes, one matrix per draw. */
  public final List<CsrMatrix> posteriorPredictiveSample(
      CellData cells, PosteriorPredictive.Params params) {
    return PosteriorPredictive.run(this, cells, params);
  }

  /** Evidence lower bound and its parts, cell by cell. */
  public final EvidenceBound.Result evidenceBound(CellData cells, long seed) {
    return EvidenceBound.run(this, cells, seed);
  }

  /** Mean evidence lower bound of the cells; higher is better. */
  public final double elbo(CellData cells, long seed) {
    return evidenceBound(cells, seed).meanElbo();
  }

  /** Mean negative log likelihood of the cells' counts; lower is better. */
  public final double reconstructionError(CellData cells, long seed) {
    return evidenceBound(cells, seed).meanReconstruction();
  }

  /** Log likelihood of every cell's counts, latent places integrated out. */
  public final double[] marginalLogLikelihood(
      CellData cells, MarginalLikelihood.Params params, Progress progress) {
    return MarginalLikelihood.run(this, cells, params, progress);
  }

  /** Genes by genes. */
  public final DenseMatrix featureCorrelationMatrix(
      CellData cells, FeatureCorrelation.Params params, Progress progress) {
    return FeatureCorrelation.run(this, cells, params, progress);
  }

  public final DifferentialExpression.Result differentialExpression(
      CellData cells,
      List<DifferentialExpression.Comparison> comparisons,
      DifferentialExpression.Params params,
      Progress progress) {
    return DifferentialExpression.run(this, cells, comparisons, params, progress);
  }

  /**
   * The mixture of these cells' distributions.
   *
   * @param dof degrees of freedom of Student distributions, 3 as a rule; infinity for normal ones
   */
  public final AggregatedPosterior aggregatedPosterior(CellData cells, double dof) {
    return new AggregatedPosterior(places(cells), dof);
  }

  public final DifferentialAbundance.Result differentialAbundance(
      CellData cells, Categories samples, DifferentialAbundance.Params params, Progress progress) {
    return DifferentialAbundance.run(this, cells, samples, params, progress);
  }

  // files ---------------------------------------------------------------------------------------

  /**
   * Saves the model in a folder, which is made where it is not there.
   *
   * @param overwrite whether a model that lies there may be replaced
   * @see ModelFile
   */
  public final void save(Path folder, boolean overwrite) {
    save(folder, overwrite, List.of());
  }

  /**
   * As the other {@code save}.
   *
   * @param beside names of files that the caller writes there afterwards; one that lies there is
   *     refused, unless a model was saved with it and may be replaced
   */
  public final void save(Path folder, boolean overwrite, List<String> beside) {
    ModelFile.save(this, folder, overwrite, beside);
  }
}
