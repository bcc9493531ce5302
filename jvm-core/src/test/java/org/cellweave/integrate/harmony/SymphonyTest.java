package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class SymphonyTest {
  private static final String FIXTURE =
      "jvm-core/src/test/resources/reference/symphony/symphony.h5";
  private static final double PEER = 1e-6;

  private static H5Reference fixture() {
    return H5Reference.of(SharedData.projectRoot().resolve(FIXTURE));
  }

  private static Symphony.Result run(
      DenseMatrix cells, CompressedReference reference, Categories... batches) {
    return Symphony.run(
        cells, reference, List.of(batches), Symphony.Params.DEFAULTS, Progress.NONE);
  }

  /** One cluster on the first axis, with ten cells of the reference at (1, 0). */
  private static CompressedReference single() {
    return new CompressedReference(
        new double[] {0, 0},
        new double[] {1, 1},
        rows(new double[] {1, 0}, new double[] {0, 1}),
        rows(new double[] {1, 0}),
        rows(new double[] {1, 0}),
        rows(new double[] {4, 0, 0, 1}),
        new double[] {10},
        rows(new double[] {10, 0}),
        0.1);
  }

  private static DenseMatrix rows(double[]... rows) {
    return DenseMatrix.ofRows(rows);
  }

  private static CompressedReference simulated(HarmonyData.Simulated data, HarmonyModel model) {
    int dims = data.points().nCols();
    var identity = new double[dims][dims];
    for (int c = 0; c < dims; c++) {
      identity[c][c] = 1;
    }
    double[] ones = new double[dims];
    Arrays.fill(ones, 1);
    return CompressedReference.of(new double[dims], ones, DenseMatrix.ofRows(identity), model);
  }

  private static HarmonyModel fitted(HarmonyData.Simulated data) {
    var model = Harmony.model(data.points(), List.of(data.batch()), Harmony.Params.DEFAULTS);
    model.harmonize(5);
    return model;
  }

  private static void close(DenseMatrix actual, DenseMatrix expected, double tolerance) {
    assertThat(actual.nRows()).isEqualTo(expected.nRows());
    for (int i = 0; i < actual.nRows(); i++) {
      for (int c = 0; c < actual.nCols(); c++) {
        assertThat(actual.get(i, c)).isCloseTo(expected.get(i, c), within(tolerance));
      }
    }
  }

  @Test
  void oneClusterByHand() {
    // two cells at (2, 1): intercept a and effect b with (10 + 2) a + 2 b = (14, 2) and
    // 2 a + (2 + 1) b = (4, 2), so that b = (20, 20) / 32
    var cells = rows(new double[] {2, 1}, new double[] {2, 1});
    var result = run(cells, single());
    double effect = 20 / 32.0;
    close(
        result.corrected(),
        rows(new double[] {2 - effect, 1 - effect}, new double[] {2 - effect, 1 - effect}),
        1e-12);
    // (2 - 1)^2 / 4 + 1^2 / 1
    assertThat(result.distance()[0]).isCloseTo(Math.sqrt(1.25), within(1e-12));
    assertThat(result.cluster()).containsExactly(0, 0);
    assertThat(result.unmeasured()).isZero();
  }

  @Test
  void aLargePenaltyLeavesCellsWhereTheyAre() {
    var cells = rows(new double[] {2, 1}, new double[] {3, 1});
    var params = Symphony.Params.builder().lambda(1e12).build();
    var result = Symphony.run(cells, single(), List.of(), params, Progress.NONE);
    close(result.corrected(), cells, 1e-9);
  }

  @Test
  void asTheFormulasOfThePaperInNumpyAndAsSymphonypy() {
    try (var h5 = fixture()) {
      var reference = fixtureReference(h5);
      var projected = reference.project(h5.dense("query/x"), h5.ints("query/genes"));
      close(projected, h5.dense("numpy/projected"), PEER);
      close(projected, h5.dense("symphonypy/projected"), PEER);
      var batch = Categories.of("batch", h5.ints("query/batch"));
      var lane = Categories.of("lane", h5.ints("query/lane"));
      var one = run(projected, reference, batch);
      close(one.corrected(), h5.dense("numpy/corrected"), PEER);
      close(one.corrected(), h5.dense("symphonypy/corrected"), PEER);
      assertThat(one.distance()).containsExactly(h5.doubles("numpy/distance"), within(PEER));
      assertThat(one.distance()).containsExactly(h5.doubles("symphonypy/distance"), within(PEER));
      var two = run(projected, reference, batch, lane);
      close(two.corrected(), h5.dense("numpy/corrected_two"), PEER);
    }
  }

  private static CompressedReference fixtureReference(H5Reference h5) {
    var shares = h5.dense("reference/shares");
    int clusters = shares.nCols();
    int dims = h5.dense("reference/loadings").nCols();
    var empty =
        new CompressedReference(
            h5.doubles("reference/mean"),
            h5.doubles("reference/std"),
            h5.dense("reference/loadings"),
            h5.dense("reference/directions"),
            DenseMatrix.wrap(new double[clusters * dims], clusters, dims),
            DenseMatrix.wrap(new double[clusters * dims * dims], clusters, dims * dims),
            new double[clusters],
            DenseMatrix.wrap(new double[clusters * dims], clusters, dims),
            0.1);
    return empty.withCells(h5.dense("reference/before"), h5.dense("reference/after"), shares);
  }

  @Test
  void compressionAndClustersAsInNumpy() {
    try (var h5 = fixture()) {
      var reference = fixtureReference(h5);
      assertThat(reference.sizes()).containsExactly(h5.doubles("reference/sizes"), within(PEER));
      close(reference.sums(), h5.dense("reference/sums"), PEER);
      close(reference.centroids(), h5.dense("reference/centroids"), PEER);
      close(reference.covariances(), h5.dense("reference/covariances"), PEER);
      var projected = h5.dense("numpy/projected");
      var types = Categories.of("type", h5.ints("query/type"));
      var all = new QueryClusters.Params(1.5);
      assertThat(QueryClusters.run(projected, types, reference, all).distance())
          .containsExactly(h5.doubles("numpy/clusters"), within(PEER));
      var far = new QueryClusters.Params(20);
      var none = QueryClusters.run(projected, types, reference, far);
      assertThat(none.distance()).containsOnly(Double.NaN);
      assertThat(none.nearest()).containsOnly(-1);
    }
  }

  @Test
  void theReferencesOwnCellsStayNearTheirPlaces() {
    Seeds.forEach(
        5,
        seed -> {
          var data = HarmonyData.simulated(600, 5, 4, 1, 0, seed);
          var model = fitted(data);
          var mapped = run(data.points(), simulated(data, model)).corrected();
          assertThat(HarmonyData.relativeDistance(mapped, model.getZCorr())).isLessThan(0.02);
        });
  }

  @Test
  void aShiftOfAllQueryCellsIsTakenOff() {
    Seeds.forEach(
        5,
        seed -> {
          var data = HarmonyData.simulated(600, 5, 4, 1, 0, seed);
          var model = fitted(data);
          var shifted = data.points().copy();
          for (int i = 0; i < shifted.nRows(); i++) {
            shifted.set(i, 0, shifted.get(i, 0) + 0.7);
          }
          var mapped = run(shifted, simulated(data, model)).corrected();
          double before = HarmonyData.relativeDistance(shifted, data.points());
          assertThat(HarmonyData.relativeDistance(mapped, data.points())).isLessThan(0.7 * before);
        });
  }

  @Test
  void threadsOrderOfCellsAndNamesOfBatchesDoNotMatter() {
    Seeds.forEach(
        8,
        seed -> {
          var data = HarmonyData.simulated(2500, 4, 3, 3, 1, seed);
          var reference = simulated(data, fitted(data));
          var one = Seeds.withThreads(1, () -> run(data.points(), reference, data.batch()));
          var seven = Seeds.withThreads(7, () -> run(data.points(), reference, data.batch()));
          assertThat(seven.corrected().doubleData()).isEqualTo(one.corrected().doubleData());
          assertThat(seven.distance()).isEqualTo(one.distance());
          int[] order = Seeds.permutation(2500, seed);
          var moved = run(data.points().takeRows(order), reference, data.batch().subset(order));
          close(moved.corrected(), one.corrected().takeRows(order), 1e-9);
          int[] renamed = Arrays.stream(data.batch().codes()).map(c -> 2 - c).toArray();
          var other = run(data.points(), reference, Categories.of("batch", renamed));
          close(other.corrected(), one.corrected(), 1e-9);
        });
  }

  /** The intercept is shared, so that batches act on each other little where the reference is. */
  @Test
  void aBatchHardlyActsOnAnotherAndALargerReferenceMakesItLess() {
    var data = HarmonyData.simulated(3000, 4, 3, 2, 0.5, 2);
    var reference = simulated(data, fitted(data));
    int[] first =
        IntStream.range(0, 3000).filter(i -> data.batch().code(i) == 0).limit(100).toArray();
    int[] both =
        IntStream.concat(
                Arrays.stream(first),
                IntStream.range(0, 3000).filter(i -> data.batch().code(i) == 1).limit(100))
            .toArray();
    var alone = run(data.points().takeRows(first), reference).corrected();
    var together =
        run(data.points().takeRows(both), reference, data.batch().subset(both)).corrected();
    int[] head = IntStream.range(0, first.length).toArray();
    double change = HarmonyData.relativeDistance(together.takeRows(head), alone);
    assertThat(change).isLessThan(0.02);
    var larger = times(reference, 100);
    var alone100 = run(data.points().takeRows(first), larger).corrected();
    var together100 =
        run(data.points().takeRows(both), larger, data.batch().subset(both)).corrected();
    assertThat(HarmonyData.relativeDistance(together100.takeRows(head), alone100))
        .isLessThan(0.1 * change);
  }

  private static CompressedReference times(CompressedReference r, double factor) {
    double[] sums = r.sums().copy().doubleData();
    return new CompressedReference(
        r.mean(),
        r.std(),
        r.loadings(),
        r.directions(),
        r.centroids(),
        r.covariances(),
        Arrays.stream(r.sizes()).map(v -> v * factor).toArray(),
        DenseMatrix.wrap(
            Arrays.stream(sums).map(v -> v * factor).toArray(), r.nClusters(), r.nDims()),
        r.sigma());
  }

  @Test
  void distancesAreLargeWhereTheReferenceHasNothing() {
    var data = HarmonyData.simulated(900, 4, 3, 1, 0, 3);
    var reference = simulated(data, fitted(data));
    var strange = data.points().takeRows(new int[] {0, 1, 2});
    for (int i = 0; i < 3; i++) {
      strange.set(i, 3, 40);
    }
    double most = Arrays.stream(run(data.points(), reference).distance()).max().orElseThrow();
    assertThat(Arrays.stream(run(strange, reference).distance()).min().orElseThrow())
        .isGreaterThan(2 * most);
  }

  @Test
  void clustersWithoutASpreadAreLeftOutOfDistances() {
    var one = single();
    var few =
        new CompressedReference(
            one.mean(),
            one.std(),
            one.loadings(),
            one.directions(),
            one.centroids(),
            one.covariances(),
            new double[] {2},
            one.sums(),
            one.sigma());
    var result = run(rows(new double[] {2, 1}), few);
    assertThat(result.unmeasured()).isEqualTo(1);
    assertThat(result.distance()).containsExactly(Double.NaN);
  }

  @Test
  void isHandedOnAsAMapping() {
    var cells = rows(new double[] {2, 1}, new double[] {2, 1});
    var input = IntegrationInput.of("query", cells, Categories.of("batch", 0, 0));
    var mapping = Symphony.onto(single(), Symphony.Params.DEFAULTS);
    assertThat(mapping.map(input, Progress.NONE).x().doubleData())
        .isEqualTo(run(cells, single()).corrected().doubleData());
  }

  @Test
  void sparseAndDenseQueriesProjectAlike() {
    Seeds.forEach(
        10,
        seed -> {
          Matrix x = Seeds.counts(80, 2, 0.5, seed);
          int[] genes = {1, 0};
          assertThat(single().project(x, genes).doubleData())
              .isEqualTo(single().project(x.toDense(), genes).doubleData());
        });
  }

  @Test
  void aReferenceIsBuiltFromExpressionAndPlacesItsOwnCells() {
    var x = Seeds.counts(400, 60, 0.4, 3);
    var params = SymphonyReference.Params.builder().nPcs(8).build();
    var one =
        Seeds.withThreads(1, () -> SymphonyReference.run(x, List.of(), params, Progress.NONE));
    var seven =
        Seeds.withThreads(7, () -> SymphonyReference.run(x, List.of(), params, Progress.NONE));
    assertThat(seven.corrected().floatData()).isEqualTo(one.corrected().floatData());
    assertThat(seven.reference().sums().doubleData())
        .isEqualTo(one.reference().sums().doubleData());
    assertThat(one.warnings()).isEmpty();
    int[] genes = IntStream.range(0, 60).toArray();
    var projected = one.reference().project(x, genes);
    // without batches the corrected cells are the components
    close(projected, one.corrected(), 1e-4);
    var dense = SymphonyReference.run(x.toDense(), List.of(), params, Progress.NONE);
    close(dense.corrected(), one.corrected(), 1e-4);
    assertThat(HarmonyData.relativeDistance(run(projected, one.reference()).corrected(), projected))
        .isLessThan(0.05);
    var many = SymphonyReference.Params.builder().nPcs(60).build();
    assertThatThrownBy(() -> SymphonyReference.run(x, List.of(), many, Progress.NONE))
        .hasMessageContaining("nPcs must be below the number of cells and of genes, at most 59");
  }

  @Test
  void missingGenesLieAtTheirMean() {
    var one = single();
    var reference =
        new CompressedReference(
            new double[] {3, 5},
            new double[] {2, 4},
            one.loadings(),
            one.directions(),
            one.centroids(),
            one.covariances(),
            one.sizes(),
            one.sums(),
            one.sigma());
    var x = rows(new double[] {7, 100});
    assertThat(reference.project(x, new int[] {0, -1}).doubleData()).containsExactly(2, 0);
    assertThat(reference.project(x, new int[] {-1, 1}).doubleData()).containsExactly(0, 23.75);
  }

  @Test
  void saysWhatItCannotTake() {
    var x = rows(new double[] {1, 2});
    assertThatThrownBy(() -> single().project(x, new int[] {-1, -1}))
        .hasMessageContaining("no gene in common");
    assertThatThrownBy(() -> single().project(x, new int[] {1, 1}))
        .hasMessageContaining("gene 1 of the reference twice");
    assertThatThrownBy(() -> single().project(rows(new double[] {1, Double.NaN}), new int[] {0, 1}))
        .hasMessageContaining("X[0, 1] is NaN");
    assertThatThrownBy(() -> run(rows(new double[] {1}), single()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("the number of components is 2");
    assertThatThrownBy(() -> run(rows(new double[] {1, Double.NaN}), single()))
        .hasMessageContaining("cells[0, 1] is NaN");
    assertThatThrownBy(() -> run(x, single(), Categories.of("batch", 0, 1)))
        .hasMessageContaining("batch has length 2");
    assertThatThrownBy(() -> run(x, single(), Categories.of("batch", -1)))
        .hasMessageContaining("missing label");
    assertThatThrownBy(() -> new Symphony.Params(0)).hasMessageContaining("lambda");
    assertThatThrownBy(() -> new QueryClusters.Params(0.5)).hasMessageContaining("cellsPerDim");
  }

  @Test
  void aReferenceThatDoesNotHoldTogetherIsRefused() {
    var one = single();
    assertThatThrownBy(() -> with(one, new double[] {1, 0}, rows(new double[] {1, 0}), 0.1))
        .hasMessageContaining("std[1] must be positive, got 0.0");
    assertThatThrownBy(() -> with(one, new double[] {1}, rows(new double[] {1, 0}), 0.1))
        .hasMessageContaining("std has length 1, but the number of genes is 2");
    assertThatThrownBy(() -> with(one, new double[] {1, 1}, rows(new double[] {2, 0}), 0.1))
        .hasMessageContaining("directions must have length one, got 2.0 for cluster 0");
    assertThatThrownBy(() -> with(one, new double[] {1, 1}, rows(new double[] {1, 0, 0}), 0.1))
        .hasMessageContaining("a row of directions has length 3");
    assertThatThrownBy(() -> with(one, new double[] {1, 1}, rows(new double[] {1, 0}), 0))
        .hasMessageContaining("sigma must be positive");
  }

  private static CompressedReference with(
      CompressedReference r, double[] std, DenseMatrix directions, double sigma) {
    return new CompressedReference(
        r.mean(),
        std,
        r.loadings(),
        directions,
        r.centroids(),
        r.covariances(),
        r.sizes(),
        r.sums(),
        sigma);
  }
}
