package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.tl.Mosaics
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.IntegrationBenchmark.Measure
import org.cellweave.testing.Captured
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.Test

/** Simulated cells with RNA, proteins or both. */
internal object PairedSamples {
    fun whole(): MuData = sc.datasets.simulatedCiteSeq(nCells = 300, nGenes = 120, nProteins = 40, seed = 1)

    fun links(): DataFrame = whole().uns["true_links"] as DataFrame

    /** RNA alone, proteins alone, both. */
    fun mosaic(): MuData {
        val cells = whole()

        fun without(modality: String, batch: String): AnnData {
            val part = cells[modality]
            val kept = part[BooleanArray(part.nObs) { part.obs["batch"].text(it) != batch }].copy()
            sc.pp.normalizeTotal(kept)
            return sc.pp.log1p(kept)
        }
        return MuData(mapOf("rna" to without("rna", "batch_1"), "adt" to without("adt", "batch_0")))
    }
}

class PairedMeasuresTest {
    /** Two modalities of three cells, of which the last has no other half. */
    private fun byHand(): AnnData {
        val x = DenseMatrix.ofRows(arrayOf(0.0, 2.0, 9.0, 0.4, 1.1, 5.0).map { doubleArrayOf(it, 0.0) }.toTypedArray())
        val adata = AnnData(x)
        adata.obsNames = listOf("a1", "b1", "c1", "a2", "b2", "d2")
        adata.obs["modality"] = listOf("rna", "rna", "rna", "adt", "adt", "adt")
        adata.obs.set("pair", StringColumn.of("a", "b", "c", "a", "b", null))
        adata.obs["type"] = listOf("t", "u", "u", "t", "t", "u")
        adata.obsm["X"] = x
        return adata
    }

    @Test
    fun `pairs are told by a column, and others do not count`() {
        val adata = byHand()
        // adt comes first by name: a2 (.4) has a1 at .4 and b1 at 1.6, b2 (1.1) has b1 at .9 and a1 at 1.1
        val found = sc.metrics.foscttm(adata, "pair", "X")
        assertThat(found.keys).containsExactly("forward", "backward", "mean")
        assertThat(found["forward"]).isEqualTo(0.0)
        adata.obsm["Y"] = adata.obsm
            .matrix("X", "")
            .toDense()
            .copy()
            .also { it.set(4, 0, 0.9) }
        // b2 (.9) has a1 at .9, nearer than b1 at 1.1
        assertThat(sc.metrics.foscttm(adata, "pair", "Y")["forward"]).isEqualTo(0.25)
        val curve = sc.metrics.knnAlignment(adata, "pair", "Y", maxNeighbors = 2)
        assertThat(curve["forward"].toDoubles()).containsExactly(0.5, 1.0)
        assertThat(curve.names).containsExactly("1", "2")
        assertThat(sc.metrics.knnAlignment(adata, adata.copy(), "Y", maxNeighbors = 1)["mean"].toDoubles())
            .containsExactly(1.0)
        assertThat(sc.metrics.foscttm(adata, "pair", "X", nDims = 1)).isEqualTo(found)
    }

    @Test
    fun `places that fell together are said to be`() {
        val adata = byHand()
        adata.obsm["flat"] = DenseMatrix.ofRows(Array(6) { doubleArrayOf(1.0) })
        val told = Captured.standardError {
            assertThat(sc.metrics.foscttm(adata, "pair", "flat")["mean"]).isEqualTo(0.0)
        }
        assertThat(told).contains("foscttm of flat: 100 % of the other cells lie just as far away as the true half")
    }

    @Test
    fun `partners are right where they are the cell or one of its type`() {
        val a = byHand()[0..2].copy()
        val b = byHand()[3..5].copy()
        b.obsNames = listOf("a1", "b1", "d1")
        a.obs.set("partner", StringColumn.of("a1", "d1", null))
        val found = sc.metrics.matchingAccuracy(a, b, "type")
        assertThat(found).isEqualTo(mapOf("exact" to 0.5, "label" to 1.0, "matched" to 2.0))
        assertThat(sc.metrics.matchingAccuracy(a, b)["label"]).isNaN()
        a.obs.set("partner", StringColumn.of("a1", "e", null))
        assertThatThrownBy { sc.metrics.matchingAccuracy(a, b) }
            .hasMessage("obs['partner'] of cell 'b1' is 'e', which adata2 does not hold")
    }

    @Test
    fun `measures of liger`() {
        val adata = sc.datasets.simulatedBatches(nCells = 300, nGenes = 200, nBatches = 2, nTypes = 3)
        sc.pp.log1p(sc.pp.normalizeTotal(adata))
        sc.pp.pca(adata, nComps = 10)
        assertThat(sc.metrics.datasetAlignment(adata, "batch", "X_pca")).isBetween(0.0, 1.2)
        val same = sc.metrics.neighborAgreement(adata, "X_pca", batchKey = "batch")
        assertThat(same.names).containsExactly("batch_0", "batch_1", "all")
        assertThat(same["agreement"].toDoubles()).containsOnly(1.0)
        adata.obsm["X_two"] = adata.obsm
            .matrix("X_pca", "")
            .toDense()
            .takeCols(intArrayOf(0, 1))
        val less = sc.metrics
            .neighborAgreement(adata, "X_two")["agreement"]
            .toDoubles()
            .single()
        assertThat(less).isBetween(0.05, 0.7)
        assertThatThrownBy { sc.metrics.neighborAgreement(adata, "X_two", batchKey = "batch", nNeighbors = 200) }
            .hasMessageStartingWith("batch 'batch_0': nNeighbors must be less than the number of cells, got 200 for")
    }

    @Test
    fun `cells taken apart are judged as they lie`() {
        val mosaic = PairedSamples.mosaic()
        val mdata = sc.pp.unpair(mosaic)
        assertThat(mosaic.nObs).isEqualTo(300)
        assertThat(mdata.nObs).isEqualTo(400)
        assertThat(modalities(mdata)).isEqualTo(mapOf("rna" to 200, "adt" to 200))
        assertThat(mdata.obsNames).contains("cell_299-rna", "cell_299-adt", "cell_0")
        val pair = mdata.obs["pair"]
        assertThat((0 until 400).count { pair.isMissing(it) }).isEqualTo(200)
        assertThat(pair.text(mdata.obsNames.indexOf("cell_299-adt"))).isEqualTo("cell_299")

        sc.pp.integrate(mdata, "pivots", links = PairedSamples.links())
        sc.tl.multimap(mdata, PairedSamples.links())
        val keys = listOf("X_multimap", "X_pivots")
        val table = sc.metrics.benchmark(
            mdata, "modality", "cell_type", keys, measures = listOf("iLISI", "cLISI"), pairKey = "pair",
        )
        assertThat(table.pairedMeasures).containsExactly(
            "FOSCTTM rna->adt", "FOSCTTM adt->rna", "Transfer rna->adt", "Transfer adt->rna", "kNN alignment",
        )
        for (key in keys) {
            val alone = sc.metrics.foscttm(mdata.shared, "pair", key)
            assertThat(table[key, "FOSCTTM rna->adt"]).isEqualTo(alone["forward"])
            assertThat(table[key, "FOSCTTM adt->rna"]).isEqualTo(alone["backward"])
            val curve = sc.metrics.knnAlignment(mdata.shared, "pair", key)["mean"].toDoubles()
            assertThat(table[key, "kNN alignment"]).isCloseTo(curve.average(), within(1e-12))
        }
        val halves = mdata.shared[BooleanArray(400) { !pair.isMissing(it) }].copy()
        halves.obs["type"] = CategoricalColumn.ofTexts(*Array(200) { typeOf(halves.obsNames[it]) })
        val transfer = sc.metrics.labelTransferAccuracy(halves, "type", "modality", useRep = "X_pivots")
        val row = transfer.names.indexOf("rna to adt")
        assertThat(table["X_pivots", "Transfer rna->adt"]).isEqualTo(transfer["accuracy"].toDoubles()[row])
        assertThat(table["X_pivots", "Total"]).isEqualTo(table.total("X_pivots"))
        assertThat(table.toString()).contains("rna->adt", "alignment", "Total")
        assertThat(table.toDataFrame().keys).contains("FOSCTTM rna->adt", "cLISI")
        val figure = sc.pl.benchmark(table, save = FigureSamples.figures.resolve("benchmark_paired.png").toString())
        assertThat(figure.toSvg()).contains("Paired cells", "FOSCTTM", "Aggregate score")

        val alone = sc.metrics.benchmark(mdata, "modality", "cell_type", keys, emptyList(), pairKey = "pair")
        assertThat(alone.embeddings).isEqualTo(keys.sortedBy { sc.metrics.foscttm(mdata.shared, "pair", it)["mean"] })
        assertThat(alone.toDataFrame().keys.toList()).isEqualTo(table.pairedMeasures)
        val score = sc.metrics.matchingScore(mdata.shared, "pair", neighborsKey = "multimap")
        assertThat(score["mean"]).isBetween(0.02, 1.0)
    }

    private fun typeOf(name: String): String {
        val whole = PairedSamples.whole()
        return whole.obs["cell_type"].text(whole.obsNames.indexOf(name.substringBefore("-")))!!
    }

    @Test
    fun `one object is judged by pairs, too`() {
        val mdata = PairedSamples.mosaic()
        val (rna, adt) = sc.pp.unpair(mdata).let { it["rna"] to it["adt"] }
        val both = sc.concat(mapOf("rna" to rna, "adt" to adt), label = "modality")
        both.obs.set("pair", StringColumn.of(*Array(both.nObs) { both.obsNames[it].substringBefore("-") }))
        both.obsm["X_same"] = DenseMatrix.ofRows(
            Array(both.nObs) {
                doubleArrayOf(
                    both.obs["pair"]
                        .text(it)
                        .substringAfter("_")
                        .toDouble(),
                )
            },
        )
        val table = sc.metrics.benchmark(
            both, "modality", "cell_type", listOf("X_same"), preIntegrated = null, measures = listOf("iLISI"),
            pairKey = "pair",
        )
        assertThat(table["X_same", "FOSCTTM adt->rna"]).isEqualTo(0.0)
        assertThat(table["X_same", "kNN alignment"]).isEqualTo(1.0)
        assertThat(table["X_same", Measure.ILISI]).isBetween(0.0, 1.0)
        assertThatThrownBy {
            sc.metrics.benchmark(both, "modality", "cell_type", listOf("X_same"), null, listOf("PCR comparison"))
        }.hasMessageContaining("'PCR comparison' compares with an embedding before the integration")
        assertThatThrownBy { table["X_same", "FOSCTTM"] }
            .hasMessageContaining("title must be among [iLISI, FOSCTTM rna->adt")
    }

    @Test
    fun `messages say what is no pair`() {
        val adata = byHand()
        assertThatThrownBy { sc.metrics.foscttm(adata, "type", "X") }
            .hasMessageContaining("obs['type'] is 't' for 3 cells of [rna, adt], 'a1' among them")
        adata.obs["none"] = List(6) { "$it" }
        assertThatThrownBy { sc.metrics.foscttm(adata, "none", "X") }
            .hasMessageContaining("no two cells share a value of obs['none']")
            .hasMessageContaining("sc.pp.unpair(mdata) takes paired cells apart")
        adata.obs["kind"] = listOf("a", "b", "b", "c", "c", "c")
        assertThatThrownBy { sc.metrics.foscttm(adata, "pair", "X", modalityKey = "kind") }
            .hasMessageContaining("pairs must be of two modalities, but obs['kind'] of paired cells is [a, b, c]")
        assertThatThrownBy { sc.metrics.foscttm(adata, "pair", "X", metric = "euclid") }.hasMessageContaining("metric")
        assertThatThrownBy { sc.metrics.foscttm(adata, "pair", "X", nDims = 3) }
            .hasMessage("nDims must lie in 1..2, the columns of obsm['X'], got 3")
    }

    @Test
    fun `cells that cannot be taken apart are refused`() {
        val mdata = PairedSamples.mosaic()
        val some = sc.pp.unpair(mdata, listOf("cell_299", "cell_0"))
        assertThat(some.nObs).isEqualTo(301)
        assertThat(modalities(some)).isEqualTo(mapOf("rna" to 101, "adt" to 101, "rna+adt" to 99))
        assertThatThrownBy { sc.pp.unpair(mdata, listOf("cell_0")) }
            .hasMessage("unpair needs cells with several modalities, but none of the 1 cells of obs has more than one")
        assertThatThrownBy { sc.pp.unpair(sc.pp.unpair(mdata)) }.hasMessageContaining("none of the 400 cells of mdata")
        assertThatThrownBy { sc.pp.unpair(mdata, pairKey = "modality") }.hasMessageContaining("must differ")
        assertThatThrownBy { sc.pp.unpair(MuData(mapOf("rna" to mdata["rna"]), 1)) }
            .hasMessageContaining("the axis of mdata is 1")
    }

    @Test
    fun `links make a gene and its protein one feature`() {
        val mdata = sc.pp.unpair(PairedSamples.mosaic())
        sc.tl.uinmf(mdata, k = 4, links = PairedSamples.links())
        val told = mdata.uns["inmf"] as Map<*, *>
        val parts = (told["parts"] as NdArray).texts().toList()
        assertThat(parts).hasSize(4).anyMatch { "batch_2 (rna)" in it }.anyMatch { "batch_2 (adt)" in it }
        val features = (told["features"] as NdArray).texts().toList()
        assertThat(features).hasSize(40).allMatch { it.startsWith("linked: gene_") && "|protein_" in it }
        val weights = mdata.varm.matrix("inmf", "").toDense()
        val (gene, protein) = features[0].substringAfter(": ").split("|").map { mdata.varNames.indexOf(it) }
        val (ofGene, ofProtein) = listOf(gene, protein).map { row -> (0 until 4).map { weights.get(row, it) } }
        assertThat(ofGene).isEqualTo(ofProtein)
        assertThat(ofGene.sum()).isGreaterThan(0.0)
        val x = Mosaics.bits(mdata.obsm.matrix("X_inmf", "").toDense())
        for (threads in listOf(1, 7)) {
            val again = sc.pp.unpair(PairedSamples.mosaic())
            Seeds.withThreads(threads) { sc.tl.uinmf(again, k = 4, links = PairedSamples.links()) }
            assertThat(Mosaics.bits(again.obsm.matrix("X_inmf", "").toDense())).isEqualTo(x)
        }
        // of cells left whole the RNA is read; a table with a feature twice uses it once
        val whole = PairedSamples.mosaic()
        val links = PairedSamples.links()["gene"].texts().zip(PairedSamples.links()["protein"].texts())
        sc.tl.uinmf(whole, k = 4, links = links + (links[0].first to links[1].second), ownFeatures = false)
        val alone = whole.uns["inmf"] as Map<*, *>
        assertThat((alone["features"] as NdArray).size()).isEqualTo(40)
        assertThat(alone.keys).doesNotContain("U")
    }

    @Test
    fun `simulated cells have links that hold`() {
        val mdata = PairedSamples.whole()
        assertThat(mdata.mod.keys).containsExactly("rna", "adt")
        assertThat(mdata.obs.keys).contains("batch", "cell_type")
        assertThat(PairedSamples.links().nRows()).isEqualTo(40)
        val again = PairedSamples.whole()
        assertThat(again.differenceTo(mdata)).isNull()
    }

    private fun modalities(mdata: MuData): Map<String, Int> =
        mdata.obs["modality"]
            .valueCounts()
            .items()
            .associate { (name, n) -> name to n.toInt() }
}
