package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class RankGenesGroupsTest {
  private static final int REST = RankGenesGroups.REST;
  private static final java.util.Set<RankGenesGroups.Method> TESTS =
      java.util.EnumSet.complementOf(java.util.EnumSet.of(RankGenesGroups.Method.LOGREG));

  private static RankGenesGroups.Params params(RankGenesGroups.Method method) {
    return RankGenesGroups.Params.builder().method(method).pts(true).build();
  }

  // ----------------------------------------------------------------------- by hand

  /** Values 0 0 1 | 2 0 3: ranks 2 2 4 | 5 2 6, so that the first group's rank sum is 8. */
  @Test
  void wilcoxonByHand() {
    var x = DenseMatrix.wrap(new float[] {0, 0, 1, 2, 0, 3}, 6, 1);
    int[] codes = {0, 0, 0, 1, 1, 1};
    var p =
        RankGenesGroups.Params.builder()
            .method(RankGenesGroups.Method.WILCOXON)
            .tieCorrect(true)
            .build();
    var result =
        RankGenesGroups.run(x, codes, List.of("a", "b"), new int[] {0}, REST, p).groups().get(0);
    double tie = 1 - (27 - 3) / (216.0 - 6);
    double z = (8 - 3 * 7 / 2.0) / Math.sqrt(tie * 3 * 3 * 7 / 12.0);
    assertThat(result.scores()[0]).isCloseTo(z, within(Tolerance.EXACT));
    assertThat(result.logFoldChanges()[0])
        .isCloseTo(
            Math.log((Math.expm1(1 / 3.0) + 1e-9) / (Math.expm1(5 / 3.0) + 1e-9)) / Math.log(2),
            within(Tolerance.F64));
  }

  @Test
  void negativeValuesRankBelowZeros() {
    var x = DenseMatrix.wrap(new float[] {-1, 0, 2, 0}, 4, 1);
    var result =
        RankGenesGroups.run(
                x,
                new int[] {0, 0, 1, 1},
                List.of("a", "b"),
                new int[] {0},
                REST,
                params(RankGenesGroups.Method.WILCOXON))
            .groups()
            .get(0);
    // ranks 1, 2.5, 4, 2.5
    assertThat(result.scores()[0])
        .isCloseTo((3.5 - 5) / Math.sqrt(2 * 2 * 5 / 12.0), within(Tolerance.EXACT));
  }

  @Test
  void welchByHand() {
    var x = DenseMatrix.wrap(new float[] {1, 2, 3, 4, 6}, 5, 1);
    var result =
        RankGenesGroups.run(
                x,
                new int[] {0, 0, 0, 1, 1},
                List.of("a", "b"),
                new int[] {1},
                REST,
                params(RankGenesGroups.Method.T_TEST))
            .groups()
            .get(0);
    double a = 2.0 / 2;
    double b = 1.0 / 3;
    assertThat(result.scores()[0]).isCloseTo(3 / Math.sqrt(a + b), within(Tolerance.F64));
    // scipy.stats.ttest_ind([4, 6], [1, 2, 3], equal_var=False)
    assertThat(result.pvals()[0]).isCloseTo(0.14436620481676546, within(Tolerance.F64));
  }

  @Test
  void aGeneNobodyExpressesScoresZero() {
    var x = CsrMatrix.of(4, 1, new int[] {0, 0, 0, 0, 0}, new int[0], new float[0]);
    for (var method : TESTS) {
      var result =
          RankGenesGroups.run(
                  x, new int[] {0, 0, 1, 1}, List.of("a", "b"), new int[] {0}, REST, params(method))
              .groups()
              .get(0);
      assertThat(result.scores()[0]).isZero();
      assertThat(result.pvals()[0]).isEqualTo(1);
    }
  }

  // -------------------------------------------------------------------- invariants

  @Test
  void orderOfCellsDoesNotMatterAndDenseEqualsSparse() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 25, 0.3, seed);
          int[] codes = new int[60];
          Arrays.setAll(codes, i -> i % 4 - (i % 20 == 0 ? 1 : 0));
          int[] order = Seeds.permutation(60, seed);
          int[] shuffled = Arrays.stream(order).map(i -> codes[i]).toArray();
          var names = List.of("a", "b", "c", "d");
          for (var method : TESTS) {
            var plain =
                RankGenesGroups.run(x, codes, names, new int[] {0, 2}, REST, params(method));
            var other =
                RankGenesGroups.run(
                    x.takeRows(order), shuffled, names, new int[] {0, 2}, REST, params(method));
            var dense =
                RankGenesGroups.run(
                    x.toDense(), codes, names, new int[] {0, 2}, REST, params(method));
            for (int g = 0; g < 2; g++) {
              assertThat(other.groups().get(g).scores())
                  .containsExactly(plain.groups().get(g).scores(), within(Tolerance.F64));
              assertThat(dense.groups().get(g).scores()).isEqualTo(plain.groups().get(g).scores());
            }
          }
        });
  }

  @Test
  void adjustedPValuesAreMonotoneAndNeverSmaller() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          double[] p = random.doubles(50).map(v -> v * v).toArray();
          double[] bh = Significance.benjaminiHochberg(p);
          double[] bonferroni = Significance.bonferroni(p);
          for (int i = 0; i < p.length; i++) {
            assertThat(bh[i]).isBetween(p[i], bonferroni[i]);
            for (int j = 0; j < p.length; j++) {
              assertThat(p[i] <= p[j]).isEqualTo(p[i] <= p[j] && bh[i] <= bh[j]);
            }
          }
        });
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = Seeds.counts(500, 300, 0.2, 1);
    int[] codes = new int[500];
    Arrays.setAll(codes, i -> i % 5);
    var names = List.of("a", "b", "c", "d", "e");
    for (var method : TESTS) {
      List<double[]> runs =
          List.of(1, 2, 7).stream()
              .map(
                  t ->
                      Seeds.withThreads(
                          t,
                          () ->
                              RankGenesGroups.run(
                                      x, codes, names, new int[] {3}, REST, params(method))
                                  .groups()
                                  .get(0)
                                  .pvals()))
              .toList();
      assertThat(runs.get(1)).isEqualTo(runs.get(0));
      assertThat(runs.get(2)).isEqualTo(runs.get(0));
    }
  }

  // --------------------------------------------------------------------- reference

  /** scipy 1.15: {@code 2 * norm.sf(z)} and {@code 2 * t.sf(t, df)}. */
  @Test
  void tailsAgreeWithScipy() {
    relative(Significance.normal(1.5), 0.13361440253771614);
    relative(Significance.normal(-12), 3.552964224155306e-33);
    relative(Significance.normal(37.03166), 3.544206357129958e-300);
    relative(Significance.student(2.1, 7.3), 0.07224671342485328);
    relative(Significance.student(35, 1500.5), 1.0342104381730338e-196);
  }

  private static void relative(double actual, double expected) {
    assertThat(actual / expected).isCloseTo(1, within(1e-11));
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      var x = kang.csr("X");
      int[] leiden = kang.codes("obs/leiden");
      var names = List.of(kang.categories("obs/leiden"));
      int[] all = new int[names.size()];
      Arrays.setAll(all, i -> i);
      String[] genes = kang.strings("var/_index");
      check(
          kang,
          "ttest",
          RankGenesGroups.run(x, leiden, names, all, REST, params(RankGenesGroups.Method.T_TEST)),
          names,
          genes);
      check(
          kang,
          "ttest_over",
          RankGenesGroups.run(
              x, leiden, names, all, REST, params(RankGenesGroups.Method.T_TEST_OVERESTIM_VAR)),
          names,
          genes);
      check(
          kang,
          "wilcoxon",
          RankGenesGroups.run(x, leiden, names, all, REST, params(RankGenesGroups.Method.WILCOXON)),
          names,
          genes);
      var tied =
          RankGenesGroups.Params.builder()
              .method(RankGenesGroups.Method.WILCOXON)
              .tieCorrect(true)
              .build();
      var batches = List.of(kang.categories("obs/batch"));
      check(
          kang,
          "stim_vs_ctrl",
          RankGenesGroups.run(
              x,
              kang.codes("obs/batch"),
              batches,
              new int[] {batches.indexOf("stim")},
              batches.indexOf("ctrl"),
              tied),
          batches,
          genes);
    }
  }

  private static void check(
      H5Reference kang,
      String key,
      RankGenesGroups.Result result,
      List<String> names,
      String[] genes) {
    for (var group : result.groups()) {
      String name = names.get(group.group());
      String[] theirs = kang.recordStrings("uns/" + key + "/names", name);
      double[] scores = kang.recordDoubles("uns/" + key + "/scores", name);
      double[] pvals = kang.recordDoubles("uns/" + key + "/pvals", name);
      double[] adjusted = kang.recordDoubles("uns/" + key + "/pvals_adj", name);
      double[] lfc = kang.recordDoubles("uns/" + key + "/logfoldchanges", name);
      var place = new java.util.HashMap<String, Integer>();
      for (int r = 0; r < genes.length; r++) {
        place.put(genes[group.genes()[r]], r);
      }
      for (int r = 0; r < theirs.length; r++) {
        int at = place.get(theirs[r]);
        boolean tied =
            (r > 0 && scores[r - 1] == scores[r])
                || (r + 1 < scores.length && scores[r + 1] == scores[r]);
        if (r < 50 && !tied) {
          assertThat(at).as(key + " " + name + " rank of " + theirs[r]).isEqualTo(r);
        }
        close(group.scores()[at], scores[r], key + " score " + theirs[r]);
        close(group.pvals()[at], pvals[r], key + " p " + theirs[r]);
        close(group.pvalsAdj()[at], adjusted[r], key + " adjusted p " + theirs[r]);
        close(group.logFoldChanges()[at], lfc[r], key + " fold change " + theirs[r]);
      }
    }
    if (key.equals("ttest")) {
      double[] pts = kang.doubles("uns/ttest/pts/3");
      assertThat(result.groups().get(3).pts()).containsExactly(pts, within(Tolerance.EXACT));
      double[] rest = kang.doubles("uns/ttest/pts_rest/3");
      assertThat(result.groups().get(3).ptsRest()).containsExactly(rest, within(Tolerance.EXACT));
    }
  }

  private static void close(double ours, double theirs, String what) {
    assertThat(Math.abs(ours - theirs))
        .as("%s: ours %s, scanpy's %s", what, ours, theirs)
        .isLessThanOrEqualTo(Tolerance.PEER * Math.abs(theirs) + 1e-300);
  }

  // ---------------------------------------------------------------------- messages

  @Test
  void messages() {
    var x = DenseMatrix.wrap(new float[] {1, 2, 3, 4}, 4, 1);
    var p = params(RankGenesGroups.Method.T_TEST);
    assertThatThrownBy(
            () ->
                RankGenesGroups.run(
                    x, new int[] {0, 1, 1, 1}, List.of("a", "b"), new int[] {0}, REST, p))
        .hasMessage(
            "group 'a' has 1 cell, but a test needs at least 2; leave it out with the argument"
                + " groups, or merge it");
    assertThatThrownBy(
            () ->
                RankGenesGroups.run(
                    x, new int[] {0, 0, 0, 0}, List.of("a"), new int[] {0}, REST, p))
        .hasMessage(
            "group 'a' holds 4 of 4 cells, so that there is no rest to compare it with; group by"
                + " another column");
    assertThatThrownBy(() -> RankGenesGroups.run(x, new int[4], List.of("a"), new int[0], REST, p))
        .hasMessage("groups must not be empty; there are [a]");
    assertThatThrownBy(
            () -> RankGenesGroups.run(x, new int[3], List.of("a"), new int[] {0}, REST, p))
        .hasMessage("codes has length 3, but the number of cells is 4");
    var nan = DenseMatrix.wrap(new float[] {1, 2, Float.NaN, 4}, 4, 1);
    assertThatThrownBy(
            () ->
                RankGenesGroups.run(
                    nan, new int[] {0, 0, 1, 1}, List.of("a", "b"), new int[] {0}, REST, p))
        .hasMessage(
            "rankGenesGroups needs finite values, but X[2, 0] is NaN. Remove or replace NaN and"
                + " infinite values first");
    var none = DenseMatrix.zeros(4, 0, DType.FLOAT32);
    assertThatThrownBy(
            () ->
                RankGenesGroups.run(
                    none, new int[] {0, 0, 1, 1}, List.of("a", "b"), new int[] {0}, REST, p))
        .hasMessageStartingWith("there are no genes to rank: X is 4 x 0");
    assertThatThrownBy(() -> RankGenesGroups.Params.builder().nGenes(0).build())
        .hasMessage("nGenes must be positive, got 0");
    assertThatThrownBy(() -> RankGenesGroups.Params.builder().logBase(-1.0).build())
        .hasMessage("logBase must be positive, got -1.0");
  }
}
