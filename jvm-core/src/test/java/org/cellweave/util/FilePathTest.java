package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FilePathTest {
  @Test
  void isThePathOfTheText() {
    assertThat(FilePath.of("data/a b.h5ad")).isEqualTo(Path.of("data", "a b.h5ad"));
  }

  @Test
  void refusesTheCharacterZeroOnOneLine() {
    assertThatThrownBy(() -> FilePath.of("data/a\0b.h5ad"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'data/a\\u0000b.h5ad' cannot name a file: ")
        .hasMessageEndingWith("; give another path");
  }
}
