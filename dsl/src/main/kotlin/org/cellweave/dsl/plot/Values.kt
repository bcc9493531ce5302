package org.cellweave.dsl.plot

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Log
import org.cellweave.dsl.columnsOf
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** One value per cell, as figures need it. */
internal sealed interface CellValues

internal class Numbers(val values: DoubleArray) : CellValues

/** [codes] are positions in [names] or -1. */
internal class Categories(val codes: IntArray, val names: List<String>) : CellValues

/** Where expression values come from. */
internal class Expression(
    val adata: AnnData,
    useRaw: Boolean?,
    private val layer: String?,
    private val geneSymbols: String?,
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

    private val table: DataFrame get() = if (raw) adata.raw.`var` else adata.`var`

    private val matrix: Matrix
        get() = when {
            raw -> adata.raw.x
            layer != null -> adata.layers.get(layer)
            else -> adata.x ?: throw IllegalStateException("adata.X is not set, so that genes have no values")
        }

    private val names: List<String> by lazy {
        if (geneSymbols == null) table.names else table.get(geneSymbols).texts().asList()
    }

    private val position: Map<String, Int> by lazy {
        HashMap<String, Int>(names.size * 2).also { map ->
            names.forEachIndexed { i, name -> map.putIfAbsent(name, i) }
        }
    }

    /** Every gene, in the order of the table. */
    val allGenes: List<String> get() = names

    fun has(gene: String): Boolean = gene in position

    fun gene(gene: String): DoubleArray = column(matrix, place(gene))

    /** Several genes in one pass over the cells; a gene named twice shares its array. */
    fun genes(wanted: List<String>): List<DoubleArray> {
        val distinct = wanted.distinct()
        val columns = columnsOf(matrix, IntArray(distinct.size) { place(distinct[it]) })
        val at = distinct.withIndex().associate { it.value to it.index }
        return wanted.map { columns[at.getValue(it)] }
    }

    private fun place(gene: String): Int =
        position[gene] ?: throw MissingKeyException(place(), gene, names, otherPlace(gene))

    fun nearest(name: String): String = Check.suggestion(name, names)

    private fun place() = (if (raw) "raw.var" else "var") + (geneSymbols ?: "_names")

    private fun otherPlace(gene: String): String =
        when {
            raw && adata.varNames.contains(gene) -> "It is in adata.X: pass useRaw = false."
            !raw && adata.raw
                ?.`var`
                ?.names
                ?.contains(gene) == true -> "It is in adata.raw: pass useRaw = true."
            else -> ""
        }

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
    val obs = expression.adata.obs
    val column = obs.find(key)
    if (column != null) {
        return columnValues(column)
    }
    if (expression.has(key)) {
        return Numbers(expression.gene(key))
    }
    val suggestion = Check.suggestion(key, obs.keys)
    val gene = if (suggestion.isEmpty()) expression.nearest(key) else ""
    val remedy = if (gene.isEmpty()) Remedies.column(key) else ""
    throw MissingKeyException("obs", key, obs.keys, "It is not a gene either.$gene $remedy".trim())
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

/** Groups of cells by a column; numbers are cut into [bins] equal intervals. */
internal fun groupsOf(adata: AnnData, groupby: String, bins: Int = 7): Categories {
    val column = adata.obs.find(groupby)
        ?: throw MissingKeyException("obs", groupby, adata.obs.keys, Remedies.column(groupby))
    return when (val values = columnValues(column)) {
        is Categories -> values
        is Numbers -> intervals(values.values, bins)
    }
}

private fun intervals(values: DoubleArray, bins: Int): Categories {
    require(bins > 0) { "numCategories must be positive, got $bins" }
    val finite = values.filter { it.isFinite() }
    require(finite.isNotEmpty()) { "groupby must have a finite value" }
    val low = finite.min()
    val step = (finite.max() - low) / bins
    val codes = IntArray(values.size) {
        when {
            !values[it].isFinite() -> -1
            step == 0.0 -> 0
            else -> ((values[it] - low) / step).toInt().coerceAtMost(bins - 1)
        }
    }
    return Categories(codes, List(bins) { "(${tickLabel(low + it * step)}, ${tickLabel(low + (it + 1) * step)}]" })
}

/** Columns of an embedding. */
internal class Coordinates(adata: AnnData, basis: String) {
    val key: String
    private val columns: (Int) -> DoubleArray
    val nDims: Int

    init {
        val obsm = adata.obsm
        key = listOf("X_$basis", basis).firstOrNull { obsm.contains(it) }
            ?: throw MissingKeyException("obsm", "X_" + basis.removePrefix("X_"), obsm.keys, Remedies.basis(basis))
        when (val array = obsm.get(key)) {
            is Matrix -> {
                nDims = array.nCols()
                columns = { Expression.column(array, it) }
            }
            is NdArray -> {
                nDims = if (array.nDims() < 2) 1 else array.shape()[1]
                columns = { j -> DoubleArray(array.nRows()) { array.number(it * nDims + j) } }
            }
            is DataFrame -> {
                nDims = array.nCols()
                columns = { array.get(array.keys.elementAt(it)).toDoubles() }
            }
            else -> throw IllegalArgumentException("obsm['$key'] holds a ${array.describe()}, which has no coordinates")
        }
    }

    fun column(j: Int): DoubleArray {
        require(j in 0 until nDims) { "components must lie in 1..$nDims for obsm['$key'], got ${j + 1}" }
        return columns(j)
    }

    /** "UMAP1" for the first dimension of `X_umap`. */
    fun label(j: Int): String {
        val plain = key.removePrefix("X_")
        val name = when (plain) {
            "umap" -> "UMAP"
            "tsne" -> "tSNE"
            "pca" -> "PC"
            "diffmap" -> "DC"
            "spatial" -> "spatial"
            else -> plain.removePrefix("draw_graph_").let { if (it != plain) it.uppercase() else it }
        }
        return name + (j + 1)
    }
}

/** Colours of categories: `uns["{key}_colors"]`, or chosen and written there. */
internal object CategoryColors {
    fun of(adata: AnnData, key: String, names: List<String>, palette: Any?): List<String> {
        val slot = key + "_colors"
        if (palette == null) {
            stored(adata.uns[slot])?.takeIf { it.size >= names.size }?.let { texts ->
                val colors = texts.take(names.size).map(Palettes::find)
                if (colors.all { it != null }) {
                    return colors.filterNotNull()
                }
                Log.warning("uns['$slot'] holds what is no colour; the default palette replaces it")
            }
        }
        val chosen = if (palette == null) default(key, names.size) else fromPalette(palette, names)
        adata.uns[slot] = NdArray.of(*chosen.toTypedArray())
        return chosen
    }

    private fun default(key: String, n: Int): List<String> {
        if (n > Palettes.named("default_102").size) {
            Log.warning("'$key' has $n categories, more than the 102 default colours; all are drawn grey")
        }
        return Palettes.default(n)
    }

    private fun stored(value: Any?): List<String>? =
        when (value) {
            is NdArray -> if (value.isText) value.texts().asList() else null
            is Column -> value.texts().asList()
            is Iterable<*> -> value.map { it.toString() }
            is Array<*> -> value.map { it.toString() }
            else -> null
        }

    private fun fromPalette(palette: Any, names: List<String>): List<String> =
        when (palette) {
            is String -> named(palette, names.size)
            is Map<*, *> -> names.map { name ->
                val color = palette.entries.firstOrNull { it.key.toString() == name }?.value
                    ?: throw IllegalArgumentException(
                        "palette has no colour for category '$name'; it has ${palette.keys}",
                    )
                Palettes.color(color.toString(), "palette['$name']")
            }
            is Iterable<*> -> cycled(palette.map { Palettes.color(it.toString(), "palette") }, names.size)
            is Array<*> -> cycled(palette.map { Palettes.color(it.toString(), "palette") }, names.size)
            else -> throw IllegalArgumentException(
                "palette must be a name, a list of colours or a map from category to colour, got $palette",
            )
        }

    private fun named(name: String, n: Int): List<String> {
        if (Palettes.isKnown(name)) {
            return cycled(Palettes.named(name), n)
        }
        val map = try {
            ColorMap.named(name)
        } catch (e: IllegalArgumentException) {
            throw IllegalArgumentException(
                "palette '$name' is not known." + Check.suggestion(name, Palettes.known) +
                    " Known are ${Palettes.known.joinToString()} and every cmap; a list of colours works too.",
                e,
            )
        }
        return if (n == 1) listOf(map.hex(0.0)) else map.sampled(n) { it }
    }

    private fun cycled(colors: List<String>, n: Int): List<String> {
        require(colors.isNotEmpty()) { "palette must have at least one colour, got an empty list" }
        if (colors.size < n) {
            Log.warning("palette has ${colors.size} colours for $n categories; colours repeat")
        }
        return List(n) { colors[it % colors.size] }
    }
}
