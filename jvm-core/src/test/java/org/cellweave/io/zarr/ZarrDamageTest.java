package org.cellweave.io.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cellweave.data.AnnData;
import org.cellweave.data.NdArray;
import org.cellweave.data.RecordArray;
import org.cellweave.data.StringColumn;
import org.cellweave.io.H5adReader;
import org.cellweave.io.ZarrReader;
import org.cellweave.io.ZarrWriter;
import org.cellweave.io.zarr.ZarrOptions.Compressor;
import org.cellweave.testing.Seeds;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged stores are read, or refused in one line; {@code -Dzarr.damaged=20000} tries more. */
class ZarrDamageTest {
  private static final int STORES = Integer.getInteger("zarr.damaged", 200);
  private static final List<ZarrOptions> LAYOUTS =
      List.of(
          ZarrOptions.DEFAULTS.withChunks(7, 5).withShards(14, 10),
          ZarrOptions.DEFAULTS.withCompressor(Compressor.BLOSC).withSharding(false),
          ZarrOptions.DEFAULTS.withCompressor(Compressor.GZIP).withChunks(9, 20).withShards(18, 20),
          ZarrOptions.DEFAULTS.withCompressor(Compressor.NONE),
          ZarrOptions.DEFAULTS.withVersion(2).withCompressor(Compressor.BLOSC).withChunks(7, 5),
          ZarrOptions.DEFAULTS.withVersion(2).withCompressor(Compressor.ZLIB),
          ZarrOptions.DEFAULTS.withVersion(2));

  @TempDir Path folder;

  private static AnnData object() {
    var adata = new AnnData(Seeds.counts(40, 20, 0.4, 1).toDense());
    String[] groups = new String[40];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = i % 3 == 0 ? "a" : "bé";
    }
    adata.getObs().set("group", StringColumn.of(groups));
    adata.getLayers().set("counts", Seeds.counts(40, 20, 0.4, 2));
    adata.getUns().put("texts", NdArray.of("a", "", "é"));
    adata.getUns().put("one", 3L);
    adata.getUns().put("inner", Map.of("deep", Map.of("x", "y")));
    adata
        .getUns()
        .put(
            "records",
            new RecordArray(2).with("t", NdArray.of("a", "é")).with("n", NdArray.of(1, 2)));
    return adata;
  }

  private Path store(int number, String ending) {
    Path path = folder.resolve("s" + number + ending);
    var options = ZarrWriter.Options.DEFAULTS.withLayout(LAYOUTS.get(number % LAYOUTS.size()));
    ZarrWriter.write(object(), path, options);
    return path;
  }

  private static List<Path> files(Path store) throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  // -------------------------------------------------------------------------------- damage

  private static String damage(Path store, SplittableRandom random) throws IOException {
    List<Path> all = Files.isDirectory(store) ? files(store) : List.of(store);
    Path file = all.get(random.nextInt(all.size()));
    byte[] bytes = Files.readAllBytes(file);
    int what = random.nextInt(all.size() > 1 ? 6 : 3);
    boolean json = file.getFileName().toString().matches("zarr.json|\\.z.*");
    if (json && random.nextBoolean()) {
      Files.write(file, edited(bytes, random));
      return "edited " + file;
    }
    switch (what) {
      case 0, 3 -> {
        for (int k = 0; k <= random.nextInt(4) && bytes.length > 0; k++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
      }
      case 1 -> Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
      case 2 -> {
        byte[] more = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
        Files.write(file, more);
      }
      case 4 -> Files.delete(file);
      default -> Files.copy(all.get(random.nextInt(all.size())), file, REPLACE);
    }
    return "way " + what + " of " + file;
  }

  private static final java.nio.file.StandardCopyOption REPLACE =
      java.nio.file.StandardCopyOption.REPLACE_EXISTING;

  /** Numbers and names of metadata, exchanged for others. */
  private static byte[] edited(byte[] json, SplittableRandom random) {
    String text = new String(json, StandardCharsets.UTF_8);
    String[] words = text.split("(?<=[,:\\[\\]{}\\s])|(?=[,:\\[\\]{}\\s])");
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (words[i].matches("[\"\\d].*|true|false|null")) {
        values.add(i);
      }
    }
    if (values.isEmpty()) {
      return json;
    }
    String[] others = {
      "0",
      "-1",
      "1",
      "2147483647",
      "9223372036854775807",
      "1e300",
      "null",
      "true",
      "\"\"",
      "[]",
      "{}",
      "\"../../x\"",
      "\"string\"",
      "\"float64\"",
      "\"bytes\"",
      "\"zstd\"",
      "\"F\"",
      "40",
      "7",
      words[values.get(random.nextInt(values.size()))]
    };
    words[values.get(random.nextInt(values.size()))] = others[random.nextInt(others.length)];
    return String.join("", words).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void damagedStoresAreReadOrRefusedInOneLine() throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int number = 0; number < STORES; number++) {
      var random = new SplittableRandom(number);
      Path path = store(number, random.nextInt(5) == 0 ? ".zip" : ".zarr");
      String done = damage(path, random);
      String outcome;
      try {
        boolean backed = random.nextBoolean();
        AnnData read = ZarrReader.read(path, H5adReader.Options.DEFAULTS.withBacked(backed));
        if (backed && read.isBacked()) {
          read.getBacked().read(new int[] {read.getNObs() / 2}, null);
          read.getBacked().close();
        }
        outcome = "read";
      } catch (FormatException e) {
        assertThat(e.getMessage()).as(done).doesNotContain("\n").contains(folder.toString());
        outcome = "refused";
      } catch (IndexOutOfBoundsException e) {
        // no row in the middle of nothing
        assertThat(e.getMessage()).as(done).contains("row");
        outcome = "refused";
      } catch (RuntimeException | Error e) {
        throw new AssertionError("store " + number + ", " + done, e);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    assertThat(outcomes).containsKeys("read", "refused");
  }

  // ------------------------------------------------------------------------------ messages

  private void refused(Path path, String... parts) {
    assertThatThrownBy(() -> ZarrReader.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(path.toString());
  }

  private static void replace(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void messagesNameKeyAndCodec() throws IOException {
    Path v3 = store(3, ".zarr");
    byte[] x = Files.readAllBytes(v3.resolve("layers/counts/data/c/0"));
    Files.write(v3.resolve("layers/counts/data/c/0"), java.util.Arrays.copyOf(x, x.length - 1));
    refused(v3, "'layers/counts/data' has a damaged chunk c/0: codec 'bytes': it holds");

    Path zstd = store(6, ".zarr");
    byte[] texts = Files.readAllBytes(zstd.resolve("uns/texts/0"));
    texts[0] ^= 1;
    Files.write(zstd.resolve("uns/texts/0"), texts);
    refused(zstd, "'uns/texts' has a damaged chunk 0: codec 'zstd': ");

    Path blosc = store(1, ".zarr");
    byte[] packed = Files.readAllBytes(blosc.resolve("layers/counts/data/c/0"));
    packed[12] ^= 1;
    Files.write(blosc.resolve("layers/counts/data/c/0"), packed);
    refused(blosc, "'layers/counts/data' has a damaged chunk c/0: codec 'blosc': it claims");

    Path shard = store(0, ".zarr");
    byte[] index = Files.readAllBytes(shard.resolve("X/c/1/1"));
    index[index.length - 1] ^= 1;
    Files.write(shard.resolve("X/c/1/1"), index);
    refused(shard, "'X' has a damaged chunk c/1/1: codec 'sharding_indexed': the table of chunks");

    Path unknown = store(3, ".zarr");
    replace(unknown.resolve("zarr.json"), "\"name\": \"bytes\"", "\"name\": \"pcodec\"");
    refused(unknown, "has the codec 'pcodec', which is not known here; write it again with");
  }

  @Test
  void whatIsNoStoreIsToldApart() throws IOException {
    refused(Files.createDirectory(folder.resolve("empty.zarr")), "is no zarr store");
    Path text = Files.writeString(folder.resolve("a.zarr.zip"), "no archive");
    refused(text, "cannot be opened as a zarr store");
    assertThatThrownBy(() -> ZarrReader.read(folder.resolve("b.zarr")))
        .hasMessageContaining("does not exist, expected a zarr store (a folder or a .zip)");
    Path group = Files.createDirectory(folder.resolve("c.zarr"));
    Files.writeString(group.resolve("zarr.json"), "{\"zarr_format\": 3, \"node_type\": \"group\"}");
    refused(group, "so that it is not an AnnData object in zarr");
  }

  @Test
  void claimsWithoutBytesAreRefused() throws IOException {
    Path path = store(1, ".zarr");
    Path metadata = path.resolve("zarr.json");
    String before = "\"shape\": \\[\\s*40,\\s*20\\s*\\],\\s*\"data_type\"";
    String claim = "\"shape\": [40000000, 20], \"data_type\"";
    Files.writeString(metadata, Files.readString(metadata).replaceAll(before, claim));
    refused(path, "claims shape [40000000, 20]");
    Path names = store(1, ".zarr");
    replace(names.resolve("zarr.json"), "\"uns/one\"", "\"uns/../one\"");
    refused(names, "has a member named 'uns/../one'; the store is damaged");
  }
}
