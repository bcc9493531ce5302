package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.clonal.CloneLinks.Rule;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class CloneLinksTest {
  private static final Categories GROUPS = Categories.of("obs['clone']", 0, 1, 0, -1, 0, 1, 2);
  private static final double[] DAYS = {4, 2, 2, Double.NaN, 6, 2, Double.NaN};

  private static double[][] rows(CsrMatrix graph) {
    double[][] out = new double[graph.nRows()][graph.nCols()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[i][j] = graph.get(i, j);
      }
    }
    return out;
  }

  private static String edges(Rule rule) {
    var graph = CloneLinks.ordered(GROUPS, DAYS, "obs['day']", rule, false);
    var out = new StringBuilder();
    double[][] rows = rows(graph);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows.length; j++) {
        if (rows[i][j] != 0) {
          out.append(i).append('>').append(j).append(' ');
        }
      }
    }
    return out.toString().trim();
  }

  @Test
  void allPairsOfAGroup() {
    var graph = CloneLinks.pairs(GROUPS, false);
    assertThat(graph.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(graph.nnz()).isEqualTo(8);
    assertThat(rows(graph)[0]).containsExactly(0, 0, 1, 0, 1, 0, 0);
    assertThat(rows(graph)[3]).containsOnly(0);
    assertThat(rows(graph)[6]).containsOnly(0);
    var weighted = CloneLinks.pairs(GROUPS, true);
    assertThat(weighted.get(0, 2)).isEqualTo(1 / 3f);
    assertThat(weighted.get(1, 5)).isEqualTo(0.5);
  }

  @Test
  void alongAnOrder() {
    // group 0 by day: 2, 0, 4; group 1 are equal, so that the first row comes first
    assertThat(edges(Rule.INCREASE)).isEqualTo("0>4 1>5 2>0");
    assertThat(edges(Rule.DECREASE)).isEqualTo("0>2 1>5 4>0");
    assertThat(edges(Rule.ALL_INCREASE)).isEqualTo("0>4 1>5 2>0 2>4");
    assertThat(edges(Rule.ALL_DECREASE)).isEqualTo("0>2 1>5 4>0 4>2");
    var weighted = CloneLinks.ordered(GROUPS, DAYS, "obs['day']", Rule.INCREASE, true);
    assertThat(weighted.get(2, 0)).isEqualTo(1 / 3f);
    int[] from = {4, 0, 4, 4};
    var chosen = CloneLinks.chosen(GROUPS, from, new int[] {2, 4, 0, 2}, true);
    assertThat(chosen.nnz()).isEqualTo(3);
    assertThat(rows(chosen)[4]).containsExactly(1 / 3f, 0, 1 / 3f, 0, 0, 0, 0);
  }

  @Test
  void invariants() {
    Seeds.forEach(
        20,
        seed -> {
          int[] codes = new int[40];
          double[] order = new double[40];
          int[] places = Seeds.permutation(40, seed);
          for (int i = 0; i < 40; i++) {
            codes[i] = (int) ((i + seed) % 7);
            order[i] = places[i];
          }
          var groups = Categories.of("g", codes);
          double[][] pairs = rows(CloneLinks.pairs(groups, true));
          double[][] up = rows(CloneLinks.ordered(groups, order, "o", Rule.ALL_INCREASE, true));
          double[][] down = rows(CloneLinks.ordered(groups, order, "o", Rule.ALL_DECREASE, true));
          var next = CloneLinks.ordered(groups, order, "o", Rule.INCREASE, false);
          for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
              assertThat(up[i][j]).isEqualTo(down[j][i]);
              assertThat(up[i][j] + down[i][j]).isEqualTo(pairs[i][j]);
            }
          }
          assertThat(next.nnz()).isEqualTo(40 - 7);
        });
  }

  @Test
  void whatIsWrongIsNamed() {
    double[] unknown = DAYS.clone();
    unknown[4] = Double.NaN;
    assertThatThrownBy(
            () -> CloneLinks.ordered(GROUPS, unknown, "obs['day']", Rule.INCREASE, false))
        .hasMessage(
            "obs['day'] must be known of every clone that is to be linked, but is missing in row"
                + " 4. Fill it, or take that clone out");
    assertThatThrownBy(
            () -> CloneLinks.ordered(GROUPS, new double[2], "obs['day']", Rule.INCREASE, false))
        .hasMessageContaining("obs['day'] has length 2");
  }
}
