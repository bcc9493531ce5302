package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NameIndex
import org.cellweave.matrix.Matrix

/** Expression by gene name from X, a layer or raw. */
internal class ExpressionSource(
    adata: AnnData,
    layer: String?,
    useRaw: Boolean,
    geneSymbols: String? = null,
) {
    private val matrix: Matrix
    private val index: NameIndex

    init {
        require(!useRaw || layer == null) { "useRaw and layer exclude each other; got layer = '$layer'" }
        val table = if (useRaw) adata.requiredRaw().`var` else adata.`var`
        matrix = if (useRaw) adata.raw.x else adata.matrixOf(layer)
        index =
            when {
                geneSymbols == null -> NameIndex.of(table)
                table.contains(geneSymbols) -> NameIndex.of(table, geneSymbols)
                else -> NameIndex.ofColumn("var['$geneSymbols']", table.names, adata.symbols(useRaw, geneSymbols))
            }
    }

    /** Genes without a symbol have no name. */
    val names: List<String>
        get() {
            val all: List<String?> = index.names()
            return all.filterNotNull()
        }

    operator fun contains(gene: String): Boolean = index.contains(gene)

    /** The given genes as a matrix. */
    fun matrix(wanted: List<String>): Matrix = matrix.takeCols(index.at(wanted, ""))

    /** Columns of the given genes; all in one pass over the rows. */
    fun genes(wanted: List<String>): Map<String, Column> {
        if (wanted.isEmpty()) {
            return emptyMap()
        }
        val columns = wanted.distinct()
        val values = columnsOf(matrix, index.at(columns, ""))
        return columns.indices.associate { columns[it] to numberColumn(matrix.dtype(), values[it]) }
    }
}
