package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.dsl.PairedSamples
import org.cellweave.dsl.all
import org.cellweave.dsl.factorGenes
import org.cellweave.dsl.get
import org.cellweave.dsl.inmf
import org.cellweave.dsl.linkRecovery
import org.cellweave.dsl.log1p
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.matchingAccuracy
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.onlineInmf
import org.cellweave.dsl.reweightEmbedding
import org.cellweave.dsl.sc
import org.cellweave.dsl.scmodalModel
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.stabmap
import org.cellweave.dsl.uinmf
import org.cellweave.dsl.unpair
import org.junit.jupiter.api.Test

/** What verbs of factors and mosaics make of input that is not as they want it. */
class MosaicRefusalsTest {
    private fun batches(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 200, nGenes = 60, nBatches = 2, nTypes = 3)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        return adata
    }

    private fun AnnData.named(names: List<String>): AnnData = copy().also { it.obsNames = names }

    @Test
    fun `genes of factors are listed after links, and after genes were left out`() {
        val linked = PairedSamples.mosaic()
        sc.tl.uinmf(linked, k = 4, links = PairedSamples.links())
        val genes = sc.get.factorGenes(linked, 2)
        assertThat(genes["names"].text(0)).contains("linked: ")
        val adata = batches()
        sc.tl.inmf(adata, k = 3)
        val fewer = adata[all, adata.varNames.drop(20)].copy()
        val (before, after) = listOf(adata, fewer).map { sc.get.factorGenes(it, 5).toText() }
        assertThat(after).isEqualTo(before)
        sc.tl.onlineInmf(batches(), base = fewer, project = true)
    }

    @Test
    fun `another alignment leaves nothing of the last one`() {
        val adata = batches()
        sc.tl.inmf(adata, k = 5)
        assertThat(adata.obsm.keys).contains("X_inmf_raw")
        sc.tl.inmf(adata, k = 3, align = "none")
        assertThat(adata.obsm.keys).doesNotContain("X_inmf_raw")
        assertThat(adata.obs.keys).doesNotContain("inmf_cluster")
    }

    @Test
    fun `factors go on under another name`() {
        val adata = batches()
        sc.tl.inmf(adata, k = 3)
        val later = batches()
        sc.tl.onlineInmf(later, base = adata, project = true, keyAdded = "later")
        assertThat(later.obsm.keys).contains("X_later")
    }

    @Test
    fun `cells and genes must be there, and have names of their own`() {
        val adata = batches()
        val none = adata[IntArray(0)].copy()
        assertThatThrownBy { sc.tl.inmf(none, k = 2) }.hasMessage("inmf needs cells, but adata has none")
        assertThatThrownBy { sc.tl.onlineInmf(none, k = 2) }.hasMessage("onlineInmf needs cells, but adata has none")
        val twice = adata.copy()
        twice.varNames = List(twice.nVars) { if (it < 2) "dup" else "g$it" }
        assertThatThrownBy { sc.tl.onlineInmf(twice, k = 2) }
            .hasMessage(
                "onlineInmf matches genes by their names, but 'dup' is there twice; run adata.varNamesMakeUnique()",
            )
        val mdata = PairedSamples.mosaic()
        val (rna, adt) = mdata["rna"] to mdata["adt"]
        val repeated = adt.named(List(adt.nObs) { "c${it / 2}" })
        for (body in listOf<() -> Any>(
            { sc.metrics.linkRecovery(rna, repeated, PairedSamples.links()) },
            { sc.metrics.matchingAccuracy(rna, repeated) },
        )) {
            assertThatThrownBy { body() }
                .hasMessageContaining("adata2 has 'c0' 2 times; run obsNamesMakeUnique() first")
        }
    }

    @Test
    fun `pivots refuse before they write`() {
        val mdata = PairedSamples.mosaic()
        val (rna, adt) = mdata["rna"].copy() to mdata["adt"].copy()
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, PairedSamples.links(), nPcs2 = 500) }
            .hasMessageContaining("nPcs2 must lie in 1..")
        assertThat(rna.obsm.keys).doesNotContain("X_pca")
    }

    @Test
    fun `what is not a result is told apart`() {
        val mdata = PairedSamples.mosaic()
        mdata.uns["scmodal"] = mapOf("a" to 1L, "params" to mapOf("n_latent" to 3L))
        assertThatThrownBy { sc.get.scmodalModel(mdata) }
            .hasMessageContaining("uns['scmodal'] has no usable 'n_hidden'")
        sc.tl.stabmap(mdata, references = listOf("batch_2"))
        assertThatThrownBy { sc.tl.reweightEmbedding(mdata, mapOf("batch_2" to 1e300)) }
            .hasMessageContaining("weights must be from 0 to")
        val x = mdata.obsm
            .matrix("X_stabmap", "")
            .toDense()
            .copy()
        x.set(0, 0, Double.NaN)
        mdata.obsm.set("X_stabmap", x)
        assertThatThrownBy { sc.tl.reweightEmbedding(mdata) }.hasMessageContaining("obsm['X_stabmap']")
    }

    @Test
    fun `cells are taken apart once`() {
        val once = sc.pp.unpair(PairedSamples.mosaic(), listOf("cell_299"))
        assertThatThrownBy { sc.pp.unpair(once) }.hasMessageContaining("obs['pair'] is there already and would be lost")
    }
}
