package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NaturalOrder
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categoryPositions
import org.cellweave.dsl.slots.groups
import org.cellweave.matrix.CsrMatrix
import org.cellweave.util.Progress

/** Communities of the nodes of a graph, numbered from 0, and what else the method tells of them. */
internal class Communities<R>(
    val labels: IntArray,
    val count: Int,
    val result: R,
)

/**
 * Clusters cells by their graph: all of them, or those of some categories, and writes `obs[key]`.
 *
 * @param title of the method, for messages
 * @param keyAdded key of the labels; the one of the method's own [name] becomes `{name}_R` with [restrictTo]
 * @param restrictTo a column of `obs` and some of its categories: only their cells are clustered anew
 */
internal class Clustering(
    private val title: String,
    name: String,
    keyAdded: String,
    private val restrictTo: Pair<String, List<String>>?,
) {
    /** Of the labels in `obs`, and of the parameters in `uns`. */
    val key: String = if (restrictTo != null && keyAdded == name) "${name}_R" else keyAdded

    fun <R> run(adata: AnnData, graph: CsrMatrix, method: (CsrMatrix, Progress) -> Communities<R>): R {
        val found = { c: Communities<R> ->
            "found ${c.count} clusters and added\n    '$key', the cluster labels (adata.obs, categorical)"
        }
        return Log
            .timed("running $title clustering", found) {
                val part = restrictTo?.let { Part(adata, it) }
                val used = part?.of(graph) ?: graph
                val communities = withProgress { method(used, it) }
                val labels =
                    part?.relabelled(communities.labels)
                        ?: CategoricalColumn.ofLabels(communities.labels, communities.count)
                adata.obs.set(key, labels)
                communities
            }.result
    }

    /** The cells of some categories of a column. */
    private class Part(private val adata: AnnData, private val restrictTo: Pair<String, List<String>>) {
        private val column = adata.groups(restrictTo.first, "restrictTo")
        private val cells: IntArray

        init {
            val wanted = categoryPositions(column, restrictTo.second, "restrictTo").toSet()
            val codes = column.codes()
            cells = codes.indices.filter { codes[it] in wanted }.toIntArray()
        }

        fun of(graph: CsrMatrix): CsrMatrix = graph.takeRows(cells).takeCols(cells)

        /** `old,new` for the cells clustered anew, the old label elsewhere; cells without a label stay without. */
        fun relabelled(labels: IntArray): CategoricalColumn {
            val texts: Array<String?> = Array(adata.nObs) { if (column.isMissing(it)) null else column.text(it) }
            val prefix = restrictTo.second.joinToString("-")
            cells.forEachIndexed { k, i -> texts[i] = "$prefix,${labels[k]}" }
            val names = texts.filterNotNull().distinct().sortedWith(NaturalOrder.INSTANCE)
            val position = names.withIndex().associate { (c, n) -> n to c }
            return CategoricalColumn(
                IntArray(texts.size) { i -> texts[i]?.let { position.getValue(it) } ?: -1 },
                StringColumn.of(*names.toTypedArray()),
                false,
            )
        }
    }
}

/** A number as the caller wrote it: whole numbers stay whole in the file. */
internal fun asGiven(value: Number): Any = if (value is Int || value is Long) value.toLong() else value.toDouble()
