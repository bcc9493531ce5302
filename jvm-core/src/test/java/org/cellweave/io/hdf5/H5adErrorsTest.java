package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.bytedeco.hdf5.global.hdf5;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.io.H5Files;
import org.cellweave.io.H5adReader;
import org.cellweave.io.H5adWriter;
import org.cellweave.testing.Seeds;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class H5adErrorsTest {
  @TempDir Path folder;

  private void refused(Path path, String... parts) {
    var thrown =
        assertThatThrownBy(() -> H5adReader.read(path)).isInstanceOf(FormatException.class);
    thrown.hasMessageContaining(String.valueOf(path.getFileName()));
    for (String part : parts) {
      thrown.hasMessageContaining(part);
    }
    thrown.satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private Path file(String name, byte... bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void filesThatAreNoH5adAreNamed() throws IOException {
    refused(file("a.h5ad", (byte) 0x89, (byte) 'P', (byte) 'N', (byte) 'G'), "like a PNG image");
    refused(file("b.h5ad"), "is empty (0 bytes)");
    refused(file("c.h5ad", "hello".getBytes(StandardCharsets.UTF_8)), "it looks text");
    refused(folder, "is a folder");
    refused(folder.resolve("a.h5a"), "does not exist", "Did you mean 'a.h5ad'?");
    refused(folder.resolve("no").resolve("a.h5ad"), "does not exist");
  }

  @Test
  void truncatedFilesAreNamed() throws IOException {
    byte[] whole = Files.readAllBytes(H5Files.encodings());
    for (int part = 1; part < 20; part++) {
      Path cut = file("cut.h5ad", java.util.Arrays.copyOf(whole, whole.length * part / 20));
      refused(cut);
    }
  }

  /** The library reads on by the size of the format; what lies there is then another's. */
  @Test
  void referencesOfAnotherSizeAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(H5Files.encodings());
    // the type of a text of any length: version and class, bits, and a size of 16
    byte[] type = {0x19, 0x01, 0x01, 0x00, 0x10, 0x00, 0x00, 0x00};
    List<String> messages = new ArrayList<>();
    for (int at = 0; at + type.length <= bytes.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + type.length, type, 0, type.length)) {
        bytes[at + 4] = 115;
        Path damaged = file("sizes.h5ad", bytes);
        bytes[at + 4] = 16;
        try {
          H5adReader.read(damaged);
        } catch (FormatException e) {
          messages.add(e.getMessage());
        }
      }
    }
    assertThat(messages)
        .anyMatch(m -> m.contains("has references of 115 bytes to its values, expected 16"));
  }

  /** Writes what a broken writer would, straight through the sink. */
  private Path made(String name, BiConsumer<H5Sink, RawElements> body) {
    Path path = folder.resolve(name);
    try (H5Sink sink = H5Sink.create(path)) {
      body.accept(sink, new RawElements(sink));
    }
    return path;
  }

  private static void tables(H5Sink sink, RawElements w, int nObs, int nVars) {
    w.encoding(sink.file(), "anndata", "0.1.0");
    w.write(sink.file(), "obs", "", org.cellweave.data.DataFrame.ofNames(names(nObs)));
    w.write(sink.file(), "var", "", org.cellweave.data.DataFrame.ofNames(names(nVars)));
  }

  private static String[] names(int n) {
    String[] out = new String[n];
    for (int i = 0; i < n; i++) {
      out[i] = "n" + i;
    }
    return out;
  }

  private static void csr(
      H5Sink sink, RawElements w, long[] shape, long[] indptr, int[] indices, float[] data) {
    long x = sink.group(sink.file(), "X", false);
    w.encoding(x, "csr_matrix", "0.1.0");
    sink.attribute(x, "shape", shape);
    w.write(x, "indptr", "X", indptr);
    w.write(x, "indices", "X", indices);
    w.write(x, "data", "X", data);
    sink.closeGroup(x);
  }

  private void csrRefused(
      long[] shape, long[] indptr, int[] indices, float[] data, String... parts) {
    Path path =
        made(
            "x.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              csr(sink, w, shape, indptr, indices, data);
            });
    refused(path, parts);
  }

  @Test
  void brokenSparseMatricesAreNamed() {
    long[] shape = {2, 3};
    int[] at = {0, 2};
    float[] v = {1, 2};
    csrRefused(
        shape, new long[] {0, 1, 2}, new int[] {0, 3}, v, "X/indices", "holds index 3 in row 1");
    csrRefused(shape, new long[] {0, 1, 2}, new int[] {0, -1}, v, "X/indices", "below 0");
    csrRefused(shape, new long[] {0, 2, 1}, at, v, "X/indptr", "not decrease");
    csrRefused(shape, new long[] {0, 2}, at, v, "X/indptr", "has 2 entries, expected 3");
    csrRefused(shape, new long[] {0, 1, 3}, at, v, "has 2 values and 2 indices", "ends at 3");
    csrRefused(new long[] {3, 3}, new long[] {0, 1, 1, 2}, at, v, "X is 3 x 3, but obs has 2 rows");
    csrRefused(new long[] {2, 1L << 40}, new long[] {0, 1, 2}, at, v, "axis of 1099511627776");
    csrRefused(
        new long[] {1L << 30, 3}, new long[] {0, 1, 2}, at, v, "X/indptr", "expected 1073741825");
    csrRefused(new long[] {2}, new long[] {0, 1, 2}, at, v, "'shape' of two numbers");
  }

  @Test
  void unsortedAndDuplicateIndicesAreBroughtInOrder() {
    Path path =
        made(
            "x.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              csr(
                  sink,
                  w,
                  new long[] {2, 3},
                  new long[] {0, 3, 5},
                  new int[] {2, 0, 2, 1, 0},
                  new float[] {1, 2, 3, 4, 5});
            });
    assertThat(H5adReader.read(path).getX().toDense().doubleData())
        .containsExactly(2, 0, 4, 5, 4, 0);
    assertThat(H5adReader.read(path).getX().nnz()).isEqualTo(4);
  }

  @Test
  void sixtyFourBitIntegersAreExactOrRefused() {
    Path exact =
        made(
            "exact.h5ad",
            (sink, w) -> {
              tables(sink, w, 1, 2);
              w.write(
                  sink.file(),
                  "X",
                  "",
                  new org.cellweave.data.NdArray(
                      org.cellweave.matrix.DType.INT64,
                      new int[] {1, 2},
                      new long[] {7, 1L << 53}));
            });
    assertThat(H5adReader.read(exact).getX().get(0, 1)).isEqualTo(0x1p53);
    Path beyond =
        made(
            "beyond.h5ad",
            (sink, w) -> {
              tables(sink, w, 1, 2);
              w.write(
                  sink.file(),
                  "X",
                  "",
                  new org.cellweave.data.NdArray(
                      org.cellweave.matrix.DType.INT64,
                      new int[] {1, 2},
                      new long[] {7, (1L << 53) + 1}));
            });
    refused(beyond, "'X' holds 64-bit integers beyond 2^53");
  }

  @Test
  void aHeaderThatClaimsTooMuchAllocatesNothing() {
    Path path =
        made(
            "x.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              long x =
                  sink.dataset(
                      sink.file(),
                      "X",
                      sink.type(org.cellweave.matrix.DType.FLOAT32),
                      new long[] {1L << 30, 1L << 20},
                      null,
                      new long[] {1024, 1024},
                      0,
                      false);
              w.encoding(x, "array", "0.2.0");
              sink.closeDataset(x);
            });
    refused(path, "'X' claims shape [1073741824, 1048576]");
  }

  @Test
  void filtersThatCannotBeUndoneAreNamed() {
    Path path =
        made(
            "x.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              long[] shape = {2, 3};
              long plist = hdf5.H5Pcreate(hdf5.H5P_CLS_DATASET_CREATE_ID_g());
              sink.check(hdf5.H5Pset_chunk(plist, 2, shape), "test");
              sink.check(hdf5.H5Pset_scaleoffset(plist, hdf5.H5Z_SO_INT, 0), "test");
              long space = hdf5.H5Screate_simple(2, shape, (long[]) null);
              long type = sink.type(org.cellweave.matrix.DType.INT32);
              long x = hdf5.H5Dcreate2(sink.file(), "X", type, space, 0, plist, 0);
              try (var values = new org.bytedeco.javacpp.IntPointer(1, 2, 3, 4, 5, 6)) {
                sink.write(x, type, values, "X");
              }
              w.encoding(x, "array", "0.2.0");
              sink.closeDataset(x);
              hdf5.H5Sclose(space);
              hdf5.H5Pclose(plist);
            });
    refused(path, "'X' is compressed with scaleoffset (HDF5 filter 6)", "supported: gzip, shuffle");
  }

  @Test
  void otherContentIsNamed() {
    refused(
        made("v.h5ad", (sink, w) -> w.encoding(sink.file(), "anndata", "9.0")),
        "'anndata' of version 9.0, expected 'anndata' of version 0.1.0");
    refused(
        made("o.h5ad", (sink, w) -> w.write(sink.file(), "var", "", 1L)),
        "no 'obs', so that it is not an .h5ad file");
    Path newer =
        made(
            "n.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              long x = sink.group(sink.file(), "X", false);
              w.encoding(x, "csr_matrix", "7.0");
              sink.closeGroup(x);
            });
    refused(newer, "'X' has encoding csr_matrix 7.0, expected csr_matrix 0.1.0");
  }

  @Test
  void unknownEncodingsAreCarriedOrLeftOutWithAWarning() {
    Path path =
        made(
            "u.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              for (String slot : List.of("uns", "obsm")) {
                long group = sink.group(sink.file(), slot, false);
                w.encoding(group, "dict", "0.1.0");
                long item = sink.group(group, "item", false);
                w.encoding(item, "martian", "1.0");
                w.write(item, "inside", "", "kept");
                sink.closeGroup(item);
                sink.closeGroup(group);
              }
            });
    List<String> warnings = new ArrayList<>();
    var data = H5adReader.read(path, H5adReader.Options.DEFAULTS.withWarnings(warnings::add));
    assertThat(warnings).hasSize(1).first().asString().contains("obsm/item", "martian");
    Path copy = folder.resolve("copy.h5ad");
    H5adWriter.write(data, copy);
    assertThat(H5adReader.read(copy).getUnread().getKeys()).containsExactly("obsm/item");
    AnnData some = data.select(AxisIndex.mask(new boolean[] {false, true}), AxisIndex.ALL).copy();
    assertThatThrownBy(() -> H5adWriter.write(some, folder.resolve("some.h5ad")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("obsm/item")
        .hasMessageContaining("adata.unread.remove(\"obsm/item\")");
    some.getUnread().remove("obsm/item");
    H5adWriter.write(some, folder.resolve("some.h5ad"));
    try (var reference = org.cellweave.testing.H5Reference.of(copy)) {
      assertThat(reference.has("uns/item/inside")).isTrue();
    }
  }

  @Test
  void damagedUnknownElementsAreNamedAndNeverWritten() {
    Path path =
        made(
            "u.h5ad",
            (sink, w) -> {
              tables(sink, w, 2, 3);
              long group = sink.group(sink.file(), "uns", false);
              w.encoding(group, "dict", "0.1.0");
              long item = sink.group(group, "item", false);
              w.encoding(item, "martian", "1.0");
              sink.closeDataset(
                  sink.dataset(
                      item,
                      "huge",
                      sink.type(org.cellweave.matrix.DType.FLOAT32),
                      new long[] {1L << 40},
                      null,
                      new long[] {1024},
                      0,
                      false));
              sink.closeGroup(item);
              sink.closeGroup(group);
            });
    List<String> warnings = new ArrayList<>();
    var data = H5adReader.read(path, H5adReader.Options.DEFAULTS.withWarnings(warnings::add));
    assertThat(data.getUns()).containsOnlyKeys("item");
    assertThat(warnings).hasSize(1).first().asString().contains("'uns/item' cannot be kept");
    Path copy = folder.resolve("copy.h5ad");
    assertThatThrownBy(() -> H5adWriter.write(data, copy))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'uns/item' cannot be written")
        .hasMessageContaining("u.h5ad: 'uns/item/huge' claims shape [1099511627776]");
    data.getUns().remove("item");
    H5adWriter.write(data, copy);
    assertThat(H5adReader.read(copy).getUns()).isEmpty();
  }

  /**
   * Either it reads, or it throws a FormatException. The limit guards against reading without end
   * and is far above what any machine needs.
   */
  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void damagedBytesNeverDoWorse() throws IOException {
    byte[] whole = Files.readAllBytes(H5Files.encodings());
    int[] outcomes = new int[2];
    Seeds.forEach(
        200,
        seed -> {
          var random = new SplittableRandom(seed);
          byte[] damaged = whole.clone();
          for (int k = 1 + random.nextInt(4); k > 0; k--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
          }
          int run = random.nextInt(3) == 0 ? 8 + random.nextInt(64) : 0;
          int from = random.nextInt(damaged.length - run);
          for (int p = from; p < from + run; p++) {
            damaged[p] = (byte) random.nextInt(256);
          }
          try {
            H5adReader.read(Files.write(folder.resolve("fuzz.h5ad"), damaged));
            outcomes[0]++;
          } catch (FormatException e) {
            outcomes[1]++;
            assertThat(e).hasMessageContaining("fuzz.h5ad");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(outcomes[1]).isPositive();
  }
}
