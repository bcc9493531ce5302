package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.VariableLength;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NumericColumn;
import org.cellweave.io.H5Files;
import org.cellweave.io.H5adReader;
import org.cellweave.io.H5adWriter;
import org.cellweave.io.SameContent;
import org.cellweave.io.store.Compression;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file looks like to anyone who opens it, not only to our reader. */
class H5adFormatTest {
  @TempDir Path folder;

  private static void encoded(Node node) {
    for (String name : List.of("encoding-type", "encoding-version")) {
      var attribute = node.getAttribute(name);
      assertThat(attribute).as(node.getPath() + " " + name).isNotNull();
      assertThat(attribute.isScalar()).as(node.getPath()).isTrue();
      assertThat(attribute.getDataType()).isInstanceOf(VariableLength.class);
      assertThat(((VariableLength) attribute.getDataType()).getEncoding().name())
          .isEqualTo("UTF-8");
    }
    String type = String.valueOf(node.getAttribute("encoding-type").getData());
    if (node instanceof Group group && !type.startsWith("cs")) {
      group.getChildren().values().forEach(H5adFormatTest::encoded);
    }
  }

  @Test
  void levelZeroOfGzipLeavesTheArraysAsTheyAre() throws IOException {
    var data = new AnnData(Seeds.counts(30, 20, 0.5, 1));
    var gzip = H5adWriter.Options.DEFAULTS.withCompression(Compression.GZIP);
    Path plain = folder.resolve("plain.h5ad");
    Path zero = folder.resolve("zero.h5ad");
    H5adWriter.write(data, plain);
    H5adWriter.write(data, zero, gzip.withLevel(0));
    assertThat(Files.mismatch(plain, zero)).isEqualTo(-1);
    H5adWriter.write(data, zero, gzip);
    assertThat(Files.mismatch(plain, zero)).isNotEqualTo(-1);
  }

  @Test
  void everyElementStatesItsEncoding() {
    Path copy = folder.resolve("a.h5ad");
    H5adWriter.write(H5adReader.read(H5Files.encodings()), copy);
    try (var file = new HdfFile(copy)) {
      encoded(file.getByPath("."));
      file.getChildren().values().forEach(H5adFormatTest::encoded);
    }
  }

  @Test
  void sparseArraysAreChunkedAndGrowable() {
    Path copy = folder.resolve("a.h5ad");
    H5adWriter.write(new AnnData(Seeds.counts(50, 10, 0.3, 1)), copy);
    try (var file = new HdfFile(copy)) {
      for (String part : List.of("data", "indices", "indptr")) {
        Dataset d = file.getDatasetByPath("X/" + part);
        assertThat(d).isInstanceOf(ChunkedDataset.class);
        assertThat(d.getMaxSize()[0]).isIn(-1L, Long.MAX_VALUE);
      }
      assertThat(file.getByPath("X").getAttribute("shape").getData())
          .isEqualTo(new long[] {50, 10});
    }
  }

  @Test
  void tablesWithoutColumnsAndUnnamedIndex() {
    Path copy = folder.resolve("a.h5ad");
    H5adWriter.write(new AnnData(Seeds.counts(5, 3, 0.3, 1)), copy);
    try (var file = new HdfFile(copy)) {
      var order = file.getByPath("obs").getAttribute("column-order");
      assertThat(order.getDimensions()).containsExactly(0);
      assertThat(order.getJavaType()).isEqualTo(double.class);
      assertThat(file.getByPath("obs").getAttribute("_index").getData()).isEqualTo("_index");
    }
  }

  @Test
  void valuesOfEveryKindComeBackAsTheyWere() {
    var data = new AnnData(CsrMatrix.empty(0, 3, DType.FLOAT32));
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("none", null);
    inner.put("yes", true);
    inner.put("int", 3);
    inner.put("long", 1L << 60);
    inner.put("float", 0.5f);
    inner.put("double", 1e300);
    inner.put("text", "é, ß, 細胞, 🧬");
    inner.put("empty", "");
    data.getUns().put("kinds", inner);
    data.getUns().put("nothing", new LinkedHashMap<String, Object>());
    data.getUns().put("table", DataFrame.ofNames("a", "b"));
    Path copy = folder.resolve("a.h5ad");
    H5adWriter.write(data, copy);
    SameContent.check(data, H5adReader.read(copy));
  }

  /** The storage is narrow, the type on disk stays what it was. */
  @Test
  void float64CountsAreStoredNarrowAndWrittenWide() {
    CsrMatrix counts = Seeds.counts(30, 10, 0.3, 1).withDType(DType.FLOAT64);
    Path file = folder.resolve("a.h5ad");
    H5adWriter.write(new AnnData(counts), file);
    var back = (CsrMatrix) H5adReader.read(file).getX();
    assertThat(back.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(back.isFloat32Stored()).isTrue();
    Path again = folder.resolve("b.h5ad");
    H5adWriter.write(new AnnData(back), again);
    try (var reference = new HdfFile(again)) {
      assertThat(reference.getDatasetByPath("X/data").getJavaType()).isEqualTo(double.class);
    }
    counts.block(0).wideValues()[7] = 0.1;
    H5adWriter.write(new AnnData(counts), file);
    var wide = (CsrMatrix) H5adReader.read(file).getX();
    assertThat(wide.isFloat32Stored()).isFalse();
    assertThat(wide.block(0).wideValues()[7]).isEqualTo(0.1);
  }

  /** A file with a hole: 2^31 + 10 bytes that take no space on disk. */
  @Test
  void datasetsBeyondTwoToThe31ElementsAreReadInParts() {
    Path file = folder.resolve("huge.h5");
    long n = (1L << 31) + 10;
    try (H5Sink sink = H5Sink.create(file)) {
      long d =
          sink.dataset(
              sink.file(), "x", sink.type(DType.INT8), new long[] {n}, null, null, 0, false);
      try (var bytes = new org.bytedeco.javacpp.BytePointer(3)) {
        bytes.put(new byte[] {7, 8, 9}, 0, 3);
        sink.writeRows(d, sink.type(DType.INT8), new long[] {n}, n - 3, 3, bytes, "x");
      }
      sink.closeDataset(d);
    }
    try (H5Source source = H5Source.open(file, "an HDF5 file")) {
      H5Array x = source.array(source.child(source.root(), "x", "x"), "x");
      assertThat(x.size()).isEqualTo(n);
      var tail = x.bytes(n - 4, 4);
      assertThat(new byte[] {tail.get(), tail.get(), tail.get(), tail.get()})
          .containsExactly(0, 7, 8, 9);
    }
  }

  @Test
  void readingDoesNotDependOnTheNumberOfThreads() {
    Path file = folder.resolve("a.h5ad");
    var options = H5adWriter.Options.DEFAULTS.withCompression(Compression.GZIP);
    H5adWriter.write(new AnnData(Seeds.counts(3000, 900, 0.5, 1)), file, options);
    AnnData one = Seeds.withThreads(1, () -> H5adReader.read(file));
    for (int threads : new int[] {2, 7}) {
      SameContent.check(one, Seeds.withThreads(threads, () -> H5adReader.read(file)));
    }
  }

  @Test
  void tablesOfVeryManyColumnsAreReadBack() {
    var table = DataFrame.ofNames("c0", "c1");
    IntStream.range(0, 21_000).forEach(i -> table.set("gene number " + i, NumericColumn.of(i, -i)));
    var data = new AnnData(DenseMatrix.zeros(2, 3, DType.FLOAT32));
    data.setObs(DataFrame.ofNames("c0", "c1"));
    data.getUns().put("wide", table);
    Path path = folder.resolve("wide.h5ad");
    H5adWriter.write(data, path);
    var back = (DataFrame) H5adReader.read(path).getUns().get("wide");
    assertThat(back.getKeys()).hasSize(21_000);
    assertThat(back.get("gene number 20999").text(1)).isEqualTo("-20999");
    assertThat(back.get("gene number 0").text(0)).isEqualTo("0");
  }

  @Test
  void namesWithASlashAndObjectsInUnsComeBack() {
    var data = new AnnData(DenseMatrix.zeros(2, 3, DType.FLOAT32));
    data.getObs().set("CD4/CD8", NumericColumn.of(1.0, 2.0));
    data.getObs().set("CD4/CD3/x", NumericColumn.of(3.0, 4.0));
    data.getUns().put("a/b", 5L);
    var inner = new AnnData(DenseMatrix.zeros(1, 2, DType.FLOAT32));
    inner.getUns().put("deep", "text");
    data.getUns().put("inner", inner);
    Path path = folder.resolve("s.h5ad");
    H5adWriter.write(data, path);
    AnnData back = H5adReader.read(path);
    assertThat(back.getObs().getKeys()).containsExactly("CD4/CD8", "CD4/CD3/x");
    assertThat(back.getObs().get("CD4/CD3/x").text(1)).isEqualTo("4.0");
    assertThat(back.getUns().get("a")).isEqualTo(Map.of("b", 5L));
    AnnData nested = (AnnData) back.getUns().get("inner");
    assertThat(nested.getNObs()).isEqualTo(1);
    assertThat(nested.getUns()).containsEntry("deep", "text");
  }

  @Test
  void lzfIsWrittenAndReadBack() {
    float[] values = new float[60_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7;
    }
    var data = new AnnData(DenseMatrix.wrap(values, 300, 200));
    Path path = folder.resolve("l.h5ad");
    H5adWriter.write(data, path, H5adWriter.Options.DEFAULTS.withCompression(Compression.LZF));
    assertThat(path.toFile().length()).isLessThan(100_000);
    assertThat(((DenseMatrix) H5adReader.read(path).getX()).floatData()).isEqualTo(values);
  }
}
