package org.cellweave.doublets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class DoubletSimulationTest {
  private static DoubletSimulation.Params params(double ratio, double kept, long seed) {
    return new DoubletSimulation.Params(ratio, kept, seed);
  }

  @Test
  void aDoubletIsTheSumOfItsParents() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(40, 15, 0.3, seed);
          var r = DoubletSimulation.run(x, params(1.7, 1, seed));
          assertThat(r.counts().nRows()).isEqualTo(68);
          for (int d = 0; d < 68; d++) {
            double total = 0;
            for (int j = 0; j < 15; j++) {
              double sum = x.get(r.parents()[2 * d], j) + x.get(r.parents()[2 * d + 1], j);
              assertThat(r.counts().get(d, j)).isEqualTo(sum);
              total += sum;
            }
            assertThat(r.totals()[d]).isEqualTo(total);
          }
        });
  }

  @Test
  void pairsAreDistinctAndCanBeAllThereAre() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(6, 3, 0.5, seed);
          int[] parents = DoubletSimulation.run(x, params(6, 1, seed)).parents();
          var seen = new HashSet<Integer>();
          for (int d = 0; d < 36; d++) {
            seen.add(parents[2 * d] * 6 + parents[2 * d + 1]);
          }
          assertThat(seen).hasSize(36);
        });
  }

  @Test
  void everyCellIsAParentAboutEquallyOften() {
    var x = Seeds.counts(100, 3, 0.5, 1);
    int[] times = new int[100];
    for (int p : DoubletSimulation.run(x, params(40, 1, 5)).parents()) {
      times[p]++;
    }
    // 80 expected, standard deviation below 9
    assertThat(java.util.Arrays.stream(times).boxed()).allMatch(t -> t > 40 && t < 120);
  }

  @Test
  void thinningKeepsItsShare() {
    var x = Seeds.counts(200, 50, 0.6, 3);
    var whole = DoubletSimulation.run(x, params(2, 1, 4));
    var thin = DoubletSimulation.run(x, params(2, 0.3, 4));
    assertThat(thin.parents()).isEqualTo(whole.parents());
    double all = 0;
    double kept = 0;
    for (int d = 0; d < 400; d++) {
      all += whole.totals()[d];
      kept += thin.totals()[d];
      for (int j = 0; j < 50; j++) {
        assertThat(thin.counts().get(d, j)).isBetween(0.0, whole.counts().get(d, j));
      }
    }
    assertThat(kept / all).isCloseTo(0.3, within(0.01));
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = Seeds.counts(3000, 400, 0.5, 2);
    var one = Seeds.withThreads(1, () -> DoubletSimulation.run(x, params(2, 0.5, 9)));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> DoubletSimulation.run(x, params(2, 0.5, 9)));
      assertThat(other.parents()).isEqualTo(one.parents());
      assertThat(other.totals()).isEqualTo(one.totals());
      for (int b = 0; b < one.counts().blockCount(); b++) {
        assertThat(other.counts().block(b).values()).isEqualTo(one.counts().block(b).values());
      }
    }
  }

  @Test
  void messages() {
    CsrMatrix x = Seeds.counts(3, 3, 0.5, 0);
    assertThatThrownBy(() -> params(0, 1, 0))
        .hasMessage("simDoubletRatio must be positive, got 0.0");
    assertThatThrownBy(() -> params(1, 1.5, 0))
        .hasMessage("umiSubsampling must lie in [0.0, 1.0], got 1.5");
    assertThatThrownBy(() -> params(1, 0, 0))
        .hasMessage("umiSubsampling must be positive, got 0.0");
    assertThatThrownBy(() -> DoubletSimulation.run(x, params(0.2, 1, 0)))
        .hasMessageContaining("between 1 doublet and one for every pair")
        .hasMessageContaining("0.2 for 3 cells");
    assertThatThrownBy(
            () ->
                DoubletSimulation.run(
                    DenseMatrix.wrap(new float[] {1, 0.5f, 2, 3}, 2, 2), params(1, 0.5, 0)))
        .hasMessageContaining("needs whole counts")
        .hasMessageContaining("0.5");
  }
}
