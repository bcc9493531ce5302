package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.GeneNames
import org.cellweave.dsl.Log
import org.cellweave.dsl.columnsOf
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.abs

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

/** Groups of cells by columns, crossed if there are several; numbers are cut into [bins] equal intervals. */
internal fun groupsOf(adata: AnnData, keys: List<String>, bins: Int = 7): Categories {
    require(keys.isNotEmpty()) { "groupby must name a column of obs, got an empty list" }
    val missing = keys.distinct().filter { it !in adata.obs.keys && !isIndex(adata, it) }
    if (missing.isNotEmpty()) {
        throw MissingKeyException("obs", missing, adata.obs.keys, Remedies.column(missing[0]))
    }
    val groups = keys
        .map { key ->
            val column = adata.obs.find(key) ?: StringColumn.of(*adata.obsNames.toTypedArray())
            when (val values = columnValues(column)) {
                is Categories -> values
                is Numbers -> intervals(values.values, bins)
            }
        }.reduce(Categories::crossed)
    require(groups.codes.any { it >= 0 }) {
        "groupby must give at least one cell a group, but ${keys.joinToString(" and ") { "obs['$it']" }} gives none"
    }
    return groups
}

internal fun groupsOf(adata: AnnData, groupby: String): Categories = groupsOf(adata, listOf(groupby))

/** Whether [key] stands for the names of the cells: `index`, or what the index calls itself. */
private fun isIndex(adata: AnnData, key: String) = key == "index" || key == adata.obs.indexName

/** Equal intervals, open at their lower ends; the first begins a thousandth of the range below the least value. */
private fun intervals(values: DoubleArray, bins: Int): Categories {
    require(bins > 0) { "numCategories must be positive, got $bins" }
    val finite = values.filter { it.isFinite() }
    require(finite.isNotEmpty()) { "groupby must have a finite value" }
    val low = finite.min()
    val high = finite.max()
    val margin = BELOW * if (high > low) high - low else abs(low).takeIf { it > 0 } ?: 1.0
    val (from, to) = if (high > low) low to high else low - margin to high + margin
    val edges = DoubleArray(bins + 1) { if (it == bins) to else from + it * ((to - from) / bins) }
    if (high > low) edges[0] -= margin
    val codes = IntArray(values.size) { i ->
        if (values[i].isFinite()) (1..bins).first { values[i] <= edges[it] } - 1 else -1
    }
    val labels = edgeLabels(edges)
    return Categories(codes, List(bins) { "(${labels[it]}, ${labels[it + 1]}]" })
}

/** With as few digits as tell the edges apart. */
private fun edgeLabels(edges: DoubleArray): List<String> =
    (4..17)
        .map { digits -> edges.map { tickLabel(it, digits) } }
        .run { firstOrNull { it.distinct().size == edges.size } ?: last() }

private const val BELOW = 0.001

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
            stored(adata.uns[slot])?.let { texts ->
                val colors = texts.take(names.size).map(Palettes::find)
                if (colors.size == names.size && colors.all { it != null }) {
                    return colors.filterNotNull()
                }
                val reason = if (colors.size < names.size) {
                    "has ${texts.size} colours, but obs['$key'] has ${names.size} categories"
                } else {
                    "holds what is no colour"
                }
                Log.warning("uns['$slot'] $reason; the default palette replaces it")
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
