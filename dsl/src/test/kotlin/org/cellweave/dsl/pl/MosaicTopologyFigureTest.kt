package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.dsl.mosaicTopology
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

class MosaicTopologyFigureTest {
    private fun path(name: String) = FigureSamples.figures.resolve(name).toString()

    private fun modality(cells: List<Pair<String, Int>>, features: List<String>): AnnData {
        val n = cells.sumOf { it.second }
        val adata = AnnData(DenseMatrix.zeros(n, features.size, DType.FLOAT32))
        adata.obsNames = cells.flatMap { (batch, size) -> List(size) { "$batch-$it" } }
        adata.varNames = features
        adata.obs["batch"] = CategoricalColumn.ofTexts(*cells.flatMap { (b, size) -> List(size) { b } }.toTypedArray())
        return adata
    }

    private fun genes(n: Int) = List(n) { "G$it" }

    private fun proteins(n: Int) = List(n) { "P$it" }

    /** RNA in p1 and p3, proteins in p2 and p3. */
    private fun joined() =
        MuData(
            mapOf(
                "rna" to modality(listOf("p1" to 40, "p3" to 90), genes(500)),
                "adt" to modality(listOf("p2" to 10, "p3" to 90), proteins(224)),
            ),
        )

    private fun apart() =
        MuData(
            mapOf(
                "rna" to modality(listOf("p1" to 40, "p3" to 90), genes(500)),
                "adt" to modality(listOf("p2" to 10), proteins(224)),
            ),
        )

    @Test
    fun `bars stand for features that just these parts have`() {
        val drawing = Drawing(sc.pl.mosaicTopology(joined(), save = path("mosaic-upset.png")))
        assertThat(drawing.texts).contains("p1", "p2", "p3", "40 cells", "10 cells", "90 cells", "724", "500", "224")
        assertThat(drawing.texts).contains("features of just these parts", "features")
        // two columns of three dots; both intersections join two parts
        assertThat(drawing.fills("circle").values.sum()).isEqualTo(6)
        assertThat(drawing.fills("circle")["#dcdcdc"]).isEqualTo(2)
    }

    @Test
    fun `lines bear what two parts share`() {
        val drawing = Drawing(sc.pl.mosaicTopology(joined(), kind = "graph", save = path("mosaic-graph.png")))
        assertThat(drawing.texts).contains("p1", "p2", "p3", "90 cells, 724 features", "500", "224")
        assertThat(drawing.count("circle")).isEqualTo(3)
        assertThat(drawing.fills("circle")).hasSize(1)
    }

    @Test
    fun `parts that nothing joins are named and have colours of their own`() {
        for (kind in listOf("upset", "graph")) {
            val figure = sc.pl.mosaicTopology(apart(), kind = kind, save = path("mosaic-$kind-apart.png"))
            val drawing = Drawing(figure)
            assertThat(drawing.texts.joinToString(" ")).contains("2 groups of parts share no features: p1, p3 | p2")
            assertThat(drawing.fills("circle").keys.filter { it in Drawing.TAB10 }).hasSize(2)
            assertThat(figure.toSvg()).isEqualTo(sc.pl.mosaicTopology(apart(), kind = kind).toSvg())
        }
    }

    /** Eight batches whose panels overlap by windows. */
    private fun many(): MuData {
        val mods = (0 until 4).associate { m ->
            "m$m" to
                modality(
                    (0..4).map {
                        "batch number ${(m * 2 + it) % 8}" to 20 + 30 * it
                    },
                    List(50 * (m + 1)) { "F$it" },
                )
        }
        return MuData(mods)
    }

    @Test
    fun `what is not drawn is said`() {
        val all = sc.pl.mosaicTopology(many(), save = path("mosaic-upset-many.png"))
        val few = Drawing(sc.pl.mosaicTopology(many(), nIntersections = 2, save = path("mosaic-upset-few.png")))
        assertThat(few.texts.joinToString(" ")).contains("not shown: 2 smaller intersections with 150 features")
        assertThat(Drawing(all).texts.joinToString(" ")).doesNotContain("not shown")
        sc.pl.mosaicTopology(many(), kind = "graph", save = path("mosaic-graph-many.png"))
    }

    @Test
    fun messages() {
        assertThatThrownBy { sc.pl.mosaicTopology(joined(), kind = "upsett") }
            .hasMessageContaining("Did you mean 'upset'?")
        assertThatThrownBy { sc.pl.mosaicTopology(joined(), nIntersections = 0) }
            .hasMessageContaining("nIntersections must be positive, got 0")
        assertThatThrownBy { sc.pl.mosaicTopology(joined(), batchKey = "bach") }.hasMessageContaining("bach")
    }
}
