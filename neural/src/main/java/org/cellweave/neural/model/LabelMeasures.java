package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.train.LabelledFeed;
import org.cellweave.neural.train.Measures;

/**
 * What the history of scANVI has of its classifier, by scvi-tools' names: scores of the labelled
 * cells of an epoch, and of the labelled ones among those held out, averaged over minibatches.
 *
 * <p>Departure from scvi-tools: accuracy and calibration in training are those of the network after
 * the epoch, without dropout, and not of what it was step by step.
 */
final class LabelMeasures implements Measures {
  private final Scanvi model;
  private final CellData read;
  private final LabelledFeed feed;
  private final int batchSize;

  /**
   * @param read cells that the model has read
   */
  LabelMeasures(Scanvi model, CellData read, LabelledFeed feed, int batchSize) {
    this.model = model;
    this.read = read;
    this.feed = feed;
    this.batchSize = batchSize;
  }

  @Override
  public void complete(boolean validated, Map<String, Double> values) {
    ClassifierScores training = scores(feed.labelled());
    values.put("train_classification_loss", values.remove("classification_loss_train"));
    tell("train", training, values);
    int[] heldOut = feed.heldOutWithLabel();
    if (validated && heldOut.length > 0) {
      ClassifierScores validation = scores(heldOut);
      values.put("validation_classification_loss", validation.loss());
      tell("validation", validation, values);
    }
  }

  @Override
  public void rename(Set<String> names) {
    names.remove("classification_loss_train");
    names.add("train_classification_loss");
    names.addAll(List.of("train_accuracy", "train_f1_score", "train_calibration_error"));
    if (feed.heldOutWithLabel().length > 0) {
      names.add("validation_classification_loss");
      names.addAll(
          List.of("validation_accuracy", "validation_f1_score", "validation_calibration_error"));
    }
  }

  private static void tell(String what, ClassifierScores of, Map<String, Double> values) {
    values.put(what + "_accuracy", of.accuracy());
    values.put(what + "_f1_score", of.accuracy());
    values.put(what + "_calibration_error", of.calibrationError());
  }

  /** Of the cells in this order; they are read in that of their places, which suits a file. */
  private ClassifierScores scores(int[] cells) {
    int[] ascending = cells.clone();
    Arrays.sort(ascending);
    var found = LabelPrediction.of(model, read, ascending, LabelPrediction.Params.DEFAULTS);
    float[] probabilities = found.probabilities().floatData();
    int classes = found.classes().size();
    Categories labels = read.categories(Registry.LABELS);
    double loss = 0;
    double accuracy = 0;
    double apart = 0;
    for (int from = 0; from < cells.length; from += batchSize) {
      int n = Math.min(batchSize, cells.length - from);
      float[] own = new float[n * classes];
      int[] codes = new int[n];
      for (int k = 0; k < n; k++) {
        int at = Arrays.binarySearch(ascending, cells[from + k]);
        System.arraycopy(probabilities, at * classes, own, k * classes, classes);
        codes[k] = labels.code(cells[from + k]);
      }
      ClassifierScores part = ClassifierScores.of(own, classes, codes);
      loss += part.loss() * n / cells.length;
      accuracy += part.accuracy() * n / cells.length;
      apart += part.calibrationError() * n / cells.length;
    }
    return new ClassifierScores(loss, accuracy, apart);
  }
}
