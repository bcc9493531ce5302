package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiltersTest {
  /** Checked by hand: words 0x0102 and 0x0304, sums 0x0406 and 0x0508. */
  @Test
  void fletcherOfTwoWords() {
    assertThat(Filters.fletcher32(new byte[] {1, 2, 3, 4}, 4)).isEqualTo(0x05080406);
  }
}
