package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.dsl.findLinks
import org.cellweave.dsl.get
import org.cellweave.dsl.leiden
import org.cellweave.dsl.links
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.multimap
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.cellweave.dsl.writeH5ad
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class FindLinksVerbTest {
    @Test
    fun `features that are the same find themselves, in cells of the same name in any order`(
        @TempDir folder: Path,
    ) {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(), 40)
        val turned = adt[(adt.nObs - 1 downTo 0).toList()].copy()
        sc.tl.findLinks(rna, turned)
        val table = sc.get.links(rna)
        assertThat(table.keys).containsExactly("feature_x", "feature_y", "score")
        val pairs = (0 until table.nRows()).map { table["feature_x"].text(it) to table["feature_y"].text(it) }
        assertThat(pairs.count { (a, b) -> a == b }).isGreaterThan(30)
        assertThat(table["score"].toDoubles().toList()).isSortedAccordingTo(reverseOrder<Double>())
        val mdata = MuData(mapOf("rna" to rna, "adt" to turned))
        sc.tl.findLinks(mdata)
        assertThat(sc.get.links(mdata)["feature_y"].texts()).isEqualTo(table["feature_y"].texts())
        sc.tl.matchPivots(rna, adt, table, nCanonical = 5)
        assertThat(Mosaics.agreement(rna, adt, "cell_type")).isGreaterThan(0.55)
        sc.tl.findLinks(rna, adt, partnerKey = "partner", association = "canonical")
        rna.writeH5ad(folder.resolve("a.h5ad").toString())
        val read = sc.readH5ad(folder.resolve("a.h5ad").toString())
        assertThat(sc.get.links(read).nRows()).isEqualTo((rna.uns["links"] as DataFrame).nRows())
    }

    @Test
    fun `messages say what to do`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90), 10)
        assertThatThrownBy { sc.get.links(rna) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.findLinks() first.")
        assertThatThrownBy { sc.tl.findLinks(rna, adt, association = "correlated") }.hasMessageContaining("association")
        assertThatThrownBy { sc.tl.findLinks(MuData(mapOf("rna" to rna))) }
            .hasMessageContaining("findLinks needs two modalities, but mdata has [rna]")
        adt.obsNames = adt.obsNames.map { "p$it" }
        assertThatThrownBy { sc.tl.findLinks(rna, adt) }
            .hasMessageContaining("at least 3 cells that both have")
            .hasMessageContaining("but adata1 and adata2 have 0 cells of the same name")
            .hasMessageContaining("partnerKey = \"partner\"")
    }
}

class MultimapVerbTest {
    @Test
    fun `two sets become one object with a graph and a map`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(), 40)
        val joint = sc.tl.multimap(rna, adt, names = "rna" to "adt")
        assertThat(joint.nObs).isEqualTo(600)
        assertThat(joint.obsNames[0]).isEqualTo("${rna.obsNames[0]}-rna")
        assertThat(joint.obs["modality"].text(599)).isEqualTo("adt")
        assertThat(joint.obs.keys).contains("cell_type")
        assertThat(joint.obsm.matrix("X_multimap", "").nCols()).isEqualTo(2)
        sc.tl.leiden(joint, neighborsKey = "multimap")
        sc.tl.umap(joint, neighborsKey = "multimap", maxiter = 20)
        assertThat(rna.obsm.keys).isEmpty()
        assertThat(
            Mosaics.bits(
                sc.tl
                    .multimap(rna, adt)
                    .obsm
                    .matrix("X_multimap", "")
                    .toDense(),
            ),
        ).isEqualTo(Mosaics.bits(joint.obsm.matrix("X_multimap", "").toDense()))
    }

    @Test
    fun `parts of a mosaic are joined by what they share, or by links`() {
        val mdata = Mosaics.mosaic()
        val links = mdata["rna"].varNames.take(20).zip(mdata["adt"].varNames)
        sc.tl.multimap(mdata, links)
        assertThat(mdata.obsm.matrix("X_multimap", "").nRows()).isEqualTo(mdata.nObs)
        val graph = mdata.obsp.matrix("multimap_connectivities", "").toCsr()
        for (i in 0 until 20) {
            for (j in 0 until mdata.nObs) assertThat(graph.get(i, j)).isEqualTo(graph.get(j, i))
        }
        sc.tl.leiden(mdata.shared, neighborsKey = "multimap")
        assertThat(mdata.obs.keys).contains("leiden")
    }

    @Test
    fun `messages say what to do`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        assertThatThrownBy { sc.tl.multimap(rna, adt, names = "rna" to "adt") }
            .hasMessageContaining("'rna' and 'adt' have no feature of the same name")
        assertThatThrownBy { sc.tl.multimap(rna, adt, names = "a" to "a") }.hasMessageContaining("names must differ")
        assertThatThrownBy { sc.tl.multimap(rna, rna, strengths = 2.0 to 0.5) }.hasMessageContaining("strengths")
        assertThatThrownBy { sc.tl.multimap(rna, rna, maxiter = -1) }.hasMessageContaining("maxiter")
        assertThatThrownBy { sc.tl.multimap(MuData(mapOf("rna" to rna)), batchKey = null) }
            .hasMessageContaining("multimap needs at least two sets of cells, got 'all' alone")
    }
}
