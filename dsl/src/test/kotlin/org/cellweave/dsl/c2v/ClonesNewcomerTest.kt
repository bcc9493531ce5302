package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.pl.Drawing
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.Specs
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Captured
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test

/** What a newcomer to clones tries first, from a file to figures. */
class ClonesNewcomerTest {
    private fun path(name: String) = FigureSamples.figures.resolve("c2v_$name.png").toString()

    private fun larry() = sc.readH5ad(SharedData.require("data/clonal/larry_subset.h5ad").toString())

    private fun counted(): AnnData {
        val clones = c2v.pp.clonesAdata(Larry.cells(), minSize = 2, fillObs = "state_info")
        return c2v.tl.clonalNn(Larry.cells(), clones)
    }

    private fun said(body: () -> Unit): String {
        val before = sc.settings.verbosity
        sc.settings.verbosity = 3
        return try {
            Captured.standardError(body)
        } finally {
            sc.settings.verbosity = before
        }
    }

    private fun refused(message: String, body: () -> Unit) {
        assertThatThrownBy { body() }.hasMessageContaining(message).message().doesNotContain("\n")
    }

    @Test
    fun `all losses fall`() {
        val clones = counted()
        c2v.tl.clone2vec(clones, maxIter = 10)
        c2v.tl.clone2vecPoi(clones)
        clones.obsm.set("ref_gex_adjacency", clones.obsp.get("gex_adjacency"))
        c2v.tl.projectClone2vecPoi(clones, clones, obsmKey = "placed")
        for (key in listOf("clone2vec", "clone2vec_Poi", "clone2vec_Poi_project")) {
            val losses = ((clones.uns[key] as Map<*, *>)["loss_history"] as NdArray).toDoubles().toList()
            assertThat(losses.zipWithNext().all { (a, b) -> b <= a }).`as`("$key: $losses").isTrue
        }
        val figure = c2v.pl.lossHistory(clones, unsKey = "clone2vec_Poi", save = path("loss_history_poi"))
        assertThat(Drawing(figure).texts)
            .contains("Negative log-likelihood", "Decrease of the loss")
            .doesNotContain("Mean loss")
        assertThat(figure.size).isEqualTo(2)
        clones.uns["rising"] = mapOf("loss_history" to NdArray.of(1.0, 2.0))
        val warned = said { assertThat(c2v.pl.lossHistory(clones, unsKey = "rising").size).isEqualTo(1) }
        assertThat(warned).contains("no step of uns['rising']['loss_history'] lowers the loss")
    }

    @Test
    fun `a run that maxIter ends is not told to go on`() {
        val clones = counted()
        assertThat(said { c2v.tl.clone2vec(clones, maxIter = 5) })
            .contains("after 5 steps (maxIter; more lower the loss but need not be better: heldOut = 0.1 finds how")
        assertThat(said { c2v.tl.clone2vec(clones, maxIter = 3, heldOut = 0.1) })
            .contains("(counts held out are foretold best at the last: raise maxIter)")
        assertThat(said { c2v.tl.clone2vec(clones, maxIter = 1, solver = "sgd") }).contains("raise maxIter or tol")
        assertThat(c2v.help("tl.clone2vec").text).contains("ends most runs, and need not be raised")
    }

    @Test
    fun `memberships become a column`() {
        val adata = larry()
        assertThat(adata.obsm.matrix("X_clone").nCols()).isEqualTo(339)
        refused("obsName names the column with each cell's clone: give it, or run c2v.pp.labelClones() first") {
            c2v.pp.clonesAdata(adata)
        }
        c2v.pp.labelClones(adata, splitBy = "time_info")
        val clones = c2v.pp.clonesAdata(adata, minSize = 2)
        assertThat(clones.obsNames).allMatch { Regex("[246]:clone_[0-9]+").matches(it) }
        val few = fewCells()
        few.obsm.set(
            "X_clone",
            DenseMatrix.ofRows(Array(6) { doubleArrayOf(if (it < 3) 1.0 else 0.0, if (it in 2..4) 2.0 else 0.0) }),
        )
        val warned = said { c2v.pp.labelClones(few, obsName = "mine") }
        assertThat(few.obs["mine"].texts())
            .containsExactly("clone_0", "clone_0", "clone_1", "clone_1", "clone_1", "NA")
        assertThat(warned).contains("1 cells belong to several clones of obsm['X_clone']; they get that of their")
        c2v.pp.labelClones(few, obsName = "mine", several = "missing", naValue = "none")
        assertThat(few.obs["mine"].text(2)).isEqualTo("none")
        val table = DataFrame(few.obs.index)
        table.set("red", NumericColumn.of(1.0, 1.0, 1.0, 0.0, 0.0, 0.0))
        few.obsm.set("named", table)
        assertThat(
            c2v.pp
                .labelClones(few, useRep = "named", obsName = "mine")
                .obs["mine"]
                .texts(),
        ).startsWith("red")
        refused("several must be one of [largest, missing], got 'larges'. Did you mean 'largest'?") {
            c2v.pp.labelClones(few, several = "larges")
        }
        refused("obsm['X_clones'] is missing") { c2v.pp.labelClones(few, useRep = "X_clones") }
    }

    @Test
    fun `wrong arguments say what was meant`() {
        val cells = Larry.cells()
        val clones = c2v.pp.clonesAdata(cells, minSize = 2)
        refused("cells come first and clones second, but the first object was made by c2v.pp.clonesAdata()") {
            c2v.tl.clonalNn(clones, cells)
        }
        refused("exchange the two") { c2v.tl.clonalNn(clones, cells, obsName = "clone") }
        cells.obs["maturity"] = DoubleArray(cells.nObs) { it / 7.0 }
        refused("obsName needs a column of clones, but obs['maturity'] is a numeric column (float64) of measurements") {
            c2v.pp.clonesAdata(cells, obsName = "maturity")
        }
        cells.obs["whole"] = DoubleArray(cells.nObs) { if (it == 0) Double.NaN else (it % 9).toDouble() }
        assertThat(c2v.pp.clonesAdata(cells, obsName = "whole").nObs).isEqualTo(9)
        c2v.tl.clonalNn(cells, clones)
        val message = "batchSize, learningRate and earlyStoppingPatience belong to solver sgd, got "
        refused(message + "batchSize = 128, learningRate = 0.1, earlyStoppingPatience = 5 with exact") {
            c2v.tl.clone2vec(clones, learningRate = 0.1)
        }
        refused(message) { c2v.tl.clone2vec(clones, batchSize = 7) }
        refused(message) { c2v.tl.clone2vec(clones, earlyStoppingPatience = 9) }
    }

    @Test
    fun `logs name slots as others do`() {
        val cells = Larry.cells()
        val clones = c2v.pp.clonesAdata(cells, minSize = 2)
        assertThat(said { c2v.tl.clonalNn(cells, clones) }).contains("\n    'gex_adjacency', counts (clones.obsp)")
        assertThat("${cells.unread}").isEqualTo("unread with keys []")
    }

    @Test
    fun `slots of a file stand in the order of Python`() {
        val adata = larry()
        for (keys in listOf(adata.uns.keys, adata.obsm.keys, adata.obsp.keys)) {
            assertThat(keys.toList()).isEqualTo(keys.sorted())
        }
        assertThat(adata.obs.keys).`as`("columns have an order of their own").containsExactly(
            "time_info", "state_info", "n_counts",
        )
    }

    @Test
    fun `more categories than colours have no legend`() {
        val adata = FigureSamples.cells(794)
        adata.obs["clone"] = CategoricalColumn.ofTexts(*Array(794) { "clone_${it % 397}" })
        var figure: Figure? = null
        val warned = said { figure = sc.pl.umap(adata, color = "clone", save = path("many_clones")) }
        assertThat(warned).contains("'clone' has 397 categories, more than the 102 default colours; all are drawn grey")
        assertThat(figure!!.width).isLessThan(600)
        assertThat(Drawing(figure!!).texts).contains("clone").doesNotContain("clone_7")
        val again = Drawing(sc.pl.umap(adata, color = "clone", legendLoc = "best"))
        assertThat(again.texts).doesNotContain("clone_7")
        assertThat(again.fills("circle")).isEqualTo(mapOf("#808080" to 794))
    }

    @Test
    fun `missing numbers come last in a heatmap`() {
        val table = DataFrame.ofNames("g0", "none", "g1", "g2")
        table.set("x", NumericColumn.of(1.0, Double.NaN, 9.0, 1.1))
        table.set("empty", NumericColumn.of(Double.NaN, Double.NaN, Double.NaN, Double.NaN))
        table.set("y", NumericColumn.of(5.0, Double.NaN, 2.0, 5.1))
        val figure = c2v.pl.heatmap(table, sortRows = true, save = path("heatmap_missing"))
        assertThat(Drawing(figure).fills("rect")["#d3d3d3"]).isEqualTo(6)
        val layers = Specs.layers(Specs.plots(figure)[0]).filter { it["geom"] == "text" }
        val texts = layers.map { Specs.column(it, "label") }
        assertThat(texts.first { "none" in it }.last()).isEqualTo("none")
        assertThat(texts.first { "empty" in it }.last()).isEqualTo("empty")
        val blank = DataFrame.ofNames("a", "b").also { it.set("x", NumericColumn.of(Double.NaN, 1.0)) }
        blank.set("y", NumericColumn.of(1.0, Double.NaN))
        assertThat(c2v.pl.heatmap(blank, sortRows = true).size).`as`("nothing to compare").isEqualTo(1)
    }

    @Test
    fun `tables are cut and sorted`() {
        val table = DataFrame.ofNames("p", "q", "r", "s")
        table.set("a", NumericColumn.of(2.0, Double.NaN, 1.0, 2.0))
        table.set("b", StringColumn.of("x", "w", "z", "y"))
        table.set("c", CategoricalColumn(intArrayOf(1, 0, -1, 0), StringColumn.of("low", "high"), true))
        assertThat(table[listOf("b", "a")].keys).containsExactly("b", "a")
        assertThat(table.sortValues("a").names).containsExactly("r", "p", "s", "q")
        assertThat(table.sortValues("a", ascending = false).names).containsExactly("p", "s", "r", "q")
        assertThat(table.sortValues("b").names).containsExactly("q", "p", "s", "r")
        assertThat(table.sortValues("c").names).containsExactly("q", "s", "p", "r")
        assertThat(table.head(2).names).containsExactly("p", "q")
        assertThat(table.head().nRows()).isEqualTo(4)
        refused("table['d'] is missing; table has [a, b, c]") { table[listOf("a", "d")] }
        assertThat(table.head(-1).names).containsExactly("p", "q", "r")
    }

    @Test
    fun `an embedding is coloured by columns of obsm`() {
        val adata = FigureSamples.cells(60)
        adata.obsm.set("shares", DenseMatrix.wrap(FloatArray(120) { it / 120f }, 60, 2))
        val table = DataFrame(adata.obs.index)
        table.set("Mono", NumericColumn.of(*DoubleArray(60) { it.toDouble() }))
        table.set("Neu", NumericColumn.of(*DoubleArray(60) { 1.0 - it }))
        adata.obsm.set("fates", table)
        val both = c2v.pl.embedding(adata, "fates", listOf("Mono", 1), save = path("embedding"))
        assertThat(Drawing(both).texts).contains("fates_Mono", "fates_Neu")
        assertThat(Drawing(c2v.pl.embedding(adata, "shares")).texts).contains("shares_0")
        assertThat(Drawing(c2v.pl.embedding(adata, color = "group")).texts).contains("group", "a", "b", "c")
        assertThat(adata.obs.keys).doesNotContain("fates_Mono")
        refused("obsmComponent must be a column of obsm['fates'], one of [Mono, Neu], or its number below 2, got Mon") {
            c2v.pl.embedding(adata, "fates", "Mon")
        }
        refused("obsmComponent must be a number below 2, got 2") { c2v.pl.embedding(adata, "shares", 2) }
        refused("obsmName excludes color") { c2v.pl.embedding(adata, "shares", color = "group") }
        refused("obsmComponent = 1 needs obsmName") { c2v.pl.embedding(adata, obsmComponent = 1) }
    }

    @Test
    fun `a graph has an eigenmap`() {
        val cells = sc.pp.neighbors(sc.pp.pca(sc.datasets.simulatedClones(nClones = 20, nGenes = 60), nComps = 5))
        c2v.utils.laplacianEigenmaps(cells, nComponents = 4)
        val map = cells.obsm.matrix("X_laplacian")
        assertThat(map.dtype()).isEqualTo(DType.FLOAT64)
        assertThat(map.nCols()).isEqualTo(4)
        val told = cells.uns["laplacian_eigenmaps"] as Map<*, *>
        val values = (told["eigenvalues"] as NdArray).toDoubles().toList()
        assertThat(values).isSorted.allMatch { it > 0 && it < 2 }
        assertThat(told["obsp_key"]).isEqualTo("connectivities")
        refused("obsp['graph'] is missing") { c2v.utils.laplacianEigenmaps(cells, obspKey = "graph") }
    }
}
