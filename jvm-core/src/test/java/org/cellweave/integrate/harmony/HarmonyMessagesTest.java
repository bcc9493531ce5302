package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

/** What Harmony refuses, and in which words. */
class HarmonyMessagesTest {
  private static Harmony.Params.Builder params() {
    return Harmony.Params.builder();
  }

  @Test
  void mistakesAreNamed() {
    var data = HarmonyData.simulated(100, 4, 3, 2, 1, 1);
    var points = data.points();
    int[] codes = data.batch().codes();
    var holes = codes.clone();
    holes[5] = -1;
    holes[9] = -1;
    int[] many = new int[100];
    Arrays.setAll(many, i -> i);
    fails(points, Categories.of("b", new int[3]), params(), "b has length 3");
    fails(
        points,
        new Categories("b", holes, data.batch().levels()),
        params(),
        "b has 2 missing labels, the first for cell 5. Give every cell a label");
    fails(
        points,
        Categories.of("age", many),
        params(),
        "age has 100 levels for 100 cells; Harmony needs labels that many cells share");
    assertThatThrownBy(() -> new Categories("b", codes, new String[] {"a"}))
        .hasMessageContaining("codes of b must lie in [0, 1), or be -1 for a missing label, got 1");
    fails(
        points,
        data.batch(),
        params().theta(1, 2, 3),
        "theta must have 1 value, one per covariate (1) or one per level (2), got 3");
    fails(points, data.batch(), params().nClusters(101), "nClusters must not exceed");
    fails(
        points,
        data.batch(),
        params().blockSize(0.005),
        "blockSize 0.005 leaves no cell in a block of 100 cells; raise it");
    var bad = points.copy();
    bad.set(3, 2, Double.NaN);
    fails(bad, data.batch(), params(), "Harmony needs finite values, but pcs[3, 2] is NaN");
    bad.set(3, 2, Double.POSITIVE_INFINITY);
    fails(bad, data.batch(), params(), "pcs[3, 2] is Infinity");
    bad.set(3, 2, 1e30f);
    fails(
        bad, data.batch(), params(), "but Harmony works in float32 and needs values up to 1.0E15");
    var few = points.takeRows(new int[] {0, 1, 2, 3});
    fails(
        few,
        Categories.of("b", new int[] {0, 0, 1, 1}),
        params(),
        "Harmony needs at least 6 cells, got 4");
    assertThatThrownBy(() -> Harmony.run(points, List.of(), params().build()))
        .hasMessageContaining("covariates is empty");
  }

  private static void fails(
      DenseMatrix points, Categories covariate, Harmony.Params.Builder params, String message) {
    assertThatThrownBy(() -> Harmony.run(points, List.of(covariate), params.build()))
        .hasMessageContaining(message);
  }

  @Test
  void mistakenParametersAreNamed() {
    refuses(() -> params().lambda(0).build(), "lambda must be positive, or -1");
    refuses(() -> params().alpha(0).build(), "alpha must be positive, got 0.0");
    refuses(() -> params().sigma(0).build(), "sigma must lie in");
    refuses(() -> params().theta(-1).build(), "theta must lie in");
    refuses(() -> params().batchPropCutoff(2).build(), "batchPropCutoff must lie in [0.0, 1.0]");
    refuses(() -> params().blockSize(1.5).build(), "blockSize must lie in");
    refuses(
        () -> params().rng(Harmony.Rng.R_COMPAT).flavor(Harmony.Flavor.HARMONY1).build(),
        "follows R's harmony 2");
    var data = HarmonyData.simulated(100, 4, 3, 2, 1, 1);
    var model = Harmony.model(data.points(), List.of(data.batch()), params().build());
    model.close();
    refuses(model::cluster, "this model is closed");
  }

  private static void refuses(Runnable body, String message) {
    assertThatThrownBy(body::run).hasMessageContaining(message);
  }
}
