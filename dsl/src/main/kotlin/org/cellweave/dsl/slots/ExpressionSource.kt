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
    private val source = adata.expression(useRaw, layer)
    private val matrix = source.x
    private val index: NameIndex =
        when {
            geneSymbols == null -> source.index
            source.genes.contains(geneSymbols) -> NameIndex.of(source.genes, geneSymbols)
            else -> NameIndex.ofColumn("var['$geneSymbols']", source.genes.names, adata.symbols(useRaw, geneSymbols))
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
