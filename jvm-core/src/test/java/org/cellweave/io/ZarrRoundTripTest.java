package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cellweave.data.AnnData;
import org.cellweave.data.NdArray;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.data.Unread;
import org.cellweave.io.zarr.ZarrOptions;
import org.cellweave.io.zarr.ZarrOptions.Compressor;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZarrRoundTripTest {
  private static final H5adReader.Options BACKED = H5adReader.Options.DEFAULTS.withBacked(true);

  @TempDir Path folder;
  private int n;

  private static ZarrWriter.Options layout(ZarrOptions layout) {
    return ZarrWriter.Options.DEFAULTS.withLayout(layout);
  }

  private static List<ZarrOptions> layouts() {
    ZarrOptions v3 = ZarrOptions.DEFAULTS;
    return List.of(
        v3,
        v3.withSharding(false).withCompressor(Compressor.GZIP),
        v3.withCompressor(Compressor.BLOSC),
        v3.withCompressor(Compressor.ZLIB),
        v3.withCompressor(Compressor.NONE),
        v3.withVersion(2),
        v3.withVersion(2).withCompressor(Compressor.BLOSC),
        v3.withVersion(2).withCompressor(Compressor.ZLIB).withLevel(1),
        v3.withVersion(2).withCompressor(Compressor.GZIP).withLevel(9),
        v3.withVersion(2).withCompressor(Compressor.NONE));
  }

  /** One of each version, with and without shards. */
  private static List<ZarrOptions> some() {
    return List.of(layouts().get(0), layouts().get(1), layouts().get(6));
  }

  private Path fresh(String ending) {
    return folder.resolve("store" + n++ + ending);
  }

  private AnnData written(AnnData adata, ZarrOptions layout, String ending) {
    Path path = fresh(ending);
    ZarrWriter.write(adata, path, layout(layout));
    return ZarrReader.read(path);
  }

  @Test
  void filesOfHdf5ReadBackTheSame() {
    for (Path file : H5Files.all()) {
      AnnData first = H5adReader.read(file);
      first.getUns().values().removeIf(v -> v instanceof OpaqueElement);
      first.setUnread(new Unread(List.of(), List.of()));
      boolean small = file.equals(H5Files.encodings());
      for (ZarrOptions layout : small ? layouts() : some()) {
        SameContent.check(first, written(first, layout, ".zarr"));
      }
    }
  }

  /** More than one chunk, more than one chunk in a shard, more than one shard. */
  @Test
  void largerArraysReadBackTheSame() {
    CsrMatrix counts = Seeds.counts(1500, 700, 0.4, 1);
    var adata = new AnnData(counts);
    adata.getLayers().set("csc", counts.transposeToCsr().transpose());
    adata.getLayers().set("wide", counts.withDType(DType.INT64).toDense());
    String[] texts = new String[70_001];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = i % 3 == 0 ? "" : "é" + i;
    }
    adata.getUns().put("texts", NdArray.of(texts));
    adata.getUns().put("records", new RecordArray(2).with("t", NdArray.of("a", "bcdé")));
    for (ZarrOptions layout : layouts()) {
      SameContent.check(adata, written(adata, layout, ".zarr"));
    }
    SameContent.check(adata, written(adata, ZarrOptions.DEFAULTS, ".zarr.zip"));
  }

  @Test
  void chosenChunksAndShardsReadBackTheSame() throws IOException {
    var adata = new AnnData(Seeds.counts(61, 43, 0.4, 1).toDense());
    for (ZarrOptions layout :
        List.of(
            ZarrOptions.DEFAULTS.withChunks(7, 11).withShards(21, 22),
            ZarrOptions.DEFAULTS.withChunks(7, 11),
            ZarrOptions.DEFAULTS.withChunks(7, 43).withShards(14, 43),
            ZarrOptions.DEFAULTS.withChunks(7, 11).withSharding(false),
            ZarrOptions.DEFAULTS.withVersion(2).withChunks(100, 5))) {
      SameContent.check(adata, written(adata, layout, ".zarr"));
    }
    Path path = fresh(".zarr");
    ZarrOptions sharded = ZarrOptions.DEFAULTS.withChunks(7, 11).withShards(21, 22);
    ZarrWriter.write(adata, path, layout(sharded));
    assertThat(path.resolve("X/c/2/1")).exists();
    assertThat(path.resolve("X/c/3/0")).doesNotExist();
  }

  @Test
  void bytesDoNotDependOnTheNumberOfThreads() throws IOException {
    var adata = new AnnData(Seeds.counts(1500, 700, 0.4, 2));
    TreeMap<String, String> first = null;
    for (int threads : new int[] {1, 2, 7}) {
      Path path = fresh(".zarr");
      Path zip = fresh(".zip");
      Seeds.withThreads(
          threads,
          () -> {
            ZarrWriter.write(adata, path);
            ZarrWriter.write(adata, zip);
            return null;
          });
      TreeMap<String, String> all = new TreeMap<>();
      all.put("zip", bytes(zip));
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          all.put(path.relativize(file).toString(), bytes(file));
        }
      }
      first = first == null ? all : first;
      assertThat(all.equals(first)).isTrue();
    }
  }

  private static String bytes(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private static String later(String json, String path, String encoding) {
    int at = json.indexOf("\"" + encoding + "\"", json.indexOf("\"" + path + "\": {")) + 1;
    return json.substring(0, at) + "later-" + json.substring(at);
  }

  /** Of an encoding that only later versions know. */
  @Test
  void whatIsNotUnderstoodIsKept() throws IOException {
    var adata = new AnnData(Seeds.counts(5, 4, 0.4, 4));
    adata.getUns().put("texts", NdArray.of("a", "é", ""));
    adata.getUns().put("inner", Map.of("flags", NdArray.of(true, false)));
    Path path = fresh(".zarr");
    ZarrWriter.write(adata, path);
    Path metadata = path.resolve("zarr.json");
    String text = later(Files.readString(metadata), "uns/texts", "string-array");
    Files.writeString(metadata, later(text, "uns/inner", "dict"));
    AnnData first = ZarrReader.read(path);
    assertThat(first.getUns().get("texts")).isInstanceOf(OpaqueElement.class);
    for (ZarrOptions layout : some()) {
      AnnData again = written(first, layout, ".zarr");
      assertThat(again.getUns().get("texts")).isInstanceOf(OpaqueElement.class);
      Path file = fresh(".h5ad");
      H5adWriter.write(again, file);
      AnnData back = written(H5adReader.read(file), layout, ".zarr");
      assertThat(((OpaqueElement) back.getUns().get("texts")).encodingType())
          .isEqualTo("later-string-array");
      assertThat(back.getUns().get("inner").getClass())
          .isEqualTo(first.getUns().get("inner").getClass());
    }
  }

  // ------------------------------------------------------------------------------- backed

  private static int[] draw(SplittableRandom random, int n, int count) {
    return random.ints(count, 0, n).toArray();
  }

  @Test
  void partsOfABackedMatrixAreThoseOfTheWholeOne() {
    CsrMatrix counts = Seeds.counts(1500, 700, 0.4, 3);
    for (Matrix x : List.of(counts, counts.transposeToCsr().transpose(), counts.toDense())) {
      for (ZarrOptions layout : some()) {
        Path path = fresh(".zarr");
        ZarrWriter.write(new AnnData(x), path, layout(layout));
        AnnData backed = ZarrReader.read(path, BACKED);
        assertThat(backed.isBacked()).isTrue();
        Seeds.forEach(
            3,
            seed -> {
              var random = new SplittableRandom(seed);
              int[] rows = draw(random, x.nRows(), 30);
              int[] cols = seed == 0 ? null : draw(random, x.nCols(), 9);
              Matrix part = backed.getBacked().read(rows, cols);
              SameContent.matrix("part", x.take(rows, cols), part);
            });
      }
    }
  }

  @Test
  void anXInAStoreIsWrittenInPieces() {
    CsrMatrix counts = Seeds.counts(1500, 700, 0.4, 4);
    for (Matrix x : List.of(counts, counts.toDense())) {
      Path from = fresh(".zarr.zip");
      ZarrWriter.write(new AnnData(x), from);
      for (ZarrOptions layout : some()) {
        AnnData backed = ZarrReader.read(from, BACKED);
        Path to = fresh(".zarr");
        ZarrWriter.write(backed, to, layout(layout).withMaxLoadedElems(40_000));
        SameContent.matrix("X", x, ZarrReader.read(to).getX());
      }
      Path file = fresh(".h5ad");
      H5adWriter.write(ZarrReader.read(from, BACKED), file);
      SameContent.matrix("X", x, H5adReader.read(file).getX());
    }
  }

  @Test
  void aStoreThatWasReplacedIsNotReadAsIfItWereTheOldOne() {
    Path path = fresh(".zarr");
    ZarrWriter.write(new AnnData(Seeds.counts(50, 20, 0.4, 4)), path);
    AnnData backed = ZarrReader.read(path, BACKED);
    ZarrWriter.write(new AnnData(Seeds.counts(50, 20, 0.4, 5)), path);
    assertThatThrownBy(() -> backed.getBacked().read(null, null))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("it was replaced while it was open; read it again");
  }

  // ------------------------------------------------------------------------------ real ones

  @Test
  void aStoreOfPythonIsReadAsItsFileOfHdf5() {
    AnnData a = ZarrReader.read(SharedData.require("data/anndata/pbmc68k_reduced_v3.zarr.zip"));
    assertThat(a.getNObs()).isEqualTo(700);
    assertThat(a.getNVars()).isEqualTo(765);
    assertThat(a.getX().toDense().get(0, 0)).isEqualTo(-0.326f);
    assertThat(a.getObs().getKeys()).contains("bulk_labels", "louvain");
    assertThat(a.getUns()).containsKey("rank_genes_groups");
    SameContent.check(a, written(a, ZarrOptions.DEFAULTS, ".zarr"));
  }

  // ------------------------------------------------------------------------------- refused

  @Test
  void nothingButAZarrStoreIsReplaced() throws IOException {
    var adata = new AnnData(Seeds.counts(5, 4, 0.4, 4));
    Path other = Files.createDirectory(folder.resolve("mine.zarr"));
    Files.writeString(other.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> ZarrWriter.write(adata, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a folder with other content, which is not replaced by a zarr");
    assertThat(other.resolve("notes.txt")).exists();
    Path file = Files.writeString(folder.resolve("file.zarr"), "mine");
    assertThatThrownBy(() -> ZarrWriter.write(adata, file))
        .hasMessageContaining("is a file, which is not replaced by a zarr store");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(p -> p.getFileName().toString())).noneMatch(s -> s.endsWith(".tmp"));
    }
  }

  @Test
  void aFailureLeavesTheOldStore() throws IOException {
    var adata = new AnnData(Seeds.counts(5, 4, 0.4, 4));
    Path path = fresh(".zarr");
    ZarrWriter.write(adata, path);
    var bad = new AnnData(Seeds.counts(5, 4, 0.4, 5));
    bad.getUns().put(".zgroup", "x");
    assertThatThrownBy(() -> ZarrWriter.write(bad, path))
        .hasMessageContaining("'.zgroup' is a name that zarr keeps for itself");
    SameContent.check(adata, ZarrReader.read(path));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void optionsAreChecked() {
    var dense = new AnnData(Seeds.counts(5, 4, 0.4, 4).toDense());
    ZarrOptions v3 = ZarrOptions.DEFAULTS;
    assertThatThrownBy(() -> v3.withVersion(4)).hasMessage("zarrFormat must be 2 or 3, got 4");
    assertThatThrownBy(() -> v3.withLevel(23)).hasMessageContaining("compressionOpts");
    assertThatThrownBy(() -> v3.withChunks(0, 3)).hasMessageContaining("chunks must be positive");
    assertThatThrownBy(() -> v3.withShards(2, 3).withVersion(2))
        .hasMessageContaining("shards are of version 3 only");
    assertThatThrownBy(() -> written(dense, v3.withChunks(2), ".zarr"))
        .hasMessageContaining("chunks must have 2 numbers, one for each axis of X, got [2]");
    assertThatThrownBy(() -> written(dense, v3.withChunks(2, 2).withShards(3, 2), ".zarr"))
        .hasMessageContaining("shards must be multiples of chunks, got [3, 2] for chunks of");
  }
}
