package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.Silhouette.Between;
import org.cellweave.metrics.Silhouette.Metric;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SilhouetteTest {
  private static final DenseMatrix LINE =
      DenseMatrix.ofRows(new double[][] {{0}, {1}, {10}, {12}, {40}});
  private static final int[] THREE = {0, 0, 1, 1, 2};

  private static double[] values(Between between) {
    return Silhouette.run(LINE, THREE, new Silhouette.Params(Metric.EUCLIDEAN, between)).values();
  }

  @Test
  void fivePointsByHand() {
    // cell 0: own 1; other groups 11 and 40 away
    assertThat(values(Between.NEAREST)[0]).isCloseTo(10 / 11.0, within(1e-6));
    assertThat(values(Between.FURTHEST)[0]).isCloseTo(39 / 40.0, within(1e-6));
    assertThat(values(Between.MEAN_OTHER)[0]).isCloseTo((62 / 3.0 - 1) / (62 / 3.0), within(1e-6));
    // cell 2: own 2; other groups (10 + 9) / 2 and 30 away
    assertThat(values(Between.NEAREST)[2]).isCloseTo(7.5 / 9.5, within(1e-6));
    assertThat(values(Between.NEAREST)[4]).as("alone in its group").isZero();
    double mean = java.util.Arrays.stream(values(Between.NEAREST)).average().orElseThrow();
    assertThat(Silhouette.run(LINE, THREE, Silhouette.Params.DEFAULTS).mean())
        .isCloseTo(mean, within(1e-12));
  }

  @Test
  void cosineLooksAtDirectionsOnly() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {5, 0}, {0, 1}, {0, 3}});
    var params = new Silhouette.Params(Metric.COSINE, Between.MEAN_OTHER);
    assertThat(Silhouette.run(x, new int[] {0, 0, 1, 1}, params).values())
        .containsExactly(1, 1, 1, 1);
  }

  @Test
  void equalsTheDefinitionFarFromTheOriginAndForNearDuplicates() {
    Seeds.forEach(
        20,
        seed -> {
          var clouds = Clouds.of(4, 30, 3, 2, seed);
          double[][] rows = new double[120][3];
          for (int i = 0; i < 120; i++) {
            clouds.points().readRow(i % 100, rows[i]);
            rows[i][0] += 1000 + (i >= 100 ? 1e-3 : 0);
          }
          var x = DenseMatrix.ofRows(rows);
          double[] got = Silhouette.run(x, clouds.labels(), Silhouette.Params.DEFAULTS).values();
          double[] expected = definition(rows, clouds.labels(), 4);
          for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).as("cell %d", i).isCloseTo(expected[i], within(1e-4));
          }
        });
  }

  private static double[] definition(double[][] rows, int[] labels, int nLabels) {
    double[] out = new double[rows.length];
    int[] sizes = new int[nLabels];
    for (int label : labels) {
      sizes[label]++;
    }
    for (int i = 0; i < rows.length; i++) {
      double[] sums = new double[nLabels];
      for (int j = 0; j < rows.length; j++) {
        double squared = 0;
        for (int t = 0; t < rows[i].length; t++) {
          squared += Math.pow(rows[i][t] - rows[j][t], 2);
        }
        sums[labels[j]] += Math.sqrt(squared);
      }
      double own = sums[labels[i]] / (sizes[labels[i]] - 1);
      double other = Double.POSITIVE_INFINITY;
      for (int g = 0; g < nLabels; g++) {
        other = g == labels[i] ? other : Math.min(other, sums[g] / sizes[g]);
      }
      out[i] = (other - own) / Math.max(own, other);
    }
    return out;
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var clouds = Clouds.of(3, 900, 5, 2, 1);
    double[] one = run(clouds, 1);
    assertThat(run(clouds, 2)).isEqualTo(one);
    assertThat(run(clouds, 7)).isEqualTo(one);
  }

  private static double[] run(Clouds clouds, int threads) {
    return Seeds.withThreads(
        threads,
        () ->
            Silhouette.run(clouds.points(), clouds.labels(), Silhouette.Params.DEFAULTS).values());
  }

  @Test
  void judgesBatchesWithinLabels() {
    // label 0: batches on top of each other; label 1: far apart; label 2: one batch, not counted
    double[][] rows = {{0}, {0}, {1}, {1}, {100}, {101}, {200}, {201}, {900}, {901}};
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2};
    int[] batches = {0, 1, 0, 1, 0, 0, 1, 1, 0, 0};
    double score =
        IntegrationSilhouette.batch(
            DenseMatrix.ofRows(rows),
            labels,
            batches,
            Silhouette.Params.DEFAULTS,
            org.cellweave.util.Progress.NONE);
    // mixed: own 1, other (0 + 1) / 2, so |s| = 1/2; apart: |s| = 99/100, 98.5... per cell
    double apart = 0;
    double[] other = {100.5, 99.5, 99.5, 100.5};
    for (double b : other) {
      apart += 1 - (b - 1) / b;
    }
    assertThat(score).isCloseTo((0.5 + apart / 4) / 2, within(1e-6));
  }

  @Test
  void isolatedLabelsAreThoseOfTheFewestBatches() {
    int[] labels = {0, 0, 1, 1, 2, 2};
    int[] batches = {0, 1, 0, 0, 1, 1};
    assertThat(IntegrationSilhouette.isolated(labels, batches, 0))
        .containsExactly(false, true, true);
    assertThat(IntegrationSilhouette.isolated(labels, batches, 2))
        .containsExactly(true, true, true);
    double[] silhouettes = {0, 0, 1, 0.5, -1, -1};
    assertThat(IntegrationSilhouette.isolatedLabels(silhouettes, labels, batches, 0))
        .isCloseTo((0.875 + 0) / 2, within(1e-12));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Silhouette.run(LINE, new int[5], Silhouette.Params.DEFAULTS))
        .hasMessage("labels must have at least two levels, got 1: a silhouette compares groups.");
    assertThatThrownBy(
            () -> Silhouette.run(LINE, new int[] {0, 1, 2, 3, 4}, Silhouette.Params.DEFAULTS))
        .hasMessage("labels must have fewer levels than cells, got 5 levels for 5 cells");
    var bad = DenseMatrix.ofRows(new double[][] {{0, 1}, {1, Double.NaN}, {3, 4}});
    assertThatThrownBy(() -> Silhouette.run(bad, new int[] {0, 0, 1}, Silhouette.Params.DEFAULTS))
        .hasMessage("x must be finite and at most 1e15, got NaN in row 1, column 1");
  }
}
