package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class DendrogramTest {
  @Test
  void linkageByHand() {
    double[][] d = {{0, 1, 4, 6}, {1, 0, 5, 7}, {4, 5, 0, 2}, {6, 7, 2, 0}};
    assertThat(Linkage.run(d, Linkage.Method.COMPLETE))
        .containsExactly(
            new Linkage.Step(0, 1, 1, 2),
            new Linkage.Step(2, 3, 2, 2),
            new Linkage.Step(4, 5, 7, 4));
    assertThat(Linkage.run(d, Linkage.Method.SINGLE)[2].height()).isEqualTo(4);
    assertThat(Linkage.run(d, Linkage.Method.AVERAGE)[2].height()).isEqualTo(5.5);
  }

  /** scipy 1.15.3's linkage of the same distances: left, right, height, count of each step. */
  @Test
  void linkageIsScipys() {
    double[][] d = {
      {0, 2, 6, 10, 9}, {2, 0, 5, 9, 8}, {6, 5, 0, 4, 5}, {10, 9, 4, 0, 3}, {9, 8, 5, 3, 0}
    };
    check(d, Linkage.Method.COMPLETE, 5, 10);
    check(d, Linkage.Method.AVERAGE, 4.5, 7.83333333333);
    check(d, Linkage.Method.SINGLE, 4, 5);
    check(d, Linkage.Method.WEIGHTED, 4.5, 7.25);
    check(d, Linkage.Method.WARD, 4.93288286232, 11.7926530801);
    check(d, Linkage.Method.CENTROID, 4.27200187266, 7.61212483111);
    check(d, Linkage.Method.MEDIAN, 4.27200187266, 7.02228595259);
  }

  /**
   * All methods join the same groups of these five; only the heights of the last two steps differ.
   */
  private static void check(double[][] d, Linkage.Method method, double third, double last) {
    double[][] scipy = {{0, 1, 2, 2}, {3, 4, 3, 2}, {2, 6, third, 3}, {5, 7, last, 5}};
    var steps = Linkage.run(d, method);
    assertThat(steps).hasSameSizeAs(scipy);
    for (int s = 0; s < steps.length; s++) {
      var step = steps[s];
      assertThat(new double[] {step.left(), step.right(), step.height(), step.count()})
          .as("%s, step %d", method, s)
          .containsExactly(scipy[s], within(Tolerance.F64));
    }
  }

  @Test
  void kendallCountsPairs() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2, 3, 4}, {1, 3, 2, 4}, {1, 1, 2, 3}});
    var params = Dendrogram.Params.builder().correlation(Dendrogram.Correlation.KENDALL).build();
    double[][] r =
        Dendrogram.run(x, new int[] {0, 1, 2}, List.of("a", "b", "c"), params).correlation();
    assertThat(r[0][1]).isCloseTo(4.0 / 6, within(Tolerance.EXACT));
    assertThat(r[0][2]).isCloseTo(5 / Math.sqrt(6 * 5), within(Tolerance.EXACT));
  }

  @Test
  void heightsOfCompleteLinkageNeverFall() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(40, 15, 0.5, seed);
          int[] codes = new int[40];
          Arrays.setAll(codes, i -> i % 8);
          var result =
              Dendrogram.run(
                  x,
                  codes,
                  List.of("0", "1", "2", "3", "4", "5", "6", "7"),
                  Dendrogram.Params.DEFAULTS);
          for (int s = 1; s < 7; s++) {
            assertThat(result.steps()[s].height())
                .isGreaterThanOrEqualTo(result.steps()[s - 1].height());
          }
          int[] leaves = result.leaves().clone();
          Arrays.sort(leaves);
          assertThat(leaves).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        });
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      String at = "uns/dendrogram_leiden/";
      var result =
          Dendrogram.run(
              kang.dense("obsm/X_pca_harmony"),
              kang.codes("obs/leiden"),
              List.of(kang.categories("obs/leiden")),
              Dendrogram.Params.DEFAULTS);
      assertThat(result.leaves()).isEqualTo(kang.ints(at + "categories_idx_ordered"));
      assertThat(flat(result.correlation()))
          .containsExactly(kang.doubles(at + "correlation_matrix"), within(Tolerance.F64));
      double[] linkage = kang.doubles(at + "linkage");
      for (int s = 0; s < result.steps().length; s++) {
        var step = result.steps()[s];
        assertThat(new double[] {step.left(), step.right(), step.height(), step.count()})
            .containsExactly(Arrays.copyOfRange(linkage, 4 * s, 4 * s + 4), within(Tolerance.F64));
      }
      assertThat(flat(result.icoord()))
          .containsExactly(kang.doubles(at + "dendrogram_info/icoord"), within(Tolerance.F64));
      assertThat(flat(result.dcoord()))
          .containsExactly(kang.doubles(at + "dendrogram_info/dcoord"), within(Tolerance.F64));
      assertThat(result.colors()).isEqualTo(kang.strings(at + "dendrogram_info/color_list"));
      assertThat(result.leafColors())
          .isEqualTo(kang.strings(at + "dendrogram_info/leaves_color_list"));
    }
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void spearmanSeesOnlyRanks() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2, 3}, {1, 20, 300}, {3, 2, 1}});
    var params = Dendrogram.Params.builder().correlation(Dendrogram.Correlation.SPEARMAN).build();
    double[][] r =
        Dendrogram.run(x, new int[] {0, 1, 2}, List.of("a", "b", "c"), params).correlation();
    assertThat(r[0][1]).isCloseTo(1, within(Tolerance.EXACT));
    assertThat(r[0][2]).isCloseTo(-1, within(Tolerance.EXACT));
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}});
    assertThatThrownBy(
            () -> Dendrogram.run(x, new int[2], List.of("a"), Dendrogram.Params.DEFAULTS))
        .hasMessage("a tree needs at least 2 groups, got 1; group by a column with more");
    assertThatThrownBy(
            () -> Dendrogram.run(x, new int[2], List.of("a", "b"), Dendrogram.Params.DEFAULTS))
        .hasMessage("group 'b' has no cells; remove unused categories first");
    assertThatThrownBy(() -> Linkage.run(new double[][] {{0, 1}, {1}}, Linkage.Method.SINGLE))
        .hasMessage("distances must be square, but row 1 has 1 of 2");
  }
}
