package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassifierScoresTest {
  @Test
  void byHand() {
    // sure by 0.9 and right, by 0.8 and wrong, by 0.9 and wrong: bins 0.867 to 0.933, 0.8 to 0.867
    float[] probabilities = {0.9f, 0.1f, 0.2f, 0.8f, 0.9f, 0.1f};
    var scores = ClassifierScores.of(probabilities, 2, new int[] {0, 0, 1});
    assertThat(scores.accuracy()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(scores.calibrationError()).isCloseTo((0.8 + 0.8) / 3, within(1e-6));
    double loss = -(Math.log(0.9) + Math.log(0.2) + Math.log(0.1)) / 3;
    assertThat(scores.loss()).isCloseTo(loss, within(1e-6));
  }

  @Test
  void fullCertaintyIsABinOfItsOwn() {
    float[] probabilities = {1, 0, 1, 0, 14 / 15f, 1 - 14 / 15f, 0.6f, 0.4f};
    var scores = ClassifierScores.of(probabilities, 2, new int[] {0, 1, 0, 1});
    // 0.4166666865 by torchmetrics 1.x
    assertThat(scores.calibrationError()).isCloseTo(0.4166666865, within(1e-6));
    var wrong = ClassifierScores.of(new float[] {0, 1}, 2, new int[] {0});
    assertThat(wrong.loss()).isFinite().isGreaterThan(80);
  }

  /** torchmetrics' multiclass accuracy, F1 and calibration error, and torch's cross-entropy. */
  @Test
  void asTorchmetrics() {
    int n = 97;
    int classes = 5;
    float[] probabilities = new float[n * classes];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double[] exp = new double[classes];
      double sum = 0;
      int best = 0;
      for (int c = 0; c < classes; c++) {
        int at = i * classes + c;
        exp[c] = Math.exp((float) (3 * Math.sin(1.7 * at) + Math.cos(0.31 * at)));
        sum += exp[c];
        best = exp[c] > exp[best] ? c : best;
      }
      for (int c = 0; c < classes; c++) {
        probabilities[i * classes + c] = (float) (exp[c] / sum);
      }
      labels[i] = i % 2 == 0 ? best : (i * 7 + i / 5) % classes;
    }
    var scores = ClassifierScores.of(probabilities, classes, labels);
    assertThat(scores.accuracy()).isCloseTo(0.5670102834701538, within(1e-6));
    assertThat(scores.calibrationError()).isCloseTo(0.19496577978134155, within(1e-6));
    assertThat(scores.loss()).isCloseTo(1.8289469480514526, within(1e-6));
  }
}
