package org.cellweave.dsl.glue

import org.cellweave.graphdraw.ForceAtlas2
import org.cellweave.graphdraw.FruchtermanReingold
import org.cellweave.graphdraw.KamadaKawai
import org.cellweave.graphdraw.PlainLayout
import org.cellweave.graphdraw.TreeLayout
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.util.Progress

/** One of the layouts of a graph that `sc.tl.drawGraph` and `sc.pl.paga` name. */
internal class GraphDrawing(
    val layout: String,
    private val seed: Long,
    /** Where nodes start, or null. */
    private val start: DenseMatrix? = null,
    private val roots: List<Int> = emptyList(),
    private val maxiter: Int? = null,
    /** Whether weights count in `fr` and `kk`; they always do in `fa`. */
    private val weighted: Boolean = false,
) {
    fun draw(graph: CsrMatrix, progress: Progress = Progress.NONE): DenseMatrix =
        when (layout) {
            "fa" -> forces(graph, progress)
            "fr" -> springs(graph, progress)
            "kk" -> paths(graph, progress)
            "rt" -> tree(graph, TreeLayout.Kind.REINGOLD_TILFORD)
            "rt_circular" -> tree(graph, TreeLayout.Kind.CIRCULAR)
            "eq_tree" -> tree(graph, TreeLayout.Kind.EQUAL)
            else -> PlainLayout.run(graph.nRows(), Check.oneOf(layout, PlainLayout.Kind::class.java, "layout"), seed)
        }

    private fun forces(graph: CsrMatrix, progress: Progress): DenseMatrix {
        val params = ForceAtlas2.Params.builder().seed(seed)
        maxiter?.let { params.maxIter(it) }
        return ForceAtlas2.run(ForceAtlas2.Input(graph, start), params.build(), progress).coordinates()
    }

    private fun springs(graph: CsrMatrix, progress: Progress): DenseMatrix {
        val params = FruchtermanReingold.Params
            .builder()
            .seed(seed)
            .weighted(weighted)
        maxiter?.let { params.maxIter(it) }
        return FruchtermanReingold
            .run(FruchtermanReingold.Input(graph, start), params.build(), progress)
            .coordinates()
    }

    private fun paths(graph: CsrMatrix, progress: Progress): DenseMatrix {
        val params = KamadaKawai.Params
            .builder()
            .seed(seed)
            .weighted(weighted)
        maxiter?.let { params.maxIter(it) }
        return KamadaKawai.run(KamadaKawai.Input(graph, start), params.build(), progress).coordinates()
    }

    private fun tree(graph: CsrMatrix, kind: TreeLayout.Kind): DenseMatrix =
        TreeLayout
            .run(
                TreeLayout.Input(graph, roots.toIntArray()),
                TreeLayout.Params
                    .builder()
                    .kind(kind)
                    .build(),
            ).coordinates()

    companion object {
        /** Layouts whose result depends on where nodes start, and that take steps. */
        val ITERATIVE = listOf("fa", "fr", "kk")
        val TREES = listOf("rt", "rt_circular", "eq_tree")
        val PLAIN = listOf("circle", "grid", "random")

        private val ELSEWHERE =
            listOf("drl", "lgl", "grid_fr", "mds", "sugiyama", "graphopt", "davidson_harel", "dh", "star")

        /** Refuses a layout that is not among [known]. */
        fun check(layout: String, known: List<String>) {
            require(layout in known) {
                "layout must be one of $known, got '$layout'." +
                    if (layout in ELSEWHERE) {
                        " That one is igraph's alone; 'fr' and 'fa' take large graphs"
                    } else {
                        Check.suggestion(layout, known)
                    }
            }
        }
    }
}
