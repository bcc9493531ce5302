package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.all
import org.cellweave.dsl.correlationMatrix
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.dptTimeseries
import org.cellweave.dsl.embedding
import org.cellweave.dsl.embeddingDensity
import org.cellweave.dsl.filterRankGenesGroups
import org.cellweave.dsl.get
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.markerGeneOverlap
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.neighbors
import org.cellweave.dsl.paga
import org.cellweave.dsl.pagaCompare
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.rankGenesGroupsDf
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.rankGenesGroupsHeatmap
import org.cellweave.dsl.rankGenesGroupsMatrixplot
import org.cellweave.dsl.rankGenesGroupsStackedViolin
import org.cellweave.dsl.rankGenesGroupsTracksplot
import org.cellweave.dsl.rankGenesGroupsViolin
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.scoreGenes
import org.cellweave.dsl.stackedViolin
import org.cellweave.dsl.tracksplot
import org.cellweave.dsl.violin
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** Which genes, groups and values figures and their verbs choose. */
class PanelChoicesTest {
    @RegisterExtension
    private val said = HeardMessages()

    private fun genes(figure: Figure): List<Any?> =
        Specs
            .layers(Specs.plots(figure).single())
            .first { "gene" in (it["data"] as Map<*, *>) }
            .let { Specs.column(it, "gene").distinct() }

    private fun texts(figure: Figure): List<Any?> =
        Specs.plots(figure).flatMap { plot ->
            Specs.layers(plot).filter { it["geom"] == "text" }.flatMap { Specs.column(it, "label") }
        }

    @Test
    fun `a name of several genes is refused in every figure, table and score`() {
        val a = panelCells()
        a.`var`.names = listOf("A", "B", "A", "D")
        sc.tl.rankGenesGroups(a, "g")
        val line = "var_names['A'] stands for 2 genes (positions 0, 2), so that it names none of them. " +
            "Call adata.varNamesMakeUnique() first."
        val verbs = listOf<() -> Any>(
            { sc.pl.dotplot(a, listOf("A", "B"), "g") },
            { sc.pl.matrixplot(a, "A", "g") },
            { sc.pl.heatmap(a, "A", "g") },
            { sc.pl.stackedViolin(a, "A", "g") },
            { sc.pl.tracksplot(a, "A", "g") },
            { sc.pl.violin(a, listOf("B", "A"), "g") },
            { sc.pl.embedding(a, "umap", color = "A") },
            { sc.pl.scatter(a, "A", "B") },
            { sc.pl.rankGenesGroupsDotplot(a, nGenes = 4) },
            { sc.pl.rankGenesGroupsViolin(a, nGenes = 4) },
            { sc.tl.dendrogram(a, "g", varNames = listOf("A", "B")) },
            { sc.tl.scoreGenes(a, listOf("A", "B")) },
            { sc.tl.filterRankGenesGroups(a) },
        )
        for (verb in verbs) refusing(line, verb)
        // A name asked for twice is no such name.
        assertThat(genes(sc.pl.dotplot(a, listOf("B", "D", "B"), "g"))).containsExactly("B", "D")
    }

    @Test
    fun `symbols are those of var, whatever the values come from`() {
        val a = panelCells()
        a.setRaw(a)
        val b = a[all, listOf("A", "B", "D")].copy()
        b.`var`["symbol"] = StringColumn.of("one", "two", "two")
        for (useRaw in listOf(null, true, false)) {
            val figure = sc.pl.dotplot(b, "one", "g", geneSymbols = "symbol", useRaw = useRaw)
            assertThat(genes(figure)).containsExactly("one")
            sc.pl.embedding(b, "umap", color = listOf("one", "B"), geneSymbols = "symbol", useRaw = useRaw)
            refusing("var['symbol']['two'] stands for 2 genes ('B', 'D')") {
                sc.pl.matrixplot(b, "two", "g", geneSymbols = "symbol", useRaw = useRaw)
            }
        }
        refusing("var['symbol']['three'] is missing; var['symbol'] has [one, two]") {
            sc.pl.matrixplot(b, "three", "g", geneSymbols = "symbol")
        }
        refusing("var['symbols'] is missing; var has [symbol]") {
            sc.pl.matrixplot(b, "one", "g", geneSymbols = "symbols")
        }
        b.`var`["symbol"] = StringColumn.of("one", "two", "four")
        sc.tl.rankGenesGroups(b, "g")
        // Gene C is in raw alone and has no symbol.
        assertThat(
            sc.get
                .rankGenesGroupsDf(b, "a", geneSymbols = "symbol")["symbol"]
                .texts()
                .toSet(),
        ).isEqualTo(setOf("one", "two", "four", "NaN"))
        assertThat(genes(sc.pl.rankGenesGroupsMatrixplot(b, nGenes = 1, geneSymbols = "symbol")))
            .containsExactlyInAnyOrder("one", "two", "C")
        sc.tl.rankGenesGroups(b, "g", useRaw = false)
        assertThat(genes(sc.pl.rankGenesGroupsMatrixplot(b, "a", 1, geneSymbols = "symbol", useRaw = false)))
            .containsExactly("one")
    }

    @Test
    fun `categories without cells have no row`() {
        val a = panelCells()
        assertThat(rowsOf(sc.pl.dotplot(a, "A", "g"))).containsExactly("a", "b", "c")
        val order = listOf("c", "empty", "a", "b")
        assertThat(rowsOf(sc.pl.matrixplot(a, "A", "g", categoriesOrder = order))).containsExactly("c", "a", "b")
        refusing("categoriesOrder must list every group once; groups are [a, b, c], got [a, b]") {
            sc.pl.matrixplot(a, "A", "g", categoriesOrder = listOf("a", "b"))
        }
        // the empty group would be the least of all
        val scaled = Specs
            .layers(Specs.plots(sc.pl.matrixplot(a, "A", "g", standardScale = "var")).single())
            .first { "gene" in (it["data"] as Map<*, *>) }
        assertThat(Specs.column(scaled, "value")).contains(0.0, 1.0).hasSize(3)
        val colors = sc.pl.heatmap(a, "A", "g")
        assertThat(texts(colors)).contains("a", "b", "c").doesNotContain("empty")
        assertThat((a.uns["g_colors"] as NdArray).texts()).hasSize(4)
        for (figure in listOf(
            sc.pl.stackedViolin(a, "A", "g"), sc.pl.tracksplot(a, "A", "g"), sc.pl.correlationMatrix(a, "g"),
            sc.pl.dendrogram(a, "g"), sc.pl.heatmap(a, "A", "g", dendrogram = true),
        )) {
            assertThat(texts(figure)).contains("a", "b", "c").doesNotContain("empty")
        }
    }

    @Test
    fun `groups of a test are names, numbers, one or all`() {
        val a = panelCells()
        a.obs["k"] = CategoricalColumn(
            IntArray(24) { it % 3 }, StringColumn.of("0", "1", "2", "3"), false,
        )

        fun tested(groups: Any?, reference: Any = "rest"): Set<String> {
            sc.tl.rankGenesGroups(a, "k", groups = groups, reference = reference)
            return ((a.uns["rank_genes_groups"] as Map<*, *>)["names"] as RecordArray).fields().keys
        }
        assertThat(tested(null)).containsExactly("0", "1", "2")
        assertThat(tested("all")).containsExactly("0", "1", "2")
        assertThat(tested(listOf(2, 0), 1)).containsExactlyInAnyOrder("2", "0")
        assertThat(tested(1)).containsExactly("1")
        refusing("groups must have cells, but obs['k'] has none of '3'") { tested(listOf("0", "3")) }
        refusing("reference must have cells, but obs['k'] has none of '3'") { tested(null, 3) }
        refusing("groups must be among [0, 1, 2], got '4'.") { tested(4) }
        tested("all")
        refusing("['names']['7', '8'] are missing; uns['rank_genes_groups']['names'] has [0, 1, 2].") {
            sc.get.rankGenesGroupsDf(a, listOf(7, 0, 8))
        }
        assertThat(sc.get.rankGenesGroupsDf(a, 1).nRows()).isEqualTo(4)
        assertThat(texts(sc.pl.rankGenesGroups(a, groups = 1))).containsExactlyInAnyOrder("A", "B", "C", "D")
    }

    private fun filtered(): AnnData {
        val a = panelCells()
        sc.tl.rankGenesGroups(a, "g")
        val stored = a.uns["rank_genes_groups"] as Map<*, *>
        val names = stored["names"] as RecordArray
        val gaps = RecordArray(4)
            .with("a", NdArray.of("nan", names.get("a").texts()[1], "nan", names.get("a").texts()[3]))
            .with("b", NdArray.of("nan", "nan", "nan", "nan"))
            .with("c", names.get("c"))
        a.uns["rank_genes_groups_filtered"] = LinkedHashMap(stored).also { it["names"] = gaps }
        return a
    }

    @Test
    fun `markers that were filtered out are skipped`() {
        said.listen()
        val a = filtered()
        val key = "rank_genes_groups_filtered"
        val kept = listOf(1, 3).map {
            ((a.uns["rank_genes_groups"] as Map<*, *>)["names"] as RecordArray).get("a").texts()[it]
        }
        assertThat(genes(sc.pl.rankGenesGroupsDotplot(a, groups = "a", key = key))).isEqualTo(kept)
        assertThat(genes(sc.pl.rankGenesGroupsMatrixplot(a, listOf("a", "b"), key = key))).isEqualTo(kept)
        assertThat(said).anyMatch { it == "WARNING: No genes found for group b" }
        for (figure in listOf(
            sc.pl.rankGenesGroups(a, key = key), sc.pl.rankGenesGroupsHeatmap(a, nGenes = 2, key = key),
            sc.pl.rankGenesGroupsStackedViolin(a, nGenes = 2, key = key),
            sc.pl.rankGenesGroupsTracksplot(a, nGenes = 2, key = key),
            sc.pl.rankGenesGroupsViolin(a, nGenes = 2, key = key),
        )) {
            assertThat(texts(figure)).doesNotContain("nan")
        }
        val table = sc.get.rankGenesGroupsDf(a, null, key)
        assertThat(table["group"].texts().toList()).isEqualTo(List(2) { "a" } + List(4) { "c" })
        val whole = sc.get.rankGenesGroupsDf(a, "a")
        assertThat(table["scores"].toDoubles().take(2)).isEqualTo(listOf(1, 3).map { whole["scores"].toDoubles()[it] })
        val overlap = sc.tl.markerGeneOverlap(a, mapOf("x" to kept, "y" to kept[0], "z" to listOf("nan")), key)
        assertThat(overlap["a"].toDoubles()).containsExactly(2.0, 1.0, 0.0)
        assertThat(overlap["b"].toDoubles()).containsExactly(0.0, 0.0, 0.0)
        val all = filtered().also { b ->
            val none = RecordArray(1).with("a", NdArray.of("nan")).with("b", NdArray.of("nan"))
            b.uns[key] = LinkedHashMap(b.uns[key] as Map<*, *>).also { it["names"] = none }
        }
        for (figure in listOf(
            sc.pl.rankGenesGroupsDotplot(all, key = key), sc.pl.rankGenesGroupsMatrixplot(all, key = key),
            sc.pl.rankGenesGroupsHeatmap(all, key = key), sc.pl.rankGenesGroupsStackedViolin(all, key = key),
            sc.pl.rankGenesGroupsTracksplot(all, key = key), sc.pl.rankGenesGroups(all, key = key),
            sc.pl.rankGenesGroupsViolin(all, key = key),
        )) {
            assertThat(texts(figure)).containsExactly("No genes found in uns['$key']")
            figure.toSvg()
        }
        assertThat(sc.get.rankGenesGroupsDf(all, null, key).nRows()).isZero
    }

    @Test
    fun `fractions below 0 or above 1 let all genes pass`() {
        val a = panelCells()
        sc.tl.rankGenesGroups(a, "g")
        sc.tl.filterRankGenesGroups(
            a, minInGroupFraction = -1.0, maxOutGroupFraction = 2.0, minFoldChange = -100.0,
        )
        assertThat(sc.get.rankGenesGroupsDf(a, null, "rank_genes_groups_filtered").nRows()).isEqualTo(12)
    }

    @Test
    fun `a graph of groups has no node for a category without cells`() {
        val a = panelCells()
        sc.pp.neighbors(a, nNeighbors = 6)
        sc.tl.paga(a, "g")
        val links = (a.uns["paga"] as Map<*, *>)["connectivities"] as org.cellweave.matrix.CsrMatrix
        assertThat(listOf(links.nRows(), links.nCols())).containsExactly(4, 4)
        assertThat(links.rowSums()[0]).isZero
        assertThat((a.uns["g_sizes"] as NdArray).toDoubles()).containsExactly(0.0, 8.0, 8.0, 8.0)
        val figure = sc.pl.paga(a)
        assertThat(texts(figure)).containsExactly("a", "b", "c")
        // as the file that scanpy writes, and one with the groups that have cells alone
        assertThat(((a.uns["paga"] as Map<*, *>)["pos"] as NdArray).shape()).containsExactly(4, 2)
        assertThat(texts(sc.pl.pagaCompare(a)).takeLast(3)).containsExactly("a", "b", "c")
        a.uns["paga"] = LinkedHashMap(a.uns["paga"] as Map<*, *>).also {
            it["connectivities"] = links.takeRows(intArrayOf(1, 2, 3)).takeCols(intArrayOf(1, 2, 3)).toCsr()
        }
        assertThat(texts(sc.pl.paga(a, pos = listOf(0 to 0, 1 to 1, 2 to 0)))).containsExactly("a", "b", "c")
        refusing("root must have cells, but group 'empty' of obs['g'] has none") {
            sc.pl.paga(a, layout = "rt", root = "empty")
        }
    }

    @Test
    fun `densities name the group that has none`() {
        val a = panelCells()
        sc.tl.embeddingDensity(a, groupby = "g")
        val panels = Specs.plots(sc.pl.embeddingDensity(a, groupby = "g"))
        assertThat(panels.map(Specs::title)).containsExactly("a", "b", "c")
        refusing("group must have cells, but obs['g'] has none of 'empty'") {
            sc.pl.embeddingDensity(a, groupby = "g", group = "empty")
        }
        val rare = IntArray(24) { if (it == 0) 1 else 0 }
        a.obs["t"] = CategoricalColumn(rare, StringColumn.of("common", "rare type"), false)
        refusing("group 'rare type' of obs['t'] has 1 cell, so that it has no density in the plane") {
            sc.tl.embeddingDensity(a, groupby = "t")
        }
    }

    @Test
    fun `all missing keys stand in one message`() {
        val a = panelCells()
        refusing("obs['x', 'y'] are missing; obs has [g]. They are not genes either.") {
            sc.pl.embedding(a, "umap", color = listOf("x", "A", "y"))
        }
        refusing("obs['x', 'y'] are missing; obs has [g]. They are not genes either.") {
            sc.pl.violin(a, listOf("x", "y"))
        }
        refusing("var_names['x', 'y'] are missing; var_names has [A, B, C, D].") {
            sc.pl.dotplot(a, listOf("x", "y", "x"), "g")
        }
        refusing("obs['x', 'y'] are missing; obs has [g].") { sc.pl.dotplot(a, "A", listOf("x", "g", "y")) }
    }

    @Test
    fun `cells are groups of their own by the name of the index`() {
        val a = panelCells()[0..4, all].copy()
        assertThat(rowsOf(sc.pl.dotplot(a, "A", "index"))).containsExactly("cell0", "cell1", "cell2", "cell3", "cell4")
        a.obs.indexName = "barcode"
        assertThat(rowsOf(sc.pl.dotplot(a, "A", "barcode"))).hasSize(5)
    }

    @Test
    fun `numbers are cut into intervals that hold their upper ends, as pandas does`() {
        val a = panelCells()
        a.obs["n"] = NumericColumn.of(*DoubleArray(24) { (it % 8).toDouble() })
        // edges -0.007, 1, 2, ..., 7: 0 and 1 are in the first
        val figure = sc.pl.matrixplot(a, "A", "n", numCategories = 7)
        assertThat(rowsOf(figure).first()).isEqualTo("(-0.007, 1]")
        assertThat(rowsOf(figure)).hasSize(7)
        a.obs["n"] = NumericColumn.of(*DoubleArray(24) { if (it < 12) 0.0 else 9.0 })
        assertThat(rowsOf(sc.pl.matrixplot(a, "A", "n", numCategories = 3))).containsExactly("(-0.009, 3]", "(6, 9]")
    }

    @Test
    fun `a missing value counts in no mean`() {
        val x = DenseMatrix.wrap(floatArrayOf(1f, Float.NaN, 5f, 4f), 4, 1)
        val a = AnnData(x)
        a.`var`.names = listOf("A")
        a.obs["g"] = CategoricalColumn.ofTexts("a", "a", "b", "b")
        val layer = Specs
            .layers(Specs.plots(sc.pl.matrixplot(a, "A", "g")).single())
            .first { "gene" in (it["data"] as Map<*, *>) }
        assertThat(Specs.column(layer, "value")).containsExactly(1.0, 4.5)
    }

    @Test
    fun `scatter takes genes and obs columns, or cells and var columns`() {
        val a = panelCells()
        val figure = sc.pl.scatter(a, "cell0", "cell1")
        val dots = Specs.plots(figure).single()
        assertThat(dots.toString()).contains("cell0", "cell1")
        a.`var`["n"] = NumericColumn.of(1.0, 2.0, 3.0, 4.0)
        sc.pl.scatter(a, "cell0", "n", color = "n")
        sc.pl.scatter(a, "A", "B", color = "red")
        sc.pl.scatter(a, "A", "B", color = "g", layers = listOf("X", "X", "X"))
        refusing("x, y and color must all be columns of obs and genes, or all columns of var and cells, but [cell0]") {
            sc.pl.scatter(a, "A", "cell0")
        }
        refusing("obs['none', 'nothing'] are missing") { sc.pl.scatter(a, "none", "nothing") }
        a.obs.names = listOf("twice", "twice") + List(22) { "c$it" }
        refusing("obs_names['twice'] stands for 2 cells (positions 0, 1)") { sc.pl.scatter(a, "twice", "c1") }
    }

    @Test
    fun `dimensions go side by side with colours, components with every colour`() {
        val a = panelCells()
        a.obsm["X_pca"] = DenseMatrix.wrap(FloatArray(24 * 4) { (it % 13).toFloat() }, 24, 4)

        fun panels(color: Any, dimensions: Any? = null, components: Any? = null) =
            sc.pl.embedding(a, "pca", color = color, dimensions = dimensions, components = components).size
        val pairs = listOf(0 to 1, 1 to 2, 2 to 3)
        assertThat(panels(listOf("A", "B", "C"), pairs)).isEqualTo(3)
        assertThat(panels("A", pairs)).isEqualTo(3)
        assertThat(panels(listOf("A", "B"), listOf(2 to 3))).isEqualTo(2)
        assertThat(panels(listOf("A", "B"), components = listOf("1,2", "2,3"))).isEqualTo(4)
        refusing("dimensions must have one pair, or one for each color (2), got 3") { panels(listOf("A", "B"), pairs) }
    }

    @Test
    fun `colours too few for the categories are made anew`() {
        said.listen()
        val a = panelCells()
        a.uns["g_colors"] = listOf("#ff0000", "#00ff00")
        sc.pl.embedding(a, "umap", color = "g")
        assertThat(said).containsExactly(
            "WARNING: uns['g_colors'] has 2 colours, but obs['g'] has 4 categories; the default palette replaces it",
        )
        assertThat((a.uns["g_colors"] as NdArray).texts()).hasSize(4).doesNotContain("#ff0000")
    }

    @Test
    fun `series of many genes are drawn with a warning`() {
        said.listen()
        val a = AnnData(DenseMatrix.wrap(FloatArray(10 * 120) { (it % 7).toFloat() }, 10, 120))
        a.obs["dpt_pseudotime"] = NumericColumn.of(*DoubleArray(10) { it / 10.0 })
        assertThat(sc.pl.dptTimeseries(a).size).isEqualTo(1)
        assertThat(said).anyMatch { "Plotting more than 100 genes" in it }
    }

    @Test
    fun `a map of genes wins over labels`() {
        said.listen()
        val a = panelCells()
        val figure = sc.pl.dotplot(
            a, mapOf("first" to "A", "second" to listOf("B", "C")), "g", varGroupPositions = listOf(0 to 1),
            varGroupLabels = listOf("other"),
        )
        assertThat(texts(figure)).contains("first", "second").doesNotContain("other")
        assertThat(said).anyMatch { "varGroupPositions and varGroupLabels are not used" in it }
        assertThatThrownBy { sc.pl.dotplot(a, "Q", "g") }.isInstanceOf(MissingKeyException::class.java)
    }
}
