package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.GeneNames
import org.cellweave.dsl.columnsOf
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
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
    private val raw: Boolean

    init {
        if (useRaw == true) {
            require(layer == null) { "useRaw = true and layer = '$layer' exclude each other; give one of them" }
            requireNotNull(adata.raw) {
                "useRaw = true, but adata.raw is not set; set adata.raw or pass useRaw = false"
            }
        }
        raw = useRaw ?: (layer == null && adata.raw != null)
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

    fun nearest(name: String): String = names.nearest(name)

    companion object {
        fun column(m: Matrix, j: Int): DoubleArray =
            if (m is DenseMatrix) m.column(j) else DoubleArray(m.nRows()) { m.get(it, j) }
    }
}

/** The calls that make what is missing. */
internal object Remedies {
    private val columns =
        mapOf(
            "leiden" to "tl.leiden", "louvain" to "tl.leiden", "phase" to "tl.scoreGenesCellCycle",
            "S_score" to "tl.scoreGenesCellCycle", "G2M_score" to "tl.scoreGenesCellCycle",
            "dpt_pseudotime" to "tl.dpt", "doublet_score" to "pp.scrublet", "predicted_doublet" to "pp.scrublet",
            "total_counts" to "pp.calculateQcMetrics", "n_genes_by_counts" to "pp.calculateQcMetrics",
            "n_genes" to "pp.filterCells", "n_counts" to "pp.filterCells",
        )
    private val bases =
        mapOf(
            "umap" to "tl.umap", "pca" to "pp.pca", "tsne" to "tl.tsne", "diffmap" to "tl.diffmap",
            "pca_harmony" to "pp.harmonyIntegrate",
        )

    /** "Run sc.tl.leiden() first.", or "" when no verb is known to make [key]. */
    fun column(key: String): String {
        val known = columns[key] ?: columns.entries.firstOrNull { near(key, it.key) }?.value
        val verb = known ?: if (key.startsWith("pct_counts")) "pp.calculateQcMetrics" else return ""
        return run(verb)
    }

    private fun near(key: String, known: String) = Check.suggestion(key, listOf(known)).isNotEmpty()

    fun basis(key: String): String {
        val plain = key.removePrefix("X_")
        val verb = bases[plain] ?: if (plain.startsWith("draw_graph_")) "tl.drawGraph" else return ""
        return run(verb)
    }

    private fun run(verb: String) = "Run sc.$verb() first."
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
    val suggestion = Check.suggestion(missing[0], obs.keys)
    val gene = if (suggestion.isEmpty()) expression.nearest(missing[0]) else ""
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
