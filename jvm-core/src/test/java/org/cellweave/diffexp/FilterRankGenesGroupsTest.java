package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class FilterRankGenesGroupsTest {
  @Test
  void allBoundsAreStrict() {
    var facts =
        new FilterRankGenesGroups.Facts(
            new double[] {0.25, 0.3, 0.3, 0.3, 0.3, Double.NaN},
            new double[] {0.1, 0.5, 0.4, 0.4, 0.4, 0.1},
            new double[] {2, 2, 1, 1.1, -3, 2});
    var params = FilterRankGenesGroups.Params.DEFAULTS;
    assertThat(FilterRankGenesGroups.run(facts, params))
        .containsExactly(false, false, false, true, false, false);
    var abs = FilterRankGenesGroups.Params.builder().compareAbs(true).build();
    assertThat(FilterRankGenesGroups.run(facts, abs))
        .containsExactly(false, false, false, true, true, false);
  }

  @Test
  void looserBoundsKeepMore() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(50, 30, 0.4, seed);
          int[] codes = new int[50];
          for (int i = 0; i < 50; i++) {
            codes[i] = i % 3 - 1;
          }
          var facts = FilterRankGenesGroups.facts(x, codes, 2, null)[1];
          boolean[] strict =
              FilterRankGenesGroups.run(
                  facts, new FilterRankGenesGroups.Params(0.4, 0.2, 0.4, false));
          boolean[] loose =
              FilterRankGenesGroups.run(
                  facts, new FilterRankGenesGroups.Params(0.3, 0.1, 0.5, true));
          for (int j = 0; j < 30; j++) {
            assertThat(loose[j] || !strict[j]).isTrue();
          }
        });
  }

  @Test
  void factsByHand() {
    var x = DenseMatrix.wrap(new float[] {1, 0, 3, 2, 0, 0}, 3, 2);
    var facts = FilterRankGenesGroups.facts(x, new int[] {0, 0, -1}, 1, 2.0)[0];
    assertThat(facts.inside()).containsExactly(1, 0.5);
    assertThat(facts.outside()).containsExactly(0, 0);
    // logarithms to the base 2 with means 2 and 1: 3 and 1, against 0
    assertThat(facts.foldChanges()[0])
        .isCloseTo(Math.log(3 / 1e-9 + 1) / Math.log(2), within(Tolerance.F64));
    assertThat(facts.foldChanges()[1])
        .isCloseTo(Math.log(1 / 1e-9 + 1) / Math.log(2), within(Tolerance.F64));
  }

  @Test
  void boundsOutsideTheFractionsLetAllGenesPass() {
    var facts =
        new FilterRankGenesGroups.Facts(
            new double[] {0, 1, 0.5}, new double[] {1, 0, 1}, new double[] {2, 3, 0.5});
    assertThat(FilterRankGenesGroups.run(facts, new FilterRankGenesGroups.Params(-1, 1, 2, false)))
        .containsExactly(true, true, false);
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> new FilterRankGenesGroups.Params(Double.NaN, 1, 0.5, false))
        .hasMessage("minInGroupFraction must be a number, got NaN");
    assertThatThrownBy(() -> new FilterRankGenesGroups.Params(0.2, 1, Double.NaN, false))
        .hasMessage("maxOutGroupFraction must be a number, got NaN");
    assertThatThrownBy(() -> new FilterRankGenesGroups.Params(0.2, Double.NaN, 1, false))
        .hasMessage("minFoldChange must be a number, got NaN");
    assertThatThrownBy(
            () -> FilterRankGenesGroups.facts(Seeds.counts(3, 3, 1, 0), new int[2], 1, null))
        .hasMessageContaining("codes has length 2");
  }
}
