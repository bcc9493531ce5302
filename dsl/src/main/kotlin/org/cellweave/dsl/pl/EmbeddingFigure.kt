package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.dsl.Figure
import org.cellweave.dsl.finish
import org.cellweave.dsl.plot.Arrows
import org.cellweave.dsl.plot.AxisLimits
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.Cube
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.Edges
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Outline
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Coordinates
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.VarianceRatio
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.shown.known
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Axes that panels have alike: their ends, and the embedding by which they are called. */
internal class SharedAxes(
    val limits: AxisLimits,
    val named: Coordinates,
)

/** Cells in two or three dimensions of an embedding, one panel per colour and choice of dimensions. */
internal class EmbeddingFigure(
    private val adata: AnnData,
    basis: String,
    private val options: EmbeddingOptions,
    private val name: String,
    private val writekey: String = name,
    private val annotateVarExplained: Boolean = false,
    /** Links that are drawn in place of the neighbours' graph. */
    private val given: Edges? = null,
    /** Drawn over the cells in place of what obsm holds. */
    private val moves: Arrows? = null,
    /** Axes of other panels that this one shares. */
    private val axes: SharedAxes? = null,
    /** The tissue that spots lie on. */
    private val stage: TissueStage? = null,
) {
    private val look = sessionLook()
    private val coordinates = Coordinates(adata, basis)
    private val expression = Expression(adata, options.useRaw, options.layer, options.geneSymbols)

    /** In a list null stands for cells without colours. */
    private val keys: List<String?> =
        ((options.color as? List<*>)?.map { it?.toString() } ?: texts(options.color, "color"))?.ifEmpty { null }
            ?: listOf(null)
    private val dimensions = Dimensions(options, coordinates.nDims)
    private val shown = keyed(dimensions.chosen())
    private val mask: BooleanArray? = mask()
    private val marker = Marker.of(options.marker)
    private val lines: Edges? by lazy { given ?: if (options.edges) edges() else null }

    fun build(): Figure {
        val output = Output(
            options.save, options.show, options.ax, options.figsize, options.dpi, options.returnFig == true,
        )
        return finish(place(), name, output, writekey, keys.filterNotNull().filter(expression::has))
    }

    /** The panels, to be a figure of their own or part of a larger one. */
    fun place(): List<Placed> {
        require(options.ncols > 0) { "ncols must be positive, got ${options.ncols}" }
        require(options.alpha.toDouble() in 0.0..1.0) { "alpha must lie in 0..1, got ${options.alpha}" }
        require(options.colorbarLoc == null || options.colorbarLoc == "right") {
            "colorbarLoc must be \"right\" or null, got '${options.colorbarLoc}'"
        }
        val titles = texts(options.title, "title")
        require(titles == null || titles.size == shown.size || titles.size == keys.size) {
            "title must have one entry per panel (${shown.size}), got ${titles!!.size}"
        }
        val chosen = keys.filterNotNull()
        known(expression, chosen)
        return spaced(
            shown.mapIndexed { at, (key, dims) ->
                val ownTitle = titles?.let { it[if (it.size == shown.size) at else at / (shown.size / keys.size)] }
                panel(key, dims, ownTitle ?: key ?: "", at)
            },
            options.ncols, options.hspace, options.wspace,
        )
    }

    /** Every key with every pair of [components][EmbeddingOptions.components]; keys and dimensions go side by side. */
    private fun keyed(choices: List<List<Int>>): List<Pair<String?, List<Int>>> {
        if (options.dimensions == null || keys.size == 1 || choices.size == 1) {
            return keys.flatMap { key -> choices.map { key to it } }
        }
        require(keys.size == choices.size) {
            "dimensions must have one ${dimensions.unit}, or one for each color (${keys.size}), got ${choices.size}"
        }
        return keys.zip(choices)
    }

    /** Coordinates of the cells in the first two dimensions. */
    fun coordinates(): Pair<DoubleArray, DoubleArray> =
        shown[0].second.let { scaled(coordinates.column(it[0])) to scaled(coordinates.column(it[1])) }

    private fun mask(): BooleanArray? {
        val choice = options.maskObs ?: return null
        val mask = when (choice) {
            is BooleanArray -> choice
            is String -> when (val column = adata.obs.find(choice)) {
                null -> throw MissingKeyException("obs", choice, adata.obs.keys, "maskObs names a boolean column.")
                is BooleanColumn -> BooleanArray(column.size()) { !column.isMissing(it) && column.get(it) }
                else -> throw IllegalArgumentException(
                    "maskObs must name a boolean column, but obs['$choice'] is ${column.dtypeName()}",
                )
            }
            else -> throw IllegalArgumentException("maskObs must be flags or a column's name, got $choice")
        }
        Check.sameLength(mask.size, adata.nObs, "maskObs", "the number of cells")
        require(options.color != null) { "maskObs hides the colour of cells, so that color must be given" }
        return mask
    }

    private fun panel(key: String?, dims: List<Int>, title: String, at: Int): Panel {
        val values = dims.map { scaled(coordinates.column(it)) }
        val n = values[0].indices.count { i -> values.all { it[i].isFinite() } }
        val names = dims.map(::label)
        if (stage != null) {
            require(dims.size == 2) { "spots lie in the plane; leave projection = \"3d\" away" }
            return stage.panel(values[0], values[1], dotColor(key, at), style(n), title, names)
        }
        if (dims.size == 3) {
            require(!options.arrows) { "arrows are drawn in two dimensions only; leave projection = \"3d\" away" }
            val style = style(n)
            val cube = Cube(values, names, style.panelWidth, look)
            return PointPanel(
                cube.across, cube.up, dotColor(key, at), style, title, "", "", lines, cube = cube,
            ).build()
        }
        return PointPanel(
            values[0], values[1], dotColor(key, at), style(n), title, names[0], names[1], lines,
            moves ?: if (options.arrows) arrows(dims) else null,
        ).build()
    }

    private fun scaled(values: DoubleArray): DoubleArray {
        val factor = options.scaleFactor?.toDouble() ?: return values
        return DoubleArray(values.size) { values[it] * factor }
    }

    private fun arrows(dims: List<Int>): Arrows {
        val basis = coordinates.key.removePrefix("X_")
        val slot = listOf("velocity_$basis", "Delta_$basis").firstOrNull { adata.obsm.contains(it) }
            ?: throw MissingKeyException(
                "obsm", "velocity_$basis", adata.obsm.keys, "arrows = true draws it, or 'Delta_$basis'.",
            )
        val moves = Coordinates(adata, slot)
        val words = options.arrowsKwds ?: emptyMap()
        words.keys.firstOrNull { it !in ARROW_WORDS }?.let {
            throw IllegalArgumentException(
                "arrowsKwds must have keys among $ARROW_WORDS, got '$it'." + Check.suggestion(it, ARROW_WORDS),
            )
        }
        return Arrows(
            scaled(moves.column(dims[0])), scaled(moves.column(dims[1])),
            Palettes.color(words["color"]?.toString() ?: "black", "arrowsKwds['color']"),
            (words["scale"] as? Number)?.toDouble(), (words["width"] as? Number)?.toDouble() ?: 0.8,
        )
    }

    /** Diameters in pixels: one for all, and those of single cells if they were given. */
    private val area: Any? get() = options.size ?: options.s

    private fun diameters(n: Int): Pair<Double, DoubleArray?> {
        val sizes = when (val size = area) {
            null -> return PointPanel.diameter(120_000.0 / maxOf(n, 1)) to null
            is Number -> doubleArrayOf(size.toDouble())
            is DoubleArray -> size
            is FloatArray -> DoubleArray(size.size) { size[it].toDouble() }
            is IntArray -> DoubleArray(size.size) { size[it].toDouble() }
            is Column -> size.toDoubles()
            is List<*> -> DoubleArray(size.size) {
                (size[it] as? Number)?.toDouble()
                    ?: throw IllegalArgumentException("size must be a number or one per cell, got ${size[it]}")
            }
            else -> throw IllegalArgumentException("size must be a number or one per cell, got $size")
        }
        sizes.firstOrNull { !(it >= 0 && it < Double.POSITIVE_INFINITY) }?.let {
            throw IllegalArgumentException("size must not be negative and must be finite, got $it")
        }
        if (area is Number) {
            return PointPanel.diameter(sizes[0]) to null
        }
        Check.sameLength(sizes.size, adata.nObs, "size", "the number of cells")
        val each = DoubleArray(sizes.size) { PointPanel.diameter(sizes[it]) }
        return (each.maxOrNull() ?: 0.0) to each
    }

    private fun style(n: Int): DotStyle {
        val (diameter, each) = diameters(n)
        val naColor = Palettes.color(options.naColor, "naColor")
        val outline = if (!options.addOutline) {
            null
        } else {
            Outline(
                options.outlineWidth.let { (outer, inner) -> outer.toDouble() to inner.toDouble() },
                Palettes.color(options.outlineColor.first, "outlineColor") to
                    Palettes.color(options.outlineColor.second, "outlineColor"),
            )
        }
        return DotStyle(
            plainDiameter = diameter,
            alpha = options.alpha.toDouble().let { if (options.addOutline && it == 1.0) OUTLINED_ALPHA else it },
            naColor = naColor,
            sortOrder = options.sortOrder,
            legend = LegendStyle(
                options.legendLoc ?: "none",
                fontSize = LegendStyle.fontSize(options.legendFontsize, look),
                fontWeight = options.legendFontweight,
                fontOutline = options.legendFontoutline?.toDouble(),
                naInLegend = options.naInLegend,
            ),
            look = look,
            panelWidth = Settings.figures.width(SIDE),
            panelHeight = Settings.figures.height(SIDE),
            outline = outline,
            frame = options.frameon ?: Settings.figures.frameon,
            plainDiameters = each,
            marker = marker,
            limits = axes?.limits,
        )
    }

    private fun dotColor(key: String?, at: Int): DotColor {
        if (key == null) {
            return DotColor.Plain(DEFAULT_COLOR)
        }
        return when (val values = cellValues(expression, key)) {
            is Numbers -> continuous(values.values, at)
            is Categories -> discrete(key, values)
        }
    }

    private fun continuous(values: DoubleArray, at: Int): DotColor {
        val shown = masked(values)
        val limits = limits(shown, at)
        val map = colorMap(options.cmap ?: options.colorMap, "viridis")
        return DotColor.Continuous(shown, limits, map, options.colorbarLoc != null)
    }

    private fun limits(shown: DoubleArray, at: Int): Limits =
        ColorBounds(norm = options.norm, vmin = options.vmin, vmax = options.vmax, vcenter = options.vcenter)
            .of(shown, at)

    private fun masked(values: DoubleArray): DoubleArray {
        val mask = mask ?: return values
        return DoubleArray(values.size) { if (mask[it]) values[it] else Double.NaN }
    }

    private fun discrete(key: String, values: Categories): DotColor {
        val colors = CategoryColors.of(adata, key, values.names, options.palette)
        val chosen = texts(options.groups, "groups")
        val mask = mask
        val codes = if (mask == null) {
            values.codes
        } else {
            IntArray(values.codes.size) {
                if (mask[it]) values.codes[it] else -1
            }
        }
        if (chosen == null) {
            return DotColor.Discrete(codes, values.names, colors)
        }
        // groups belongs to the panels that have such categories; elsewhere it has nothing to hide.
        val kept = values.names.indices.filter { values.names[it] in chosen }
        if (kept.isEmpty() && keys.size > 1) {
            return DotColor.Discrete(codes, values.names, colors)
        }
        chosen.firstOrNull { it !in values.names }?.let { group ->
            throw MissingKeyException("groups of '$key'", group, values.names, "")
        }
        val renumbered = IntArray(values.names.size) { kept.indexOf(it) }
        return DotColor.Discrete(
            IntArray(codes.size) { if (codes[it] < 0) -1 else renumbered[codes[it]] },
            kept.map { values.names[it] },
            kept.map { colors[it] },
        )
    }

    private fun label(dim: Int): String {
        val plain = (axes?.named ?: coordinates).label(dim)
        if (!annotateVarExplained) {
            return plain
        }
        val ratio = VarianceRatio.of(adata)
        require(dim < ratio.size) {
            "uns['pca']['variance_ratio'] has ${ratio.size} entries, but component ${dim + 1} is drawn"
        }
        return "$plain (%.2f%%)".format(java.util.Locale.ROOT, ratio[dim] * 100)
    }

    private fun edges(): Edges {
        val graph = options.neighborsKey?.let { adata.neighborGraph(it).connectivities }
            ?: adata.obsp.matrix("connectivities", remedy("connectivities", "obsp")).toCsr()
        val from = IntArray(graph.nnz().toInt())
        val to = IntArray(from.size)
        var n = 0
        for (b in 0 until graph.blockCount()) {
            val block = graph.block(b)
            for (row in block.firstRow() until block.endRow()) {
                for (k in block.start(row) until block.end(row)) {
                    val column = block.indices()[k]
                    if (column > row) {
                        from[n] = row
                        to[n++] = column
                    }
                }
            }
        }
        return Edges(from.copyOf(n), to.copyOf(n), options.edgesWidth.toDouble(), edgeColors(n))
    }

    private fun edgeColors(n: Int): List<String> {
        val colors = texts(options.edgesColor, "edgesColor").orEmpty()
        require(colors.size == 1 || colors.size == n) {
            "edgesColor must be one colour or one per edge ($n, from the first cell's edges to later cells on), " +
                "got ${colors.size}"
        }
        val known = HashMap<String, String>()
        return colors.map { known.getOrPut(it) { Palettes.color(it, "edgesColor") } }
    }

    private companion object {
        const val DEFAULT_COLOR = "#d3d3d3"
        const val OUTLINED_ALPHA = 0.7
        const val SIDE = 300
        val ARROW_WORDS = listOf("color", "scale", "width")
    }
}
