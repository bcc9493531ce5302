package org.cellweave.dsl.plot

/** What takes the ends of a colour scale, as the caller said it: a norm, or limits and a centre. */
internal class ColorBounds(
    private val norm: Any? = null,
    private val vmin: Any? = null,
    private val vmax: Any? = null,
    private val vcenter: Any? = null,
) {
    /** @param panel the position of the panel, for arguments that are lists */
    fun of(values: DoubleArray, panel: Int = 0): Limits = Limits.choose(values, norm, vmin, vmax, vcenter, panel)

    fun of(values: Array<DoubleArray>): Limits = of(values.flatMap { it.asList() }.toDoubleArray())
}

/** Groups and genes of a table in drawing order, and what stands around them. */
internal class TableFrame(
    val groups: List<String>,
    val genes: List<String>,
    /** What the groups are groups of. */
    val groupby: String,
    private val brackets: List<GeneBracket>,
    private val tree: Tree?,
    private val totals: Totals?,
    private val wording: TableWording,
    val map: ColorMap,
    val bounds: ColorBounds,
    /** Groups from left to right and genes from top to bottom. */
    val swapAxes: Boolean,
    /** Of the whole figure; cells have their usual size where it is null. */
    private val size: FigureSize?,
    val look: Look,
) {
    val colorbarTitle: String get() = wording.colorbarTitle

    /** The table with what stands around it, in the size that was asked for. */
    fun layout(groups: Track, genes: Track, legends: List<Legend>, style: TableStyle): TableLayout =
        fitted(size, groups, genes) { g, j ->
            TableLayout(g, j, brackets, tree, if (wording.legend) legends else emptyList(), style)
        }

    fun style(strip: GroupStrip? = null, geneLabels: Boolean = true, rowNotes: List<String> = emptyList()): TableStyle =
        TableStyle(
            wording.title, swapAxes, wording.bracketRotation, look, strip, geneLabels, rowNotes, totals,
            wording.extra / USUAL_EXTRA * TREE,
        )

    private companion object {
        /** Inches of a tree or of totals that take [TREE] pixels. */
        const val USUAL_EXTRA = 0.8
    }
}

/** Texts around a table, and the room for them. */
internal class TableWording(
    val title: String?,
    val colorbarTitle: String,
    /** Angle of the brackets' labels; null stands them upright only where they would collide. */
    val bracketRotation: Double?,
    /** Whether the legends are drawn. */
    val legend: Boolean,
    /** Inches that the tree or the totals take. */
    val extra: Double,
)

/** The cells of every group in drawing order, and the groups' colours. */
internal class GroupedCells(val members: List<IntArray>, val colors: List<String>)
