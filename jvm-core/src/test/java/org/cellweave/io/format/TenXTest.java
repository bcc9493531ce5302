package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.cellweave.data.AnnData;
import org.cellweave.io.SameContent;
import org.cellweave.io.anndata.Elements;
import org.cellweave.io.file.Sync;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.testing.SharedData;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are scanpy 1.11.5's for the same files. */
class TenXTest {
  @TempDir Path folder;

  private static void facts(AnnData data, int nObs, int nVars, long nnz, double sum) {
    assertThat(data.getNObs()).isEqualTo(nObs);
    assertThat(data.getNVars()).isEqualTo(nVars);
    assertThat(data.getX()).isInstanceOf(CsrMatrix.class);
    assertThat(data.getX().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(data.getX().nnz()).isEqualTo(nnz);
    assertThat(Arrays.stream(data.getX().rowSums()).sum()).isEqualTo(sum);
  }

  /** 2^24 + 1 is the first whole number that float32 lacks. */
  @Test
  void countsThatFloat32WouldRoundStayExact() {
    assertThat(counts("large.h5", 16_777_217).getX())
        .satisfies(
            x -> {
              assertThat(x.dtype()).isEqualTo(DType.INT64);
              assertThat(x.get(0, 1)).isEqualTo(16_777_217);
              assertThat(x.get(1, 0)).isEqualTo(3);
            });
    assertThat(counts("small.h5", 16_777_216).getX())
        .satisfies(
            x -> {
              assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
              assertThat(x.get(0, 1)).isEqualTo(16_777_216);
            });
  }

  private static void write(Path path, BiConsumer<StoreWriter, Elements> content) {
    var plain = new ArrayOptions(Compression.NONE, 4, true);
    Hdf5.write(path, Sync.NEVER, plain, store -> content.accept(store, new Elements(store)));
  }

  /** Cells c0 with {@code large} of gene 1, c1 with 3 of gene 0. */
  private AnnData counts(String name, long large) {
    Path path = folder.resolve(name);
    write(
        path,
        (store, w) -> {
          StoreGroupWriter g = store.root().group("hg19");
          w.write(g, "data", "hg19", new long[] {large, 3});
          w.write(g, "indices", "hg19", new long[] {1, 0});
          w.write(g, "indptr", "hg19", new long[] {0, 1, 2});
          w.write(g, "shape", "hg19", new long[] {2, 2});
          w.write(g, "barcodes", "hg19", new String[] {"c0", "c1"});
          w.write(g, "genes", "hg19", new String[] {"e0", "e1"});
          w.write(g, "gene_names", "hg19", new String[] {"g0", "g1"});
          g.close();
        });
    return TenX.readH5(path);
  }

  @Test
  void aColumnOfFeaturesThatCannotBeReadIsNamed() {
    Path path = folder.resolve("v3.h5");
    write(
        path,
        (store, w) -> {
          StoreGroupWriter m = store.root().group("matrix");
          w.write(m, "data", "matrix", new long[] {3});
          w.write(m, "indices", "matrix", new long[] {0});
          w.write(m, "indptr", "matrix", new long[] {0, 1});
          w.write(m, "shape", "matrix", new long[] {1, 1});
          w.write(m, "barcodes", "matrix", new String[] {"c0"});
          StoreGroupWriter f = m.group("features");
          w.write(f, "id", "matrix/features", new String[] {"e0"});
          w.write(f, "name", "matrix/features", new String[] {"g0"});
          w.write(f, "feature_type", "matrix/features", new String[] {"Gene Expression"});
          w.write(f, "genome", "matrix/features", new String[] {"GRCh38", "mm10"});
          f.close();
          m.close();
        });
    List<String> said = new ArrayList<>();
    AnnData read = TenX.readH5(path, null, true, said::add);
    assertThat(read.getVar().find("genome")).isNull();
    assertThat(said)
        .containsExactly(
            path
                + ": 'matrix/features/genome' is left out: it is no text or number for each of the"
                + " 1 features");
  }

  private Path write(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.writeString(path, text);
    return path;
  }

  private void version2Folder() throws IOException {
    write("genes.tsv", "id1\tA\nid2\tB\nid3\tA\n");
    write("barcodes.tsv", "c1\nc2\n");
    write(
        "matrix.mtx",
        "%%MatrixMarket matrix coordinate integer general\n%x\n3 2 3\n3 1 5\n1 1 2\n2 2 7\n");
  }

  @Test
  void readsUncompressedVersion2Folders() throws IOException {
    version2Folder();
    AnnData data = TenX.readMtx(folder);
    assertThat(data.getVarNames()).containsExactly("A", "B", "A-1");
    assertThat(data.getVar().getKeys()).containsExactly("gene_ids");
    assertThat(data.getX().toDense().doubleData()).containsExactly(2, 0, 5, 0, 7, 0);
  }

  @Test
  void tablesThatRWroteWithQuotationMarksAreReadWithoutThem() throws IOException {
    version2Folder();
    long genes = Files.readAllLines(folder.resolve("genes.tsv")).size();
    String[] odd = {"\"G1\"\t\"a \"\"b\"\"\"", "\"G2\"\t\"c\"d\"", "G3\t5'\""};
    String text = "";
    for (int g = 0; g < genes; g++) {
      text += (g < odd.length ? odd[g] : "G" + g + "\tname" + g) + "\n";
    }
    write("genes.tsv", text);
    AnnData read = TenX.readMtx(folder);
    String[] names = {"a \"b\"", "\"c\"d\"", "5'\""};
    for (int g = 0; g < Math.min(genes, odd.length); g++) {
      assertThat(read.getVarNames().get(g)).isEqualTo(names[g]);
    }
    assertThat(read.getVar().get("gene_ids").text(0)).isEqualTo("G1");
    write("genes.tsv", "id1\tA\nid2\t\"B\tb\"\nid3\tC\n");
    assertThatThrownBy(() -> TenX.readMtx(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("line 2: there are 3 columns, expected 2 as in the first line");
  }

  @Test
  void keepsGeneExpressionOnlyUnlessTold() throws IOException {
    version2Folder();
    Files.delete(folder.resolve("genes.tsv"));
    write(
        "features.tsv",
        "id1\tA\tGene Expression\nid2\tB\tAntibody Capture\nid3\tC\tGene Expression\n");
    assertThat(TenX.readMtx(folder).getVarNames()).containsExactly("A", "C");
    var all = TenX.MtxOptions.DEFAULTS.withGexOnly(false);
    assertThat(TenX.readMtx(folder, all).getVarNames()).containsExactly("A", "B", "C");
  }

  @Test
  void namesWhatIsMissingOrDoesNotFit() throws IOException {
    version2Folder();
    write("barcodes.tsv", "c1\nc2\nc3\n");
    assertThatThrownBy(() -> TenX.readMtx(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("matrix.mtx has 2 columns, but barcodes.tsv lists 3");
    Files.delete(folder.resolve("barcodes.tsv"));
    assertThatThrownBy(() -> TenX.readMtx(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("barcodes.tsv.gz is missing")
        .hasMessageContaining("genes.tsv");
    write("s1_barcodes.tsv", "c1\nc2\n");
    assertThatThrownBy(() -> TenX.readMtx(folder))
        .hasMessageContaining("'s1_barcodes.tsv' is there: give its prefix");
    assertThatThrownBy(() -> TenX.readMtx(folder.resolve("nowhere")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("does not exist, expected a 10x folder");
  }

  /** Files that Cell Ranger wrote, and the Kang folders. */
  @Nested
  class Real {
    @BeforeAll
    static void needsThem() {
      SharedData.require("data/10x/v2_multiple_genomes.h5");
    }

    @Test
    void readsVersion3FoldersAndFilesAlike() {
      AnnData mtx = TenX.readMtx(SharedData.require("data/10x/v3_filtered_feature_bc_matrix"));
      AnnData h5 = TenX.readH5(SharedData.require("data/10x/v3_filtered_feature_bc_matrix.h5"));
      facts(mtx, 1107, 507, 23866, 41549);
      facts(h5, 1107, 507, 23866, 41549);
      SameContent.matrix("X", mtx.getX(), h5.getX());
      assertThat(mtx.getObsNames()).isEqualTo(h5.getObsNames()).startsWith("AAACCCAAGGAGAGTA-1");
      assertThat(mtx.getVarNames()).isEqualTo(h5.getVarNames()).startsWith("CH507-9B2.2");
      assertThat(mtx.getVar().getKeys()).containsExactly("gene_ids", "feature_types");
      assertThat(h5.getVar().getKeys()).containsExactly("gene_ids", "feature_types", "genome");
      assertThat(h5.getVar().get("genome").text(0)).isEqualTo("GRCh38_chr21");
    }

    @Test
    void readsVersion2Files() {
      AnnData one = TenX.readH5(SharedData.require("data/10x/v2_filtered_gene_bc_matrices.h5"));
      facts(one, 12, 343, 12, 12);
      assertThat(one.getVar().getKeys()).containsExactly("gene_ids");
      Path two = SharedData.require("data/10x/v2_multiple_genomes.h5");
      facts(TenX.readH5(two, "hg19_chr21", true, w -> {}), 12, 343, 12, 12);
      assertThatThrownBy(() -> TenX.readH5(two))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("several genomes, [another_genome, hg19_chr21]; choose one");
      assertThatThrownBy(() -> TenX.readH5(two, "hg19_chr2", true, w -> {}))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("Did you mean 'hg19_chr21'?");
    }

    @Test
    void readsTheKangFolders() {
      AnnData ctrl = TenX.readMtx(SharedData.require("data/kang/ctrl"));
      facts(ctrl, 1000, 9015, 558407, 1475025);
      assertThat(ctrl.getObsNames()).startsWith("TCGCAAGAGCGATT-1");
      var ids = TenX.MtxOptions.DEFAULTS.withVarNames(TenX.VarNames.GENE_IDS);
      AnnData byId = TenX.readMtx(SharedData.require("data/kang/ctrl"), ids);
      assertThat(byId.getVar().getKeys()).containsExactly("gene_symbols", "feature_types");
    }
  }
}
