package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.hdf5.global.hdf5.*;
import static org.cellweave.io.hdf5.MadeFile.dataset;
import static org.cellweave.io.hdf5.MadeFile.numbers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.AnnData;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.data.StringColumn;
import org.cellweave.io.H5adReader;
import org.cellweave.io.H5adWriter;
import org.cellweave.io.store.StoredElement;
import org.cellweave.io.store.StoredType;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values in forms that anndata does not write by itself, and the files that hold them. */
class StoredFormsTest {
  private static final long NONE = 0;

  @TempDir Path folder;

  private Path file(MadeFile.Body body) {
    return MadeFile.in(folder, body);
  }

  @Test
  void bitsInsideLargerIntegersAreReadAsTheirValue() {
    Path path =
        file(
            (sink, w, uns) -> {
              long twelve = H5Tcopy(H5T_STD_I16LE_g());
              H5Tset_precision(twelve, 12);
              H5Tset_offset(twelve, 3);
              // -2 in 12 bits is 0xffe; 5 is 0x005; both moved up by three bits.
              int minusTwo = 0xffe << 3;
              dataset(
                  sink,
                  uns,
                  "twelve",
                  twelve,
                  2,
                  new byte[] {(byte) minusTwo, (byte) (minusTwo >> 8), 5 << 3, 0});
              dataset(sink, uns, "big", H5T_STD_I32BE_g(), 1, new byte[] {0, 0, 1, 2});
              dataset(sink, uns, "bits", H5T_STD_B8LE_g(), 2, new byte[] {7, (byte) 200});
              H5Tclose(twelve);
            });
    AnnData data = H5adReader.read(path);
    assertThat(numbers(data, "twelve")).containsExactly(-2, 5);
    assertThat(numbers(data, "big")).containsExactly(258);
    assertThat(numbers(data, "bits")).containsExactly(7, 200);
    assertThat(((NdArray) data.getUns().get("twelve")).dtype()).isEqualTo(DType.INT16);
  }

  @Test
  void shortFloatsAreReadAsTheirValue() {
    Path path =
        file(
            (sink, w, uns) -> {
              long bfloat = H5Tcopy(H5T_IEEE_F32LE_g());
              H5Tset_fields(bfloat, 15, 7, 8, 0, 7);
              H5Tset_size(bfloat, 2);
              H5Tset_ebias(bfloat, 127);
              // The upper halves of the float32 values 1, -2.5, infinity and the least one.
              dataset(
                  sink,
                  uns,
                  "b",
                  bfloat,
                  4,
                  new byte[] {(byte) 0x80, 0x3f, 0x20, (byte) 0xc0, (byte) 0x80, 0x7f, 1, 0});
              H5Tclose(bfloat);
            });
    assertThat(numbers(H5adReader.read(path), "b"))
        .containsExactly(1, -2.5, Double.POSITIVE_INFINITY, Math.scalb(1.0, -133));
  }

  @Test
  void whatWasNeverWrittenHoldsTheFillValue() {
    Path path =
        file(
            (sink, w, uns) -> {
              for (String name : List.of("contiguous", "chunked")) {
                long plist = H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g());
                long space = H5Screate_simple(1, new long[] {5}, (long[]) null);
                try (BytePointer seven = new BytePointer((byte) 7, (byte) 0);
                    BytePointer n = H5Sink.utf8(name)) {
                  H5Pset_fill_value(plist, H5T_STD_I16LE_g(), seven);
                  if (name.equals("chunked")) {
                    H5Pset_chunk(plist, 1, new long[] {2});
                    H5Pset_deflate(plist, 4);
                  }
                  long d = H5Dcreate2(uns, n, H5T_STD_I16LE_g(), space, NONE, plist, NONE);
                  if (name.equals("chunked")) {
                    try (BytePointer two =
                        new BytePointer((byte) 1, (byte) 0, (byte) 2, (byte) 0)) {
                      sink.writeRows(d, H5T_STD_I16LE_g(), new long[] {5}, 2, 2, two, name);
                    }
                  }
                  sink.closeDataset(d);
                }
                H5Sclose(space);
                H5Pclose(plist);
              }
            });
    AnnData data = H5adReader.read(path);
    assertThat(numbers(data, "contiguous")).containsExactly(7, 7, 7, 7, 7);
    assertThat(numbers(data, "chunked")).containsExactly(7, 7, 1, 2, 7);
  }

  @Test
  void aFillValueThatIsNeverFilledInIsZero() {
    Path path =
        file(
            (sink, w, uns) -> {
              long plist = H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g());
              long space = H5Screate_simple(1, new long[] {3}, (long[]) null);
              try (BytePointer seven = new BytePointer((byte) 7, (byte) 0);
                  BytePointer n = H5Sink.utf8("v")) {
                H5Pset_fill_value(plist, H5T_STD_I16LE_g(), seven);
                H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER);
                sink.closeDataset(H5Dcreate2(uns, n, H5T_STD_I16LE_g(), space, NONE, plist, NONE));
              }
              H5Sclose(space);
              H5Pclose(plist);
            });
    assertThat(numbers(H5adReader.read(path), "v")).containsExactly(0, 0, 0);
  }

  @Test
  void anArrayOfOneTextIsNoText() {
    Path path =
        file(
            (sink, w, uns) -> {
              long type = sink.type(DType.INT64);
              byte[] two = {2, 0, 0, 0, 0, 0, 0, 0};
              try (BytePointer data = new BytePointer(two)) {
                long d = sink.dataset(uns, "n", type, new long[] {1}, null, null, 0, false);
                sink.write(d, type, data, "n");
                w.encoding(d, "numeric-scalar", "0.2.0");
                sink.closeDataset(d);
              }
              long text = H5Tcopy(H5T_C_S1_g());
              H5Tset_size(text, 1);
              try (BytePointer data = new BytePointer(new byte[] {'q'})) {
                long d = sink.dataset(uns, "text", text, new long[] {1}, null, null, 0, false);
                sink.write(d, text, data, "text");
                w.encoding(d, "string", "0.2.0");
                sink.closeDataset(d);
              }
              H5Tclose(text);
            });
    AnnData data = H5adReader.read(path);
    assertThat(data.getUns().get("n")).isEqualTo(2L);
    assertThat(((NdArray) data.getUns().get("text")).texts()).containsExactly("q");
  }

  @Test
  void codesInTwoDimensionsAreRefused() {
    Path path =
        file(
            (sink, w, uns) -> {
              long group = sink.group(uns, "c", false);
              w.encoding(group, "categorical", "0.2.0");
              long type = sink.type(DType.INT8);
              try (BytePointer data = new BytePointer((byte) 0, (byte) 0)) {
                long d =
                    sink.dataset(group, "codes", type, new long[] {2, 1}, null, null, 0, false);
                sink.write(d, type, data, "codes");
                sink.closeDataset(d);
              }
              w.write(group, "categories", "uns/c", new String[] {"a"});
              sink.closeGroup(group);
            });
    assertThatThrownBy(() -> H5adReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("f.h5ad")
        .hasMessageContaining("uns/c/codes")
        .hasMessageContaining("has shape [2, 1], expected one value for each entry");
  }

  private static void complexX(H5Sink sink, RawElements w) {
    long complex = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(complex, "r", 0, H5T_IEEE_F32LE_g());
    H5Tinsert(complex, "i", 4, H5T_IEEE_F32LE_g());
    long x = sink.dataset(sink.file(), "X", complex, new long[] {2, 3}, null, null, 0, false);
    w.encoding(x, "array", "0.2.0");
    sink.closeDataset(x);
    H5Tclose(complex);
  }

  @Test
  void aMatrixOfAnotherKindIsAnError() {
    Path complex = file((sink, w, uns) -> complexX(sink, w));
    assertThatThrownBy(() -> H5adReader.read(complex))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("f.h5ad: 'X' is an array of complex numbers");
    Path unknown =
        file(
            (sink, w, uns) -> {
              long x = sink.group(sink.file(), "X", false);
              w.encoding(x, "csr_matrx", "0.1.0");
              sink.closeGroup(x);
            });
    assertThatThrownBy(() -> H5adReader.read(unknown))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("f.h5ad: 'X' has encoding 'csr_matrx'");
  }

  @Test
  void unknownElementsAreWrittenAnewWithAllTheirValues() {
    Path path =
        file(
            (sink, w, uns) -> {
              long odd = sink.group(uns, "odd", false);
              w.encoding(odd, "martian", "1.0");
              w.write(odd, "text", "", new String[] {"one", "", "drei"});
              w.write(
                  odd,
                  "numbers",
                  "",
                  new NdArray(DType.INT16, new int[] {2, 2}, new short[] {1, 2, 3, 4}));
              w.write(odd, "none", "", null);
              w.write(odd, "flags", "", new boolean[] {true, false});
              long names = H5Tenum_create(H5T_STD_I8LE_g());
              for (int i = 0; i < 3; i++) {
                try (BytePointer value = new BytePointer(new byte[] {(byte) i})) {
                  H5Tenum_insert(names, "L" + i, value);
                }
              }
              dataset(sink, odd, "labels", names, 2, new byte[] {2, 1});
              dataset(sink, odd, "beyond", H5T_STD_I16BE_g(), 1, new byte[] {1, 0});
              H5Tclose(names);
              sink.closeGroup(odd);
            });
    AnnData data = H5adReader.read(path);
    assertThat(((OpaqueElement) data.getUns().get("odd")).encodingType()).isEqualTo("martian");
    Path copy = folder.resolve("copy.h5ad");
    H5adWriter.write(data, copy);
    try (var at = org.cellweave.testing.H5Reference.of(copy)) {
      assertThat(at.strings("uns/odd/text")).containsExactly("one", "", "drei");
      assertThat(at.doubles("uns/odd/flags")).containsExactly(1, 0);
      assertThat(at.ints("uns/odd/beyond")).containsExactly(256);
      assertThat(at.has("uns/odd/none")).isTrue();
    }
    OpaqueElement again = (OpaqueElement) H5adReader.read(copy).getUns().get("odd");
    var root = (StoredElement.Branch) ((StoredElement.Kept) again.content()).root();
    var numbers = (StoredElement.Leaf) root.members().get("numbers");
    assertThat(numbers.values().shape()).containsExactly(2, 2);
    assertThat(numbers.values().bytes()).containsExactly(1, 0, 2, 0, 3, 0, 4, 0);
    var labels = (StoredElement.Leaf) root.members().get("labels");
    assertThat(labels.values().bytes()).containsExactly(2, 1);
    assertThat(((StoredType.Labels) labels.values().type()).names())
        .isEqualTo(Map.of(0, "L0", 1, "L1", 2, "L2"));
    assertThat(numbers.attributes()).containsOnlyKeys("encoding-type", "encoding-version");
    assertThat(root.attributes()).containsOnlyKeys("encoding-type", "encoding-version");
  }

  @Test
  void paddedTextMayHoldNul() {
    Path path =
        file(
            (sink, w, uns) -> {
              byte[] four = {'a', 0, 'b', ' '};
              for (int padding = 0; padding < 3; padding++) {
                long type = H5Tcopy(H5T_C_S1_g());
                H5Tset_size(type, 4);
                H5Tset_strpad(type, padding);
                dataset(sink, uns, "padding " + padding, type, 1, four);
                H5Tclose(type);
              }
            });
    Map<String, Object> uns = H5adReader.read(path).getUns();
    assertThat(uns.get("padding 0")).isEqualTo("a");
    assertThat(uns.get("padding 1")).isEqualTo("a\0b ");
    assertThat(uns.get("padding 2")).isEqualTo("a\0b");
  }

  private static void attribute(H5Sink sink, long object, String name, byte value) {
    try (BytePointer data = new BytePointer(new byte[] {value})) {
      sink.attribute(object, name, H5T_STD_I8LE_g(), new long[0], data, name);
    }
  }

  private Path categories(Consumer<Long> ordered, H5Sink[] into) {
    return file(
        (sink, w, uns) -> {
          into[0] = sink;
          long group = sink.group(uns, "c", false);
          w.encoding(group, "categorical", "0.2.0");
          ordered.accept(group);
          dataset(sink, group, "codes", H5T_STD_I8LE_g(), 2, new byte[] {1, 0});
          w.write(group, "categories", "uns/c", StringColumn.of("a", "b"));
          sink.closeGroup(group);
        });
  }

  @Test
  void whetherCategoriesHaveAnOrderIsTrueOrFalseOrANumber() {
    var sink = new H5Sink[1];
    for (int value = 0; value < 3; value++) {
      byte stored = (byte) -value;
      Path path = categories(group -> attribute(sink[0], group, "ordered", stored), sink);
      var read = (CategoricalColumn) H5adReader.read(path).getUns().get("c");
      assertThat(read.isOrdered()).isEqualTo(value != 0);
    }
    for (String text : List.of("TRUE", "False")) {
      Path path = categories(group -> sink[0].attribute(group, "ordered", text), sink);
      var read = (CategoricalColumn) H5adReader.read(path).getUns().get("c");
      assertThat(read.isOrdered()).isEqualTo(text.equals("TRUE"));
    }
    Path path = categories(group -> sink[0].attribute(group, "ordered", "perhaps"), sink);
    assertThatThrownBy(() -> H5adReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("f.h5ad: 'uns/c' has an attribute 'ordered' that is 'perhaps'")
        .hasMessageContaining("expected true or false");
  }

  @Test
  void anArrayOfOneThatIsCalledANumberIsOne() {
    Path path =
        file(
            (sink, w, uns) -> {
              for (int n = 1; n < 3; n++) {
                long[] shape = {n};
                try (BytePointer data = new BytePointer(new byte[] {7, 8})) {
                  long d =
                      sink.dataset(uns, "n" + n, H5T_STD_I8LE_g(), shape, null, null, 0, false);
                  sink.write(d, H5T_STD_I8LE_g(), data, "n");
                  w.encoding(d, "numeric-scalar", "0.2.0");
                  sink.closeDataset(d);
                }
              }
            });
    Map<String, Object> uns = H5adReader.read(path).getUns();
    assertThat(((NdArray) uns.get("n1")).shape()).isEmpty();
    assertThat(((NdArray) uns.get("n2")).toDoubles()).containsExactly(7, 8);
  }

  @Test
  void aColumnNamedTwiceIsReadOnceWithAWarning() {
    Path path =
        file(
            (sink, w, uns) -> {
              long group = sink.group(uns, "t", false);
              w.encoding(group, "dataframe", "0.2.0");
              sink.attribute(group, "_index", "_index");
              sink.attribute(group, "column-order", new String[] {"a", "b", "a"});
              w.write(group, "_index", "uns/t", StringColumn.of("r0", "r1"));
              w.write(group, "a", "uns/t", StringColumn.of("x", "y"));
              w.write(group, "b", "uns/t", StringColumn.of("z", "z"));
              sink.closeGroup(group);
            });
    List<String> warnings = new ArrayList<>();
    var read = H5adReader.read(path, H5adReader.Options.DEFAULTS.withWarnings(warnings::add));
    assertThat(((DataFrame) read.getUns().get("t")).getKeys()).containsExactly("a", "b");
    assertThat(warnings)
        .containsExactly(path + ": 'uns/t' names the column 'a' twice; it is read once");
  }

  @Test
  void complexNumbersOfOldFilesAreKeptAsTheyAre() {
    Path path =
        file(
            (sink, w, uns) -> {
              long complex = H5Tcreate(H5T_COMPOUND, 16);
              H5Tinsert(complex, "r", 0, H5T_IEEE_F64LE_g());
              H5Tinsert(complex, "i", 8, H5T_IEEE_F64LE_g());
              dataset(sink, uns, "z", complex, 1, new byte[16]);
              long pair = H5Tcreate(H5T_COMPOUND, 2);
              H5Tinsert(pair, "r", 0, H5T_STD_I8LE_g());
              H5Tinsert(pair, "i", 1, H5T_STD_I8LE_g());
              dataset(sink, uns, "pair", pair, 1, new byte[] {1, 2});
              H5Tclose(complex);
              H5Tclose(pair);
            });
    AnnData read = H5adReader.read(path);
    assertThat(read.getUns().get("z")).isInstanceOf(OpaqueElement.class);
    assertThat(read.getUns().get("pair")).isInstanceOf(RecordArray.class);
    H5adWriter.write(read, folder.resolve("again.h5ad"));
    assertThat(H5adReader.read(folder.resolve("again.h5ad")).getUns().get("z"))
        .isInstanceOf(OpaqueElement.class);
  }

  @Test
  void oneTextOfOldFilesIsATextInAsciiAndAnArrayInUtf8() {
    Path path =
        file(
            (sink, w, uns) -> {
              for (int charset : new int[] {H5T_CSET_ASCII, H5T_CSET_UTF8}) {
                long type = H5Tcopy(H5T_C_S1_g());
                H5Tset_size(type, 1);
                H5Tset_cset(type, charset);
                dataset(sink, uns, "in " + charset, type, 1, new byte[] {'q'});
                H5Tclose(type);
              }
            });
    Map<String, Object> uns = H5adReader.read(path).getUns();
    assertThat(uns.get("in " + H5T_CSET_ASCII)).isEqualTo("q");
    assertThat(((NdArray) uns.get("in " + H5T_CSET_UTF8)).texts()).containsExactly("q");
  }

  @Test
  void whatLiesBesideTheSlotsIsTold() {
    Path path = file((sink, w, uns) -> sink.closeGroup(sink.group(sink.file(), "mine", false)));
    List<String> warnings = new ArrayList<>();
    H5adReader.read(path, H5adReader.Options.DEFAULTS.withWarnings(warnings::add));
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(path + ": 'mine' is no part of an AnnData object; it is not read");
  }
}
