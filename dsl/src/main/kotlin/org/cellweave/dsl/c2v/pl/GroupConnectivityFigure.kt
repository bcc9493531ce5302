package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.GroupArrows
import org.cellweave.dsl.plot.Trim
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/**
 * Draws groups at the centres of their cells, joined by arrows as wide as they are linked more often than by chance.
 *
 * The rim of a group is as wide as it is linked with itself. Links below the first number of [clip] are not drawn,
 * those above the second are as wide as that.
 *
 * Reads `uns[unsKey]`, made by `c2v.tl.groupConnectivity`, its groups in `obs`, and `obsm[basis]`. Writes
 * `uns[{groups}_colors]`.
 *
 * @param colorBg whether the cells behind have their groups' colours, not grey
 * @param alphaBg opacity of the cells behind
 * @param sBg area of their dots in square points; 120000 / cells by default
 * @param linewidth pixels of a link that is as frequent as by chance
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.groupConnectivity(
    adata: AnnData,
    basis: String = "X_umap",
    colorBg: Boolean = false,
    alphaBg: Number = 0.5,
    sBg: Number? = null,
    clip: Pair<Number, Number> = 1 to 2,
    unsKey: String = "group_connectivity",
    linewidth: Number = 1.0,
    frameon: Boolean? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(linewidth.toDouble(), "linewidth")
    val (low, high) = clip.first.toDouble() to clip.second.toDouble()
    require(low >= 0 && low < high) { "clip must ascend from 0 or more, got $clip" }
    val misplaced = basis in adata.uns.keys && listOf("X_$basis", basis).none { it in adata.obsm.keys }
    require(!misplaced) {
        "basis must name an embedding in obsm, such as X_umap, but '$basis' is in uns; give it as unsKey = \"$basis\""
    }
    val links = GroupLinks(adata, unsKey)
    val colors = CategoryColors.of(adata, links.groupby, links.groups.names, null)
    val dots = EmbeddingDots(adata, basis)
    val arrows = links.arrows(dots, colors, low, high, linewidth.toDouble())
    val color = if (colorBg) DotColor.Discrete(links.groups.codes, links.groups.names, colors) else DotColor.Plain(GREY)
    val area = sBg?.toDouble()?.let { Check.positive(it, "sBg") } ?: (120_000.0 / adata.nObs)
    val style = dots.style(area, frameon, alpha = alphaBg.toDouble())
    val panel = dots.panel(color, style, title ?: "${links.groupby} connectivity", Trim(over = arrows::layers))
    return finish(grid(listOf(panel), 1), "group_connectivity", Output(save, show, ax, figsize, dpi))
}

/** How often groups are linked in proportion to chance, from one to the other. */
private class GroupLinks(adata: AnnData, unsKey: String) {
    val groupby: String
    val groups: Categories
    private val names: List<String>
    private val links: List<DoubleArray>

    init {
        val entry = adata.unsMap(unsKey)
        groupby = entry["groupby"] as? String
            ?: throw IllegalArgumentException(
                "uns['$unsKey']['groupby'] must be a column of obs, got ${entry["groupby"]}",
            )
        groups = columnValues(adata.obsColumn(groupby)) as? Categories
            ?: throw IllegalArgumentException("obs['$groupby'] must be categorical")
        val slot = "uns['$unsKey']['connectivity']"
        links = squares(entry["connectivity"], slot)
        names = labels(entry["label_names"]) ?: groups.names
        require(links.size == names.size && links.all { it.size == names.size }) {
            "$slot has ${links.size} rows for ${names.size} groups; run c2v.tl.groupConnectivity() again"
        }
    }

    /** Of the groups that have cells. */
    fun arrows(dots: EmbeddingDots, colors: List<String>, low: Double, high: Double, linewidth: Double): GroupArrows {
        val counts = groups.counts()
        val codes = names.map(groups.names::indexOf)
        val shown = names.indices.filter { codes[it] >= 0 && counts[codes[it]] > 0 }
        val weights = shown.map { a ->
            DoubleArray(shown.size) { b -> links[a][shown[b]].let { if (it >= low) minOf(it, high) else 0.0 } }
        }
        return GroupArrows(
            shown.map(names::get), shown.map { colors[codes[it]] }, shown.map { centre(dots, codes[it]) }, weights,
            linewidth,
        )
    }

    private fun centre(dots: EmbeddingDots, group: Int): Pair<Double, Double> {
        val own = groups.codes.indices.filter {
            groups.codes[it] == group && dots.x[it].isFinite() && dots.y[it].isFinite()
        }
        return own.map { dots.x[it] }.average() to own.map { dots.y[it] }.average()
    }
}

private fun squares(value: Any?, slot: String): List<DoubleArray> =
    when (value) {
        is Matrix -> List(value.nRows()) { i -> DoubleArray(value.nCols()) { value.get(i, it) } }
        is NdArray -> {
            require(value.nDims() == 2) { "$slot must be a matrix, got an array of ${value.nDims()} dimensions" }
            val n = value.shape()[1]
            List(value.shape()[0]) { i -> DoubleArray(n) { value.number(i * n + it) } }
        }
        is DataFrame -> value.keys.map { value.get(it).toDoubles() }.let { columns ->
            List(value.nRows()) { i -> DoubleArray(columns.size) { columns[it][i] } }
        }
        else -> throw IllegalArgumentException("$slot must be a matrix of groups by groups, got $value")
    }

private fun labels(value: Any?): List<String>? =
    when (value) {
        is NdArray -> value.texts().asList()
        is Iterable<*> -> value.map { it.toString() }
        else -> null
    }

private const val GREY = "#d3d3d3"
