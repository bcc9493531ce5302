package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.train.Training;

/** What is refused before a training begins, of settings that fit no model like this. */
final class TrainingChecks {
  private TrainingChecks() {}

  /** Places that were found before would be those of other weights afterwards. */
  static CellData trainable(CountModel model, CellData cells) {
    if (cells.requireCounts("training").posterior() != null) {
      throw new IllegalArgumentException(
          "these cells hold latent places that this "
              + model.name()
              + " model found when they were minified, and training would change them. Train on"
              + " the cells as they were, and minify afterwards");
    }
    return cells;
  }

  /** What watches held-out cells needs some, and what draws labels needs some. */
  static void settings(CountModel model, Training settings, Split split) {
    boolean watched = settings.earlyStopping() != null || settings.plateau() != null;
    if (watched && split.validation().length == 0) {
      throw new IllegalArgumentException(
          (settings.earlyStopping() == null ? "plateau" : "earlyStopping")
              + " watches cells that are held out, but none are: trainSize is "
              + settings.trainSize()
              + ". Hold some out, or do without");
    }
    if (settings.samplesPerLabel() > 0 && model.registry().unlabelled() == null) {
      throw new IllegalArgumentException(
          "nSamplesPerLabel is for models that a classifier is part of (SCANVI), and "
              + model.name()
              + " draws no labels. Leave it out");
    }
  }
}
