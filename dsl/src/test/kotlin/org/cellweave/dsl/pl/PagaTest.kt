package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.DrawnFigures
import org.cellweave.dsl.Figure
import org.cellweave.dsl.paga
import org.cellweave.dsl.pagaCompare
import org.cellweave.dsl.pagaPath
import org.cellweave.dsl.sc
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.math.sqrt

class PagaTest {
    @JvmField
    @RegisterExtension
    internal val heard = HeardMessages()

    /** 60 cells: a has 30, b 20, c 10; b is linked to a with 0.8 and to c with 0.2. */
    private fun cells(): AnnData {
        val adata = FigureSamples.cells(60)
        val codes = IntArray(60) {
            if (it < 30) {
                0
            } else if (it < 50) {
                1
            } else {
                2
            }
        }
        adata.obs.set("group", CategoricalColumn(codes, StringColumn.of("a", "b", "c"), false))
        adata.obs.set("half", CategoricalColumn(IntArray(60) { it % 2 }, StringColumn.of("even", "odd"), false))
        adata.obs.set("number", NumericColumn.of(*DoubleArray(60) { it.toDouble() }))
        val links = arrayOf(
            doubleArrayOf(0.0, 0.8, 0.005), doubleArrayOf(0.8, 0.0, 0.2), doubleArrayOf(0.005, 0.2, 0.0),
        )
        adata.uns["paga"] = mapOf(
            "connectivities" to DenseMatrix.ofRows(links).toCsr(),
            "connectivities_tree" to DenseMatrix
                .ofRows(
                    links
                        .map { row -> row.map { if (it < 0.1) 0.0 else it } }
                        .map { it.toDoubleArray() }
                        .toTypedArray(),
                ).toCsr(),
            "groups" to "group",
        )
        return adata
    }

    private fun layer(figure: Figure, geom: String, panel: Int = 0) =
        Specs.layers(Specs.plots(figure)[panel]).first { it["geom"] == geom }

    private fun numbers(layer: Map<String, Any>, name: String) = Specs.column(layer, name).map {
        (it as Number)
            .toDouble()
    }

    @Test
    fun `nobody is told to save what was not to be drawn`() {
        DrawnFigures.atEnd()
        heard.listen()
        heard.clear()
        sc.pl.paga(cells(), plot = false)
        DrawnFigures.atEnd()
        assertThat(heard.toList()).isEmpty()
    }

    @Test
    fun `areas follow the number of cells and widths the weights`() {
        val figure = sc.pl.paga(cells(), pos = listOf(0 to 0, 1 to 0, 2 to 1))
        val dots = layer(figure, "point")
        val size = numbers(dots, "size")
        // area is 2000 / (sqrt(3) + 10) square points at the median of 20 cells, and grows with the square root
        assertThat(size[1]).isCloseTo(sqrt(2000 / (sqrt(3.0) + 10)) * 1.25 / 2.2, within(1e-6))
        assertThat(size[0] * size[0] / (size[1] * size[1])).isCloseTo(sqrt(1.5), within(1e-6))
        assertThat(size[2] * size[2] / (size[1] * size[1])).isCloseTo(sqrt(0.5), within(1e-6))
        assertThat(Specs.column(dots, "fill")).containsExactly("#1f77b4", "#ff7f0e", "#2ca02c")
        val links = layer(figure, "segment")
        // weaker ones first, and 0.005 is below the threshold
        assertThat(numbers(links, "size").map { it * 2.2 / 1.25 }[0]).isCloseTo(1.5, within(1e-6))
        assertThat(numbers(links, "size").map { it * 2.2 / 1.25 }[1]).isCloseTo(6.0, within(1e-6))
        assertThat(numbers(links, "size")).hasSize(2)
        assertThat(Specs.column(layer(figure, "text"), "label")).containsExactly("a", "b", "c")
    }

    @Test
    fun `widths are held between their bounds and links above the threshold`() {
        fun widths(figure: Figure) = numbers(layer(figure, "segment"), "size").map { it * 2.2 / 1.25 }
        assertThat(widths(sc.pl.paga(cells(), threshold = 0.5))).hasSize(1)
        assertThat(widths(sc.pl.paga(cells(), threshold = 0.0))).hasSize(3)
        val held = widths(sc.pl.paga(cells(), edgeWidthScale = 0.5, minEdgeWidth = 1.0, maxEdgeWidth = 2.0))
        assertThat(held[0]).isCloseTo(1.0, within(1e-6))
        assertThat(held[1]).isCloseTo(2.0, within(1e-6))
    }

    @Test
    fun `positions are kept, and those given win`() {
        val adata = cells()
        sc.pl.paga(adata, pos = listOf(0 to 0, 1 to 0, 2 to 1))

        fun kept() = ((adata.uns["paga"] as Map<*, *>)["pos"] as NdArray)
        assertThat(kept().shape()).containsExactly(3, 2)
        assertThat(kept().toDoubles()).containsExactly(0.0, 0.0, 1.0, 0.0, 2.0, 1.0)
        sc.pl.paga(adata, addPos = false)
        assertThat(kept().toDoubles()).containsExactly(0.0, 0.0, 1.0, 0.0, 2.0, 1.0)
        sc.pl.paga(adata)
        val first = kept().toDoubles()
        assertThat(first).isNotEqualTo(doubleArrayOf(0.0, 0.0, 1.0, 0.0, 2.0, 1.0))
        sc.pl.paga(adata, pos = kept())
        assertThat(kept().toDoubles()).isEqualTo(first)
        sc.pl.paga(adata, randomState = 3)
        assertThat(kept().toDoubles()).isNotEqualTo(first)
    }

    @Test
    fun `a tree grows downwards from its root`() {
        val adata = cells()
        sc.pl.paga(adata, layout = "rt", root = "b", solidEdges = "connectivities_tree")
        val at = ((adata.uns["paga"] as Map<*, *>)["pos"] as NdArray).toDoubles()
        assertThat(at).containsExactly(-0.5, -1.0, 0.0, 0.0, 0.5, -1.0)
    }

    private fun kept(adata: AnnData) = ((adata.uns["paga"] as Map<*, *>)["pos"] as NdArray).toDoubles()

    @Test
    fun `every layout has its places`() {
        val adata = cells()
        sc.pl.paga(adata, layout = "eq_tree", root = "b")
        assertThat(kept(adata)).containsExactly(0.25, -0.5, 0.5, 0.0, 0.75, -0.5)
        sc.pl.paga(adata, layout = "rt_circular", root = 1)
        assertThat(kept(adata)).containsExactly(doubleArrayOf(1.0, 0.0, 0.0, 0.0, -0.5, sqrt(0.75)), within(1e-12))
        sc.pl.paga(adata, layout = "circle")
        assertThat(kept(adata)[3]).isCloseTo(-sqrt(0.75), within(1e-12))
        sc.pl.paga(adata, layout = "grid")
        assertThat(kept(adata)).containsExactly(0.0, 0.0, 1.0, 0.0, 0.0, -1.0)
        for (layout in listOf("fa", "kk", "random")) {
            sc.pl.paga(adata, layout = layout)
            val first = kept(adata)
            sc.pl.paga(adata, layout = layout)
            assertThat(kept(adata)).isEqualTo(first)
            sc.pl.paga(adata, layout = layout, randomState = 3)
            assertThat(kept(adata)).isNotEqualTo(first)
        }
        // 0.2 is four times as long as 0.8, and the weak link of a and c is not there
        sc.pl.paga(adata, layout = "kk")
        val (x, y) = kept(adata).let { at -> List(3) { at[2 * it] } to List(3) { at[2 * it + 1] } }

        fun distance(i: Int, j: Int) = kotlin.math.hypot(x[i] - x[j], y[i] - y[j])
        assertThat(distance(1, 2) / distance(0, 1)).isCloseTo(4.0, within(0.05))
    }

    @Test
    fun `forces start where they are told`() {
        val adata = cells()
        val start = listOf(0 to -1, 0 to 0, 0 to 1)
        for (layout in listOf("fr", "fa", "kk")) {
            sc.pl.paga(adata, layout = layout, initPos = start, layoutKwds = mapOf("maxiter" to 50))
            val at = kept(adata)
            // no force across the line through the origin on which they start
            assertThat(at[0]).`as`(layout).isCloseTo(at[2], within(1e-5))
            assertThat(at[1]).isLessThan(at[3])
            assertThat(at[3]).isLessThan(at[5])
        }
        sc.pl.paga(adata, layoutKwds = mapOf("niter" to 1))
        val one = kept(adata)
        sc.pl.paga(adata)
        assertThat(kept(adata)).isNotEqualTo(one)
    }

    @Test
    fun `numbers and genes are means of groups`() {
        val adata = cells()
        val dots = layer(sc.pl.paga(adata, color = "number"), "point")
        assertThat(numbers(dots, "mean")).containsExactly(14.5, 39.5, 54.5)
        assertThat(Specs.column(dots, "fill")).startsWith("#440154").endsWith("#fde725")
        val gene = numbers(layer(sc.pl.paga(adata, color = "Gc"), "point"), "mean")
        val x = adata.x
        assertThat(gene[2]).isCloseTo((50 until 60).map { x.get(it, 2) }.average(), within(1e-9))
    }

    @Test
    fun `another categorical column makes pies, one panel per colour`() {
        val figure = sc.pl.paga(cells(), color = listOf("group", "half"))
        assertThat(figure.size).isEqualTo(2)
        assertThat(Specs.geoms(Specs.plots(figure)[0])).doesNotContain("polygon")
        val pies = Specs.layers(Specs.plots(figure)[1]).filter { it["geom"] == "polygon" }
        assertThat(pies.map { it["fill"] }).isEqualTo(List(3) { listOf("#1f77b4", "#ff7f0e") }.flatten())
        val own = sc.pl.paga(cells(), color = mapOf("a" to mapOf("red" to 0.25, "blue" to 0.5), "b" to mapOf("k" to 1)))
        val fills = Specs.layers(Specs.plots(own)[0]).filter { it["geom"] == "polygon" }.map { it["fill"] }
        // what is missing to one is grey
        assertThat(fills).containsExactly("#ff0000", "#0000ff", "#808080", "#000000", "#808080")
    }

    @Test
    fun `nodes are at the medians of their cells`() {
        val adata = cells()
        val figure = sc.pl.pagaCompare(adata)
        assertThat(figure.size).isEqualTo(2)
        val at = ((adata.uns["paga"] as Map<*, *>)["pos"] as NdArray).toDoubles()
        val umap = adata.obsm.get("X_umap") as DenseMatrix
        val own = (50 until 60).map { umap.get(it, 1) }.sorted()
        assertThat(at[5]).isCloseTo((own[4] + own[5]) / 2, within(1e-12))
    }

    @Test
    fun `a path is its nodes' cells by pseudotime`() {
        val adata = cells()
        adata.obs.set("dpt_pseudotime", NumericColumn.of(*DoubleArray(60) { -it.toDouble() }))
        val figure = sc.pl.pagaPath(adata, listOf("c", "a"), listOf("number"), asHeatmap = false)
        val line = layer(figure, "line")
        assertThat(numbers(line, "y"))
            .isEqualTo((59 downTo 50).map { it.toDouble() } + (29 downTo 0).map { it.toDouble() })
        val smooth = sc.pl.pagaPath(
            adata, listOf(2, 0), listOf("number", "Ga"), asHeatmap = false, nAvg = 5, normalizeToZeroOne = true,
        )
        val y = numbers(layer(smooth, "line"), "y")
        assertThat(y).hasSize(2 * 36)
        assertThat(y.max()).isEqualTo(1.0)
        assertThat(y[0]).isEqualTo(1.0)
        val heat = sc.pl.pagaPath(adata, listOf("c", "a"), listOf("number", "Ga"), annotations = listOf("half"))
        assertThat(Specs.geoms(Specs.plots(heat)[0]).count { it == "image" }).isEqualTo(2)
        val nodes = Specs.layers(Specs.plots(heat)[0]).first {
            "group" in
                ((it["data"] as? Map<*, *>)?.keys ?: emptySet())
        }
        assertThat(Specs.column(nodes, "group")).containsExactly("c", "a")
    }

    @Test
    fun `the same input gives the same file`() {
        fun svg() = cells().let { adata ->
            adata.obs.set("dpt_pseudotime", NumericColumn.of(*DoubleArray(60) { it.toDouble() }))
            listOf(
                sc.pl.paga(adata, color = listOf("half", "number"), fontoutline = 1),
                sc.pl.pagaCompare(adata, color = "Ga"),
                sc.pl.pagaPath(adata, listOf("a", "b"), listOf("Ga", "Gb")),
            ).map { it.toSvg() }
        }
        assertThat(svg()).isEqualTo(svg())
    }

    private fun fails(message: String, call: () -> Unit) {
        assertThatThrownBy { call() }.isInstanceOf(IllegalArgumentException::class.java).hasMessageContaining(message)
    }

    @Test
    fun `messages of paga`() {
        val adata = cells()
        assertThatThrownBy { sc.pl.paga(FigureSamples.cells(9)) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.paga() first")
        assertThatThrownBy { sc.pl.paga(adata, solidEdges = "conectivities") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'connectivities'")
        assertThatThrownBy { sc.pl.paga(adata, color = "gruop") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'group'")
        fails("layout must be one of [fa, fr, kk, rt, rt_circular, eq_tree, circle, grid, random], got 'drl'.") {
            sc.pl.paga(adata, layout = "drl")
        }
        fails("initPos is used by [fa, fr, kk], not by 'rt'") {
            sc.pl.paga(adata, layout = "rt", initPos = listOf(0 to 0, 1 to 0, 2 to 1))
        }
        fails("initPos must have one row per node (3), got 1") { sc.pl.paga(adata, initPos = listOf(0 to 0)) }
        fails("layoutKwds of 'kk' must be among [maxiter], got 'niter'") {
            sc.pl.paga(adata, layout = "kk", layoutKwds = mapOf("niter" to 3))
        }
        fails("layoutKwds of 'circle' must be empty, got 'maxiter'") {
            sc.pl.paga(adata, layout = "circle", layoutKwds = mapOf("maxiter" to 3))
        }
        fails("layoutKwds['maxiter'] must be a whole number, got 2.5") {
            sc.pl.paga(adata, layoutKwds = mapOf("maxiter" to 2.5))
        }
        fails("root must be among [a, b, c] (obs['group']), got 'd'") { sc.pl.paga(adata, layout = "rt", root = "d") }
        fails("pos must have one row per node (3), got 2") { sc.pl.paga(adata, pos = listOf(0 to 0, 1 to 1)) }
        fails("pos must have two finite numbers per node") {
            sc.pl.paga(adata, pos = listOf(0 to 0, 1 to 1, 2 to Double.NaN))
        }
        fails("pos must be a matrix of two columns or a list of pairs, got here") { sc.pl.paga(adata, pos = "here") }
        fails("labels must have one text per node (3), got 1") { sc.pl.paga(adata, labels = listOf("x")) }
        fails("labels must be among") { sc.pl.paga(adata, labels = mapOf("z" to "x")) }
        fails("nodeSizeScale must be positive") { sc.pl.paga(adata, nodeSizeScale = 0.0) }
        fails("edgeWidthScale must be positive") { sc.pl.paga(adata, edgeWidthScale = -1.0) }
        fails("minEdgeWidth must not exceed maxEdgeWidth") {
            sc.pl.paga(adata, minEdgeWidth = 3.0, maxEdgeWidth = 2.0)
        }
        fails("threshold must not be negative") { sc.pl.paga(adata, threshold = -0.1) }
        fails("title must have one entry per panel (1), got 2") { sc.pl.paga(adata, title = listOf("x", "y")) }
        fails("sum to at most 1, got 1.5") { sc.pl.paga(adata, color = mapOf("a" to mapOf("red" to 1, "blue" to 0.5))) }
        fails("must be a part, got x") { sc.pl.paga(adata, color = mapOf("a" to mapOf("red" to "x"))) }
        fails("color must map a node") { sc.pl.paga(adata, color = mapOf("a" to "red")) }
        adata.obs.set("group", adata.obs.get("half"))
        assertThatThrownBy { sc.pl.paga(adata) }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessageContaining("Run sc.tl.paga() again")
    }

    @Test
    fun `messages of paths`() {
        val adata = cells()
        assertThatThrownBy { sc.pl.pagaPath(adata, listOf("a"), listOf("Ga")) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Run sc.tl.dpt() first")
        adata.obs.set("dpt_pseudotime", adata.obs.get("number"))
        fails("nodes must be among [a, b, c] (obs['group']), got 'x'") {
            sc.pl.pagaPath(adata, listOf("x"), listOf("Ga"))
        }
        fails("nodes must name at least one group") { sc.pl.pagaPath(adata, emptyList<String>(), listOf("Ga")) }
        fails("keys must name at least one") { sc.pl.pagaPath(adata, listOf("a"), emptyList<String>()) }
        fails("keys must name numbers, but obs['half'] has categories") {
            sc.pl.pagaPath(adata, listOf("a"), listOf("half"))
        }
        assertThatThrownBy { sc.pl.pagaPath(adata, listOf("a"), listOf("numbr")) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'number'")
        fails("nAvg must be positive, got 0") { sc.pl.pagaPath(adata, listOf("a"), listOf("Ga"), nAvg = 0) }
        fails("nAvg must be at most the number of cells of the path (30), got 31") {
            sc.pl.pagaPath(adata, listOf("a"), listOf("Ga"), nAvg = 31)
        }
        fails("xlim must be a part of the 30 cells") {
            sc.pl.pagaPath(adata, listOf("a"), listOf("Ga"), xlim = 5 to 40)
        }
        adata.uns["paga"] = mapOf("x" to 1)
        fails("groupsKey must name the grouping") { sc.pl.pagaPath(adata, listOf("a"), listOf("Ga")) }
        assertThat(sc.pl.pagaPath(adata, listOf("a"), listOf("Ga"), groupsKey = "group").size).isEqualTo(1)
    }
}
