package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.neural.data.CellData;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class OutlierCellsTest {
  private static float[] waves(int n) {
    float[] x = new float[3 * n];
    for (int k = 0; k < x.length; k++) {
      double y = Math.sin(1.3 * k) + 0.7 * Math.pow(Math.sin(2.9 * k), 3);
      float one = (float) (y + 0.2 * Math.cos(0.11 * Math.pow(k, 1.5)));
      x[k] = k / 3 % 17 == 0 ? 3 * one : one;
    }
    return x;
  }

  /** {@code EllipticEnvelope(random_state=s).fit_predict(x)} of scikit-learn, for s from 0 to 3. */
  private static final List<Integer> OUT =
      List.of(
          0, 17, 34, 51, 68, 84, 85, 93, 97, 102, 110, 115, 119, 123, 136, 153, 154, 170, 171, 187);

  private static List<Integer> out(float[] x, int d, long seed) {
    int[] kept = OutlierCells.kept(x, d, seed);
    return IntStream.range(0, x.length / d)
        .filter(i -> Arrays.binarySearch(kept, i) < 0)
        .boxed()
        .toList();
  }

  @Test
  void asScikitLearn() {
    for (long seed = 0; seed < 5; seed++) {
      assertThat(out(waves(200), 3, seed)).isEqualTo(OUT);
    }
  }

  @Test
  void cellsFarOffAreLeftOut() {
    Seeds.forEach(
        10,
        seed -> {
          int n = 400;
          int d = 4;
          var random = new SplittableRandom(seed);
          float[] x = new float[n * d];
          for (int k = 0; k < x.length; k++) {
            // a third of the cells in one far place would draw an ordinary covariance to it
            boolean far = k / d % 10 == 3;
            x[k] = (float) random.nextGaussian() + (far ? 9 : 0);
          }
          List<Integer> planted = IntStream.range(0, n).filter(i -> i % 10 == 3).boxed().toList();
          assertThat(out(x, d, seed)).isEqualTo(planted);
          int[] one = Seeds.withThreads(1, () -> OutlierCells.kept(x, d, seed));
          assertThat(Seeds.withThreads(7, () -> OutlierCells.kept(x, d, seed))).isEqualTo(one);
        });
  }

  @Test
  void fewOrFlatCellsAreAllKept() {
    assertThat(OutlierCells.kept(new float[12], 3, 0)).isNull();
    assertThat(OutlierCells.kept(new float[300], 3, 0)).isNull();
    CellData cells = Example.cells(90);
    Scvi model = Example.scvi(cells, Example.small().build());
    var params =
        DifferentialExpression.Params.builder().filterOutlierCells(true).nSamples(50).build();
    int[] rest = IntStream.range(3, 90).toArray();
    var groups = new DifferentialExpression.Comparison("few", "rest", new int[] {0, 1, 2}, rest);
    var found = model.differentialExpression(cells, List.of(groups), params, Progress.NONE);
    assertThat(found.warnings())
        .containsExactly(
            "group 'few' keeps all its cells: outliers cannot be told among 3 cells in 3 latent"
                + " dimensions");
  }

  @Test
  void cellsLeftOutAreNotDrawn() {
    CellData cells = Example.cells(90);
    Scvi model = Example.scvi(cells, Example.small().build());
    int[] group = IntStream.range(0, 60).toArray();
    List<String> warnings = new ArrayList<>();
    CellData read = model.asked(cells);
    int[] kept = OutlierCells.without(model, read, group, "g", 1, warnings);
    assertThat(kept).hasSize(54);
    assertThat(warnings).isEmpty();
    var plain = DifferentialExpression.Params.builder().nSamples(200).allStats(false);
    int[] rest = IntStream.range(60, 90).toArray();
    int[] keptRest = OutlierCells.without(model, read, rest, "h", 1, warnings);
    var filtered = plain.filterOutlierCells(true).seed(1).build();
    var by = plain.filterOutlierCells(false).build();
    var all = new DifferentialExpression.Comparison("g", "h", group, rest);
    var some = new DifferentialExpression.Comparison("g", "h", kept, keptRest);
    var one = model.differentialExpression(cells, List.of(all), filtered, Progress.NONE);
    var two = model.differentialExpression(cells, List.of(some), by, Progress.NONE);
    assertThat(one.tables().get(0).columns().get("proba_m1"))
        .isEqualTo(two.tables().get(0).columns().get("proba_m1"));
  }
}
