package org.cellweave.neural.model;

import java.nio.file.Path;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.LabelledFeed;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * scANVI: scVI with a classifier, taught by the cells that have a label. Cells without one have a
 * level of the labels of their own, which comes last and is no class.
 *
 * @see <a href="https://doi.org/10.15252/msb.20209620">Xu et al. 2021</a>
 */
public final class Scanvi extends CountModel {
  static final String NAME = "SCANVI";

  private final Params params;

  /** Whether the weights were those of a trained scVI model, so that few epochs are needed. */
  private final boolean pretrained;

  /**
   * @param scvi what all models are made with
   * @param unlabeledCategory level of the cells without a label
   * @param linearClassifier whether the classifier is one linear layer
   * @param classificationRatio weight of the classifier's loss
   * @param wasPretrained whether the model was made from a trained scVI model
   */
  public record Params(
      Scvi.Params scvi,
      String unlabeledCategory,
      boolean linearClassifier,
      double classificationRatio,
      boolean wasPretrained) {
    public static final Params DEFAULTS = of(Scvi.Params.DEFAULTS, "Unknown");

    public Params {
      Check.nonNegative(classificationRatio, "classificationRatio");
    }

    /** With the usual classifier. */
    public static Params of(Scvi.Params scvi, String unlabeledCategory) {
      return new Params(scvi, unlabeledCategory, false, 50, false);
    }
  }

  private Scanvi(Params params, Registry registry) {
    super(registry, module(params, registry));
    this.params = params;
    this.pretrained = params.wasPretrained();
  }

  private static Vae module(Params params, Registry registry) {
    var labels =
        new SemiSupervisedVae.Labels(
            registry.size(Registry.LABELS) - 1,
            params.linearClassifier(),
            params.classificationRatio());
    return new SemiSupervisedVae(params.scvi().shape(registry), labels, params.scvi().seed());
  }

  /**
   * A model for cells like these, untrained.
   *
   * @throws IllegalArgumentException when the cells have no labels, or one label at most
   */
  public static Scanvi of(CellData cells, Params params) {
    return of(params, registry(cells, params.unlabeledCategory()));
  }

  static Scanvi of(Params params, Registry registry) {
    return new Scanvi(params, registry);
  }

  private static Registry registry(CellData cells, String unlabelled) {
    if (!cells.has(Registry.LABELS)) {
      throw new IllegalArgumentException(
          "SCANVI needs labels, and these cells have none. Give labelsKey, with a category for the"
              + " cells without one");
    }
    Registry of = Registry.of(cells, true);
    Registry registry = of.withLabels(of.levels().get(Registry.LABELS), unlabelled);
    if (registry.size(Registry.LABELS) < 3) {
      throw new IllegalArgumentException(
          "labels must have at least two levels besides "
              + Quoted.of(unlabelled)
              + ", the category of cells without one, got "
              + registry.levels().get(Registry.LABELS));
    }
    return registry;
  }

  /**
   * A scANVI model that goes on from a trained scVI model: its weights, and a new classifier.
   *
   * @param cells with labels, of the genes and batches of the scVI model
   * @param params whose {@code scvi} part is replaced by that of the model
   */
  public static Scanvi fromScviModel(Scvi model, CellData cells, Params params) {
    if (!model.isTrained()) {
      throw new IllegalStateException(
          "the SCVI model is not trained. Train it first, or make a SCANVI model from the start");
    }
    model.read(cells);
    List<String> labels = registry(cells, params.unlabeledCategory()).levels().get(Registry.LABELS);
    Registry known = model.registry();
    Params own =
        new Params(
            model.params(),
            params.unlabeledCategory(),
            params.linearClassifier(),
            params.classificationRatio(),
            true);
    Scanvi made = new Scanvi(own, known.withLabels(labels, params.unlabeledCategory()));
    made.module().parameters().takeFrom(model.module().parameters());
    if (model.params().readsLabels()) {
      made.takeDispersions(model);
    }
    return made;
  }

  /** Dispersions by label go with the name of the label. */
  private void takeDispersions(Scvi from) {
    float[] theirs = from.module().parameters().get("px_r").values();
    float[] ours = module().parameters().get("px_r").values();
    List<String> labels = registry().levels().get(Registry.LABELS);
    for (int l = 0; l < labels.size(); l++) {
      int row = from.registry().levels().get(Registry.LABELS).indexOf(labels.get(l));
      if (row >= 0) {
        System.arraycopy(theirs, row * nGenes(), ours, l * nGenes(), nGenes());
      }
    }
  }

  /** A model of these cells, trained. */
  public static Scanvi run(
      CellData cells,
      Params params,
      Training training,
      TrainingBackend.Factory engine,
      Progress progress) {
    Scanvi model = of(cells, params);
    model.train(cells, training, engine, progress);
    return model;
  }

  /** As {@link Scvi#load}. */
  public static Scanvi load(Path folder) {
    return ModelFile.load(folder, Scanvi.class);
  }

  /** Labels that the classifier knows, in the order of its probabilities. */
  public List<String> classes() {
    List<String> all = registry().levels().get(Registry.LABELS);
    return all.subList(0, all.size() - 1);
  }

  public boolean wasPretrained() {
    return pretrained;
  }

  /** What the classifier says of cells. */
  public LabelPrediction.Result predict(CellData cells, LabelPrediction.Params with) {
    return LabelPrediction.run(this, cells, with);
  }

  /** Probabilities of the {@link #classes}: cells by classes. */
  public DenseMatrix predictSoft(CellData cells) {
    return predict(cells, LabelPrediction.Params.DEFAULTS).probabilities();
  }

  /** The most probable label of every cell. */
  public String[] predict(CellData cells) {
    return predict(cells, LabelPrediction.Params.DEFAULTS).labels();
  }

  @Override
  int epochs(int nCells) {
    int usual = super.epochs(nCells);
    return pretrained ? (int) Math.min(10, Math.max(2, Math.rint(usual / 3.0))) : usual;
  }

  private int unlabelled() {
    return registry().size(Registry.LABELS) - 1;
  }

  @Override
  Split split(CellData read, Training settings) {
    return Split.ofLabels(
        read.categories(Registry.LABELS),
        unlabelled(),
        settings.trainSize(),
        settings.validationSize(),
        settings.seed());
  }

  /**
   * New cells for a reference need no label: its classifier is there already, and the history then
   * has no scores of it.
   */
  @Override
  CellFeed feed(CellData read, Split split, Training settings) {
    if (reference() != null && !LabelledFeed.canTeach(read, split, unlabelled())) {
      return super.feed(read, split, settings);
    }
    var feed =
        new LabelledFeed(
            read,
            split,
            settings.batchSize(),
            settings.seed(),
            settings.samplesPerLabel(),
            unlabelled());
    feed.measuredBy(new LabelMeasures(this, read, feed, settings.batchSize()));
    return feed;
  }

  @Override
  NeuralModule objective(CellFeed feed) {
    boolean teaches = feed instanceof LabelledFeed;
    return teaches ? module() : ((SemiSupervisedVae) module()).withoutClassification();
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
    return ", unlabeledCategory: "
        + params.unlabeledCategory()
        + ", linearClassifier: "
        + params.linearClassifier();
  }

  @Override
  Scanvi remade(Registry other, boolean dropout) {
    Params same =
        new Params(
            params.scvi().without(!dropout),
            params.unlabeledCategory(),
            params.linearClassifier(),
            params.classificationRatio(),
            params.wasPretrained());
    return new Scanvi(same, other);
  }
}
