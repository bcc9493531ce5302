package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class CloneSimulatorTest {
  private static CloneSimulator.Params.Builder small() {
    return CloneSimulator.Params.builder().nClones(120).nGenes(50);
  }

  @Test
  void cellsAreOfTheirClonesFates() {
    Seeds.forEach(
        5,
        seed -> {
          var r = CloneSimulator.run(small().seed(seed).build());
          int[] seen = new int[120];
          for (int i = 0; i < r.fate().length; i++) {
            int c = r.cloneOf()[i];
            if (c >= 0) {
              assertThat(r.shares()[c][r.fate()[i]]).isPositive();
              assertThat(r.well()[i]).isEqualTo(c % 2);
              seen[c]++;
            }
            assertThat(r.maturity()[i]).isBetween(0.0, 1.0);
          }
          for (int c = 0; c < 120; c++) {
            assertThat(Arrays.stream(r.shares()[c]).sum()).isCloseTo(1, within(1e-12));
            if (r.kind()[c] < 5) {
              assertThat(r.shares()[c][r.kind()[c]]).isEqualTo(1);
            }
          }
          assertThat(Arrays.stream(seen).sum() / (double) r.fate().length)
              .isCloseTo(0.8, within(0.05));
          assertThat(r.fate().length / 120.0).isCloseTo(12, within(4.0));
        });
  }

  @Test
  void sistersAreAlikeAndOneToAWell() {
    var r = CloneSimulator.run(small().nWells(3).sisters(0.5).build());
    int[] sisters = new int[120];
    for (int c = 0; c < 120; c++) {
      sisters[r.barcode()[c]]++;
    }
    // half of 120 clones in sets of three
    assertThat(Arrays.stream(sisters).filter(n -> n == 3).count()).isEqualTo(20);
    assertThat(Arrays.stream(sisters).filter(n -> n == 1).count()).isEqualTo(60);
    assertThat(r.shares()[0]).isEqualTo(r.shares()[1]).isEqualTo(r.shares()[2]);
    assertThat(r.barcode()[0]).isEqualTo(r.barcode()[1]);
  }

  @Test
  void wellsDoNotDifferWithoutAnEffect() {
    var r = CloneSimulator.run(small().wellEffect(0).sisters(1).unlabelled(0).build());
    assertThat(r.cloneOf()).doesNotContain(-1);
    assertThat(r.counts().nRows()).isEqualTo(r.well().length);
  }

  @Test
  void seedAndThreads() {
    var params = small().build();
    var one = Seeds.withThreads(1, () -> CloneSimulator.run(params));
    var seven = Seeds.withThreads(7, () -> CloneSimulator.run(params));
    assertThat(seven.counts().toDense().doubleData())
        .isEqualTo(one.counts().toDense().doubleData());
    assertThat(seven.fate()).isEqualTo(one.fate());
    assertThat(CloneSimulator.run(small().seed(1).build()).fate()).isNotEqualTo(one.fate());
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> small().meanCells(0.5).build()).hasMessageContaining("meanCells");
    assertThatThrownBy(() -> small().sisters(2).build()).hasMessageContaining("sisters");
    assertThatThrownBy(() -> small().nFates(0).build()).hasMessageContaining("nFates");
  }
}
