package org.cellweave.dsl.tl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.all
import org.cellweave.dsl.asCategorical
import org.cellweave.dsl.classifyEmbedding
import org.cellweave.dsl.findLinks
import org.cellweave.dsl.get
import org.cellweave.dsl.imputeEmbedding
import org.cellweave.dsl.linkRecovery
import org.cellweave.dsl.matchPivots
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.readH5mu
import org.cellweave.dsl.reweightEmbedding
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.stabmap
import org.cellweave.dsl.writeH5ad
import org.cellweave.dsl.writeH5mu
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.math.sqrt

/** What is made from an embedding of all parts: values, labels, weights. */
class MosaicEmbeddingTest {
    @TempDir
    lateinit var folder: Path

    private fun embedded(): MuData {
        val mdata = Mosaics.mosaic()
        return sc.tl.stabmap(mdata, nComps = 8)
    }

    private fun parts(mdata: MuData) =
        mdata["rna"]
            .obs["batch"]
            .asCategorical()
            .categoryNames()
            .toSet() +
            mdata["adt"].obs["batch"].asCategorical().categoryNames()

    private fun of(x: Matrix, i: Int, j: Int) = x.toDense().get(i, j)

    @Test
    fun `cells without a modality get the mean of their nearest cells that have it`() {
        val mdata = embedded()
        val before = mdata.copy()
        val made = sc.tl.imputeEmbedding(mdata, "adt")
        assertThat(mdata.differenceTo(before)).isNull()
        assertThat(made.varNames).isEqualTo(mdata["adt"].varNames)
        val lacking = mdata.obsNames - mdata["adt"].obsNames.toSet()
        assertThat(made.obsNames).isEqualTo(lacking)
        assertThat(made.obs["imputed_distance"].toDoubles().toList()).allMatch { it > 0 }
        val x = mdata.obsm.matrix("X_stabmap", "").toDense()
        val donors = mdata["adt"].obsNames.map { mdata.obsNames.indexOf(it) }
        val values = mdata["adt"].x.toDense()
        for (cell in listOf(0, 17, lacking.size - 1)) {
            val row = mdata.obsNames.indexOf(lacking[cell])
            val near = donors.indices
                .sortedBy { d ->
                    (0 until x.nCols()).sumOf { (x.get(donors[d], it) - x.get(row, it)).let { v -> v * v } }
                }.take(5)
            for (j in listOf(0, 11, 49)) {
                assertThat(of(made.x, cell, j)).isCloseTo(near.sumOf { values.get(it, j) } / 5, within(1e-5))
            }
        }
        val told = made.uns["impute_embedding"] as Map<*, *>
        assertThat(told["summary"]).isEqualTo("mean")
        assertThat((told["query"] as NdArray).texts()).hasSize(1)
        assertThat((told["reference"] as NdArray).texts()).hasSize(2)
        made.writeH5ad(folder.resolve("made.h5ad").toString())
        assertThat(sc.readH5ad(folder.resolve("made.h5ad").toString()).shape()).isEqualTo(made.shape())
    }

    private fun AnnData.shape() = nObs to nVars

    @Test
    fun `parts may be named, and values be medians or weighted`() {
        val mdata = embedded()
        val (first, second, both) = Mosaics
            .cells()
            .obs["batch"]
            .asCategorical()
            .categoryNames()
        val some =
            sc.tl.imputeEmbedding(mdata, "rna", reference = listOf(first), query = listOf(both), summary = "median")
        assertThat(some.nObs).isEqualTo(mdata.obsNames.size / 3)
        assertThat(some.nVars).isEqualTo(70)
        val weighted = sc.tl.imputeEmbedding(mdata, "rna", nNeighbors = 1, summary = "weighted")
        val nearest = sc.tl.imputeEmbedding(mdata, "rna", nNeighbors = 1)
        assertThat(Mosaics.bits(weighted.x.toDense())).isEqualTo(Mosaics.bits(nearest.x.toDense()))
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", reference = listOf(second)) }
            .hasMessageContaining("values of mod['rna'] can be taken from [$first, $both], but reference has [$second]")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", reference = listOf(both), query = listOf(both)) }
            .hasMessageContaining("[$both] are in both")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", query = listOf(first, both)) }
            .hasMessageContaining("no part has mod['rna'] but those in query")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", query = listOf("no")) }
            .hasMessageContaining("query must be among [")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", summary = "meen") }
            .hasMessageContaining("Did you mean 'mean'?")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", nNeighbors = 500) }
            .hasMessageContaining("nNeighbors must be at most the 200 cells that values of 'rna' are taken from")
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "rna", useRep = "X_stabmop") }
            .isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.imputeEmbedding(mdata, "atac") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.imputeEmbedding(Mosaics.mosaic(), "rna") }
            .hasMessageContaining("Run sc.tl.stabmap() first.")
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        val full = MuData(mapOf("rna" to rna, "adt" to adt))
        full.obsm.set("X_stabmap", DenseMatrix.zeros(90, 2, org.cellweave.matrix.DType.FLOAT64))
        assertThatThrownBy { sc.tl.imputeEmbedding(full, "rna") }
            .hasMessageContaining("all parts have mod['rna']")
            .hasMessageContaining("Name in query")
        val holes = embedded()
        val x = holes.obsm
            .matrix("X_stabmap", "")
            .toDense()
            .copy()
        x.set(4, 1, Double.NaN)
        holes.obsm.set("X_stabmap", x)
        assertThatThrownBy { sc.tl.imputeEmbedding(holes, "rna") }.hasMessageContaining(holes.obsNames[4])
    }

    @Test
    fun `labels spread over the embedding, by as many voters as serve best`() {
        for (type in listOf("uniform_fixed", "uniform_optimised", "adaptive_labels", "adaptive_local")) {
            val mdata = embedded()
            val both = Mosaics
                .cells()
                .obs["batch"]
                .asCategorical()
                .categoryNames()
                .last()
            sc.tl.classifyEmbedding(mdata, "cell_type", type = type, reference = listOf(both))
            val obs = mdata.shared.obs
            val predicted = obs["cell_type_predicted"]
            val k = obs["cell_type_predicted_k"].toDoubles()
            val truth = types()
            val open = mdata.obsNames.indices.filter { k[it] > 0 }
            assertThat(open).hasSize(200)
            // by chance .33; first and second part have no feature of their own in common
            val met = open.count { predicted.text(it) == truth[mdata.obsNames[it]] }
            assertThat(met).`as`(type).isGreaterThan(120)
            val known = mdata.obsNames.indices - open.toSet()
            assertThat(known).allMatch { predicted.text(it) == truth[mdata.obsNames[it]] }
            assertThat(obs["cell_type_predicted_score"].toDoubles().toList()).allMatch { it > 0 && it <= 1 }
            val told = mdata.uns["cell_type_predicted"] as Map<*, *>
            assertThat(told["type"]).isEqualTo(type)
            val ks = (told["k_values"] as NdArray).size()
            assertThat((told["errors"] as NdArray).size()).isEqualTo(if (type == "uniform_fixed") 0 else ks)
            mdata.writeH5mu(folder.resolve("$type.h5mu").toString())
            assertThat(
                sc
                    .readH5mu(folder.resolve("$type.h5mu").toString())
                    .shared.obs["cell_type_predicted"]
                    .texts(),
            ).isEqualTo(predicted.texts())
        }
    }

    private fun types() =
        Mosaics.cells().let { c -> c.obsNames.indices.associate { c.obsNames[it] to c.obs["cell_type"].text(it) } }

    @Test
    fun `one object is labelled as a mosaic is`() {
        val mdata = embedded()
        val shared = mdata.shared.copy()
        val types = types()
        val half = Array(shared.nObs) { if (it % 2 == 0) types[shared.obsNames[it]] else null }
        shared.obs["type"] = CategoricalColumn.ofTexts(*half)
        sc.tl.classifyEmbedding(shared, "type", kValues = listOf(3), keyAdded = "guess")
        assertThat(shared.obs.keys).contains("guess", "guess_score", "guess_k")
        assertThat((1 until shared.nObs step 2).toList()).allMatch { shared.obs["guess_k"].toDoubles()[it] == 3.0 }
        mdata.obs["type"] = CategoricalColumn.ofTexts(*half)
        sc.tl.classifyEmbedding(mdata, "type", kValues = listOf(3))
        assertThat(mdata.obs["type_predicted"].texts()).isEqualTo(shared.obs["guess"].texts())
        val before = shared.copy()
        assertThatThrownBy { sc.tl.classifyEmbedding(shared, "guess") }
            .hasMessageContaining("all cells have a label in obs['guess']")
            .hasMessageContaining("name in reference")
        val odd = BooleanArray(shared.nObs) { it % 2 == 1 }
        assertThatThrownBy { sc.tl.classifyEmbedding(shared, "type", reference = odd) }
            .hasMessageContaining("no cell of the reference has a label in obs['type']")
        assertThatThrownBy { sc.tl.classifyEmbedding(shared, "type", type = "adaptive") }
            .hasMessageContaining("adaptive_local")
        assertThatThrownBy { sc.tl.classifyEmbedding(shared, "type", kValues = listOf(1, 3)) }
            .hasMessageContaining("uniform_fixed takes one number of neighbours")
        assertThatThrownBy { sc.tl.classifyEmbedding(shared, "tipe") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.tl.classifyEmbedding(mdata, "type", reference = listOf("zz")) }
            .hasMessageContaining("reference must be among")
        assertThat(shared.differenceTo(before)).isNull()
    }

    @Test
    fun `blocks get weights`() {
        val mdata = embedded()
        val (first, second, _) = parts(mdata).toList()
        val once = mdata.obsm.matrix("X_stabmap", "").toDense()
        sc.tl.reweightEmbedding(mdata, mapOf(first to 2.0, "${second}_PC" to 0.0), keyAdded = "heavy")
        val x = mdata.obsm.matrix("X_heavy", "").toDense()
        val dimensions = ((mdata.uns["stabmap"] as Map<*, *>)["dimensions"] as NdArray).texts()
        dimensions.forEachIndexed { d, name ->
            val factor = if (name.startsWith("${first}_")) {
                2.0
            } else if (name.startsWith("${second}_")) {
                0.0
            } else {
                1.0
            }
            assertThat(x.get(3, d)).isCloseTo(factor * once.get(3, d), within(1e-9))
        }
        val weights = (mdata.uns["heavy"] as Map<*, *>)["weights"] as Map<*, *>
        assertThat(weights["${first}_PC"]).isEqualTo(2.0)
        val same = sc.tl.reweightEmbedding(mdata, copy = true)
        assertThat(Mosaics.bits(same.obsm.matrix("X_stabmap", "").toDense()).flatten())
            .usingElementComparator { a, b -> if (kotlin.math.abs(a - b) < 1e-9) 0 else 1 }
            .containsExactlyElementsOf(Mosaics.bits(once).flatten())
        mdata.writeH5mu(folder.resolve("w.h5mu").toString())
        val before = mdata.copy()
        assertThatThrownBy { sc.tl.reweightEmbedding(mdata, mapOf("no" to 1.0)) }
            .hasMessageContaining("weights must name blocks or references")
            .hasMessageContaining("got 'no'")
        assertThatThrownBy { sc.tl.reweightEmbedding(mdata, mapOf(first to -1.0)) }
            .hasMessageContaining("weights must be from 0 to 1.0E12, got -1.0 for '$first'")
        assertThatThrownBy { sc.tl.reweightEmbedding(mdata, parts(mdata).associateWith { 0.0 }) }
            .hasMessageContaining("weights must leave a block above 0")
        assertThatThrownBy { sc.tl.reweightEmbedding(Mosaics.mosaic()) }
            .hasMessageContaining("Run sc.tl.stabmap() first.")
        assertThat(mdata.differenceTo(before)).isNull()
    }

    @Test
    fun `features of a reference, and steps that keep to them`() {
        val mdata = Mosaics.mosaic()
        val both = Mosaics
            .cells()
            .obs["batch"]
            .asCategorical()
            .categoryNames()
            .last()
        val some = mdata["rna"].varNames.take(20) + mdata["adt"].varNames.take(10)
        sc.tl.stabmap(
            mdata, references = listOf(both), nComps = 5, features = mapOf(both to some), restrictFeatures = true,
        )
        val told = mdata.uns["stabmap"] as Map<*, *>
        assertThat(((told["steps"] as Map<*, *>)["features"] as NdArray).toDoubles()).containsExactly(20.0, 10.0)
        val params = told["params"] as Map<*, *>
        assertThat(params["restrict_features"]).isEqualTo(true)
        assertThat(((params["features"] as Map<*, *>)[both] as NdArray).texts()).hasSize(30)
        mdata.writeH5mu(folder.resolve("f.h5mu").toString())
        val near = mdata["rna"].varNames[0] + "x"
        assertThatThrownBy { sc.tl.stabmap(mdata, features = mapOf(both to listOf(near))) }
            .hasMessageContaining("features of '$both' must be features that it has, but ['$near'] is not there")
            .hasMessageContaining("Did you mean '${mdata["rna"].varNames[0]}'?")
    }

    private fun correlation(a: DoubleArray, b: DoubleArray): Double {
        val (ma, mb) = a.average() to b.average()
        val ab = a.indices.sumOf { (a[it] - ma) * (b[it] - mb) }
        val (aa, bb) = a.sumOf { (it - ma) * (it - ma) } to b.sumOf { (it - mb) * (it - mb) }
        return if (aa * bb > 0) ab / sqrt(aa * bb) else 0.0
    }

    /** The paired cells, of which the second half is cut into its RNA and its proteins. */
    private fun bridge(first: IntRange): Triple<MuData, AnnData, AnnData> {
        val (rna, adt) = Mosaics.paired()
        val names = rna.obsNames
        val ends = listOf("-rna", "-adt")
        val parts = listOf(rna.copy(), adt.copy()).zip(ends).map { (half, end) ->
            half.obsNames = names.mapIndexed { i, name -> if (i in first) name else name + end }
            half
        }
        val mdata = MuData(mapOf("rna" to parts[0], "adt" to parts[1]))
        mdata.obs["part"] = mdata.obsNames.map { name -> ends.firstOrNull(name::endsWith) ?: "both" }
        sc.tl.stabmap(mdata, batchKey = "part", references = listOf("both"))
        return Triple(mdata, rna, adt)
    }

    @Test
    fun `real proteins and types are met in cells that lack them`() {
        val found = listOf(0..199, 200..399).map { first ->
            val (mdata, _, adt) = bridge(first)
            val made =
                sc.tl.imputeEmbedding(
                    mdata, "adt", reference = listOf("both"), query = listOf("-rna"), batchKey = "part",
                )
            val row = adt.obsNames.withIndex().associate { (i, name) -> name to i }
            val measured = adt.x.toDense()
            val of = IntArray(made.nObs) { row.getValue(made.obsNames[it].removeSuffix("-rna")) }
            val x = made.x.toDense()
            val each = (0 until adt.nVars).map { j ->
                correlation(x.column(j), DoubleArray(of.size) { measured.get(of[it], j) })
            }
            val all = correlation(
                (0 until adt.nVars).flatMap { x.column(it).asList() }.toDoubleArray(),
                (0 until adt.nVars).flatMap { j -> of.map { measured.get(it, j) } }.toDoubleArray(),
            )
            val types = listOf("uniform_fixed", "uniform_optimised", "adaptive_labels", "adaptive_local").map { type ->
                sc.tl.classifyEmbedding(mdata, "celltype", type = type, reference = listOf("both"), batchKey = "part")
                val predicted = mdata.obs["celltype_predicted"]
                val ofCell = { i: Int -> row.getValue(mdata.obsNames[i].removeSuffix("-rna")) }
                val open = mdata.obsNames.indices.filter { mdata.obsNames[it].endsWith("-rna") }
                open.count {
                    predicted.text(it) == adt.obs["celltype"].text(ofCell(it))
                } / open.size.toDouble()
            }
            assertThat(each.average()).isGreaterThan(0.3)
            assertThat(all).isGreaterThan(0.8)
            assertThat(types).allMatch { it > 0.85 }
            all
        }
        assertThat(found).hasSize(2)
    }

    @Test
    fun `hidden links are found again`() {
        val (rna, adt) = Mosaics.paired()
        val plain = sc.metrics.linkRecovery(rna, adt, Mosaics.links())
        val canonical = sc.metrics.linkRecovery(rna, adt, Mosaics.links(), association = "canonical")
        assertThat(plain["chance"]).isEqualTo(0.02)
        assertThat(plain["n_hidden"]).isEqualTo(36.0)
        assertThat(plain["recovered"]).isGreaterThan(0.38)
        assertThat(plain["sd"]).isLessThan(0.1)
        assertThat(canonical["recovered"]).isGreaterThan(0.32)
        assertThatThrownBy { sc.metrics.linkRecovery(rna, adt, Mosaics.links(), partnerKey = "a", matched = true) }
            .hasMessageContaining("leave partnerKey out")
        assertThatThrownBy { sc.metrics.linkRecovery(rna, adt, listOf("a" to "b")) }
            .hasMessageContaining("none of the 1 links joins")
        assertThatThrownBy { sc.metrics.linkRecovery(rna, adt, Mosaics.links(), hidden = 2.0) }
            .hasMessageContaining("hidden must be above 0")
        val none = adt.copy().also { a -> a.obsNames = a.obsNames.map { "x$it" } }
        assertThatThrownBy { sc.metrics.linkRecovery(rna, none, Mosaics.links()) }
            .hasMessageContaining("linkRecovery needs at least 3 cells that both have")
    }

    @Test
    fun `links found by cells that visible links have matched`() {
        val (rna, adt) = Mosaics.paired()
        val made = listOf("correlation", "canonical").map {
            sc.metrics.linkRecovery(rna, adt, Mosaics.links(), matched = true, association = it, nSplits = 10)
        }
        assertThat(made[0].getValue("recovered")).isGreaterThan(3 * made[0].getValue("chance"))
    }

    @Test
    fun `what a mosaic cannot be is said`() {
        val (rna, adt) = Mosaics.halves(Mosaics.cells(90))
        val empty = adt[IntArray(0), all].copy()
        val mdata = MuData(mapOf("rna" to rna, "adt" to empty))
        for (verb in listOf<() -> Any>({ sc.tl.stabmap(mdata) }, { sc.tl.findLinks(mdata) })) {
            assertThatThrownBy { verb() }.hasMessageContaining("mod['adt'] has no cells")
        }
        val near = adt.varNames[0].dropLast(1) + "x"
        val heard = rna.varNames.take(2).map { it to near }
        assertThatThrownBy { sc.tl.matchPivots(rna, adt, heard) }
            .hasMessageContaining("none of the 2 links joins a feature of adata1 with one of adata2")
            .hasMessageContaining("'$near' is not in adata2 (did you mean")
    }
}
