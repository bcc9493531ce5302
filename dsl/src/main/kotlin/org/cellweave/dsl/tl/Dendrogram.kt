package org.cellweave.dsl

import org.cellweave.cluster.Dendrogram
import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/**
 * Tree of the groups of cells by the correlation of their mean profiles. See [Dendrogram].
 *
 * Reads `obs[groupby]` and `obsm[useRep]` (by default `X_pca`), or the genes [varNames]. Writes
 * `uns["dendrogram_{groupby}"]` (or [keyAdded]).
 *
 * @param groupby one categorical column of `obs`
 */
public fun Tools.dendrogram(
    adata: AnnData,
    groupby: String,
    nPcs: Int? = null,
    useRep: String? = null,
    varNames: List<String>? = null,
    useRaw: Boolean? = null,
    corMethod: String = Dendrogram.Params.DEFAULTS
        .correlation()
        .spelled(),
    linkageMethod: String = Dendrogram.Params.DEFAULTS
        .linkage()
        .spelled(),
    keyAdded: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params =
        Dendrogram.Params(
            Check.oneOf(corMethod, Dendrogram.Correlation::class.java, "corMethod"),
            Check.oneOf(linkageMethod, Linkage.Method::class.java, "linkageMethod"),
        )
    val column = target.groups(groupby, "groupby").removeUnused()
    val x: Matrix =
        if (varNames == null) {
            representation(target, useRep, nPcs)
        } else {
            ExpressionSource(target, null, useRaw ?: (target.raw != null)).matrix(varNames)
        }
    val result = Dendrogram.run(x, column.codes(), column.nCategories(), params)
    val key = keyAdded ?: "dendrogram_$groupby"
    Log.info("Storing dendrogram info using `.uns['$key']`")
    target.uns[key] = stored(result, column.categoryNames(), groupby, params) + used(varNames, useRep)
    return target
}

private fun used(varNames: List<String>?, useRep: String?): Map<String, Any?> =
    if (varNames != null) {
        dict("var_names" to NdArray.of(*varNames.toTypedArray()))
    } else {
        dict("use_rep" to (useRep ?: "X_pca"))
    }

private fun stored(
    result: Dendrogram.Result,
    names: List<String>,
    groupby: String,
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
        "groupby" to NdArray.of(groupby),
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
