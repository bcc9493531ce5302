package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.foscttm
import org.cellweave.dsl.get
import org.cellweave.dsl.log1p
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.mosaicTopology
import org.cellweave.dsl.normalizeTotal
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.readH5mu
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.simulatedBatches
import org.cellweave.dsl.stabmap
import org.cellweave.dsl.writeH5ad
import org.cellweave.dsl.writeH5mu
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.SharedData
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** Cells of three batches whose genes are parted into two modalities. */
internal object Mosaics {
    const val QUICKSTART = "data/mosaic/quickstart_p123.h5mu"

    fun cells(n: Int = 300): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = n, nGenes = 120, nBatches = 3, nTypes = 3)
        adata.obs["cell_type"] = adata.obs["cell_type"].asCategorical()
        adata.obs["batch"] = adata.obs["batch"].asCategorical()
        sc.pp.normalizeTotal(adata)
        return sc.pp.log1p(adata)
    }

    /** RNA, with [shared] features of the other modality, and the rest. */
    fun halves(adata: AnnData, shared: Int = 0): Pair<AnnData, AnnData> =
        adata[all, adata.varNames.take(70)].copy() to adata[all, adata.varNames.drop(70 - shared)].copy()

    /** The first batch has RNA, the second proteins, the third both. */
    fun mosaic(adata: AnnData = cells()): MuData {
        val (rna, adt) = halves(adata)
        val (first, second) = adata.obs["batch"].asCategorical().categoryNames()
        val mdata =
            MuData(
                mapOf(
                    "rna" to rna[BooleanArray(rna.nObs) { rna.obs["batch"].text(it) != second }, all].copy(),
                    "adt" to adt[BooleanArray(adt.nObs) { adt.obs["batch"].text(it) != first }, all].copy(),
                ),
            )
        return mdata
    }

    fun quickstart(): MuData {
        assumeTrue(SharedData.has(QUICKSTART), "$QUICKSTART is not there")
        val mdata = sc.readH5mu(SharedData.require(QUICKSTART).toString())
        mdata.mod.values().forEach {
            sc.pp.normalizeTotal(it)
            sc.pp.log1p(it)
        }
        return mdata
    }

    /** RNA and proteins of the paired cells, as two objects. */
    fun paired(): Pair<AnnData, AnnData> {
        val (rna, adt) = quickstart().let { it["rna"] to it["adt"] }

        fun pairedOf(a: AnnData) = a[BooleanArray(a.nObs) { a.obs["batch"].text(it) == "p3_0" }, all].copy()
        return pairedOf(rna) to pairedOf(adt)
    }

    fun links() = SharedData.require("data/mosaic/adt_gene_links.csv").toString()

    /** Share of cells with their partner's type. */
    fun agreement(adata: AnnData, other: AnnData, key: String): Double {
        val types = other.obsNames.indices.associate { other.obsNames[it] to other.obs[key].text(it) }
        val partner = adata.obs["partner"]
        return (0 until adata.nObs).count { types[partner.text(it)] == adata.obs[key].text(it) } / adata.nObs.toDouble()
    }

    fun bits(x: DenseMatrix) = (0 until x.nRows()).map { i -> (0 until x.nCols()).map { x.get(i, it) } }
}

class MatchPivotsVerbTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `cells find partners of their type, by names, pairs, tables and files alike`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(), 40)
        val made = sc.tl.matchPivots(rna, adt, nCanonical = 5)
        assertThat(made.first).isSameAs(rna)
        assertThat(made.second).isSameAs(adt)
        assertThat(Mosaics.agreement(rna, adt, "cell_type")).isGreaterThan(0.85)
        assertThat(Mosaics.agreement(adt, rna, "cell_type")).isGreaterThan(0.85)
        val told = rna.uns["pivots"] as Map<*, *>
        assertThat((told["links"] as NdArray).texts()).hasSize(40)
        assertThat((told["cells"] as NdArray).texts()).isEqualTo(
            ((adt.uns["pivots"] as Map<*, *>)["partners"] as NdArray).texts(),
        )
        assertThat((told["params"] as Map<*, *>)["n_canonical"]).isEqualTo(5L)
        val joint = Mosaics.bits(rna.obsm.matrix("X_pivots", "").toDense())

        val shared = adt.varNames.take(40)
        adt.varNames = adt.varNames.map { "p_$it" }
        val pairs = shared.map { it to "p_$it" }
        val file = folder.resolve("links.csv")
        Files.writeString(file, "protein,gene\n" + pairs.joinToString("\n") { (a, b) -> "${b.uppercase()},$a" })
        for (links in listOf(pairs, pairs.toMap(), file.toString())) {
            sc.tl.matchPivots(rna, adt, links, nCanonical = 5)
            assertThat(Mosaics.bits(rna.obsm.matrix("X_pivots", "").toDense())).isEqualTo(joint)
        }
        rna.writeH5ad(folder.resolve("rna.h5ad").toString())
        val read = sc.readH5ad(folder.resolve("rna.h5ad").toString())
        assertThat(read.obs["partner"].texts()).isEqualTo(rna.obs["partner"].texts())
        assertThat(((read.uns["pivots"] as Map<*, *>)["scores"] as NdArray).size()).isGreaterThan(50)
    }

    @Test
    fun `real cells lie near their others`() {
        val (rna, adt) = Mosaics.paired()
        sc.tl.matchPivots(rna, adt, Mosaics.links())
        val told = rna.uns["pivots"] as Map<*, *>
        assertThat((told["links"] as NdArray).size()).isEqualTo(72)
        assertThat((told["weights"] as NdArray).toDoubles().toList()).hasSize(72).allMatch { it in 0.0..1.0 }
        assertThat(told["penalty"] as Double).isBetween(0.03, 3.0)
        assertThat(told["n_metacells"]).isEqualTo(400L)
        assertThat(sc.metrics.foscttm(rna, adt, "X_pivots")["mean"]).isLessThan(0.08)
        assertThat(Mosaics.agreement(rna, adt, "celltype")).isGreaterThan(0.92)

        sc.tl.matchPivots(rna, adt, Mosaics.links(), metacellSize = 3, penalty = 0.3)
        val grouped = adt.uns["pivots"] as Map<*, *>
        assertThat(grouped["n_metacells"] as Long).isBetween(134L, 250L)
        assertThat(grouped["penalty"]).isEqualTo(0.3)
        assertThat((grouped["params"] as Map<*, *>)["metacell_size"]).isEqualTo(3L)
        assertThat(sc.metrics.foscttm(rna, adt, "X_pivots")["mean"]).isLessThan(0.1)
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        val before = rna.copy()
        assertThatThrownBy { sc.tl.matchPivots(rna, adt) }
            .hasMessageContaining("adata1 and adata2 have no feature of the same name")
            .hasMessageContaining("Give links")
        val near = adt.varNames[0].dropLast(1) + "x"
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, listOf(rna.varNames[0] to near)) }
            .hasMessageContaining("none of the 1 links joins a feature of adata1 with one of adata2")
            .hasMessageContaining("'$near' is not in adata2 (did you mean")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, listOf("a")) }
            .hasMessageContaining("links must hold pairs such as \"CD3E\" to \"cd3\", got 'a'")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, 3) }.hasMessageContaining("got a Int")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, listOf(rna.varNames[0] to adt.varNames[0])) }
            .hasMessageContaining("needs at least 2 linked features, got 1")
        val one = folder.resolve("one.csv")
        Files.writeString(one, "a\n")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, one.toString()) }
            .hasMessageContaining("line 1: a link is two names with a comma between them, got 'a'")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, smoothing = 2.0) }.hasMessageContaining("smoothing")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, penalty = 0.0) }
            .hasMessageContaining("penalty must be above 0, or null to choose one, got 0.0")
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, metacellSize = -2) }.hasMessageContaining("metacellSize")
        rna.obsm.remove("X_pca")
        rna.varm.remove("PCs")
        rna.uns.remove("pca")
        assertThat(rna.differenceTo(before)).isNull()
    }
}

class StabmapVerbTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `all parts get places, and what was done is told`() {
        val mdata = Mosaics.mosaic()
        val made = sc.tl.stabmap(mdata, nComps = 10, copy = true)
        assertThat(mdata.obsm.keys).doesNotContain("X_stabmap")
        val x = made.obsm.matrix("X_stabmap", "").toDense()
        assertThat(x.nRows()).isEqualTo(mdata.nObs)
        assertThat(x.nCols()).isEqualTo(30)
        val told = made.uns["stabmap"] as Map<*, *>
        assertThat((told["dimensions"] as NdArray).texts()).hasSize(30)
        assertThat((told["parts"] as NdArray).texts()).hasSize(3)
        assertThat((told["shared"] as NdArray).shape()).containsExactly(3, 3)
        assertThat(((told["steps"] as Map<*, *>)["lambda"] as NdArray).toDoubles().toList()).allMatch { it > 0 }
        made.writeH5mu(folder.resolve("m.h5mu").toString())
        val read = sc.readH5mu(folder.resolve("m.h5mu").toString())
        assertThat(Mosaics.bits(read.obsm.matrix("X_stabmap", "").toDense())).isEqualTo(Mosaics.bits(x))

        val last = (told["parts"] as NdArray).texts().last()
        sc.tl.stabmap(
            mdata,
            references = listOf(last),
            nComps = 8,
            solver = "r",
            labelsKey = "cell_type",
            keyAdded = "as_r",
        )
        val asR = mdata.uns["as_r"] as Map<*, *>
        assertThat((asR["dimensions"] as NdArray).texts()).contains("${last}_PC8", "${last}_LD1")
        assertThat((asR["params"] as Map<*, *>)["paths"]).isEqualTo("fewest")
    }

    @Test
    fun `parts and what they share are a table`() {
        val mdata = Mosaics.mosaic()
        val table = sc.get.mosaicTopology(mdata)
        val parts = mdata["rna"]
            .obs["batch"]
            .asCategorical()
            .categoryNames()
            .toSet() +
            mdata["adt"].obs["batch"].asCategorical().categoryNames()
        assertThat(table.names).containsExactlyInAnyOrderElementsOf(parts)
        val (a, b, both) = Mosaics
            .cells()
            .obs["batch"]
            .asCategorical()
            .categoryNames()
        assertThat(table["shared_$a"].toDoubles()).containsExactly(70.0, 0.0, 70.0)
        assertThat(table["shared_$b"].toDoubles()).containsExactly(0.0, 50.0, 50.0)
        assertThat(table["n_features"].toDoubles()).containsExactly(70.0, 50.0, 120.0)
        assertThat(table["group"].toDoubles()).containsExactly(0.0, 0.0, 0.0)
        assertThat(table.names.last()).isEqualTo(both)
    }

    @Test
    fun `a bridge of real cells carries both modalities`() {
        val mdata = Mosaics.quickstart()
        sc.tl.stabmap(mdata, references = listOf("p3_0"))
        assertThat(mdata.obsm.matrix("X_stabmap", "").nCols()).isEqualTo(50)
        val table = sc.get.mosaicTopology(mdata)
        assertThat(table["n_cells"].toDoubles()).containsExactly(400.0, 400.0, 400.0)
    }

    @Test
    fun `messages say what to do, and nothing is written`() {
        val mdata = Mosaics.mosaic()
        val before = mdata.copy()
        assertThatThrownBy { sc.tl.stabmap(mdata, batchKey = "bach") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.stabmap(mdata, references = listOf("p9")) }.hasMessageContaining("p9")
        assertThatThrownBy { sc.tl.stabmap(mdata, solver = "rigde") }.hasMessageContaining("Did you mean 'ridge'?")
        assertThatThrownBy { sc.tl.stabmap(mdata, solver = "r", lambda = 2.0) }
            .hasMessageContaining("lambda goes with solver = \"ridge\" alone")
        assertThatThrownBy { sc.tl.stabmap(mdata, lambda = 0.0) }.hasMessageContaining("lambda must be above 0")
        assertThat(mdata.differenceTo(before)).isNull()
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        val apart =
            MuData(mapOf("rna" to rna[0..44, all].copy(), "adt" to adt[45..89, all].copy()))
        assertThatThrownBy { sc.tl.stabmap(apart, batchKey = null) }.isInstanceOf(IllegalArgumentException::class.java)
        assertThatThrownBy { sc.tl.stabmap(MuData(mapOf("rna" to rna), 1)) }
            .hasMessageContaining("share their cells (axis 0), but the axis of mdata is 1")
        val changed = Mosaics.mosaic()
        val label = changed["adt"].obs["batch"].texts()
        changed["adt"].obs["batch"] = label.map { "x$it" }
        assertThatThrownBy { sc.tl.stabmap(changed) }
            .hasMessageContaining("modalities differ in obs['batch'] of cell '")
        val holes = Mosaics.mosaic()
        val x = holes["rna"].x.toDense().copy()
        x.set(2, 3, Double.NaN)
        holes["rna"].setX(x)
        assertThatThrownBy { sc.tl.stabmap(holes) }
            .hasMessageContaining("cell '${holes["rna"].obsNames[2]}' (row 2), gene '${holes["rna"].varNames[3]}'")
            .hasMessageContaining("of X of mod['rna'] is NaN")
    }
}
