package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.Raw
import org.cellweave.data.StringColumn
import org.cellweave.dsl.embedding
import org.cellweave.dsl.pca
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test

class EmbeddingTest {
    private fun uns(adata: org.cellweave.data.AnnData, key: String) = (adata.uns[key] as NdArray).texts().asList()

    @Test
    fun colorsAreChosenByTheNumberOfCategoriesAndKept() {
        val expected = mapOf(3 to "#2ca02c", 15 to "#279e68", 25 to "#bec1d4", 60 to "#ff34ff")
        for ((n, third) in expected) {
            val adata = FigureSamples.cells(120)
            val names = Array(n) { "k$it" }
            adata.obs.set("many", CategoricalColumn(IntArray(120) { it % n }, StringColumn.of(*names), false))
            sc.pl.umap(adata, color = "many")
            assertThat(uns(adata, "many_colors")).hasSize(n).element(2).isEqualTo(third)
        }
        val adata = FigureSamples.cells(120)
        adata.obs.set("c", CategoricalColumn(IntArray(120), StringColumn.of(*Array(103) { "k$it" }), false))
        sc.pl.umap(adata, color = "c")
        assertThat(uns(adata, "c_colors")).hasSize(103).containsOnly("#808080")
    }

    @Test
    fun `null among colours is a panel without`() {
        val figure = sc.pl.umap(FigureSamples.cells(30), color = listOf(null, "group"), title = listOf("all", "groups"))
        val plots = Specs.plots(figure)
        assertThat(plots.map { Specs.title(it) }).containsExactly("all", "groups")
        assertThat(Drawing(figure).texts).contains("a", "b", "c")
    }

    @Test
    fun storedColorsAreUsedAndPalettesReplaceThem() {
        val adata = FigureSamples.cells(30)
        adata.uns["group_colors"] = NdArray.of("red", "#00FF00", "tab:blue")
        val plot = Specs.plots(sc.pl.umap(adata, color = "group")).single()
        assertThat(Specs.scale(plot, "color")["values"]).isEqualTo(listOf("#ff0000", "#00ff00", "#1f77b4"))
        sc.pl.umap(adata, color = "group", palette = "Set1")
        assertThat(uns(adata, "group_colors")).startsWith("#e41a1c")
        sc.pl.umap(adata, color = "group", palette = mapOf("a" to "k", "b" to "0.5", "c" to "C1"))
        assertThat(uns(adata, "group_colors")).containsExactly("#000000", "#808080", "#ff7f0e")
        sc.pl.umap(adata, color = "group", palette = listOf("red", "blue"))
        assertThat(uns(adata, "group_colors")).containsExactly("#ff0000", "#0000ff", "#ff0000")
        sc.pl.umap(adata, color = "group", palette = "viridis")
        assertThat(uns(adata, "group_colors").first()).isEqualTo("#440154")
        adata.uns["group_colors"] = NdArray.of("red")
        sc.pl.umap(adata, color = "group")
        assertThat(uns(adata, "group_colors")).hasSize(3).startsWith("#1f77b4")
    }

    @Test
    fun largestValuesAreDrawnLastAndMissingOnesFirst() {
        val adata = FigureSamples.cells(5)
        adata.obs.set("v", NumericColumn.of(3.0, Double.NaN, 9.0, 1.0, 4.0))
        val layer = Specs.layers(Specs.plots(sc.pl.umap(adata, color = "v")).single()).single()
        assertThat(Specs.column(layer, "color")).containsExactly(null, 1.0, 3.0, 4.0, 9.0)
        val plain = Specs.layers(Specs.plots(sc.pl.umap(adata, color = "v", sortOrder = false)).single()).single()
        assertThat(Specs.column(plain, "color")).containsExactly(3.0, null, 9.0, 1.0, 4.0)
        assertThat(layer["sampling"]).isEqualTo("none")
    }

    @Test
    fun limitsAreNumbersPercentilesOrLists() {
        val adata = FigureSamples.cells(101)
        adata.obs.set("v", NumericColumn.of(*DoubleArray(101) { it.toDouble() }))

        fun limits(vmin: Any?, vmax: Any?, color: Any = "v") =
            Specs.plots(sc.pl.umap(adata, color = color, vmin = vmin, vmax = vmax)).map {
                Specs.scale(it, "color")["limits"]
            }
        assertThat(limits(null, null)).containsExactly(listOf(0.0, 100.0))
        assertThat(limits("p1", "p99")).containsExactly(listOf(1.0, 99.0))
        assertThat(limits(-5, "p99.5")).containsExactly(listOf(-5.0, 99.5))
        assertThat(limits(null, listOf(50, null), listOf("v", "v")))
            .containsExactly(listOf(0.0, 50.0), listOf(0.0, 100.0))
        val clipped = Specs.plots(sc.pl.umap(adata, color = "v", vmin = 10, vmax = 20)).single()
        assertThat(Specs.column(Specs.layers(clipped).single(), "color").map { it as Double }).allMatch {
            it in 10.0..20.0
        }
    }

    @Test
    fun colorsNeverFallOutsideTheScale() {
        val adata = FigureSamples.cells(40)
        adata.obs.set("v", NumericColumn.of(*DoubleArray(40) { 0.1 + it / 3.0 }))
        val plot = Specs.plots(sc.pl.umap(adata, color = "v")).single()
        val (low, high) = Specs.scale(plot, "color")["limits"] as List<*>
        assertThat(Specs.column(Specs.layers(plot).last(), "color").map { it as Double })
            .allMatch { it >= low as Double && it <= high as Double }
    }

    @Test
    fun theCentreGetsTheMiddleColor() {
        val adata = FigureSamples.cells(30)
        val plot =
            Specs.plots(sc.pl.umap(adata, color = "score", cmap = "bwr", vmin = 0, vcenter = 16, vmax = 64)).single()
        val colors = Specs.scale(plot, "color")["colors"] as List<*>
        assertThat(colors).hasSize(65).startsWith("#0000ff").endsWith("#ff0000")
        // The 129th of 256 colours, as in matplotlib; the centre is in the middle of the bar.
        assertThat(colors[32]).isEqualTo("#fffefe")
        assertThat(Specs.column(Specs.layers(plot).single(), "color")).contains(0.5)
        assertThat(Specs.barLabels(plot)).contains("16")
    }

    @Test
    fun otherGroupsTurnGrey() {
        val adata = FigureSamples.cells(30)
        val plot = Specs.plots(sc.pl.umap(adata, color = "group", groups = "b", naColor = "silver")).single()
        val scale = Specs.scale(plot, "color")
        assertThat(scale["limits"]).isEqualTo(listOf("b", "NA"))
        assertThat(scale["values"]).isEqualTo(listOf("#ff7f0e", "#c0c0c0"))
        val drawn = Specs.column(Specs.layers(plot).last(), "color")
        assertThat(drawn.take(20)).containsOnly("NA")
        assertThat(drawn.drop(20)).containsOnly("b")
        val hidden = Specs.plots(sc.pl.umap(adata, color = "group", groups = "b", naInLegend = false)).single()
        assertThat(Specs.scale(hidden, "color")["breaks"]).isEqualTo(listOf("b"))
    }

    @Test
    fun maskedCellsTurnGreyAndEdgesLieBelow() {
        val adata = FigureSamples.cells(4)
        val links = doubleArrayOf(0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        adata.obsp.set("connectivities", DenseMatrix.wrap(links, 4, 4))
        val mask = booleanArrayOf(true, false, true, false)
        val plot = Specs.plots(sc.pl.umap(adata, color = "group", maskObs = mask, edges = true)).single()
        assertThat(Specs.geoms(plot)).containsExactly("segment", "point")
        assertThat(Specs.column(Specs.layers(plot)[0], "x")).hasSize(2)
        assertThat(Specs.column(Specs.layers(plot)[1], "color")).containsExactly("NA", "NA", "a", "c")
    }

    @Test
    fun labelsStandAtTheMedian() {
        val adata = FigureSamples.cells(30)
        adata.obsm.set(
            "X_umap", DenseMatrix.wrap(DoubleArray(60) { if (it % 2 == 0) (it / 2).toDouble() else -1.0 }, 30, 2),
        )
        val figure = sc.pl.umap(adata, color = "group", legendLoc = "on data", legendFontoutline = 2)
        val plot = Specs.plots(figure).single()
        val texts = Specs.layers(plot).filter { it["geom"] == "text" }
        assertThat(texts).hasSize(13)
        assertThat(texts.last()["fontface"]).isEqualTo("bold")
        assertThat(Specs.column(texts.last(), "label")).containsExactly("a", "b", "c")
        assertThat(Specs.column(texts.last(), "x")).containsExactly(13.5, 14.5, 15.5)
        assertThat(Specs.scale(plot, "color")["guide"]).isEqualTo("none")
    }

    @Test
    fun panelsHaveTitlesLabelsAndOutlines() {
        val adata = FigureSamples.cells(30)
        adata.obsm.set("X_pca", DenseMatrix.wrap(DoubleArray(90) { it % 7.0 }, 30, 3))
        adata.uns["pca"] = mapOf("variance_ratio" to NdArray.of(0.5, 0.25, 0.125))
        val figure = sc.pl.pca(
            adata,
            color =
                listOf("group", "Ga"),
            components =
                listOf("1,2", "2,3"),
            annotateVarExplained = true, addOutline = true,
        )
        val plots = Specs.plots(figure)
        assertThat(plots.map { Specs.title(it) }).containsExactly("group", "group", "Ga", "Ga")
        assertThat(plots.map { Specs.scale(it, "x")["name"] as String }).containsExactly(
            "PC1 (50.00%)", "PC2 (25.00%)", "PC1 (50.00%)", "PC2 (25.00%)",
        )
        assertThat(Specs.geoms(plots[0])).containsExactly("point", "point", "point")
        val bare = Specs.plots(sc.pl.umap(adata, color = "group", frameon = false, title = "T")).single()
        assertThat(Specs.title(bare)).isEqualTo("T")
        assertThat(Specs.scale(bare, "x")["name"]).isEqualTo("")
        val named = Specs.plots(sc.pl.embedding(adata, "X_pca", dimensions = 2 to 0)).single()
        assertThat(Specs.scale(named, "x")["name"]).isEqualTo("PC3")
    }

    @Test
    fun genesComeFromRawUnlessToldOtherwise() {
        val adata = FigureSamples.cells(6)
        adata.raw = Raw.of(DenseMatrix.wrap(FloatArray(6) { 100f + it }, 6, 1), DataFrame.ofNames("Ga"))
        adata.layers.set("counts", DenseMatrix.wrap(FloatArray(24) { 7f }, 6, 4))

        fun values(useRaw: Boolean?, layer: String?): List<Double> {
            val plot = Specs.plots(sc.pl.umap(adata, color = "Ga", useRaw = useRaw, layer = layer)).single()
            return Specs.column(Specs.layers(plot).last(), "color").map { it as Double }
        }
        assertThat(values(null, null)).containsExactly(100.0, 101.0, 102.0, 103.0, 104.0, 105.0)
        assertThat(values(false, null)).allMatch { it < 10 }
        assertThat(values(null, "counts")).containsOnly(7.0)
        adata.`var`.set("symbol", StringColumn.of("S1", "S2", "S3", "S4"))
        assertThat(Specs.plots(sc.pl.umap(adata, color = "S3", geneSymbols = "symbol", useRaw = false))).hasSize(1)
        assertThatThrownBy { sc.pl.umap(adata, color = "Gb") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { sc.pl.umap(adata, color = "Ga", useRaw = true, layer = "counts") }
            .hasMessage("useRaw = true and layer = 'counts' exclude each other; give one of them")
    }

    @Test
    fun mistakesGetOneLineEach() {
        val adata = FigureSamples.cells(9)
        adata.obs.set("leiden", CategoricalColumn(IntArray(9), StringColumn.of("0"), false))

        fun message(expected: String, body: () -> Any) = assertThatThrownBy { body() }.hasMessageContaining(expected)
        message("Did you mean 'leiden'? It is not a gene either. Run sc.tl.leiden() first.") {
            sc.pl.umap(adata, color = "leidn")
        }
        message("It is not a gene either. Did you mean 'Gd'?") { sc.pl.umap(adata, color = "Gdd") }
        adata.obs.set("Gdx", NumericColumn.of(*DoubleArray(9)))
        message("Did you mean 'Gdx'? It is not a gene either. Did you mean 'Gd'?") {
            sc.pl.umap(adata, color = "Gdy")
        }
        adata.obs.remove("Gdx")
        message("Run sc.pp.neighbors(keyAdded = \"other\") first.") {
            sc.pl.umap(adata, edges = true, neighborsKey = "other")
        }
        message("obsm['X_tsne'] is missing; obsm has [X_umap]. Run sc.tl.tsne() first.") {
            sc.pl.embedding(adata, "tsne")
        }
        message("Run sc.tl.umap() first.") {
            sc.pl.umap(org.cellweave.data.AnnData(DenseMatrix.wrap(FloatArray(4), 2, 2)))
        }
        message("uns['pca'] is missing") {
            adata.obsm.set("X_pca", DenseMatrix.wrap(DoubleArray(18), 9, 2))
            sc.pl.pca(adata, annotateVarExplained = true)
        }
        message("got 'on dta'. Did you mean 'on data'?") {
            sc.pl.umap(adata, color = "group", legendLoc = "on dta")
        }
        message("cmap 'viridiss' is not known. Did you mean 'viridis'?") {
            sc.pl.umap(adata, color = "score", cmap = "viridiss")
        }
        message("palette 'tab30' is not known. Did you mean 'tab10'?") {
            sc.pl.umap(adata, color = "group", palette = "tab30")
        }
        message("palette has no colour for category 'b'") {
            sc.pl.umap(adata, color = "group", palette = mapOf("a" to "red"))
        }
        message("naColor must be a colour name or #rrggbb, got 'lightgrai'. Did you mean 'lightgray'?") {
            sc.pl.umap(adata, color = "group", naColor = "lightgrai")
        }
        message("vmax must be a number, a percentile such as \"p99\"") {
            sc.pl.umap(adata, color = "score", vmax = "99%")
        }
        message("vmin must not exceed vmax, got 5.0 and 1.0") { sc.pl.umap(adata, color = "score", vmin = 5, vmax = 1) }
        message("vcenter must lie between") { sc.pl.umap(adata, color = "score", vcenter = 900, vmax = 800) }
        message("groups of 'group'['z'] is missing") { sc.pl.umap(adata, color = "group", groups = listOf("a", "z")) }
        message("components must look like \"1,2\"") { sc.pl.umap(adata, components = "12") }
        message("components must lie in 1..2 for obsm['X_umap'], got 3") { sc.pl.umap(adata, components = "1,3") }
        message("components and dimensions exclude each other") {
            sc.pl.umap(adata, components = "1,2", dimensions = 0 to 1)
        }
        message("ncols must be positive, got 0") { sc.pl.umap(adata, ncols = 0) }
        message("size must not be negative and must be finite, got -1.0") { sc.pl.umap(adata, size = -1) }
        message("alpha must lie in 0..1, got 2.0") { sc.pl.umap(adata, alpha = 2.0) }
        message("title must have one entry per panel (1), got 2") { sc.pl.umap(adata, title = listOf("a", "b")) }
        message("useRaw = true, but adata.raw is not set") { sc.pl.umap(adata, color = "Ga", useRaw = true) }
        message("maskObs hides the colour of cells") { sc.pl.umap(adata, maskObs = BooleanArray(9)) }
        message("maskObs has length 3") { sc.pl.umap(adata, color = "score", maskObs = BooleanArray(3)) }
        message("Run sc.pp.neighbors() first.") { sc.pl.umap(adata, edges = true) }
        message("obs['3'] is missing") { sc.pl.umap(adata, color = 3) }
        message("color must be a text or a list of texts, got Pair") { sc.pl.umap(adata, color = "a" to "b") }
    }
}
