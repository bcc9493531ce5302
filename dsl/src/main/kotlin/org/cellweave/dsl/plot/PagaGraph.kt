package org.cellweave.dsl.plot

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.groups
import org.cellweave.dsl.remedy
import org.cellweave.embed.GraphLayout
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.util.Parallel
import org.cellweave.util.Progress
import org.cellweave.util.ShapeMismatchException

/** What `sc.tl.paga` left, with its groups. */
internal class PagaGraph(private val adata: AnnData) {
    @Suppress("UNCHECKED_CAST")
    private val stored = adata.uns["paga"] as? Map<String, Any?>
        ?: throw MissingKeyException("uns", "paga", adata.uns.keys, remedy("paga"))

    /** The obs column of the groups. */
    val key: String = (stored["groups"] as? String)
        ?: throw MissingKeyException("uns['paga']", "groups", stored.keys, remedy("paga"))
    private val column = adata.groups(key, "uns['paga']['groups']")
    val names: List<String> = column.categoryNames()
    val codes: IntArray = column.codes()
    val sizes: IntArray = IntArray(names.size).also { n -> codes.forEach { if (it >= 0) n[it]++ } }

    /** Weights of the links between groups. */
    fun links(slot: String, argument: String): CsrMatrix {
        val matrix = stored[slot] as? Matrix ?: throw MissingKeyException(
            "uns['paga']", slot, stored.keys.filter { stored[it] is Matrix }, "$argument names a graph of sc.tl.paga.",
        )
        if (matrix.nRows() != names.size) {
            throw ShapeMismatchException(
                "uns['paga']['$slot'] has ${matrix.nRows()} nodes, but obs['$key'] has ${names.size} categories. " +
                    "Run sc.tl.paga() again",
            )
        }
        return matrix.toCsr()
    }

    /** Positions of the nodes: those given, or a layout of the links of at least [threshold]. */
    fun places(pos: Any?, layout: String?, root: Any?, threshold: Double, seed: Long): Places {
        if (pos != null) {
            return Places.of(pos, names.size)
        }
        val name = layout ?: "fr"
        require(name in LAYOUTS) {
            "layout must be one of $LAYOUTS, got '$name'." + Check.suggestion(name, LAYOUTS) +
                " Positions from elsewhere are given as pos"
        }
        if (name == "rt") {
            return TreePlaces.of(links("connectivities_tree", "layout = \"rt\""), roots(root))
        }
        val params = GraphLayout.Params
            .builder()
            .seed(seed)
            .build()
        val at = GraphLayout.run(above(links("connectivities", "layout"), threshold), params, Progress.NONE)
        return Places.of(at.coordinates(), names.size)
    }

    private fun roots(root: Any?): List<Int> =
        (root as? Iterable<*> ?: listOfNotNull(root)).map { node(it, "root") }

    /** The number of a node given as such or by name. */
    fun node(choice: Any?, argument: String): Int {
        if (choice is Number) {
            return Check.index(choice.toInt(), names.size, argument)
        }
        val at = names.indexOf(choice.toString())
        require(at >= 0) {
            "$argument must be among $names (obs['$key']), got '$choice'." + Check.suggestion(choice.toString(), names)
        }
        return at
    }

    /** Writes `uns["paga"]["pos"]`. */
    fun keep(places: Places) {
        val flat = DoubleArray(2 * names.size) { if (it % 2 == 0) places.x[it / 2] else places.y[it / 2] }
        adata.uns["paga"] =
            LinkedHashMap(stored).also { it["pos"] = NdArray(DType.FLOAT64, intArrayOf(names.size, 2), flat) }
    }

    /** Positions that an earlier figure kept, or null. */
    fun kept(): Any? = stored["pos"]

    companion object {
        private val LAYOUTS = listOf("fr", "rt")

        fun above(links: CsrMatrix, threshold: Double): CsrMatrix {
            val builder = CsrMatrix.Builder(links.nCols(), links.dtype())
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

/** A weighted link between two nodes. */
internal class Link(val from: Int, val to: Int, val weight: Double)

/** Where nodes are. */
internal class Places(val x: DoubleArray, val y: DoubleArray) {
    companion object {
        fun of(pos: Any, n: Int): Places {
            val rows: List<List<Double>> = when (pos) {
                is Matrix -> List(pos.nRows()) { i -> List(pos.nCols()) { pos.get(i, it) } }
                is NdArray -> {
                    val width = if (pos.nDims() == 2) pos.shape()[1] else 1
                    List(pos.nRows()) { i -> List(width) { pos.number(i * width + it) } }
                }
                is Iterable<*> -> pos.map(::row)
                is Array<*> -> pos.map(::row)
                else -> throw bad(pos)
            }
            require(rows.size == n) { "pos must have one row per node ($n), got ${rows.size}" }
            for ((i, row) in rows.withIndex()) {
                require(row.size == 2 && row.all { it.isFinite() }) {
                    "pos must have two finite numbers per node, got $row for node $i"
                }
            }
            return Places(DoubleArray(n) { rows[it][0] }, DoubleArray(n) { rows[it][1] })
        }

        private fun row(value: Any?): List<Double> =
            when (value) {
                is Pair<*, *> -> listOf(value.first, value.second).map { (it as Number).toDouble() }
                is DoubleArray -> value.asList()
                is Iterable<*> -> value.map { (it as Number).toDouble() }
                else -> throw bad(value)
            }

        private fun bad(value: Any?) =
            IllegalArgumentException("pos must be a matrix of two columns or a list of pairs, got $value")
    }
}

/** A forest from its roots downwards: leaves side by side, a parent above the middle of its children. */
internal object TreePlaces {
    fun of(tree: CsrMatrix, roots: List<Int>): Places {
        val n = tree.nRows()
        val neighbors = List(n) { sortedSetOf<Int>() }
        PagaGraph.edges(tree).forEach {
            neighbors[it.from] += it.to
            neighbors[it.to] += it.from
        }
        val x = DoubleArray(n)
        val y = DoubleArray(n)
        val seen = BooleanArray(n)
        var leaves = 0

        fun place(node: Int, depth: Int) {
            seen[node] = true
            y[node] = 0.0 - depth
            val children = neighbors[node].filter { !seen[it] }
            children.forEach { place(it, depth + 1) }
            x[node] = if (children.isEmpty()) (leaves++).toDouble() else children.map { x[it] }.average()
        }
        (roots + (0 until n)).forEach { if (!seen[it]) place(it, 0) }
        return Places(x, y)
    }
}
