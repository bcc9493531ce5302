package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.model.DifferentialExpression.Comparison;
import org.cellweave.neural.model.DifferentialExpression.Mode;
import org.cellweave.neural.model.DifferentialExpression.Params;
import org.cellweave.neural.model.DifferentialExpression.Table;
import org.cellweave.neural.model.DifferentialExpression.TestMode;
import org.cellweave.neural.model.NormalizedExpression.Weights;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class DifferentialExpressionTest {
  private static final int N = 240;
  private static final CellData CELLS = Example.cells(N);
  private static final Categories TYPES = Example.types(N);
  private static final Scvi MODEL =
      Example.trained(Scvi.of(CELLS, Example.small().build()), CELLS, 60);

  private static Params.Builder params() {
    return Params.builder().nSamples(600);
  }

  private static DifferentialExpression.Result run(Params params) {
    return MODEL.differentialExpression(
        CELLS, Comparison.of(TYPES, null, null), params, Progress.NONE);
  }

  /** The five genes of a type come first when it is compared with the rest. */
  private static void findsMarkers(Table table, int type) {
    var first = Arrays.stream(table.positions()).limit(5).boxed().toList();
    assertThat(first).allMatch(g -> g / 5 == type);
  }

  @Test
  void everyGroupIsComparedWithTheRest() {
    var result = run(params().build());
    assertThat(result.warnings()).isEmpty();
    assertThat(result.tables()).hasSize(3);
    for (int k = 0; k < 3; k++) {
      Table table = result.tables().get(k);
      assertThat(table.group1()).isEqualTo(TYPES.level(k));
      assertThat(table.group2()).isEqualTo("Rest");
      assertThat(table.columns())
          .containsOnlyKeys(
              "proba_m1",
              "proba_m2",
              "bayes_factor",
              "scale1",
              "scale2",
              "raw_mean1",
              "raw_mean2",
              "non_zeros_proportion1",
              "non_zeros_proportion2",
              "raw_normalized_mean1",
              "raw_normalized_mean2");
      assertThat(table.columns().get("bayes_factor"))
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
      assertThat(table.isDe()).isNull();
      findsMarkers(table, k);
    }
  }

  @Test
  void changesAreToldWithTheirFoldChanges() {
    var with = params().mode(Mode.CHANGE).credibleIntervals(List.of(0.5, 0.94)).build();
    Table table = run(with).tables().get(0);
    assertThat(table.columns().keySet())
        .contains(
            "proba_de",
            "proba_not_de",
            "pseudocounts",
            "delta",
            "lfc_mean",
            "lfc_median",
            "lfc_std",
            "lfc_min",
            "lfc_max",
            "lfc_confidence_interval_0.5_min",
            "lfc_confidence_interval_0.94_max");
    for (int k = 0; k < table.genes().length; k++) {
      double median = table.columns().get("lfc_median")[k];
      assertThat(median)
          .isBetween(table.columns().get("lfc_min")[k], table.columns().get("lfc_max")[k]);
      assertThat(table.columns().get("lfc_confidence_interval_0.94_max")[k])
          .isGreaterThanOrEqualTo(table.columns().get("lfc_confidence_interval_0.94_min")[k]);
      assertThat(table.columns().get("delta")[k]).isEqualTo(0.25);
    }
    int marker = Arrays.stream(table.positions()).boxed().toList().indexOf(2);
    assertThat(table.columns().get("lfc_mean")[marker]).isGreaterThan(1);
    assertThat(table.isDe()[marker]).isTrue();
  }

  @Test
  void deltaNanEstimatesIt() {
    Table table = run(params().mode(Mode.CHANGE).delta(Double.NaN).build()).tables().get(0);
    assertThat(table.columns().get("delta")[0]).isGreaterThanOrEqualTo(0.1).isNotEqualTo(0.25);
  }

  @Test
  void bothDirectionsTogetherAreAtLeastAsProbable() {
    Table three = run(params().mode(Mode.CHANGE).build()).tables().get(1);
    Table two = run(params().mode(Mode.CHANGE).testMode(TestMode.TWO).build()).tables().get(1);
    double[] byGene = new double[Example.GENES];
    for (int k = 0; k < byGene.length; k++) {
      byGene[three.positions()[k]] = three.columns().get("proba_de")[k];
    }
    for (int k = 0; k < byGene.length; k++) {
      assertThat(two.columns().get("proba_de")[k])
          .isGreaterThanOrEqualTo(byGene[two.positions()[k]]);
    }
  }

  @Test
  void batchesAreCorrectedFor() {
    var all = run(params().batchCorrection(true).build());
    assertThat(all.warnings()).isEmpty();
    findsMarkers(all.tables().get(2), 2);
    var one = List.of("x");
    var both = List.of("x", "y");
    var mixed = params().batchCorrection(true).batchid1(one).batchid2(both).build();
    assertThat(run(mixed).warnings()).singleElement().asString().contains("share some batches");
    var apart = params().batchCorrection(true).batchid1(one).batchid2(List.of("y")).build();
    assertThat(run(apart).warnings()).isEmpty();
  }

  @Test
  void placesCanBeWeighted() {
    var few = new ImportanceWeights.Params(16, 5, true);
    var with = params().weights(Weights.IMPORTANCE).importance(few).nSamples(100).build();
    findsMarkers(run(with).tables().get(0), 0);
  }

  @Test
  void theCountsThemselvesAreTold() {
    Table table = run(params().build()).tables().get(0);
    int at = Arrays.stream(table.positions()).boxed().toList().indexOf(7);
    double[] sums = new double[3];
    CELLS.forEach(
        (cell, genes, start, values, n) -> {
          for (int p = 0; p < n; p++) {
            if (genes[start + p] == 7 && cell % 3 == 0) {
              sums[0] += values[p] / (N / 3);
              sums[1] += 1.0 / (N / 3);
              sums[2] += values[p] * 1e4 / CELLS.totals()[cell] / (N / 3);
            }
          }
        });
    assertThat(table.columns().get("raw_mean1")[at]).isCloseTo(sums[0], within(1e-9));
    assertThat(table.columns().get("non_zeros_proportion1")[at]).isCloseTo(sums[1], within(1e-9));
    assertThat(table.columns().get("raw_normalized_mean1")[at]).isCloseTo(sums[2], within(1e-6));
    var pair =
        MODEL.differentialExpression(
            CELLS,
            Comparison.of(TYPES, List.of("t cell"), "b cell"),
            params().build(),
            Progress.NONE);
    Table other = pair.tables().get(0);
    int there = Arrays.stream(other.positions()).boxed().toList().indexOf(7);
    assertThat(other.columns().get("raw_mean2")[there]).isCloseTo(sums[0], within(1e-9));
    assertThat(other.group2()).isEqualTo("b cell");
    assertThat(run(params().allStats(false).build()).tables().get(0).columns())
        .doesNotContainKey("raw_mean1");
  }

  @Test
  void threadsDoNotMatter() {
    var with = params().mode(Mode.CHANGE).delta(Double.NaN).batchCorrection(true).build();
    List<double[]> one = Seeds.withThreads(1, () -> numbers(with));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> numbers(with)))
          .usingRecursiveComparison()
          .isEqualTo(one);
    }
  }

  private static List<double[]> numbers(Params params) {
    List<double[]> out = new ArrayList<>();
    run(params).tables().forEach(table -> out.addAll(table.columns().values()));
    return out;
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    var single = Example.cycle("obs['one']", N, "all");
    assertThatThrownBy(() -> Comparison.of(single, null, null))
        .hasMessage("obs['one'] has a single group, [all]; there is nothing to compare it with");
    assertThatThrownBy(() -> Comparison.of(TYPES, List.of("nk cell"), null))
        .hasMessage("no group 'nk cell' in obs['type']; there are [b cell, t cell, none]");
    assertThatThrownBy(() -> new Comparison("a", "b", new int[0], new int[] {1}))
        .hasMessage("group 'a' has no cells");
    assertThatThrownBy(() -> params().delta(-1).build())
        .hasMessage("delta must not be negative, got -1.0");
    assertThatThrownBy(() -> params().nSamples(1).build())
        .hasMessage("nSamples must be at least 2, got 1");
    assertThatThrownBy(() -> params().credibleIntervals(List.of(1.0)).build())
        .hasMessage("credibleIntervals must lie in (0, 1), got 1.0");
    assertThatThrownBy(() -> params().batchid1(List.of("x")).build())
        .hasMessageContaining("need batchCorrection = true");
    assertThatThrownBy(() -> params().fdrTarget(2).build())
        .hasMessage("fdrTarget must lie in [0.0, 1.0], got 2.0");
  }
}
