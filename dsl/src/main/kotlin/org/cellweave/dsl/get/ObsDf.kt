package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.ExpressionSource
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.numberColumn
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.rowVector
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * A table of obs columns and gene expression, one row per cell.
 *
 * Reads `obs`, `X` (or `layer`, or `raw`), `obsm`. Writes nothing. A key that is both an obs column and a gene, and a
 * name or symbol that several genes have, are refused.
 *
 * @param keys obs columns or genes
 * @param obsmKeys pairs of an `obsm` key and a column of it (its number, or its name in a table), named `key-column` in
 *   the result
 * @param geneSymbols column of `var` or `raw.var` by whose values genes are named
 */
public fun Get.obsDf(
    adata: AnnData,
    keys: Collection<String> = emptyList(),
    obsmKeys: Iterable<Pair<String, Any>> = emptyList(),
    layer: String? = null,
    geneSymbols: String? = null,
    useRaw: Boolean = false,
): DataFrame {
    val out = DataFrame("obs", adata.obs.index, adata.obs.indexName)
    val source by lazy { ExpressionSource(adata, layer, useRaw, geneSymbols) }
    if (keys.isNotEmpty()) {
        val (genes, others) = keys.partition { it in source }
        val both = genes.filter(adata.obs::contains)
        require(both.isEmpty()) { "'${both.first()}' is both an obs column and a gene; rename one of them" }
        val missing = others.filterNot(adata.obs::contains).distinct()
        if (missing.isNotEmpty()) {
            val present = adata.obs.keys + source.names
            throw MissingKeyException("obs or var names", missing, present, remedy(missing.first(), "obs"))
        }
        val vectors = source.genes(genes)
        keys.forEach { out.set(it, vectors[it] ?: adata.obs.get(it)) }
    }
    for ((key, column) in obsmKeys) {
        val values = adata.obsm.find(adata.obsmKey(key))
            ?: throw MissingKeyException("obsm", key, adata.obsm.keys, remedy(key, "obsm"))
        out.set("$key-$column", columnOf(values, "obsm['$key']", column))
    }
    return out
}

/** The column [keys] of obs, or the expression of that gene. Reads the same. */
public fun Get.obsDf(
    adata: AnnData,
    keys: String,
    obsmKeys: Iterable<Pair<String, Any>> = emptyList(),
    layer: String? = null,
    geneSymbols: String? = null,
    useRaw: Boolean = false,
): DataFrame = obsDf(adata, listOf(keys), obsmKeys, layer, geneSymbols, useRaw)

/**
 * A table of var columns and cells' expression, one row per gene.
 *
 * Reads `var`, `X` (or `layer`), `varm`. Writes nothing. A key that is both a var column and a cell, and a name that
 * several cells have, are refused.
 *
 * @param keys var columns or cell names
 * @param varmKeys pairs of a `varm` key and a column of it, as in [obsDf]
 */
public fun Get.varDf(
    adata: AnnData,
    keys: Collection<String> = emptyList(),
    varmKeys: Iterable<Pair<String, Any>> = emptyList(),
    layer: String? = null,
): DataFrame {
    val out = DataFrame("var", adata.`var`.index, adata.`var`.indexName)
    val cells = NameIndex.of(adata.obs)
    val both = keys.filter { adata.`var`.contains(it) && cells.contains(it) }
    require(both.isEmpty()) { "'${both.first()}' is both a var column and a cell; rename one of them" }
    val missing = keys.filter { !adata.`var`.contains(it) && !cells.contains(it) }.distinct()
    if (missing.isNotEmpty()) {
        throw MissingKeyException("var or obs names", missing, adata.`var`.keys + adata.obsNames, "")
    }
    val x by lazy { adata.matrixOf(layer) }
    keys.forEach { out.set(it, adata.`var`.find(it) ?: rowVector(x, cells.at(it))) }
    for ((key, column) in varmKeys) {
        val values =
            adata.varm.find(key) ?: throw MissingKeyException("varm", key, adata.varm.keys, remedy(key, "varm"))
        out.set("$key-$column", columnOf(values, "varm['$key']", column))
    }
    return out
}

/** The column [keys] of var, or the expression of that cell. Reads the same. */
public fun Get.varDf(
    adata: AnnData,
    keys: String,
    varmKeys: Iterable<Pair<String, Any>> = emptyList(),
    layer: String? = null,
): DataFrame = varDf(adata, listOf(keys), varmKeys, layer)

/** One column of an array of obsm or varm: by number, or by name in a table. */
private fun columnOf(values: AxisArray, name: String, column: Any): Column {
    if (values is DataFrame && column is String) return values.get(column)
    require(column is Int) { "columns of $name are chosen by number, got '$column'" }
    return when (values) {
        is DataFrame -> values.get(values.keys.elementAt(Check.index(column, values.nCols(), "the column of $name")))
        is Matrix -> {
            Check.index(column, values.nCols(), "the column of $name")
            numberColumn(values.dtype(), columnsOf(values, intArrayOf(column))[0])
        }
        is NdArray -> {
            val matrix = values.toMatrix()
            Check.index(column, matrix.nCols(), "the column of $name")
            NumericColumn.of(*matrix.column(column))
        }
        else -> throw IllegalArgumentException("$name has no columns: it is a ${values.described()}")
    }
}
