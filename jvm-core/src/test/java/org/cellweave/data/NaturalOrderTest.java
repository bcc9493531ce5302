package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  /** As natsort sorts them; equal numbers by their text. */
  private static final List<String> SORTED =
      List.of(
          "", "001", "01", "1", "1a", "1e5", "2", "10", "-1", "A", "Z", "[", "a", "a01", "a1",
          "a1.5", "a1.10", "a1b2", "a1b10", "a2", "a2b", "a10", "a 1", "a+1", "a-1", "a_1", "b",
          "~");

  @Test
  void agreesWithNatsort() {
    List<String> names = new ArrayList<>(SORTED);
    Collections.shuffle(names, new Random(1));
    names.sort(NaturalOrder.INSTANCE);
    assertThat(names).isEqualTo(SORTED);
  }
}
