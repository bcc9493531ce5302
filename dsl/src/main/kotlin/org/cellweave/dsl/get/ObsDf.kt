package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException

/**
 * A table of obs columns and gene expression, one row per cell.
 *
 * Reads `obs`, `X` (or `layer`, or `raw`), `obsm`. Writes nothing. An obs column wins over a gene of the same name only
 * if there is no such gene; a name that is both is refused.
 *
 * @param keys obs columns or genes
 * @param obsmKeys pairs of an `obsm` key and a column of it, named `key-column` in the result
 */
public fun Get.obsDf(
    adata: AnnData,
    keys: List<String> = emptyList(),
    obsmKeys: List<Pair<String, Int>> = emptyList(),
    layer: String? = null,
    geneSymbols: String? = null,
    useRaw: Boolean = false,
): DataFrame {
    val out = DataFrame("obs", adata.obs.index, adata.obs.indexName)
    val source = ExpressionSource(adata, layer, useRaw, geneSymbols)
    val vectors = source.genes(keys.filter { it in source })
    for (key in keys) {
        val gene = vectors[key]
        val column = adata.obs.find(key)
        require(gene == null || column == null) { "'$key' is both an obs column and a gene; rename one of them" }
        out.set(key, column ?: gene ?: throw missing(adata, key, source))
    }
    for ((key, j) in obsmKeys) {
        out.set("$key-$j", NumericColumn.of(*adata.embedding(key).toDense().column(j)))
    }
    return out
}

/**
 * A table of var columns and cells' expression, one row per gene.
 *
 * Reads `var`, `X` (or `layer`), `varm`. Writes nothing.
 *
 * @param keys var columns or cell names
 */
public fun Get.varDf(
    adata: AnnData,
    keys: List<String> = emptyList(),
    varmKeys: List<Pair<String, Int>> = emptyList(),
    layer: String? = null,
): DataFrame {
    val out = DataFrame("var", adata.`var`.index, adata.`var`.indexName)
    val cells = adata.obsNames.withIndex().associate { (i, name) -> name to i }
    for (key in keys) {
        val column: Column =
            adata.`var`.find(key)
                ?: cells[key]?.let { rowVector(adata.matrixOf(layer), it) }
                ?: throw MissingKeyException("var or obs names", key, adata.`var`.keys + adata.obsNames, "")
        out.set(key, column)
    }
    for ((key, j) in varmKeys) {
        val values = adata.varm
            .matrix(key, remedy(key))
            .toDense()
            .column(j)
        out.set("$key-$j", NumericColumn.of(*values))
    }
    return out
}

private fun rowVector(x: Matrix, i: Int): Column =
    numberColumn(x.dtype(), DoubleArray(x.nCols()).also { x.takeRows(intArrayOf(i)).toDense().readRow(0, it) })

private fun missing(adata: AnnData, key: String, source: ExpressionSource) =
    MissingKeyException("obs or var names", key, adata.obs.keys + source.names, remedy(key))

internal fun numberColumn(dtype: DType, values: DoubleArray): Column =
    if (dtype.isInteger) {
        NumericColumn.integers(dtype, LongArray(values.size) { values[it].toLong() }, null)
    } else {
        NumericColumn.reals(if (dtype.isFloating) dtype else DType.FLOAT64, values)
    }

/** Expression by gene name from X, a layer or raw. */
internal class ExpressionSource(
    adata: AnnData,
    layer: String?,
    useRaw: Boolean,
    geneSymbols: String? = null,
) {
    private val matrix: Matrix
    val names: List<String>
    private val position: Map<String, Int>

    init {
        require(!useRaw || layer == null) { "useRaw and layer exclude each other; got layer = '$layer'" }
        val raw = adata.raw
        require(!useRaw || raw != null) {
            "useRaw = true, but this object has no raw; set adata.raw or use useRaw = false"
        }
        matrix = if (useRaw) raw.x else adata.matrixOf(layer)
        val table = if (useRaw) raw.`var` else adata.`var`
        names = if (geneSymbols == null) table.names else table.get(geneSymbols).texts().toList()
        position =
            HashMap<String, Int>(names.size * 2).also { m -> names.forEachIndexed { i, n -> m.putIfAbsent(n, i) } }
    }

    operator fun contains(gene: String): Boolean = gene in position

    /** The given genes as a matrix. */
    fun matrix(wanted: List<String>): Matrix =
        matrix.takeCols(
            IntArray(wanted.size) {
                position[wanted[it]] ?: throw MissingKeyException("var names", wanted[it], names, "")
            },
        )

    /** Columns of the given genes; all in one pass over the rows. */
    fun genes(wanted: List<String>): Map<String, Column> {
        if (wanted.isEmpty()) {
            return emptyMap()
        }
        val columns = wanted.distinct()
        val values = columnsOf(matrix, IntArray(columns.size) { position.getValue(columns[it]) })
        return columns.indices.associate { columns[it] to numberColumn(matrix.dtype(), values[it]) }
    }
}

/** Some columns of a matrix as float64 arrays. */
internal fun columnsOf(x: Matrix, columns: IntArray): Array<DoubleArray> {
    val picked: DenseMatrix =
        when (x) {
            is DenseMatrix -> x.takeCols(columns)
            is CsrMatrix -> x.takeCols(columns).toDense()
            is CscMatrix -> x.takeCols(columns).toDense()
        }
    return Array(columns.size) { picked.column(it) }
}
