package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class MnnCorrectTest {
  private static double squared(DenseMatrix x, int a, int b) {
    double sum = 0;
    for (int j = 0; j < x.nCols(); j++) {
      sum += Math.pow(x.get(a, j) - x.get(b, j), 2);
    }
    return sum;
  }

  /** Cell by cell, as the formula is written. */
  @Test
  void gaussianSmoothingEqualsItsFormula() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(6, 0.3, seed, 40, 50);
          var x = data.x();
          int[] sources = {41, 43, 50, 77, 89};
          double[][] shifts = rows(seed);
          double[] density = new double[5];
          for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 5; b++) {
              density[a] += Math.exp(-squared(x, sources[a], sources[b]) / 0.8);
            }
          }
          int[] cells = data.batch().members()[1];
          try (var smoothing = new GaussianSmoothing(x, sources, 0.8)) {
            var ours = smoothing.shifts(cells, shifts);
            for (int i = 0; i < cells.length; i++) {
              double total = 0;
              double[] expected = new double[3];
              for (int s = 0; s < 5; s++) {
                double w = Math.exp(-squared(x, cells[i], sources[s]) / 0.8) / density[s];
                total += w;
                for (int j = 0; j < 3; j++) {
                  expected[j] += w * shifts[s][j];
                }
              }
              for (int j = 0; j < 3; j++) {
                assertThat(ours.get(i, j)).isCloseTo(expected[j] / total, within(1e-9));
              }
            }
          }
        });
  }

  private static double[][] rows(long seed) {
    var random = new SplittableRandom(seed);
    double[][] out = new double[5][3];
    for (double[] row : out) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return out;
  }

  /** Where plain exponentials would all be zero, the nearest source still decides. */
  @Test
  void farCellsGoByTheNearest() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 0}, {50, 0}, {1000, 0}});
    try (var smoothing = new GaussianSmoothing(x, new int[] {0, 1}, 0.1)) {
      var made = smoothing.shifts(new int[] {2}, new double[][] {{1}, {2}});
      assertThat(made.get(0, 0)).isCloseTo(2, within(1e-12));
    }
  }

  @Test
  void quantilesEqualThoseOfSortedValues() {
    Seeds.forEach(
        200,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 1 + random.nextInt(40);
          double[] values = new double[n];
          double[] weights = new double[n];
          for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(12) - 5.5;
            weights[i] = random.nextDouble(0.01, 1);
          }
          double share = seed % 10 == 0 ? 1 : random.nextDouble();
          double expected = sortedQuantile(values, weights, share);
          assertThat(WeightedQuantile.of(values, weights, n, share)).isEqualTo(expected);
        });
  }

  private static double sortedQuantile(double[] values, double[] weights, double share) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(i -> i)
            .toArray();
    double total = Arrays.stream(weights).sum();
    double reached = 0;
    for (int i : order) {
      reached += weights[i];
      if (reached >= share * total - 1e-12 * total) {
        return values[i];
      }
    }
    return values[order[order.length - 1]];
  }

  /** Cell by cell, as the formula is written. */
  @Test
  void varianceOfShiftsEqualsItsFormula() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(5, 0.5, seed, 30, 25);
          int[] left = data.batch().members()[0];
          int[] cells = data.batch().members()[1];
          boolean[] mask = data.allButLast(6);
          int[] searched = Arrays.stream(cells).filter(i -> mask[i]).toArray();
          var node = new MergeNode(1, cells, searched, new int[] {1}, List.of());
          var shifts = DenseMatrix.zeros(25, 5, DType.FLOAT64);
          var random = new SplittableRandom(seed);
          for (int i = 0; i < 25; i++) {
            for (int j = 0; j < 5; j++) {
              shifts.set(i, j, i == 7 ? 0 : random.nextGaussian());
            }
          }
          var ours = shifts.copy();
          try (var variance = new ShiftVariance(data.x(), left, node, 0.7)) {
            variance.adjust(ours);
          }
          for (int i = 0; i < 25; i++) {
            double scale = i == 7 ? 1 : scale(data.x(), left, searched, cells[i], shifts, i);
            for (int j = 0; j < 5; j++) {
              assertThat(ours.get(i, j)).isCloseTo(scale * shifts.get(i, j), within(1e-8));
            }
          }
        });
  }

  private static double scale(
      DenseMatrix x, int[] left, int[] right, int cell, DenseMatrix shifts, int row) {
    double[] unit = new double[x.nCols()];
    shifts.readRow(row, unit);
    double length = Math.sqrt(Arrays.stream(unit).map(v -> v * v).sum());
    for (int j = 0; j < unit.length; j++) {
      unit[j] /= length;
    }
    double place = place(x, cell, unit);
    double below = 1;
    double total = 1;
    for (int y : right) {
      if (y != cell) {
        double w = Math.exp(-off(x, cell, y, unit) / 0.7);
        total += w;
        below += place(x, y, unit) <= place ? w : 0;
      }
    }
    double[] values = Arrays.stream(left).mapToDouble(y -> place(x, y, unit)).toArray();
    double[] weights =
        Arrays.stream(left).mapToDouble(y -> Math.exp(-off(x, cell, y, unit) / 0.7)).toArray();
    return Math.max(1, (sortedQuantile(values, weights, below / total) - place) / length);
  }

  private static double place(DenseMatrix x, int i, double[] unit) {
    double sum = 0;
    for (int j = 0; j < unit.length; j++) {
      sum += x.get(i, j) * unit[j];
    }
    return sum;
  }

  private static double off(DenseMatrix x, int a, int b, double[] unit) {
    return squared(x, a, b) - Math.pow(place(x, a, unit) - place(x, b, unit), 2);
  }

  /** Cells vary along the first dimension alone: of any shift the rest stays. */
  @Test
  void shiftsHaveNoPartInBiology() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5, 0}, {2, 5, 0}, {4, 5, 0}, {9, 5, 0}});
    var shifts = DenseMatrix.ofRows(new double[][] {{1, 2, 3}, {-4, 0, 1}});
    new BiologicalSpan(x, new int[] {0, 1, 2, 3}, 2).removeFrom(shifts);
    double[] expected = {0, 2, 3, 0, 0, 1};
    for (int c = 0; c < 6; c++) {
      assertThat(shifts.doubleData()[c]).isCloseTo(expected[c], within(1e-10));
    }
    var kept = DenseMatrix.ofRows(new double[][] {{1, 2, 3}});
    new BiologicalSpan(x, new int[] {2}, 2).removeFrom(kept);
    assertThat(kept.doubleData()).containsExactly(1, 2, 3);
  }

  /** What is corrected beside the genes in which neighbours are sought. */
  @Test
  void otherGenesAreCorrectedByTheSameWeights() {
    Seeds.forEach(
        3,
        seed -> {
          var data = MnnData.noise(20, 1, seed, 60, 70);
          boolean[] genes = new boolean[20];
          Arrays.fill(genes, 0, 12, true);
          int[] chosen = IntStream.range(0, 12).toArray();
          var some = MnnCorrect.Params.builder();
          var alone = MnnCorrect.run(data.x().takeCols(chosen), data.batch(), some.build());
          var picked =
              MnnCorrect.run(data.x(), data.batch(), genes, null, some.build(), Progress.NONE);
          assertThat(picked.features()).containsExactly(chosen);
          assertThat(picked.x().floatData()).isEqualTo(alone.x().floatData());
          var all =
              MnnCorrect.run(
                  data.x(),
                  data.batch(),
                  genes,
                  null,
                  some.correctAll(true).varAdj(false).build(),
                  Progress.NONE);
          var plain =
              MnnCorrect.run(
                  data.x().takeCols(chosen),
                  data.batch(),
                  MnnCorrect.Params.builder().varAdj(false).build());
          assertThat(all.features()).isNull();
          assertThat(all.x().nCols()).isEqualTo(20);
          for (int i = 0; i < data.n(); i++) {
            for (int j = 0; j < 12; j++) {
              assertThat(all.x().get(i, j)).isCloseTo(plain.x().get(i, j), within(1e-6));
            }
          }
        });
  }

  @Test
  void theReferenceKeepsItsValues() {
    var data = MnnData.noise(15, 1, 3, 50, 60, 55);
    var params = MnnCorrect.Params.builder().cosNormOut(false).svdDim(2).build();
    var made = MnnCorrect.run(data.x(), data.batch(), params);
    for (int i = 0; i < 50; i++) {
      for (int j = 0; j < 15; j++) {
        assertThat(made.x().get(i, j)).isEqualTo((float) data.x().get(i, j));
      }
    }
    double before = gap(data, data.x());
    assertThat(gap(data, made.x())).isLessThan(0.8 * before);
    assertThat(made.merges()).hasSize(2);
    assertThat(made.merges().get(0).batchSize()).isNaN();
  }

  /** Largest distance between the means of two batches in any gene. */
  private static double gap(MnnData data, DenseMatrix x) {
    double[] a = x.takeRows(data.batch().members()[0]).colMoments(0).mean();
    double[] b = x.takeRows(data.batch().members()[1]).colMoments(0).mean();
    return IntStream.range(0, a.length).mapToDouble(j -> Math.abs(a[j] - b[j])).max().orElse(0);
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var data = MnnData.noise(30, 1, 4, 400, 500);
    var params = MnnCorrect.Params.builder().svdDim(2).build();
    var one = Seeds.withThreads(1, () -> MnnCorrect.run(data.x(), data.batch(), params));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> MnnCorrect.run(data.x(), data.batch(), params));
      assertThat(other.x().floatData()).isEqualTo(one.x().floatData());
    }
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> MnnCorrect.Params.builder().sigma(0).build())
        .hasMessage("sigma must be positive, got 0.0");
    assertThatThrownBy(() -> MnnCorrect.Params.builder().svdDim(-1).build())
        .hasMessage("svdDim must not be negative, got -1");
    var data = MnnData.noise(5, 1, 1, 30, 10);
    assertThatThrownBy(() -> MnnCorrect.run(data.x(), data.batch(), MnnCorrect.Params.DEFAULTS))
        .hasMessageContaining("has 10 cells, but mnnCorrect with k = 20 needs at least 21 in each");
  }
}
