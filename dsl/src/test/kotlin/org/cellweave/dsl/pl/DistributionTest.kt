package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.dsl.highlyVariableGenes
import org.cellweave.dsl.pcaVarianceRatio
import org.cellweave.dsl.plot.Density
import org.cellweave.dsl.plot.logBreaks
import org.cellweave.dsl.plot.niceBreaks
import org.cellweave.dsl.plot.tickLabels
import org.cellweave.dsl.rankGenesGroups
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.log10
import kotlin.math.pow
import kotlin.math.sqrt

class DistributionTest {
    private fun refuses(expected: String, body: () -> Any) =
        assertThatThrownBy { body() }.hasMessageContaining(expected)

    @Test
    fun ticksAreRoundNumbers() {
        assertThat(niceBreaks(0.0, 1.0, 5)).containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
        assertThat(niceBreaks(-3.4, 10.2)).containsExactly(-2.5, 0.0, 2.5, 5.0, 7.5, 10.0)
        assertThat(tickLabels(listOf(-2.5, 0.0, 2.5))).containsExactly("-2.5", "0.0", "2.5")
        assertThat(tickLabels(listOf(2000.0, 4000.0))).containsExactly("2000", "4000")
        assertThat(logBreaks(0.0, 4.0)).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0)
        assertThat(logBreaks(2.2, 3.1)).containsExactly(log10(2.0) + 2, log10(5.0) + 2, 3.0)
    }

    @Test
    fun densityIsTheMeanOfKernels() {
        val values = doubleArrayOf(0.0, 1.0, 1.5, 4.0, 7.0)
        val mean = values.average()
        val bandwidth = sqrt(values.sumOf { (it - mean) * (it - mean) } / 4) * 5.0.pow(-0.2)
        val density = Density(values)
        for (k in listOf(0, 30, 99)) {
            val x = 7.0 * k / 99
            val kernels = values.sumOf { exp(-0.5 * ((x - it) / bandwidth).pow(2)) }
            val expected = kernels / (5 * bandwidth * sqrt(2 * Math.PI))
            assertThat(density.height[k]).isCloseTo(expected, within(1e-4))
        }
        assertThat(Density(doubleArrayOf(2.0, 2.0)).at).containsExactly(2.0)
    }

    @Test
    fun violinsStandSideBySideAndTheirDotsStayTheSame() {
        val adata = FigureSamples.cells(90)
        val figure = sc.pl.violin(adata, listOf("score", "Ga"), groupby = "group", order = listOf("c", "a"))
        val plots = Specs.plots(figure)
        assertThat(plots).hasSize(2)
        assertThat(Specs.geoms(plots[0])).containsExactly("polygon", "polygon", "point")
        assertThat(Specs.scale(plots[0], "x")["labels"]).isEqualTo(listOf("c", "a"))
        assertThat(Specs.scale(plots[1], "y")["name"]).isEqualTo("Ga")
        assertThat(Specs.layers(plots[0]).take(2).map { it["fill"] }).containsExactly("#2ca02c", "#1f77b4")
        val outline = Specs.column(Specs.layers(plots[0])[0], "x").map { it as Double }
        assertThat(outline.max()).isCloseTo(0.4, within(1e-4))
        assertThat(outline.min()).isCloseTo(-0.4, within(1e-4))
        val dots = Specs.column(Specs.layers(plots[0])[2], "x")
        assertThat(dots).hasSize(59).allMatch { (it as Double) in -0.18..1.18 }
        val again = Specs.plots(sc.pl.violin(adata, listOf("score", "Ga"), groupby = "group", order = listOf("c", "a")))
        assertThat(Specs.column(Specs.layers(again[0])[2], "x")).isEqualTo(dots)
        val bare = Specs.plots(
            sc.pl.violin(adata, "score", groupby = "group", stripplot = false, densityNorm = "count", log = true),
        )
        assertThat(Specs.geoms(bare.single())).containsExactly("polygon", "polygon", "polygon")
    }

    @Test
    fun keysShareAPanelOrHaveOneEach() {
        val adata = FigureSamples.cells(50)
        val one = Specs.plots(sc.pl.violin(adata, listOf("Ga", "Gb"))).single()
        assertThat(Specs.scale(one, "x")["labels"]).isEqualTo(listOf("Ga", "Gb"))
        val two = Specs.plots(sc.pl.violin(adata, listOf("Ga", "Gb"), multiPanel = true))
        assertThat(two.map { Specs.title(it) }).containsExactly("Ga", "Gb")
    }

    @Test
    fun manyCellsInAViolinBecomeAPicture() {
        val plot = Specs.plots(sc.pl.violin(FigureSamples.cells(25_000), "Ga", groupby = "group")).single()
        assertThat(Specs.geoms(plot)).containsExactly("polygon", "polygon", "polygon", "image")
    }

    @Test
    fun scatterTakesColumnsGenesAndVarColumns() {
        val adata = FigureSamples.cells(20)
        val plot = Specs.plots(sc.pl.scatter(adata, x = "score", y = "Ga", color = "group")).single()
        assertThat(Specs.scale(plot, "x")["name"]).isEqualTo("score")
        assertThat(Specs.column(Specs.layers(plot).single(), "x")).hasSize(19)
        adata.`var`.set("m", NumericColumn.of(1.0, 2.0, 3.0, 4.0))
        adata.`var`.set("d", NumericColumn.of(4.0, 2.0, 3.0, 1.0))
        val genes = Specs.plots(sc.pl.scatter(adata, x = "m", y = "d")).single()
        assertThat(Specs.column(Specs.layers(genes).single(), "x")).hasSize(4)
        assertThat(Specs.plots(sc.pl.scatter(adata, basis = "umap", color = "group"))).hasSize(1)
        refuses("scatter needs x and y, or basis") { sc.pl.scatter(adata, x = "score") }
        refuses("x = 'group' must be numeric") { sc.pl.scatter(adata, x = "group", y = "score") }
        refuses("exclude each other") { sc.pl.scatter(adata, x = "score", y = "Ga", basis = "umap") }
    }

    @Test
    fun rankingsPutNamesAtTheirScores() {
        val adata = FigureSamples.cells(9)
        adata.uns["rank_genes_groups"] = mapOf(
            "params" to mapOf("groupby" to "group", "reference" to "rest"),
            "names" to RecordArray(3).with("a", NdArray.of("Ga", "Gb", "Gc")).with("b", NdArray.of("Gd", "Ga", "Gb")),
            "scores" to RecordArray(3).with("a", NdArray.of(5.0, 4.0, 1.0)).with("b", NdArray.of(3.0, 2.0, 0.5)),
        )
        val plots = Specs.plots(sc.pl.rankGenesGroups(adata, nGenes = 2))
        assertThat(plots.map { Specs.title(it) }).containsExactly("a vs. rest", "b vs. rest")
        assertThat(Specs.column(Specs.layers(plots[1]).single(), "label")).containsExactly("Gd", "Ga")
        assertThat(Specs.column(Specs.layers(plots[1]).single(), "y")).containsExactly(3.0, 2.0)
        assertThat(plots.map { Specs.scale(it, "y")["limits"] }.distinct()).hasSize(1)
        assertThat(Specs.plots(sc.pl.rankGenesGroups(adata, groups = "b", sharey = false))).hasSize(1)
        refuses("uns['rank_genes_groups']['names']['z'] is missing") { sc.pl.rankGenesGroups(adata, groups = "z") }
        refuses("nGenes must be positive, got 0") { sc.pl.rankGenesGroups(adata, nGenes = 0) }
        refuses("Run sc.tl.rankGenesGroups() first.") { sc.pl.rankGenesGroups(adata, key = "wilcoxon") }
    }

    @Test
    fun varianceRatiosMayBeLogarithms() {
        val adata = FigureSamples.cells(9)
        refuses("Run sc.pp.pca() first.") { sc.pl.pcaVarianceRatio(adata) }
        adata.uns["pca"] = mapOf("variance_ratio" to NdArray.of(0.5, 0.25, 0.1))
        val plot = Specs.plots(sc.pl.pcaVarianceRatio(adata, nPcs = 2, log = true)).single()
        val y = Specs.column(Specs.layers(plot).single(), "y").map { it as Double }
        assertThat(y[0]).isCloseTo(ln(0.5), within(1e-9))
        assertThat(y).hasSize(2)
        refuses("nPcs must be positive, got 0") { sc.pl.pcaVarianceRatio(adata, nPcs = 0) }
    }

    @Test
    fun variableGenesAreBlackOnGrey() {
        val adata = FigureSamples.cells(9)
        refuses("Run sc.pp.highlyVariableGenes() first.") { sc.pl.highlyVariableGenes(adata) }
        adata.`var`.set("highly_variable", BooleanColumn.of(true, false, false, true))
        for (key in listOf("means", "variances", "variances_norm")) {
            adata.`var`.set(
                key, NumericColumn.of(1.0, 2.0, 3.0, 4.0),
            )
        }
        val plots = Specs.plots(sc.pl.highlyVariableGenes(adata, log = true))
        assertThat(plots.map { Specs.scale(it, "y")["name"] as String }).containsExactly(
            "log10 variances of genes (normalized)", "log10 variances of genes (not normalized)",
        )
        assertThat(Specs.scale(plots[0], "color")["values"]).isEqualTo(listOf("#000000", "#808080"))
    }

    @Test
    fun mistakesInViolinsGetOneLineEach() {
        val adata = FigureSamples.cells(9)
        refuses("keys must name at least one obs column or gene") { sc.pl.violin(adata, emptyList<String>()) }
        refuses("keys must be numeric, but 'group' holds categories") { sc.pl.violin(adata, "group") }
        refuses("densityNorm must be one of [width, area, count], got 'widht'. Did you mean 'width'?") {
            sc.pl.violin(adata, "score", densityNorm = "widht")
        }
        refuses("jitter must be true, false or a number") { sc.pl.violin(adata, "score", jitter = "yes") }
        refuses("order names 'd', which is no category of 'group' [a, b, c].") {
            sc.pl.violin(adata, "score", groupby = "group", order = listOf("d"))
        }
        refuses("order must name at least one category of 'group' [a, b, c], got an empty list") {
            sc.pl.violin(adata, "score", groupby = "group", order = emptyList<String>())
        }
        adata.obs["bare"] = CategoricalColumn.ofTexts(arrayOfNulls<String>(9), emptyArray<String>(), false)
        refuses("groupby must give at least one cell a group, but obs['bare'] gives none") {
            sc.pl.violin(adata, "score", groupby = "bare")
        }
        refuses("obs['grup'] is missing; obs has [group, score, bare]. Did you mean 'group'?") {
            sc.pl.violin(adata, "score", groupby = "grup")
        }
    }
}
