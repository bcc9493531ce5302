package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.clustermap
import org.cellweave.dsl.correlationMatrix
import org.cellweave.dsl.dendrogram
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.TableLayout
import org.cellweave.dsl.plot.Tiles
import org.cellweave.dsl.rankGenesGroupsHeatmap
import org.cellweave.dsl.rankGenesGroupsMatrixplot
import org.cellweave.dsl.rankGenesGroupsStackedViolin
import org.cellweave.dsl.rankGenesGroupsTracksplot
import org.cellweave.dsl.rankGenesGroupsViolin
import org.cellweave.dsl.sc
import org.cellweave.dsl.stackedViolin
import org.cellweave.dsl.tracksplot
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.util.Base64
import javax.imageio.ImageIO

class TablesTest {
    /** Three cells of group a, two of b; genes G and H. */
    private fun adata(): AnnData {
        val x = floatArrayOf(2f, 0f, 4f, 0f, 9f, 3f, 0f, 1f, 1f, 2f)
        val out = AnnData(
            DenseMatrix.wrap(x, 5, 2), DataFrame.ofNames("1", "2", "3", "4", "5"), DataFrame.ofNames("G", "H"),
        )
        out.obs.set("g", CategoricalColumn(intArrayOf(0, 0, 0, 1, 1), StringColumn.of("a", "b"), false))
        out.obs.set("h", CategoricalColumn(intArrayOf(0, 1, 1, 1, 1), StringColumn.of("x", "y"), false))
        out.obs.set("n", NumericColumn.of(1.0, 2.0, 3.0, 4.0, 5.0))
        return out
    }

    private fun withTree(): AnnData {
        val out = adata()
        out.uns["dendrogram_g"] = mapOf(
            "linkage" to NdArray(DType.FLOAT64, intArrayOf(1, 4), doubleArrayOf(1.0, 0.0, 2.0, 2.0)),
            "categories_ordered" to NdArray.of("b", "a"),
            "correlation_matrix" to NdArray(DType.FLOAT64, intArrayOf(2, 2), doubleArrayOf(1.0, -0.25, -0.25, 1.0)),
        )
        return out
    }

    private fun withRanks(): AnnData {
        val out = adata()
        out.uns["rank_genes_groups"] = mapOf(
            "params" to mapOf("groupby" to "g", "reference" to "rest", "use_raw" to false),
            "names" to RecordArray(2).with("a", NdArray.of("G", "H")).with("b", NdArray.of("H", "G")),
            "scores" to RecordArray(2).with("a", NdArray.of(5.0, -4.0)).with("b", NdArray.of(4.0, -5.0)),
            "logfoldchanges" to RecordArray(2).with("a", NdArray.of(2.0, -3.0)).with("b", NdArray.of(3.0, -2.0)),
            "pvals_adj" to RecordArray(2).with("a", NdArray.of(0.01, 0.1)).with("b", NdArray.of(0.001, 1.0)),
        )
        return out
    }

    private fun layers(figure: Figure, geom: String) =
        Specs.layers(Specs.plots(figure).single()).filter { it["geom"] == geom }

    private fun labels(figure: Figure) = layers(figure, "text").flatMap { Specs.column(it, "label") }

    /** A column of the table's cells. */
    private fun cells(figure: Figure, column: String): List<Any?> {
        val table = layers(figure, "rect").first { "group" in (it["data"] as Map<*, *>) }
        return Specs.column(table, column)
    }

    private fun image(figure: Figure) =
        ImageIO.read(
            ByteArrayInputStream(
                Base64.getDecoder().decode((layers(figure, "image").single()["href"] as String).substringAfter(',')),
            ),
        )

    private fun refuses(expected: String, body: () -> Any) =
        assertThatThrownBy { body() }.hasMessageContaining(expected)

    @Test
    fun matrixPlotsShowMeans() {
        val figure = sc.pl.matrixplot(adata(), listOf("G", "H"), "g")
        assertThat(cells(figure, "group")).containsExactly("a", "a", "b", "b")
        assertThat(cells(figure, "gene")).containsExactly("G", "H", "G", "H")
        assertThat(cells(figure, "value")).containsExactly(5.0, 1.0, 0.5, 1.5)
        assertThat(cells(figure, "fill").first()).isEqualTo(ColorMap.named("viridis").hex(1.0))
        assertThat(labels(figure)).contains("Mean expression", "in group", "a", "b", "G", "H")
        assertThat(figure.name).isEqualTo("matrixplot")
    }

    @Test
    fun optionsChangeTheMatrix() {
        fun values(figure: Figure) = cells(figure, "value")
        assertThat(values(sc.pl.matrixplot(adata(), listOf("G", "H"), "g", standardScale = "var")))
            .containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(values(sc.pl.matrixplot(adata(), listOf("G", "H"), "g", standardScale = "group")))
            .containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(cells(sc.pl.matrixplot(adata(), "G", "n", numCategories = 2), "group"))
            .containsExactly("(0.996, 3]", "(3, 5]")
        assertThat(cells(sc.pl.matrixplot(adata(), "G", listOf("g", "h")), "group"))
            .containsExactly("a_x", "a_y", "b_y")
        val turned = sc.pl
            .matrixplot(adata(), listOf("G", "H"), "g", swapAxes = true, categoriesOrder = listOf("b", "a"))
        assertThat(cells(turned, "group")).containsExactly("b", "b", "a", "a")
        val x = cells(turned, "xmin").map { it as Double }
        assertThat(x[0]).isEqualTo(x[1]).isLessThan(x[2])
        val log = values(sc.pl.matrixplot(adata(), "H", "g", log = true)).map { it as Double }
        assertThat(log[0]).isCloseTo(kotlin.math.ln(4.0) / 3, within(1e-9))
        val own = DataFrame.ofNames("b", "a")
        own.set("G", NumericColumn.of(7.0, 8.0))
        assertThat(values(sc.pl.matrixplot(adata(), "G", "g", valuesDf = own))).containsExactly(8.0, 7.0)
        val dots = layers(sc.pl.dotplot(adata(), "G", "g", dotColorDf = own), "point").first()
        assertThat(Specs.column(dots, "value")).containsExactly(8.0, 7.0)
        refuses("valuesDf columns['H'] is missing") { sc.pl.matrixplot(adata(), "H", "g", valuesDf = own) }
    }

    @Test
    fun bracketsComeFromMapsOrPositions() {
        val named = sc.pl.matrixplot(adata(), mapOf("first" to "G", "second" to listOf("H")), "g")
        val placed = sc.pl.matrixplot(
            adata(), listOf("G", "H"), "g",
            varGroupPositions = listOf(0 to 0, 1 to 1), varGroupLabels = listOf("first", "second"),
        )
        assertThat(placed.toSvg()).isEqualTo(named.toSvg())
        refuses("varGroupPositions and varGroupLabels must have the same length, got 1 and 0") {
            sc.pl.matrixplot(adata(), "G", "g", varGroupPositions = listOf(0 to 0))
        }
        refuses("varGroupPositions must be pairs within 0..0") {
            sc.pl.matrixplot(adata(), "G", "g", varGroupPositions = listOf(0 to 1), varGroupLabels = listOf("x"))
        }
    }

    @Test
    fun violinsAreColouredByMedians() {
        val figure = sc.pl.stackedViolin(adata(), listOf("G", "H"), "g")
        val shapes = layers(figure, "polygon")
        assertThat(shapes).hasSize(4)
        // Medians are 4, 0 in a and 0.5, 1.5 in b.
        val blues = ColorMap.named("Blues")
        assertThat(shapes.map { it["fill"] })
            .containsExactly(blues.hex(1.0), blues.hex(0.0), blues.hex(0.125), blues.hex(0.375))
        assertThat(labels(figure)).contains("Median expression")
        val rows = sc.pl.stackedViolin(adata(), listOf("G", "H"), "g", rowPalette = listOf("red", "blue"))
        assertThat(layers(rows, "polygon").map { it["fill"] })
            .containsExactly("#ff0000", "#ff0000", "#0000ff", "#0000ff")
        assertThat(layers(sc.pl.stackedViolin(adata(), "G", "g", stripplot = true), "image")).hasSize(1)
        assertThat(labels(sc.pl.stackedViolin(adata(), "G", "g", yticklabels = true))).contains("9")
    }

    @Test
    fun heatMapsShowCellsByGroup() {
        val adata = adata()
        adata.obs.set("g", CategoricalColumn(intArrayOf(1, 0, 1, 0, 1), StringColumn.of("a", "b"), false))
        val figure = sc.pl.heatmap(adata, listOf("G", "H"), "g")
        val picture = image(figure)
        val viridis = ColorMap.named("viridis")
        // Cells 2 and 4 are in a, then 1, 3, 5.
        val g = listOf(4.0, 0.0, 2.0, 9.0, 1.0)
        for (i in g.indices) {
            val y = ((i + 0.5) * picture.height / 5).toInt()
            assertThat(picture.getRGB(picture.width / 4, y) and 0xffffff).isEqualTo(viridis.rgb(g[i] / 9))
        }
        assertThat(adata.uns["g_colors"]).isNotNull
        assertThat(labels(figure)).contains("a", "b", "g", "G", "H")
        assertThat(labels(sc.pl.heatmap(adata, listOf("G", "H"), "g", showGeneLabels = false))).doesNotContain("G", "H")
        val wide = image(sc.pl.heatmap(adata, listOf("G", "H"), "g", swapAxes = true))
        assertThat(wide.width).isGreaterThan(wide.height)
        assertThat(wide.getRGB((3.5 * wide.width / 5).toInt(), 1) and 0xffffff).isEqualTo(viridis.rgb(1.0))
    }

    @Test
    fun manyCellsAreOnePicture() {
        val figure = sc.pl.heatmap(FigureSamples.cells(30_000), listOf("Ga", "Gb"), "group")
        assertThat(figure.toSvg().length).isLessThan(300_000)
        assertThat(layers(figure, "rect").sumOf { Specs.column(it, "fill").size }).isLessThan(100)
        val tracks = sc.pl.tracksplot(FigureSamples.cells(30_000), listOf("Ga", "Gb"), "group")
        assertThat(tracks.toSvg().length).isLessThan(300_000)
    }

    @Test
    fun aPixelShowsTheMeanOfItsCells() {
        val tiles = Tiles(400, 1, ColorMap.named("gray"), Limits(0.0, 1.0, null)) { r, _ -> (r % 2).toDouble() }
        val png = tiles
            .picture(
                org.cellweave.dsl.plot
                    .Box(0.0, 0.0, 1.0, 10.0),
            ).toPng()
        val picture = ImageIO.read(ByteArrayInputStream(png))
        assertThat(picture.getRGB(0, 7) and 0xffffff).isEqualTo(0x808080)
    }

    @Test
    fun tracksReachTheirValues() {
        val picture = image(sc.pl.tracksplot(adata(), listOf("G", "H"), "g"))
        // Of the five cells the third has the greatest value of both genes.
        val column = (2.5 * picture.width / 5).toInt()
        val painted = { x: Int, from: Int, to: Int -> (from until to).count { picture.getRGB(x, it) ushr 24 != 0 } }
        val half = picture.height / 2
        assertThat(painted(column, 0, half)).isGreaterThan(painted((0.5 * picture.width / 5).toInt(), 0, half) * 3)
        assertThat(painted(column, half, 2 * half)).isGreaterThan(30)
        assertThat(labels(sc.pl.tracksplot(adata(), listOf("G", "H"), "g"))).contains("9", "3")
    }

    @Test
    fun treesAndCorrelations() {
        val tree = sc.pl.dendrogram(withTree(), "g")
        assertThat(labels(tree)).containsExactly("b", "a")
        assertThat(layers(tree, "segment").single().let { Specs.column(it, "x") }).hasSize(3)
        assertThat(labels(sc.pl.dendrogram(withTree(), "g", removeLabels = true))).isEmpty()
        for (side in listOf("left", "right", "bottom")) {
            val turned = sc.pl.dendrogram(withTree(), "g", orientation = side)
            assertThat(turned.width > turned.height).isEqualTo(side != "bottom")
        }
        val matrix = sc.pl.correlationMatrix(withTree(), "g", showCorrelationNumbers = true)
        assertThat(cells(matrix, "group")).containsExactly("b", "b", "a", "a")
        assertThat(cells(matrix, "value")).containsExactly(1.0, -0.25, -0.25, 1.0)
        assertThat(labels(matrix)).contains("1.00", "-0.25")
        assertThat(cells(sc.pl.correlationMatrix(withTree(), "g", dendrogram = false), "group").first()).isEqualTo("a")
        refuses("orientation must be one of") { sc.pl.dendrogram(withTree(), "g", orientation = "up") }
        for (verb in listOf<(AnnData) -> Figure>({ sc.pl.dendrogram(it, "g") }, { sc.pl.correlationMatrix(it, "g") })) {
            val fresh = adata()
            assertThat(labels(verb(fresh))).contains("a", "b")
            assertThat(fresh.uns.keys).containsExactly("dendrogram_g")
        }
    }

    @Test
    fun clusterMapsSortBothAxes() {
        val figure = sc.pl.clustermap(adata(), obsKeys = "g")
        val names = labels(figure)
        // The third cell is far from all others and leaves the tree first.
        assertThat(names.filter { it in setOf("1", "2", "3", "4", "5") }.first()).isEqualTo("3")
        assertThat(names).contains("G", "H", "g", "a", "b")
        assertThat(layers(figure, "image")).hasSize(1)
        refuses("centroid, median], got 'averge'. Did you mean 'average'?") {
            sc.pl.clustermap(adata(), method = "averge")
        }
        refuses("obsKeys must name categorical columns, but obs['n'] holds numbers") {
            sc.pl.clustermap(adata(), obsKeys = "n")
        }
        refuses("clustermap needs 2 to 4000 cells, got 4001; subset the object first") {
            sc.pl.clustermap(FigureSamples.cells(4001))
        }
    }

    @Test
    fun topGenesInEveryForm() {
        val matrix = sc.pl.rankGenesGroupsMatrixplot(
            withRanks(), nGenes = 1, valuesToPlot = "logfoldchanges", cmap = "bwr", vmin = -3, vmax = 3,
        )
        assertThat(cells(matrix, "value")).containsExactly(2.0, -3.0, -2.0, 3.0)
        assertThat(labels(matrix)).contains("log fold change", "a", "b")
        val p = sc.pl.rankGenesGroupsMatrixplot(withRanks(), nGenes = 1, valuesToPlot = "log10_pvals_adj")
        assertThat(cells(p, "value").map { it as Double }[0]).isCloseTo(2.0, within(1e-9))
        assertThat(cells(sc.pl.rankGenesGroupsMatrixplot(withRanks(), nGenes = -1), "gene").take(2))
            .containsExactly("H", "G")
        assertThat(labels(sc.pl.rankGenesGroupsHeatmap(withRanks(), nGenes = 1))).contains("G", "H")
        assertThat(layers(sc.pl.rankGenesGroupsStackedViolin(withRanks(), nGenes = 1), "polygon")).hasSize(4)
        assertThat(labels(sc.pl.rankGenesGroupsTracksplot(withRanks(), groups = "a", minLogfoldchange = 0.0)))
            .contains("G")
            .doesNotContain("H")
        refuses("no gene has a log fold change above minLogfoldchange 9.0; lower it") {
            sc.pl.rankGenesGroupsHeatmap(withRanks(), minLogfoldchange = 9.0)
        }
        refuses("valuesToPlot must be one of") {
            sc.pl.rankGenesGroupsMatrixplot(withRanks(), valuesToPlot = "logfoldchange")
        }
        refuses("uns['rank_genes_groups'] is missing; uns is empty. Run sc.tl.rankGenesGroups() first.") {
            sc.pl.rankGenesGroupsHeatmap(adata())
        }
        refuses("uns['rank_genes_groups']['names']['c'] is missing") {
            sc.pl.rankGenesGroupsTracksplot(withRanks(), groups = "c")
        }
    }

    @Test
    fun topGenesAsSplitViolins() {
        val figure = sc.pl.rankGenesGroupsViolin(withRanks(), groups = "a", nGenes = 1, strip = false)
        val halves = layers(figure, "polygon")
        assertThat(halves).hasSize(2)
        assertThat(Specs.column(halves[0], "x").maxOf { it as Double }).isEqualTo(0.0)
        assertThat(Specs.column(halves[1], "x").minOf { it as Double }).isEqualTo(0.0)
        assertThat(Specs.column(halves[0], "y").maxOf { it as Double }).isEqualTo(9.0)
        assertThat(Specs.column(halves[1], "y").maxOf { it as Double }).isEqualTo(1.0)
        assertThat(Specs.title(Specs.plots(figure).single())).isEqualTo("a vs. rest")
        val apart = layers(
            sc.pl.rankGenesGroupsViolin(withRanks(), groups = "a", nGenes = 1, split = false), "polygon",
        )
        assertThat(Specs.column(apart[0], "x").maxOf { it as Double }).isLessThan(0.0)
        assertThat(sc.pl.rankGenesGroupsViolin(withRanks()).size).isEqualTo(2)
    }

    @Test
    fun theSameInputGivesTheSameText() {
        val figures = listOf<(AnnData) -> Figure>(
            { sc.pl.matrixplot(it, listOf("G", "H"), "g", dendrogram = true) },
            { sc.pl.stackedViolin(it, listOf("G", "H"), "g", jitter = true) },
            { sc.pl.heatmap(it, listOf("G", "H"), "g", dendrogram = true) },
            { sc.pl.tracksplot(it, listOf("G", "H"), "g") },
            { sc.pl.clustermap(it, obsKeys = "g") },
            { sc.pl.correlationMatrix(it, "g") },
        )
        for (figure in figures) {
            assertThat(figure(withTree()).toSvg()).isEqualTo(figure(withTree()).toSvg())
        }
    }

    @Test
    fun mistakesGetOneLineEach() {
        val verbs = listOf<(Any, Any) -> Figure>(
            { genes, by -> sc.pl.matrixplot(adata(), genes, by) },
            { genes, by -> sc.pl.stackedViolin(adata(), genes, by) },
            { genes, by -> sc.pl.heatmap(adata(), genes, by) },
            { genes, by -> sc.pl.tracksplot(adata(), genes, by) },
        )
        for (verb in verbs) {
            refuses("var_names['GG'] is missing; var_names has [G, H]. Did you mean 'G'?") { verb("GG", "g") }
            refuses("obs['gg'] is missing; obs has [g, h, n]. Did you mean 'g'?") { verb("G", "gg") }
            refuses("varNames must name at least one gene, got none") { verb(emptyList<String>(), "g") }
            refuses("groupby must name a column of obs, got an empty list") { verb("G", emptyList<String>()) }
        }
        refuses("cmap 'viridus' is not known. Did you mean 'viridis'?") {
            sc.pl.heatmap(adata(), "G", "g", cmap = "viridus")
        }
        refuses("standardScale must be one of [var, group], got 'vra'. Did you mean 'var'?") {
            sc.pl.stackedViolin(adata(), "G", "g", standardScale = "vra")
        }
        refuses("densityNorm must be one of [width, area, count], got 'widht'. Did you mean 'width'?") {
            sc.pl.stackedViolin(adata(), "G", "g", densityNorm = "widht")
        }
        refuses("rowPalette must be a palette or a colour, got 'tab11'. Did you mean 'tab10'?") {
            sc.pl.stackedViolin(adata(), "G", "g", rowPalette = "tab11")
        }
        refuses("categoriesOrder must list every group once; groups are [a, b], got [a, a, b]") {
            sc.pl.matrixplot(adata(), "G", "g", categoriesOrder = listOf("a", "a", "b"))
        }
        refuses("vmin must not exceed vmax, got 2.0 and 1.0") {
            sc.pl.matrixplot(adata(), "G", "g", vmin = 2, vmax = 1)
        }
    }

    @Test
    fun labelsMoveApart() {
        val at = TableLayout.spread(listOf(1.0, 2.0, 50.0, 99.0), List(4) { 10.0 }, 0.0, 100.0)
        assertThat(at).containsExactly(1.0, 11.0, 50.0, 99.0)
        val end = TableLayout.spread(listOf(97.0, 98.0, 99.0), List(3) { 10.0 }, 0.0, 100.0)
        assertThat(end).containsExactly(80.0, 90.0, 100.0)
    }
}
