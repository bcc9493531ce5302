package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class CountsTest {
  private static CsrMatrix small() {
    return CsrMatrix.of(
        3, 3, new int[] {0, 2, 3, 5}, new int[] {0, 1, 2, 0, 1}, new float[] {1, 4, 0, -2, 3});
  }

  @Test
  void onlyPositiveEntriesCount() {
    assertThat(Counts.ofCells(small()).positive()).containsExactly(2, 0, 1);
    assertThat(Counts.ofCells(small()).totals()).containsExactly(5, 0, 1);
    assertThat(Counts.ofGenes(small()).positive()).containsExactly(1, 2, 0);
    assertThat(Counts.ofGenes(small()).totals()).containsExactly(-1, 7, 0);
  }

  @Test
  void boundsAreInclusive() {
    var x = small();
    assertThat(Counts.filterCells(x, new Counts.Criterion(5.0, null, null, null)).keep())
        .containsExactly(true, false, false);
    assertThat(Counts.filterCells(x, new Counts.Criterion(null, 1, null, null)).keep())
        .containsExactly(true, false, true);
    assertThat(Counts.filterCells(x, new Counts.Criterion(null, null, 1.0, null)).keep())
        .containsExactly(false, true, true);
    var few = Counts.filterGenes(x, new Counts.Criterion(null, null, null, 1));
    assertThat(few.keep()).containsExactly(true, false, true);
    assertThat(few.numbers()).containsExactly(1, 2, 0);
    assertThat(few.removed()).isEqualTo(1);
  }

  @Test
  void everyKindOfMatrixAndAnyThreadsGiveTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(600, 30, 0.3, seed);
          var cells = Counts.ofCells(x);
          var genes = Counts.ofGenes(x);
          var csc = new CscMatrix(x.transposeToCsr());
          for (int threads : new int[] {1, 2, 7}) {
            var other = threads == 2 ? csc : threads == 7 ? x.toDense() : x;
            Same.assertBits(Seeds.withThreads(threads, () -> Counts.ofCells(other)), cells);
            Same.assertBits(Seeds.withThreads(threads, () -> Counts.ofGenes(other)), genes);
          }
        });
  }

  @Test
  void exactlyOneCriterion() {
    assertThatThrownBy(() -> new Counts.Criterion(1.0, 2, null, null))
        .hasMessageContaining("exactly one of the bounds")
        .hasMessageEndingWith("got 2. Call the filter once per bound");
    assertThatThrownBy(() -> new Counts.Criterion(null, null, null, null))
        .hasMessageContaining("got 0");
  }
}
