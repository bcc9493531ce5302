package org.cellweave.io.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadGuardTest {
  @Test
  void aFullHeapSaysHowMuchItMayHoldAndWhatToDo() {
    assertThat(ReadGuard.reason(new OutOfMemoryError("Java heap space")))
        .containsPattern("may grow to [0-9.]+ GiB")
        .contains("backed = \"r\"")
        .contains("--heap")
        .contains("-Xmx");
    assertThat(ReadGuard.reason(new StackOverflowError())).contains("refers to itself");
    assertThat(ReadGuard.reason(new IllegalStateException("x"))).isNull();
  }
}
