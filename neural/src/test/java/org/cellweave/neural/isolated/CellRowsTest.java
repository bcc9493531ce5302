package org.cellweave.neural.isolated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.junit.jupiter.api.Test;

class CellRowsTest {
  /** Draws of a place are its number and a half, and 0.25 where dropout draws twice. */
  private static final Noise PLACES =
      new Noise() {
        @Override
        public void normal(int place, float[] out, int n) {
          Arrays.fill(out, 0, n, place + 0.5f);
        }

        @Override
        public void uniform(int place, float[] out, int n) {
          for (int k = 0; k < n; k++) {
            out[k] = k % 2 == 0 ? 0.1f : 0.9f;
          }
        }
      };

  private static Minibatch twoCells() {
    Minibatch made = new Minibatch(3);
    var counts = made.counts(View.CELLS);
    counts.clear(2);
    counts.append(new int[] {0, 2}, 0, new double[] {4, 7}, 2);
    counts.append(new int[] {1}, 0, new double[] {5}, 1);
    made.codes(View.CELLS, "batch", new int[] {1, 0});
    made.numbers(View.CELLS, "library", new float[] {2, 3});
    return made;
  }

  @Test
  void byHand() {
    CellRows rows = new CellRows();
    assertThat(rows.counts(3)).isEqualTo(0);
    assertThat(rows.dropout(0.2, 2)).isEqualTo(3);
    assertThat(rows.codes("batch", 2)).isEqualTo(5);
    assertThat(rows.normal(1)).isEqualTo(7);
    assertThat(rows.numbers("library", 1)).isEqualTo(8);
    assertThat(rows.width()).isEqualTo(9);
    assertThat(rows.fill(twoCells(), PLACES, true))
        .containsExactly(
            4, 0, 7, 0, 1.25f, 0, 1, 1.5f, 2, //
            0, 5, 0, 0, 1.25f, 1, 0, 1.5f, 3);
    // no draw of dropout where nothing is trained, so that the other one has the first place
    assertThat(rows.fill(twoCells(), PLACES, false))
        .containsExactly(
            4, 0, 7, 1, 1, 0, 1, 0.5f, 2, //
            0, 5, 0, 1, 1, 1, 0, 0.5f, 3);
  }

  @Test
  void whatIsFedHasOnePlaceAndEveryDrawItsOwn() {
    CellRows rows = new CellRows();
    assertThat(rows.counts(3)).isEqualTo(rows.counts(3));
    assertThat(rows.codes("batch", 2)).isEqualTo(rows.codes("batch", 2));
    assertThat(rows.numbers("library", 1)).isEqualTo(rows.numbers("library", 1));
    assertThat(rows.normal(2)).isNotEqualTo(rows.normal(2));
  }
}
