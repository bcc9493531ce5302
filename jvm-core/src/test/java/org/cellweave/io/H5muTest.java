package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.data.DataFrame;
import org.cellweave.data.FeatureTypes;
import org.cellweave.data.MuData;
import org.cellweave.data.NumericColumn;
import org.cellweave.io.format.TenX;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.util.FormatException;
import org.cellweave.util.MissingKeyException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of mudata, read, written and read by mudata. */
class H5muTest {
  private static final H5adReader.Options BACKED = H5adReader.Options.DEFAULTS.withBacked(true);

  @TempDir Path folder;

  private static Path fixture(String name) throws Exception {
    return Path.of(H5muTest.class.getResource("/reference/mudata/" + name).toURI());
  }

  private static MuData small() {
    Map<String, AnnData> parts = new LinkedHashMap<>();
    parts.put(
        "rna",
        new AnnData(
            Seeds.counts(3, 4, 0.5, 1),
            DataFrame.ofNames("a", "b", "c"),
            DataFrame.ofNames("g1", "g2", "g3", "g4")));
    parts.put(
        "adt",
        new AnnData(
            DenseMatrix.wrap(new double[] {1, 2, 3, 4}, 2, 2),
            DataFrame.ofNames("d", "b"),
            DataFrame.ofNames("p1", "p2")));
    return new MuData(parts);
  }

  // ------------------------------------------------------------------------------- reads

  @ParameterizedTest
  @ValueSource(strings = {"shared_cells_0_3.h5mu", "shared_cells_0_2.h5mu"})
  void readsWhatMudataWrites(String name) throws Exception {
    MuData mdata = H5muReader.read(fixture(name));
    assertThat(mdata.getMod().getKeys()).containsExactly("rna", "adt", "empty");
    assertThat(mdata.getAxis()).isZero();
    assertThat(mdata.getObsNames()).containsExactly("c", "a", "b", "d");
    assertThat(mdata.getObsmap().get("adt")).containsExactly(0, 3, 1, 2);
    assertThat(mdata.get("empty").getNObs()).isZero();
    AnnData rna = mdata.get("rna");
    assertThat(rna.getX().isSparse()).isTrue();
    assertThat(rna.getX().get(2, 1)).isEqualTo(7);
    assertThat(rna.getObs().get("maybe").texts()).containsExactly("1", "NA", "3");
    assertThat(rna.getObs().get("flag").dtypeName()).isEqualTo("boolean");
    assertThat(rna.getObs().get("batch").texts()).containsExactly("p", "q", "p");
    assertThat(rna.getLayers().getKeys()).containsExactly("counts");
    assertThat(rna.getUns().get("deep")).isInstanceOf(Map.class);
    assertThat(mdata.ownObsKeys()).containsExactly("site", "age");
    assertThat(mdata.getObs().getKeys()).contains("rna:n", "rna:maybe", "adt:score");
    assertThat(mdata.getObs().get("rna:n").texts()).containsExactly("1", "2", "3", "NA");
    assertThat(mdata.getObsp().get("distances").get(3, 2)).isEqualTo(14);
    assertThat(((Map<?, ?>) mdata.getUns().get("tree")).get("a")).isInstanceOf(Map.class);
    assertThat(mdata.getObsm().getKeys()).contains("X_umap", "rna", "adt", "empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared_features_0_3.h5mu", "shared_features_0_2.h5mu"})
  void readsSharedFeatures(String name) throws Exception {
    MuData mdata = H5muReader.read(fixture(name));
    assertThat(mdata.getAxis()).isEqualTo(1);
    assertThat(mdata.getNObs()).isEqualTo(6);
    assertThat(mdata.getVarNames()).containsExactly("g1", "g2", "x", "p1");
    assertThat(mdata.getVarmap().get("adt")).containsExactly(0, 0, 2, 1);
  }

  @Test
  void readsARealMosaic() {
    Path file = SharedData.require("data/mosaic/quickstart_p123.h5mu");
    MuData mdata = H5muReader.read(file);
    assertThat(mdata)
        .hasToString(
            """
            MuData object with n_obs × n_vars = 1200 × 724
              obs:\t'batch', 'celltype'
              2 modalities
                rna:\t800 × 500
                  obs:\t'batch', 'celltype'
                adt:\t800 × 224
                  obs:\t'batch', 'celltype'\
            """);
    long paired =
        mdata.getObsNames().stream()
            .filter(new java.util.HashSet<>(mdata.get("rna").getObsNames())::contains)
            .filter(new java.util.HashSet<>(mdata.get("adt").getObsNames())::contains)
            .count();
    mdata.intersectObs();
    assertThat(mdata.getNObs()).isEqualTo((int) paired).isEqualTo(400);
  }

  @Test
  void oneModality() throws Exception {
    Path file = fixture("shared_cells_0_3.h5mu");
    AnnData rna = H5adReader.read(file.resolve("rna"));
    assertThat(rna.differenceTo(H5muReader.read(file).get("rna"))).isNull();
    assertThat(Reading.read(file.resolve("mod").resolve("adt")).getNVars()).isEqualTo(2);
    assertThatThrownBy(() -> H5adReader.read(file.resolve("atd")))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("mod has [rna, adt, empty]. Did you mean 'adt'?");
  }

  @Test
  void backedModalitiesStayInTheFile() throws Exception {
    Path file = fixture("shared_cells_0_3.h5mu");
    MuData mdata = H5muReader.read(file, BACKED);
    MuData memory = H5muReader.read(file);
    assertThat(mdata.isBacked()).isTrue();
    assertThat(mdata.get("adt").toMemory().isBacked()).isFalse();
    assertThat(mdata.get("rna").getX().get(2, 1)).isEqualTo(7);
    assertThat(mdata.select(AxisIndex.positions(3, 2)).get("rna").getX().get(0, 1)).isEqualTo(7);
    assertThat(mdata.differenceTo(memory)).isNull();
    assertThat(mdata.copy().isBacked()).isTrue();
    Path copy = folder.resolve("copy.h5mu");
    H5muWriter.write(mdata, copy);
    assertThat(H5muReader.read(copy).differenceTo(memory)).isNull();
  }

  // ------------------------------------------------------------------------------ writes

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shared_cells_0_3.h5mu",
        "shared_cells_0_2.h5mu",
        "shared_features_0_3.h5mu",
        "mosaic"
      })
  void writesWhatItReads(String name) throws Exception {
    Path file =
        name.equals("mosaic")
            ? SharedData.require("data/mosaic/quickstart_p123.h5mu")
            : fixture(name);
    MuData mdata = H5muReader.read(file);
    Path copy = folder.resolve("copy.h5mu");
    H5muWriter.write(mdata, copy);
    assertThat(H5muReader.read(copy).differenceTo(mdata)).isNull();
    assertThat(new String(Files.readAllBytes(copy), 0, 6, StandardCharsets.US_ASCII))
        .isEqualTo("MuData");
    requireMudata();
    Path judge = Path.of(getClass().getResource("/io/check_mudata.py").toURI());
    Anndata.run(folder, judge, List.of(file.toString(), copy.toString()));
  }

  /** What mudata adds to a file that has nothing of ours, beside one of ours. */
  private static void requireMudata() throws IOException, InterruptedException {
    String python = System.getenv("CELLWEAVE_PYTHON");
    Assumptions.assumeTrue(python != null && !python.isBlank(), "CELLWEAVE_PYTHON is not set");
    Process process =
        new ProcessBuilder(List.of(python, "-c", "import mudata"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Assumptions.assumeTrue(process.exitValue() == 0, "CELLWEAVE_PYTHON has no mudata");
  }

  @Test
  void bytesDoNotDependOnThreads() throws Exception {
    MuData mdata = small();
    List<byte[]> files = new ArrayList<>();
    for (int threads : new int[] {1, 2, 7}) {
      Path file = folder.resolve("threads" + threads + ".h5mu");
      Seeds.withThreads(
          threads,
          () -> {
            H5muWriter.write(mdata, file);
            return null;
          });
      files.add(Files.readAllBytes(file));
    }
    assertThat(Arrays.equals(files.get(0), files.get(1))).isTrue();
    assertThat(Arrays.equals(files.get(0), files.get(2))).isTrue();
  }

  @Test
  void keepsColumnsThatDifferFromTheModalitys() {
    MuData mdata = small();
    mdata.get("rna").getObs().set("n", NumericColumn.of(1L, 2L, 3L));
    mdata.update();
    mdata.getObs().set("rna:n", NumericColumn.of(9L, 9L, 9L, 9L));
    Path file = folder.resolve("changed.h5mu");
    H5muWriter.write(mdata, file);
    assertThat(H5muReader.read(file).getObs().get("rna:n").toDoubles()).containsOnly(9);
  }

  @Test
  void anObjectWithoutModalities() {
    Path file = folder.resolve("none.h5mu");
    H5muWriter.write(new MuData(Map.of()), file);
    assertThat(H5muReader.read(file).getNMod()).isZero();
  }

  @Test
  void refusesAStaleObjectAndKeepsTheOlderFile() throws Exception {
    MuData mdata = small();
    Path file = folder.resolve("kept.h5mu");
    H5muWriter.write(mdata, file);
    byte[] before = Files.readAllBytes(file);
    mdata.get("rna").subset(AxisIndex.positions(0), AxisIndex.ALL);
    assertThatThrownBy(() -> H5muWriter.write(mdata, file))
        .hasMessageContaining("kept.h5mu cannot be written")
        .hasMessageContaining("call update()");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void kindsOfFeaturesBecomeModalities() {
    Path file = SharedData.require("data/10x/v3_filtered_feature_bc_matrix.h5");
    MuData mdata = FeatureTypes.split(TenX.readH5(file, null, false, w -> {}));
    assertThat(mdata.getMod().getKeys()).contains("rna");
    assertThat(mdata.getMod().values().stream().mapToInt(AnnData::getNVars).sum())
        .isEqualTo(mdata.getNVars());
  }

  // ------------------------------------------------------------------------------ errors

  @Test
  void namesWhatOtherFilesAre() throws Exception {
    Path h5ad = folder.resolve("plain.h5ad");
    H5adWriter.write(small().get("rna"), h5ad);
    assertThatThrownBy(() -> H5muReader.read(h5ad))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is a 'anndata' of version 0.1.0, expected 'MuData'")
        .hasMessageContaining("read it with readH5ad");
    assertThatThrownBy(() -> H5adReader.read(fixture("shared_cells_0_3.h5mu")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("read it with readH5mu");
    Path text = Files.writeString(folder.resolve("text.h5mu"), "no HDF5 at all, only some words");
    assertThatThrownBy(() -> H5muReader.read(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("text.h5mu");
    assertThatThrownBy(() -> H5muReader.read(folder.resolve("none.h5mu")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("does not exist, expected an .h5mu file");
  }

  /** A file that was cut, or whose bytes were changed, is read or refused with one line. */
  @Test
  void damagedFilesAreRefusedOrRead() throws Exception {
    byte[] sound = Files.readAllBytes(fixture("shared_cells_0_3.h5mu"));
    Path file = folder.resolve("damaged.h5mu");
    Seeds.forEach(
        60,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          byte[] bytes =
              seed % 2 == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
          for (int i = 0; seed % 2 == 1 && i < 20; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          try {
            Files.write(file, bytes);
            H5muReader.read(file);
          } catch (FormatException e) {
            assertThat(e.getMessage()).contains("damaged.h5mu").doesNotContain("\n");
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }
}
