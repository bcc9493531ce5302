package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.hdf5.global.hdf5.H5T_C_S1_g;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tcopy;
import static org.bytedeco.hdf5.global.hdf5.H5Tset_size;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.cellweave.data.AnnData;
import org.cellweave.io.H5adReader;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.format.H5Datasets;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attributes that h5py gives as bytes, and files of others that hold one matrix. */
class BytesAttributesTest {
  private static final int WIDTH = 12;
  @TempDir Path folder;

  enum Form {
    FIXED,
    FIXED_ARRAY_OF_ONE,
    VARIABLE_ASCII,
    VARIABLE_ASCII_ARRAY_OF_ONE
  }

  /** Text attributes of a form; {@code H5T_C_S1} is ASCII. */
  private record Attributes(H5Sink sink, Form form) {
    void put(long object, String name, String... values) {
      boolean one = values.length == 1 && !name.equals("column-order");
      boolean scalar = one && (form == Form.FIXED || form == Form.VARIABLE_ASCII);
      long[] shape = scalar ? new long[0] : new long[] {values.length};
      boolean fixed = form == Form.FIXED || form == Form.FIXED_ARRAY_OF_ONE;
      long type = H5Tcopy(H5T_C_S1_g());
      H5Tset_size(type, fixed ? WIDTH : -1L);
      if (fixed) {
        try (BytePointer bytes = new BytePointer((long) WIDTH * values.length)) {
          Pointer.memset(bytes, 0, bytes.capacity());
          for (int i = 0; i < values.length; i++) {
            byte[] text = values[i].getBytes(StandardCharsets.US_ASCII);
            bytes.position((long) i * WIDTH).put(text, 0, text.length);
          }
          sink.attribute(object, name, type, shape, bytes.position(0), name);
        }
      } else {
        try (var block = new TextBlock(values, name)) {
          sink.attribute(object, name, type, shape, block.pointers(), name);
        }
      }
      H5Tclose(type);
    }

    void encoding(long object, String type, String version) {
      put(object, "encoding-type", type);
      put(object, "encoding-version", version);
    }

    void texts(long parent, String name, String... values) {
      long dataset =
          sink.dataset(
              parent, name, sink.textType(), new long[] {values.length}, null, null, 0, false);
      sink.writeTexts(dataset, values, name);
      encoding(dataset, "string-array", "0.2.0");
      sink.closeDataset(dataset);
    }

    void table(String name, String index, String column) {
      long table = sink.group(sink.file(), name, false);
      encoding(table, "dataframe", "0.2.0");
      put(table, "_index", index);
      put(table, "column-order", column, "second");
      texts(table, index, name + "0", name + "1");
      texts(table, column, "x", "y");
      texts(table, "second", "u", "v");
      sink.closeGroup(table);
    }
  }

  private static void write(H5Sink sink, Form form) {
    var attributes = new Attributes(sink, form);
    attributes.encoding(sink.file(), "anndata", "0.1.0");
    attributes.put(sink.file(), "library_ids", "V1_Brain");
    attributes.table("obs", "cell", "b");
    attributes.table("var", "gene", "a");
    long uns = sink.group(sink.file(), "uns", false);
    attributes.encoding(uns, "dict", "0.1.0");
    attributes.texts(uns, "words", "one", "two");
    sink.closeGroup(uns);
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreText(Form form) {
    Path file = folder.resolve("bytes.h5ad");
    try (H5Sink sink = H5Sink.create(file)) {
      write(sink, form);
    }
    AnnData a = H5adReader.read(file);
    assertThat(a.getObs().getNames()).containsExactly("obs0", "obs1");
    assertThat(a.getObs().getIndexName()).isEqualTo("cell");
    assertThat(a.getObs().getKeys()).containsExactly("b", "second");
    assertThat(a.getVar().get("a").texts()).containsExactly("x", "y");
    assertThat(a.getUns().get("words"))
        .hasToString(org.cellweave.data.NdArray.of(new String[] {"one", "two"}).toString());
    assertThat(H5Datasets.rootTexts(file, List.of("library_ids", "none")))
        .isEqualTo(Map.of("library_ids", "V1_Brain"));
  }

  private static void oneMatrix(H5Sink sink, int names) {
    var arrays = new ArrayWriter(sink, RawElements.PLAIN);
    long group = sink.group(sink.file(), "deep", false);
    long[] values = {1, 2, 3, 4, 5, 6};
    var type = org.cellweave.matrix.DType.INT16;
    sink.closeDataset(
        arrays.write(group, "er", type, new long[] {2, 3}, false, Fillers.longs(type, values)));
    sink.closeGroup(group);
    String[] rows = new String[names];
    java.util.Arrays.setAll(rows, i -> "r" + i);
    new Attributes(sink, Form.FIXED).texts(sink.file(), "row_names", rows);
  }

  @Test
  void oneMatrixOfAnyFileIsRead() {
    Path file = folder.resolve("any.h5");
    try (H5Sink sink = H5Sink.create(file)) {
      oneMatrix(sink, 2);
    }
    AnnData a = H5Datasets.matrix(file, "deep/er");
    assertThat(a.getX().toDense().doubleData()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(a.getX().dtype()).isEqualTo(org.cellweave.matrix.DType.INT16);
    assertThat(a.getObs().getNames()).containsExactly("r0", "r1");
    assertThat(a.getVar().getNames()).containsExactly("0", "1", "2");
    assertThatThrownBy(() -> H5Datasets.matrix(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("any.h5 holds [deep, row_names]; give one as key");
    assertThatThrownBy(() -> H5Datasets.matrix(file, "deep/none"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'deep/none' is missing; there are [er]");
    try (H5Sink sink = H5Sink.create(file)) {
      oneMatrix(sink, 3);
    }
    assertThatThrownBy(() -> H5Datasets.matrix(file, "deep/er"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'row_names' has 3 entries, expected one for each of 2");
  }
}
