package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.hdf5.global.hdf5.*;
import static org.cellweave.io.hdf5.MadeFile.numbers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.AnnData;
import org.cellweave.io.H5adReader;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that claim more than they hold, or lead in circles, end in one line. */
class ReadLimitsTest {
  private static final long NONE = 0;

  @TempDir Path folder;

  private Path file(MadeFile.Body body) {
    return MadeFile.in(folder, body);
  }

  private static void link(long from, String name, long to) {
    try (BytePointer source = H5Sink.utf8(".");
        BytePointer target = H5Sink.utf8(name)) {
      H5Lcreate_hard(to, source, from, target, NONE, NONE);
    }
  }

  private void refused(Path path, String part) {
    assertThatThrownBy(() -> H5adReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("f.h5ad")
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  void groupsThatHoldThemselvesEnd() {
    refused(file((sink, w, uns) -> link(uns, "again", uns)), "deeper than 100 levels");
    Path twofold =
        file(
            (sink, w, uns) -> {
              long outer = uns;
              List<Long> open = new ArrayList<>();
              for (int level = 0; level < 40; level++) {
                long inner = sink.group(outer, "a\u0001", false);
                link(outer, "b", inner);
                open.add(inner);
                outer = inner;
              }
              open.forEach(sink::closeGroup);
            });
    refused(twofold, "the same members over and over");
  }

  @Test
  void valuesInOtherFilesAreNotFollowed() {
    Path linked =
        file(
            (sink, w, uns) -> {
              try (BytePointer other = H5Sink.utf8("/etc/passwd");
                  BytePointer object = H5Sink.utf8("/x");
                  BytePointer name = H5Sink.utf8("ext")) {
                H5Lcreate_external(other, object, uns, name, NONE, NONE);
              }
            });
    refused(linked, "a link into another file");
    Path external =
        file(
            (sink, w, uns) -> {
              long plist = H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g());
              long space = H5Screate_simple(1, new long[] {4}, (long[]) null);
              try (BytePointer other = H5Sink.utf8("/etc/passwd");
                  BytePointer name = H5Sink.utf8("ext")) {
                H5Pset_external(plist, other, 0, 4);
                H5Dclose(H5Dcreate2(uns, name, H5T_STD_I8LE_g(), space, NONE, plist, NONE));
              }
              H5Sclose(space);
              H5Pclose(plist);
            });
    refused(external, "lie in another file");
  }

  @Test
  void manyClaimsWithoutValuesAreRefused() {
    Path path =
        file(
            (sink, w, uns) -> {
              for (int i = 0; i < 20; i++) {
                long[] shape = {30 << 20};
                sink.closeDataset(
                    sink.dataset(uns, "d" + i, H5T_STD_I8LE_g(), shape, null, null, 0, false));
              }
            });
    refused(path, "values that were never written");
  }

  @Test
  void anInterruptIsNoFaultOfTheFile() {
    Path path =
        file(
            (sink, w, uns) ->
                w.write(sink.file(), "X", "", DenseMatrix.zeros(2, 3, DType.FLOAT32)));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> H5adReader.read(path)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
    AnnData backed = H5adReader.read(path, H5adReader.Options.DEFAULTS.withBacked(true));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> backed.getBacked().read(null, null))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(backed.getBacked().read(new int[] {1}, null).nRows()).isEqualTo(1);
  }

  @Test
  void aShapeBeyondItsOwnLimitIsDamage() throws IOException {
    Path path =
        file(
            (sink, w, uns) -> {
              long[] limit = {12_347};
              long d =
                  sink.dataset(
                      uns, "n", H5T_STD_I8LE_g(), new long[] {3}, limit, new long[] {2}, 0, false);
              try (BytePointer data = new BytePointer(new byte[] {1, 2, 3})) {
                sink.write(d, H5T_STD_I8LE_g(), data, "n");
              }
              sink.closeDataset(d);
            });
    assertThat(numbers(H5adReader.read(path), "n")).containsExactly(1, 2, 3);
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 8 <= bytes.length; at++) {
      if (file.getLong(at) == 12_347) {
        file.putLong(at, 2);
      }
    }
    Files.write(path, bytes);
    assertThatThrownBy(() -> H5adReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(
            "'uns/n' has shape [3], but may only grow to [2]; the file is damaged");
  }

  @Test
  void aChunkThatBelongsNowhereIsDamage() throws IOException {
    Path path =
        file(
            (sink, w, uns) -> {
              long[] shape = {30_000};
              long d =
                  sink.dataset(
                      uns, "n", H5T_STD_I8LE_g(), shape, null, new long[] {12_347}, 0, false);
              try (BytePointer data = new BytePointer(new byte[30_000])) {
                sink.write(d, H5T_STD_I8LE_g(), data, "n");
              }
              sink.closeDataset(d);
            });
    assertThat(numbers(H5adReader.read(path), "n")).hasSize(30_000);
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 8 <= bytes.length; at++) {
      if (file.getLong(at) == 12_347) {
        file.putLong(at, 12_348);
      }
    }
    Files.write(path, bytes);
    assertThatThrownBy(() -> H5adReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'uns/n' has a chunk at [12348], where shape [30000] in chunks of")
        .hasMessageContaining("has none; the file is damaged");
  }
}
