package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.NodeColors
import org.cellweave.dsl.plot.PagaPanel
import org.cellweave.dsl.plot.PagaStyle
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Places
import org.cellweave.dsl.plot.median
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.PagaGraph
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check
import kotlin.math.pow
import kotlin.math.sqrt

/** The arguments of `sc.pl.paga` that say how the graph looks. */
internal class PagaOptions(
    val threshold: Double?,
    val solidEdges: String,
    val dashedEdges: String?,
    val labels: Any?,
    val fontsize: Any?,
    val fontweight: Any,
    val fontoutline: Number?,
    val nodeSizeScale: Double,
    val nodeSizePower: Double,
    val edgeWidthScale: Double,
    val minEdgeWidth: Double?,
    val maxEdgeWidth: Double?,
    val cmap: Any?,
    val colorbar: Boolean,
    val frameon: Boolean?,
    val useRaw: Boolean,
) {
    /** Links below it are not drawn. */
    val least: Double get() = threshold ?: LEAST

    private companion object {
        const val LEAST = 0.01
    }
}

/** Panels of one graph in several colours. */
internal class PagaFigure(
    private val adata: AnnData,
    private val graph: PagaGraph,
    private val places: Places,
    private val options: PagaOptions,
) {
    private val solid = PagaGraph
        .edges(graph.links(options.solidEdges, "solidEdges"))
        .filter { it.weight >= options.least }
    private val dashed = options.dashedEdges
        ?.let { slot ->
            PagaGraph.edges(graph.links(slot, "dashedEdges")).filter { it.weight >= options.least }
        }.orEmpty()
    private val expression = Expression(adata, options.useRaw && adata.raw != null)
    private val labels = labels()
    private val style = style()

    fun panel(color: Any?, title: String, limits: Pair<Pair<Double, Double>, Pair<Double, Double>>? = null): Panel =
        PagaPanel(places, labels, solid, dashed, colors(color), style, title, limits).build()

    private fun labels(): List<String> =
        when (val labels = options.labels) {
            null -> graph.names
            is Map<*, *> -> {
                labels.keys.forEach { graph.node(it, "labels") }
                val byName = labels.entries.associate { graph.node(it.key, "labels") to it.value.toString() }
                graph.names.indices.map { byName[it] ?: graph.names[it] }
            }
            else -> graph.labels(texts(labels, "labels")!!)
        }

    private fun style(): PagaStyle {
        require(options.least >= 0) { "threshold must not be negative, got ${options.threshold}" }
        Check.positive(options.nodeSizeScale, "nodeSizeScale")
        Check.positive(options.edgeWidthScale, "edgeWidthScale")
        val (low, high) = options.minEdgeWidth to options.maxEdgeWidth
        require(low == null || high == null || low <= high) {
            "minEdgeWidth must not exceed maxEdgeWidth, got $low and $high"
        }
        val median = median(graph.sizes.map { it.toDouble() })
        val base = NODE_AREA / (sqrt(graph.names.size.toDouble()) + 10) * options.nodeSizeScale
        val look = sessionLook()
        val text = LegendStyle(
            "none",
            fontSize = LegendStyle.fontSize(options.fontsize, look, "fontsize"),
            fontWeight = options.fontweight,
            fontOutline = null,
            naInLegend = true,
        )
        return PagaStyle(
            nodeAreas = graph.sizes.map { base * (it / median).pow(options.nodeSizePower) },
            edgeWidth = { weight ->
                (EDGE_WIDTH * options.edgeWidthScale * weight)
                    .coerceAtLeast(low ?: 0.0)
                    .coerceAtMost(high ?: Double.MAX_VALUE)
            },
            fontSize = text.fontSize ?: look.labelSize,
            bold = text.bold,
            fontOutline = options.fontoutline?.toDouble(),
            frame = options.frameon ?: Settings.figures.frameon,
            look = look,
        )
    }

    private fun colors(color: Any?): NodeColors =
        when {
            color is Map<*, *> -> pies(color)
            color == null || color == graph.key ->
                NodeColors.Plain(graph.colors())
            else -> named(color.toString())
        }

    private fun named(key: String): NodeColors {
        val column = adata.obs.find(key)
        if (column is CategoricalColumn || column is StringColumn) {
            return composition(key)
        }
        return when (val values = cellValues(expression, key)) {
            is Categories -> composition(key)
            is Numbers -> {
                val means = means(values.values)
                val limits = Limits.of(means)
                NodeColors.Numbers(means, limits, colorMap(options.cmap, "viridis"), options.colorbar)
            }
        }
    }

    /** Means over the cells of a group that have a value; NaN where none has. */
    private fun means(values: DoubleArray): DoubleArray {
        val sum = DoubleArray(graph.names.size)
        val count = IntArray(graph.names.size)
        for (i in values.indices) {
            if (graph.codes[i] >= 0 && values[i].isFinite()) {
                sum[graph.codes[i]] += values[i]
                count[graph.codes[i]]++
            }
        }
        return DoubleArray(sum.size) { sum[it] / count[it] }
    }

    private fun composition(key: String): NodeColors {
        val values = columnValues(adata.obs.get(key)) as Categories
        val colors = CategoryColors.of(adata, key, values.names, null)
        val counts = Array(graph.names.size) { IntArray(values.names.size) }
        for (i in values.codes.indices) {
            if (graph.codes[i] >= 0 && values.codes[i] >= 0) counts[graph.codes[i]][values.codes[i]]++
        }
        val parts = counts.mapIndexed { node, row ->
            row.indices.filter { row[it] > 0 }.map { colors[it] to row[it].toDouble() / graph.sizes[node] }
        }
        return NodeColors.Pies(parts, values.names.zip(colors))
    }

    /** A map from node to a map from colour to part. */
    private fun pies(color: Map<*, *>): NodeColors {
        val parts = MutableList(graph.names.size) { emptyList<Pair<String, Double>>() }
        for ((node, pie) in color) {
            require(pie is Map<*, *>) { "color must map a node to a map from colour to part, got $pie for '$node'" }
            val own = pie.entries.map { (name, part) ->
                require(part is Number && part.toDouble() >= 0) { "color['$node']['$name'] must be a part, got $part" }
                Palettes.color(name.toString(), "color['$node']") to part.toDouble()
            }
            val sum = own.sumOf { it.second }
            require(sum <= 1 + ROUNDING) { "color['$node'] must have parts that sum to at most 1, got $sum" }
            parts[graph.node(node, "color")] = own
        }
        return NodeColors.Pies(parts, emptyList())
    }

    private companion object {
        /** scanpy's areas and widths in points. */
        const val NODE_AREA = 2000.0
        const val EDGE_WIDTH = 7.5
        const val ROUNDING = 1e-6
    }
}
