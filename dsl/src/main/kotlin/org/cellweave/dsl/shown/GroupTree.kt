package org.cellweave.dsl.shown

import org.cellweave.cluster.Dendrogram
import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.representationOf
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.GeneNames
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.matrix.DType
import org.cellweave.util.Check

/** How the tree of groups is worked out. */
internal class GroupTree(
    private val params: Dendrogram.Params = Dendrogram.Params.DEFAULTS,
    private val nPcs: Int? = null,
    private val useRep: String? = null,
    private val varNames: List<String>? = null,
    private val useRaw: Boolean? = null,
) {
    /** Works out the tree over [cells], the groups of [keys] that have any, and writes it to `uns`. */
    fun store(adata: AnnData, keys: List<String>, cells: Categories, key: String) {
        require(cells.names.size > 1) {
            "a tree needs at least 2 groups, but '${keys.joinToString("_")}' has ${cells.names}; " +
                "group by a column with more"
        }
        val (x, used) =
            if (varNames == null) {
                val space = representationOf(adata, useRep, nPcs)
                space.x to ("use_rep" to (useRep ?: if (space.key == null) "X" else "X_pca"))
            } else {
                val source = adata.expression(useRaw)
                source.x.takeCols(GeneNames(adata, source.isRaw, null).at(varNames)) to
                    ("var_names" to NdArray.of(*varNames.toTypedArray()))
            }
        // Pairs are numbered by name, as scanpy does, which decides what is left and right in the tree.
        val leaves = if (keys.size == 1) cells else cells.only(cells.names.indices.sortedBy { cells.names[it] })
        val result = Dendrogram.run(x, leaves.codes, leaves.names, params)
        Log.info("Storing dendrogram info using `.uns['$key']`")
        adata.uns[key] = stored(result, leaves.names, keys, params) + used
    }

    companion object {
        /** Where the tree is when no other key is given. */
        fun key(keys: List<String>): String = "dendrogram_" + keys.joinToString("_")

        /** The way in which the tree in [entry] was worked out, as far as it says so and the data are still there. */
        fun like(adata: AnnData, entry: Map<*, *>): GroupTree {
            fun <E : Enum<E>> choice(field: String, type: Class<E>): E? =
                (entry[field] as? String)?.let { Check.oneOf(it, type, "uns['$field']") }
            val defaults = Dendrogram.Params.DEFAULTS
            val params = Dendrogram.Params(
                choice("cor_method", Dendrogram.Correlation::class.java) ?: defaults.correlation(),
                choice("linkage_method", Linkage.Method::class.java) ?: defaults.linkage(),
            )
            val rep = (entry["use_rep"] as? String)?.takeIf { it == "X" || adata.obsmKey(it) in adata.obsm.keys }
            val genes = (entry["var_names"] as? NdArray)?.texts()?.asList()
            return GroupTree(params, null, rep, genes?.takeIf { adata.varNames.containsAll(it) })
        }
    }
}

private fun stored(
    result: Dendrogram.Result,
    names: List<String>,
    keys: List<String>,
    params: Dendrogram.Params,
): Map<String, Any?> {
    val leaves = NdArray.of(*LongArray(names.size) { result.leaves()[it].toLong() })
    val ordered = NdArray.of(*Array(names.size) { names[result.leaves()[it]] })
    val linkage =
        result.steps().map {
            doubleArrayOf(
                it.left().toDouble(), it.right().toDouble(), it.height(),
                it
                    .count()
                    .toDouble(),
            )
        }
    return dict(
        "linkage" to table(linkage.toTypedArray()),
        "groupby" to NdArray.of(*keys.toTypedArray()),
        "cor_method" to params.correlation().spelled(),
        "linkage_method" to params.linkage().spelled(),
        "categories_ordered" to ordered,
        "categories_idx_ordered" to leaves,
        "dendrogram_info" to
            dict(
                "icoord" to table(result.icoord()),
                "dcoord" to table(result.dcoord()),
                "ivl" to ordered,
                "leaves" to leaves,
                "color_list" to NdArray.of(*result.colors()),
                "leaves_color_list" to NdArray.of(*result.leafColors()),
            ),
        "correlation_matrix" to table(result.correlation()),
    )
}

private fun table(rows: Array<DoubleArray>): NdArray =
    NdArray(
        DType.FLOAT64,
        intArrayOf(rows.size, rows.firstOrNull()?.size ?: 0),
        rows.flatMap { it.asList() }.toDoubleArray(),
    )
