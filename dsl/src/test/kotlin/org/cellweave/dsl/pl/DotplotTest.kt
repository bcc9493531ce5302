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
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.rankGenesGroupsDotplot
import org.cellweave.dsl.sc
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import kotlin.math.pow
import kotlin.math.sqrt

class DotplotTest {
    /** Two cells of group a, two of b; genes G and H. */
    private fun adata(): AnnData {
        val x = floatArrayOf(2f, 0f, 4f, 0f, 0f, 1f, 1f, 1f)
        val out = AnnData(
            DenseMatrix.wrap(x, 4, 2), DataFrame.ofNames("1", "2", "3", "4"), DataFrame.ofNames("G", "H"),
        )
        out.obs.set("g", CategoricalColumn(intArrayOf(0, 0, 1, 1), StringColumn.of("a", "b"), false))
        return out
    }

    private fun dots(figure: Figure) = Specs.layers(Specs.plots(figure).single()).first { it["geom"] == "point" }

    private fun table(figure: Figure, column: String): List<Any?> = Specs.column(dots(figure), column)

    private fun refuses(expected: String, body: () -> Any) =
        assertThatThrownBy { body() }.hasMessageContaining(expected)

    @Test
    fun colorsAreMeansAndAreasFractions() {
        val figure = sc.pl.dotplot(adata(), listOf("G", "H"), groupby = "g")
        assertThat(table(figure, "group")).containsExactly("a", "a", "b", "b")
        assertThat(table(figure, "gene")).containsExactly("G", "H", "G", "H")
        assertThat(table(figure, "value")).containsExactly(3.0, 0.0, 0.5, 1.0)
        assertThat(table(figure, "fraction")).containsExactly(1.0, 0.0, 0.5, 1.0)
        val sizes = table(figure, "size").map { it as Double }
        assertThat(sizes[2] / sizes[0]).isCloseTo(sqrt(0.5.pow(1.5)), within(1e-9))
        assertThat(sizes[1]).isZero()
        assertThat(table(figure, "fill").first()).isEqualTo("#67000d")
    }

    @Test
    fun optionsChangeTheNumbers() {
        fun values(figure: Figure) = table(figure, "value")
        assertThat(values(sc.pl.dotplot(adata(), listOf("G", "H"), "g", standardScale = "var")))
            .containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(values(sc.pl.dotplot(adata(), listOf("G", "H"), "g", standardScale = "group")))
            .containsExactly(1.0, 0.0, 0.0, 1.0)
        assertThat(values(sc.pl.dotplot(adata(), listOf("G", "H"), "g", meanOnlyExpressed = true)))
            .containsExactly(3.0, 0.0, 1.0, 1.0)
        val cut = sc.pl.dotplot(adata(), listOf("G"), "g", expressionCutoff = 2.0)
        assertThat(table(cut, "fraction")).containsExactly(0.5, 0.0)
        val turned = sc.pl.dotplot(adata(), listOf("G", "H"), "g", categoriesOrder = listOf("b", "a"), swapAxes = true)
        assertThat(table(turned, "group")).containsExactly("b", "b", "a", "a")
        val x = table(turned, "x").map { it as Double }
        assertThat(x[0]).isEqualTo(x[1]).isLessThan(x[2])
        val least = table(sc.pl.dotplot(adata(), listOf("G", "H"), "g", smallestDot = 20.0, dotMin = 0.5), "size").map {
            it as Double
        }
        assertThat(least[1]).isEqualTo(least[2]).isGreaterThan(0.0)
        val smaller = table(sc.pl.dotplot(adata(), "G", "g", dotMax = 0.5), "size")
        assertThat(smaller[0]).isEqualTo(smaller[1])
    }

    @Test
    fun columnsOfNumbersStandBesideGenes() {
        val adata = adata()
        adata.obs.set("score", NumericColumn.of(1.0, 3.0, -1.0, 1.0))
        adata.obs.set("H", NumericColumn.of(7.0, 7.0, 7.0, 7.0))
        adata.obs.set("text", StringColumn.of("a", "b", "c", "d"))
        val figure = sc.pl.dotplot(adata, listOf("G", "score", "H"), groupby = "g")
        assertThat(table(figure, "value")).`as`("a gene comes first").containsExactly(3.0, 2.0, 0.0, 0.5, 0.0, 1.0)
        assertThat(table(figure, "fraction")).containsExactly(1.0, 1.0, 0.0, 0.5, 0.5, 1.0)
        refuses("['text'] is missing") { sc.pl.dotplot(adata, listOf("G", "text"), groupby = "g") }
    }

    @Test
    fun numbersAreCutIntoIntervals() {
        val adata = adata()
        adata.obs.set("n", NumericColumn.of(0.0, 1.0, 2.0, 4.0))
        assertThat(table(sc.pl.dotplot(adata, "G", "n", numCategories = 2), "group"))
            .containsExactly("(-0.004, 2]", "(2, 4]")
    }

    @Test
    fun treesOrderGroupsAndTheirBrackets() {
        val adata = adata()
        // A tree over two groups is not made, but drawn where there is one.
        assertThat(table(sc.pl.dotplot(adata, "G", "g", dendrogram = true), "group")).containsExactly("a", "b")
        assertThat(adata.uns.keys).isEmpty()
        adata.uns["dendrogram_g"] = mapOf(
            "linkage" to NdArray(DType.FLOAT64, intArrayOf(1, 4), doubleArrayOf(1.0, 0.0, 2.0, 2.0)),
            "categories_ordered" to NdArray.of("b", "a"),
        )
        val figure = sc.pl.dotplot(adata, mapOf("a" to "G", "b" to listOf("H")), "g", dendrogram = true)
        assertThat(table(figure, "group").distinct()).containsExactly("b", "a")
        assertThat(table(figure, "gene").take(2)).containsExactly("H", "G")
        val labels = Specs.layers(Specs.plots(figure).single()).filter { it["geom"] == "text" }.flatMap {
            Specs.column(it, "label")
        }
        assertThat(labels).contains("Mean expression", "in group", "a", "b", "100")
        refuses("dendrogram and categoriesOrder exclude each other") {
            sc.pl.dotplot(adata, "G", "g", dendrogram = true, categoriesOrder = listOf("a", "b"))
        }
    }

    @Test
    fun topGenesShowTheirStatistics() {
        val adata = adata()
        adata.uns["rank_genes_groups"] = mapOf(
            "params" to mapOf("groupby" to "g", "reference" to "rest", "use_raw" to false),
            "names" to RecordArray(2).with("a", NdArray.of("G", "H")).with("b", NdArray.of("H", "G")),
            "scores" to RecordArray(2).with("a", NdArray.of(5.0, -4.0)).with("b", NdArray.of(4.0, -5.0)),
            "logfoldchanges" to RecordArray(2).with("a", NdArray.of(2.0, -3.0)).with("b", NdArray.of(3.0, -2.0)),
            "pvals" to RecordArray(2).with("a", NdArray.of(0.01, 0.1)).with("b", NdArray.of(0.001, 1.0)),
        )
        val changes = sc.pl.rankGenesGroupsDotplot(
            adata, nGenes = 1, valuesToPlot = "logfoldchanges", cmap = "bwr", vmin = -3, vmax = 3,
        )
        assertThat(table(changes, "value")).containsExactly(2.0, -3.0, -2.0, 3.0)
        assertThat(table(changes, "fill")).contains("#0000ff", "#ff0000")
        val p = table(sc.pl.rankGenesGroupsDotplot(adata, nGenes = 1, valuesToPlot = "log10_pvals"), "value").map {
            it as Double
        }
        assertThat(p[0]).isCloseTo(2.0, within(1e-9))
        assertThat(table(sc.pl.rankGenesGroupsDotplot(adata, nGenes = -1), "gene").take(2)).containsExactly("H", "G")
        assertThat(table(sc.pl.rankGenesGroupsDotplot(adata, groups = "a", minLogfoldchange = 1.0), "gene").distinct())
            .containsExactly("G")
        assertThat(table(sc.pl.rankGenesGroupsDotplot(adata, varNames = "G"), "value")).containsExactly(3.0, 0.5)
        refuses("valuesToPlot must be one of") { sc.pl.rankGenesGroupsDotplot(adata, valuesToPlot = "logfoldchange") }
        refuses("nGenes and varNames exclude each other") {
            sc.pl.rankGenesGroupsDotplot(adata, nGenes = 1, varNames = "G")
        }
    }

    @Test
    fun mistakesGetOneLineEach() {
        refuses("var_names['GG'] is missing; var_names has [G, H]. Did you mean 'G'?") {
            sc.pl.dotplot(adata(), "GG", "g")
        }
        refuses("obs['gg'] is missing") { sc.pl.dotplot(adata(), "G", "gg") }
        refuses("varNames must name at least one gene") { sc.pl.dotplot(adata(), emptyList<String>(), "g") }
        refuses("standardScale must be one of [var, group], got 'vra'.") {
            sc.pl.dotplot(adata(), "G", "g", standardScale = "vra")
        }
        refuses("categoriesOrder must list every group once; groups are [a, b], got [a]") {
            sc.pl.dotplot(adata(), "G", "g", categoriesOrder = listOf("a"))
        }
        refuses("dotMax must lie in 0..1, got 2.0") { sc.pl.dotplot(adata(), "G", "g", dotMax = 2.0) }
        refuses("dotMin must be below dotMax, got 0.9 and 0.5") {
            sc.pl.dotplot(adata(), "G", "g", dotMin = 0.9, dotMax = 0.5)
        }
        refuses("dendrogram must be true, false or a key of uns") { sc.pl.dotplot(adata(), "G", "g", dendrogram = 1) }
    }
}
