package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.dsl.plot.FigureSize
import org.cellweave.dsl.plot.GeneBracket
import org.cellweave.dsl.plot.GroupedCells
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.TableFrame
import org.cellweave.dsl.plot.TableWording
import org.cellweave.dsl.plot.Totals
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** The arguments that all tables of groups and genes share, in scanpy's meaning. */
internal data class TableOptions(
    val varNames: Any,
    val groupby: Any,
    val useRaw: Boolean? = null,
    val log: Boolean = false,
    val numCategories: Int = 7,
    val categoriesOrder: Any? = null,
    val standardScale: String? = null,
    val title: String? = null,
    val colorbarTitle: String = "",
    /** True, false, a key of uns, or null: drawn unless there is none to be had. */
    val dendrogram: Any? = false,
    val geneSymbols: String? = null,
    val varGroupPositions: List<Pair<Int, Int>>? = null,
    val varGroupLabels: List<String>? = null,
    val varGroupRotation: Number? = null,
    val layer: String? = null,
    val swapAxes: Boolean = false,
    val vmin: Any? = null,
    val vmax: Any? = null,
    val vcenter: Any? = null,
    val cmap: Any? = null,
    val norm: Any? = null,
    /** Width and height of the figure in inches. */
    val figsize: Pair<Number, Number>? = null,
    /** Bars with the numbers of cells in place of a tree. */
    val totals: TotalsChoice? = null,
    /** Inches that the tree or the totals take. */
    val extra: Double = 0.8,
    /** Whether the legends are drawn. */
    val legend: Boolean = true,
)

/** @property color one colour for all bars, or one per group; null for the groups' own */
internal data class TotalsChoice(val sort: String?, val color: Any?)

/** Which groups and genes a table shows, in which order, and what stands around it. */
internal class TablePlan(private val adata: AnnData, val options: TableOptions) {
    private val keys = texts(options.groupby, "groupby")!!
    private val choice = GeneChoice(options.varNames, options.varGroupPositions, options.varGroupLabels)

    /** `leiden`, or `batch_leiden` for two columns. */
    val groupby: String = keys.joinToString("_")
    private val all: Categories = groupsOf(adata, keys, options.numCategories)

    /** Positions in [all] of the groups that have cells. */
    private val used = all.used()

    /** The groups that have cells. */
    val cells: Categories = all.only(used)
    private val dendrogram: Dendrogram?

    /** Positions of the groups in [cells], in drawing order. */
    val order: List<Int>
    private val geneOrder: List<Int>
    val genes: List<String>
    private val brackets: List<GeneBracket>
    private val expression = Expression(adata, options.useRaw, options.layer, options.geneSymbols)

    init {
        require(used.isNotEmpty()) { "groupby must give at least one cell a group, but obs['$groupby'] gives none" }
        val wish = options.dendrogram
        require(wish == null || wish is Boolean || wish is String) {
            "dendrogram must be true, false or a key of uns, got $wish"
        }
        val wanted = texts(options.categoriesOrder, "categoriesOrder")
        require(wanted == null || wish == null || wish == false) {
            "dendrogram and categoriesOrder exclude each other; give one of them"
        }
        dendrogram = if (wish == false || wanted != null) null else tree(wish)
        val plain = groupOrder(wanted ?: dendrogram?.order)
        order = options.totals?.sort?.let { sortedBySize(plain, it) } ?: plain
        geneOrder = geneOrder()
        genes = geneOrder.map { choice.genes[it] }
        brackets = choice.brackets.map { b ->
            val from = geneOrder.indexOf(b.from)
            GeneBracket(b.label, from, from + b.to - b.from)
        }
    }

    private fun sortedBySize(plain: List<Int>, sort: String): List<Int> {
        require(sort in SORTS) { "sort must be one of $SORTS or null, got '$sort'." + Check.suggestion(sort, SORTS) }
        val sizes = sizes()
        return if (sort == SORTS[0]) plain.sortedBy { sizes[it] } else plain.sortedByDescending { sizes[it] }
    }

    private fun sizes(): IntArray = cells.counts()

    /** Numbers of cells of the groups in drawing order, where they are wanted. */
    private fun totals(): Totals? = options.totals?.let { choice ->
        val sizes = sizes()
        val own = texts(choice.color, "color")?.map { Palettes.color(it, "color") }
        require(own == null || own.size == 1 || own.size == order.size) {
            "color must be one colour or one per group (${order.size}), got ${own!!.size}"
        }
        Totals(order.map { sizes[it] }, if (own == null) colors() else order.indices.map { own[it % own.size] })
    }

    /** Names of the groups in drawing order. */
    val groups: List<String> get() = order.map { cells.names[it] }

    private fun tree(wish: Any?): Dendrogram? {
        val stored = StoredTree.stored(adata, keys, cells, wish)
        if (stored == null && used.size < FEWEST) {
            if (wish != null) {
                Log.warning("Dendrogram not added. Dendrogram is added only when the number of categories to plot > 2")
            }
            return null
        }
        return stored ?: StoredTree.of(adata, keys, cells, wish)
    }

    /** Categories without cells may be wished for, but have no row. */
    private fun groupOrder(wanted: List<String>?): List<Int> {
        val names = cells.names
        if (wanted == null) {
            return names.indices.toList()
        }
        val empty = all.names - names.toSet()
        val shown = wanted - empty.toSet()
        require(shown.size == names.size && shown.toSet() == names.toSet()) {
            "categoriesOrder must list every group once; groups are $names, got $wanted"
        }
        return shown.map(names::indexOf)
    }

    /** With a tree, brackets that are named after all groups follow the groups. */
    private fun geneOrder(): List<Int> {
        val labels = choice.brackets.map { it.label }
        val genes = choice.genes.indices.toList()
        if (dendrogram == null || labels.isEmpty()) {
            return genes
        }
        if (labels.toSet() != cells.names.toSet()) {
            Log.warning(
                "Groups are not reordered because the `groupby` categories and the `var_group_labels` are different: " +
                    "$groupby has ${cells.names}, the labels are $labels",
            )
            return genes
        }
        val sorted =
            choice.brackets.sortedBy { dendrogram.order.indexOf(it.label) }.flatMap { (it.from..it.to).toList() }
        return if (sorted.sorted() == genes) sorted else genes
    }

    /** Means and fractions of the genes, groups as in [cells]. */
    fun grouped(expressionCutoff: Double = 0.0, meanOnlyExpressed: Boolean = false): GroupedExpression =
        GroupedExpression(expression, cells, genes, options.log, expressionCutoff, meanOnlyExpressed)
            .also { it.standardize(options.standardScale) }

    /** Values of the genes in every cell. */
    fun perCell(): CellExpression = CellExpression(expression.columns(genes), options.log, options.standardScale)

    /** The rows of [values], which are as in [cells], in drawing order. */
    fun ordered(values: Array<DoubleArray>): Array<DoubleArray> = Array(order.size) { values[order[it]] }

    /** Cells of every group, groups in drawing order. */
    fun members(): List<IntArray> {
        val lists = cells.names.map { ArrayList<Int>() }
        cells.codes.forEachIndexed { i, code -> if (code >= 0) lists[code] += i }
        return order.map { lists[it].toIntArray() }
    }

    /** Colours of the groups in drawing order; those of a single categorical column are the user's. */
    fun colors(): List<String> {
        val column = keys.singleOrNull()?.let { adata.obs.find(it) }
        val colors = if (column != null && columnValues(column) is Categories) {
            CategoryColors.of(adata, keys[0], all.names, null)
        } else {
            Settings.figures.palette(all.names.size)
        }
        return order.map { colors[used[it]] }
    }

    /** Numbers that the caller brings: rows are groups, columns genes; in drawing order. */
    fun given(table: DataFrame, argument: String): Array<DoubleArray> {
        val missing = genes.distinct().filter { it !in table.keys }
        if (missing.isNotEmpty()) {
            throw MissingKeyException("$argument columns", missing, table.keys, "")
        }
        val columns = genes.associateWith { table.get(it).toDoubles() }
        val rows = groups.map { name ->
            val at = table.names.indices.filter { table.names[it] == name }
            if (at.isEmpty()) throw MissingKeyException("$argument rows", name, table.names, "")
            require(at.size == 1) { "$argument must have one row per group, got ${at.size} rows '$name'" }
            at[0]
        }
        return Array(groups.size) { g ->
            val row = rows[g]
            DoubleArray(genes.size) { columns.getValue(genes[it])[row] }
        }
    }

    /** What a figure takes: all that is not numbers. */
    fun frame(map: ColorMap, size: FigureSize?, look: Look): TableFrame =
        TableFrame(
            groups = groups,
            genes = genes,
            groupby = groupby,
            brackets = brackets,
            tree = dendrogram?.tree(),
            totals = totals(),
            wording = TableWording(
                title = options.title,
                colorbarTitle = options.colorbarTitle,
                bracketRotation = options.varGroupRotation?.toDouble(),
                legend = options.legend,
                extra = options.extra,
            ),
            map = map,
            bounds = ColorBounds(
                norm = options.norm, vmin = options.vmin, vmax = options.vmax, vcenter = options.vcenter,
            ),
            swapAxes = options.swapAxes,
            size = size,
            look = look,
        )

    /** The cells of the groups, with the groups' colours. */
    fun groupedCells(): GroupedCells = GroupedCells(members(), colors())

    private companion object {
        /** A tree over fewer groups says nothing. */
        const val FEWEST = 3
        val SORTS = listOf("ascending", "descending")
    }
}
