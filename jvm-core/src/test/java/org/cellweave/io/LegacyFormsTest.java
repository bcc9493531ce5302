package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.DataFrame;
import org.cellweave.data.RecordArray;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Facts are what anndata 0.12 makes of the same files. */
class LegacyFormsTest {
  @BeforeAll
  static void needsOldFiles() {
    SharedData.require("data/anndata/v0.7.0.h5ad");
  }

  @Test
  void readsCompoundTablesOfVersion05() {
    var data = H5adReader.read(SharedData.require("data/anndata/v0.5.0_pbmc68k_reduced.h5ad"));
    assertThat(data.getNObs()).isEqualTo(700);
    assertThat(data.getNVars()).isEqualTo(765);
    assertThat(data.getX()).isInstanceOf(DenseMatrix.class);
    assertThat(data.getObs().getIndexName()).isEqualTo("index");
    assertThat(data.getObsNames()).startsWith("AAAGCCTGGCTAAC-1");
    assertThat(data.getObs().getKeys())
        .containsExactly(
            "bulk_labels",
            "n_genes",
            "percent_mito",
            "n_counts",
            "S_score",
            "G2M_score",
            "phase",
            "louvain");
    var louvain = (CategoricalColumn) data.getObs().get("louvain");
    assertThat(louvain.categoryNames()).hasSize(11).startsWith("0", "1").endsWith("10");
    assertThat(data.getVar().get("highly_variable").dtypeName()).isEqualTo("bool");
    assertThat(data.getObsm().matrix("X_pca", "").nCols()).isEqualTo(50);
    assertThat(data.getObsm().matrix("X_umap", "").dtype()).isEqualTo(DType.FLOAT64);
    assertThat(data.getObsp().getKeys()).containsExactlyInAnyOrder("connectivities", "distances");
    assertThat(data.getRaw().getX().nnz()).isEqualTo(174400);
    assertThat(data.getUns().keySet())
        .containsExactlyInAnyOrder(
            "bulk_labels_colors",
            "louvain",
            "louvain_colors",
            "neighbors",
            "pca",
            "rank_genes_groups");
    var groups = (Map<?, ?>) data.getUns().get("rank_genes_groups");
    var names = (RecordArray) groups.get("names");
    assertThat(names.fields()).hasSize(10);
    assertThat(names.length()).isEqualTo(100);
    assertThat(((Map<?, ?>) groups.get("params")).get("groupby")).isEqualTo("bulk_labels");
  }

  @Test
  void readsReferencedCategoriesOfVersion07() {
    var data = H5adReader.read(SharedData.require("data/anndata/v0.7.0.h5ad"));
    assertThat(data.getX()).isInstanceOf(CsrMatrix.class);
    assertThat(data.getX().nnz()).isEqualTo(228);
    var ordered = (CategoricalColumn) data.getObs().get("cat_ordered");
    assertThat(ordered.isOrdered()).isTrue();
    assertThat(ordered.nCategories()).isEqualTo(22);
    assertThat(data.getObsm().get("df")).isInstanceOf(DataFrame.class);
    assertThat(data.getObsm().get("sparse")).isNotInstanceOf(CscMatrix.class);
    assertThat(data.getRaw().getNVars()).isEqualTo(40);
    assertThat(data.getRaw().getVarm().getKeys())
        .containsExactlyInAnyOrder("array", "df", "sparse");
    assertThat(((RecordArray) data.getUns().get("O_recarray")).fields()).hasSize(5);
  }
}
