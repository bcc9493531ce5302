package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.GraphDrawing
import org.cellweave.dsl.plot.Link
import org.cellweave.dsl.plot.Places
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.linksOfUsed
import org.cellweave.dsl.slots.remedy
import org.cellweave.graphdraw.SpringLayout
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.util.Parallel
import org.cellweave.util.Progress

/** How nodes without positions get them. */
internal class LayoutChoice(
    val name: String?,
    val kwds: Map<String, Any>,
    val initPos: Any?,
    val root: Any?,
    val seed: Long,
)

/** What `sc.tl.paga` left, with its groups. */
internal class PagaGraph(private val adata: AnnData) {
    @Suppress("UNCHECKED_CAST")
    private val stored = adata.uns["paga"] as? Map<String, Any?>
        ?: throw MissingKeyException("uns", "paga", adata.uns.keys, remedy("paga"))

    /** The obs column of the groups. */
    val key: String = (stored["groups"] as? String)
        ?: throw MissingKeyException("uns['paga']", "groups", stored.keys, remedy("paga"))
    private val column = adata.groups(key, "uns['paga']['groups']")
    private val all = column.categoryNames()

    /** Positions of the groups that have cells, which are the nodes, among the categories. */
    private val used = column.usedCategories()
    val names: List<String> = used.map { all[it] }
    val codes: IntArray = column.removeUnused().codes()
    val sizes: IntArray = IntArray(names.size).also { n -> codes.forEach { if (it >= 0) n[it]++ } }

    /** Weights of the links between groups. */
    fun links(slot: String, argument: String): CsrMatrix {
        val matrix = stored[slot] as? Matrix ?: throw MissingKeyException(
            "uns['paga']", slot, stored.keys.filter { stored[it] is Matrix }, "$argument names a graph of sc.tl.paga.",
        )
        return linksOfUsed(matrix, column, slot)
    }

    /** The groups' colours. */
    fun colors(): List<String> = CategoryColors.of(adata, key, all, null).let { colors -> used.map { colors[it] } }

    /** Those of [texts] that belong to nodes; there may be one for every category. */
    fun labels(texts: List<String>): List<String> {
        require(texts.size == names.size || texts.size == all.size) {
            "labels must have one text per node (${names.size}), got ${texts.size}"
        }
        return if (texts.size == names.size) texts else used.map { texts[it] }
    }

    /** Positions that the caller gives, of the nodes or of all categories. */
    fun given(pos: Any, argument: String = "pos"): Places = GivenPlaces.of(pos, names.size, argument, used, all.size)

    /**
     * Positions of the nodes: those given, or a layout of the links in [slot] of at least [threshold].
     *
     * Trees are those of the tree that `sc.tl.paga` left, from the root downwards.
     */
    fun places(pos: Any?, layout: LayoutChoice, slot: String, threshold: Double): Places {
        if (pos != null) {
            return given(pos)
        }
        val name = layout.name ?: "fr"
        GraphDrawing.check(name, LAYOUTS)
        val maxiter = maxiter(name, layout.kwds)
        val start = layout.initPos?.let {
            require(name in GraphDrawing.ITERATIVE) { "initPos is used by ${GraphDrawing.ITERATIVE}, not by '$name'" }
            GivenPlaces.matrix(given(it, "initPos"))
        }
        if (name == "fr" && start == null) {
            return packed(above(links(slot, "solidEdges"), threshold), layout.seed, maxiter)
        }
        val tree = name in GraphDrawing.TREES
        val drawing =
            GraphDrawing(name, layout.seed, start, if (tree) roots(layout.root) else emptyList(), maxiter, true)
        val links = if (tree) links("connectivities_tree", "layout = \"$name\"") else links(slot, "solidEdges")
        val at = GivenPlaces.of(drawing.draw(if (tree) links else above(links, threshold)), names.size)
        // As in scanpy, where y of trees and plain layouts grows downwards.
        return if (name in TURNED) at.upsideDown() else at
    }

    private fun packed(links: CsrMatrix, seed: Long, maxiter: Int?): Places {
        val params = SpringLayout.Params.builder().seed(seed)
        maxiter?.let { params.iterations(it) }
        return GivenPlaces.of(SpringLayout.run(links, params.build(), Progress.NONE).coordinates(), names.size)
    }

    /** The one keyword there is, under the names that the layouts of scanpy give it. */
    private fun maxiter(layout: String, kwds: Map<String, Any>): Int? {
        val known = KEYWORDS[layout].orEmpty()
        for ((name, value) in kwds) {
            require(name in known) {
                "layoutKwds of '$layout' " + (if (known.isEmpty()) "must be empty" else "must be among $known") +
                    ", got '$name'"
            }
            require(value is Int) { "layoutKwds['$name'] must be a whole number, got $value" }
        }
        require(kwds.size < 2) { "layoutKwds must have one of ${kwds.keys}, which mean the same" }
        return kwds.values.firstOrNull() as Int?
    }

    private fun roots(root: Any?): List<Int> =
        (root as? Iterable<*> ?: listOfNotNull(root)).map { node(it, "root") }

    /** The number of a node given as such or by name. */
    fun node(choice: Any?, argument: String): Int {
        if (choice is Number) {
            val group = Check.index(choice.toInt(), all.size, argument)
            require(group in used) { "$argument must have cells, but group '${all[group]}' of obs['$key'] has none" }
            return used.indexOf(group)
        }
        val at = names.indexOf(choice.toString())
        require(at >= 0 || choice.toString() !in all) {
            "$argument must have cells, but group '$choice' of obs['$key'] has none"
        }
        require(at >= 0) {
            "$argument must be among $names (obs['$key']), got '$choice'." + Check.suggestion(choice.toString(), names)
        }
        return at
    }

    /** Writes `uns["paga"]["pos"]`, a row for every category; those without cells are in the middle. */
    fun keep(places: Places) {
        val flat = DoubleArray(2 * all.size) {
            val axis = if (it % 2 == 0) places.x else places.y
            val node = used.indexOf(it / 2)
            if (node < 0) axis.average() else axis[node]
        }
        adata.uns["paga"] =
            LinkedHashMap(stored).also { it["pos"] = NdArray(DType.FLOAT64, intArrayOf(all.size, 2), flat) }
    }

    /** Positions that an earlier figure kept, or null. */
    fun kept(): Any? = stored["pos"]

    companion object {
        private val LAYOUTS = GraphDrawing.ITERATIVE + GraphDrawing.TREES + GraphDrawing.PLAIN
        private val TURNED = listOf("rt", "rt_circular", "circle", "grid")
        private val KEYWORDS = mapOf(
            "fa" to listOf("maxiter", "iterations"),
            "fr" to listOf("maxiter", "niter"),
            "kk" to listOf("maxiter"),
        )

        fun above(links: CsrMatrix, threshold: Double): CsrMatrix {
            val builder = CsrBuilder(links.nCols(), links.dtype())
            edges(links).filter { it.weight >= threshold }.groupBy { it.from }.let { rows ->
                for (i in 0 until links.nRows()) {
                    val row = rows[i].orEmpty()
                    builder.addRow(
                        IntArray(row.size) { row[it].to },
                        DoubleArray(row.size) { row[it].weight },
                        row.size,
                    )
                }
            }
            return builder.build()
        }

        /** All stored entries off the diagonal. */
        fun edges(links: CsrMatrix): List<Link> {
            Parallel.checkInterrupted()
            val out = ArrayList<Link>()
            links.forBlocks { block ->
                for (i in block.firstRow() until block.endRow()) {
                    for (p in block.start(i) until block.end(i)) {
                        val j = block.indices()[p]
                        if (i != j && block.value(p) > 0) out += Link(i, j, block.value(p))
                    }
                }
            }
            return out
        }
    }
}
