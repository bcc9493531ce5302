package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.cellweave.io.file.Sync;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.DType;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H5GrowingTest {
  /** Of a chunk, as int32. */
  private static final int WIDTH = 1 << 18;

  @TempDir Path folder;

  /** Appends the numbers 3 i modulo 1000, so many at a time. */
  private static void append(GrowingArray array, int[] pieces) {
    long done = 0;
    for (int piece : pieces) {
      long first = done;
      array.append(
          piece,
          (from, count, to) -> {
            for (int i = 0; i < count; i++) {
              to.putInt((int) (3 * (first + from + i) % 1000));
            }
          });
      done += piece;
    }
    array.close();
  }

  private byte[] written(int[] pieces, ArrayOptions options, int threads) throws IOException {
    Path path = folder.resolve("g.h5");
    long most = 1L << 40;
    Seeds.withThreads(
        threads,
        () -> {
          Hdf5.write(
              path,
              Sync.NEVER,
              options,
              store -> append(store.root().growing("x", DType.INT32, most), pieces));
          return null;
        });
    return Files.readAllBytes(path);
  }

  private void check(int... pieces) throws IOException {
    int n = 0;
    for (int piece : pieces) {
      n += piece;
    }
    for (int level : new int[] {0, 1}) {
      var options = new ArrayOptions(Compression.GZIP, level, true);
      byte[] bytes = written(pieces, options, 1);
      assertThat(written(pieces, options, 2)).isEqualTo(bytes);
      assertThat(written(pieces, options, 7)).isEqualTo(bytes);
      try (StoreReader store = Hdf5.open(folder.resolve("g.h5"), "a file")) {
        long[] x = store.array(store.child(store.root(), "x", "x"), "x").longs();
        assertThat(x).hasSize(n);
        for (int i = 0; i < n; i++) {
          if (x[i] != 3L * i % 1000) {
            assertThat(x[i]).as("level %d, entry %d", level, i).isEqualTo(3L * i % 1000);
          }
        }
      }
    }
  }

  @Test
  void piecesOfAnyLengthFollowEachOther() throws IOException {
    check(0);
    check(1, 0, WIDTH - 1);
    check(WIDTH, WIDTH + 1);
    check(WIDTH - 1, 1, 1, 2 * WIDTH, 5);
    check(100, 4 * WIDTH + 7, 3);
    var random = new SplittableRandom(3);
    check(random.ints(12, 0, WIDTH).toArray());
  }
}
