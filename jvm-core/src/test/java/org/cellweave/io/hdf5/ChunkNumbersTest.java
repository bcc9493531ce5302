package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.data.NdArray;
import org.cellweave.io.format.H5Datasets;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Datasets as h5py writes them with its newest format: see tools/reference/chunks.py. */
class ChunkNumbersTest {
  private static final Path FILE =
      SharedData.projectRoot().resolve("jvm-core/src/test/resources/reference/chunks.h5");

  static IntStream datasets() {
    return IntStream.range(0, 52);
  }

  @ParameterizedTest
  @MethodSource("datasets")
  void chunksLieWhereTheyWereWritten(int n) {
    String name = "d" + n;
    NdArray found = H5Datasets.read(FILE, List.of(name)).get(name);
    int rows = found.shape()[0];
    int perRow = found.size() / rows;
    int written = n % 3 == 0 ? rows / 2 : rows;
    double[] expected = new double[found.size()];
    Arrays.setAll(expected, k -> k < written * perRow ? 100 * n + k : 3);
    assertThat(found.toDoubles())
        .as("shape %s", Arrays.toString(found.shape()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 40", "1, 400", "2, 4000", "3, 4000", "4, 9000", "5, 200000"})
  void whatWasWrittenBehindAHoleIsThere(int k, int length) {
    String name = "long" + k;
    double[] expected = new double[length];
    Arrays.fill(expected, 3);
    for (int start = 0; start < length; start += length / 7) {
      write(expected, start);
    }
    write(expected, length - 3);
    assertThat(H5Datasets.read(FILE, List.of(name)).get(name).toDoubles()).isEqualTo(expected);
  }

  private static void write(double[] to, int start) {
    for (int i = start + 1; i < Math.min(to.length, start + 3); i++) {
      to[i] = i + 1;
    }
  }
}
