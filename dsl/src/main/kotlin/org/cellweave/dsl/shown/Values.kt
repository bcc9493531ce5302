package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.GeneNames
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.columnsOf
import org.cellweave.dsl.slots.readsRaw
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException

/** One value per cell, as figures need it. */
internal sealed interface CellValues

internal class Numbers(val values: DoubleArray) : CellValues

/** [codes] are positions in [names] or -1. */
internal class Categories(val codes: IntArray, val names: List<String>) : CellValues {
    /** Positions of the categories that some cell has. */
    fun used(): List<Int> = counts().let { counts -> names.indices.filter { counts[it] > 0 } }

    /** Numbers of cells of the categories. */
    fun counts(): IntArray = IntArray(names.size).also { n -> codes.forEach { if (it >= 0) n[it]++ } }

    /** Only the categories at [kept], renumbered; cells of all others have none. */
    fun only(kept: List<Int>): Categories {
        val position = IntArray(names.size) { -1 }
        kept.forEachIndexed { i, at -> position[at] = i }
        return Categories(
            IntArray(codes.size) { if (codes[it] < 0) -1 else position[codes[it]] },
            kept.map { names[it] },
        )
    }

    /** Pairs of categories that have cells, named `first_second`. */
    fun crossed(other: Categories): Categories {
        val width = other.names.size
        val all = IntArray(codes.size) {
            if (codes[it] < 0 || other.codes[it] < 0) -1 else codes[it] * width + other.codes[it]
        }
        val present = all.filter { it >= 0 }.distinct().sorted()
        val position = present.withIndex().associate { it.value to it.index }
        return Categories(
            IntArray(all.size) { position[all[it]] ?: -1 },
            present.map { names[it / width] + "_" + other.names[it % width] },
        )
    }
}

/** Where expression values come from. */
internal class Expression(
    val adata: AnnData,
    useRaw: Boolean?,
    private val layer: String? = null,
    private val geneSymbols: String? = null,
) {
    private val raw = adata.readsRaw(useRaw, layer)

    init {
        if (layer != null) {
            adata.layers.get(layer)
        }
    }

    private val matrix: Matrix
        get() = when {
            raw -> adata.raw.x
            layer != null -> adata.layers.get(layer)
            else -> adata.x ?: throw IllegalStateException("adata.X is not set, so that genes have no values")
        }

    private val names: GeneNames by lazy { GeneNames(adata, raw, geneSymbols) }

    /** Every gene, in the order of the table. */
    val allGenes: List<String> get() = names.names

    /** Every gene in every cell, one array per gene. */
    fun all(): List<DoubleArray> = columnsOf(matrix, IntArray(matrix.nCols()) { it }).asList()

    fun has(gene: String): Boolean = gene in names

    fun gene(gene: String): DoubleArray = column(matrix, names.at(gene))

    /** Several genes in one pass over the cells; a gene named twice shares its array. */
    fun genes(wanted: List<String>): List<DoubleArray> {
        val distinct = wanted.distinct()
        val columns = columnsOf(matrix, names.at(distinct))
        val at = distinct.withIndex().associate { it.value to it.index }
        return wanted.map { columns[at.getValue(it)] }
    }

    /** Genes, and columns of numbers of `obs` where no gene has the name: what tables of groups show. */
    fun columns(wanted: List<String>): List<DoubleArray> {
        val ofCells = wanted
            .distinct()
            .filter { it !in names }
            .mapNotNull { key -> (adata.obs.find(key) as? NumericColumn)?.let { key to it.toDoubles() } }
            .toMap()
        val ofGenes = wanted.filter { it !in ofCells }.distinct().let { it.zip(genes(it)).toMap() }
        return wanted.map { ofCells[it] ?: ofGenes.getValue(it) }
    }

    fun nearest(name: String): String = names.nearest(name)

    companion object {
        fun column(m: Matrix, j: Int): DoubleArray =
            if (m is DenseMatrix) m.column(j) else DoubleArray(m.nRows()) { m.get(it, j) }
    }
}

/** What [key] means for every cell: an obs column, or else a gene. */
internal fun cellValues(expression: Expression, key: String): CellValues {
    known(expression, listOf(key))
    return expression.adata.obs
        .find(key)
        ?.let(::columnValues) ?: Numbers(expression.gene(key))
}

/** Refuses keys that are neither obs columns nor genes, all in one message. */
internal fun known(expression: Expression, keys: List<String>) {
    val obs = expression.adata.obs
    val missing = keys.distinct().filter { obs.find(it) == null && !expression.has(it) }
    if (missing.isEmpty()) {
        return
    }
    if (missing.size > 1) {
        throw MissingKeyException("obs", missing, obs.keys, "They are not genes either.")
    }
    val gene = expression.nearest(missing[0])
    val remedy = if (gene.isEmpty()) Remedies.column(missing[0]) else ""
    throw MissingKeyException("obs", missing[0], obs.keys, "It is not a gene either.$gene $remedy".trim())
}

internal fun columnValues(column: Column): CellValues =
    when (column) {
        is NumericColumn -> Numbers(column.toDoubles())
        is CategoricalColumn -> Categories(column.codes(), column.categoryNames())
        is StringColumn -> column.toCategorical().let { Categories(it.codes(), it.categoryNames()) }
        is BooleanColumn -> Categories(
            IntArray(column.size()) {
                if (column.isMissing(it)) {
                    -1
                } else if (column.get(it)) {
                    1
                } else {
                    0
                }
            },
            listOf("False", "True"),
        )
    }
