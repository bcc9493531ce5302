package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Violin
import org.cellweave.dsl.plot.ViolinPanel
import org.cellweave.dsl.plot.ViolinStyle
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.Numbers
import org.cellweave.dsl.shown.cellValues
import org.cellweave.dsl.shown.groupsOf
import org.cellweave.dsl.shown.known
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check

/**
 * Draws the distribution of obs columns or genes, by group if [groupby] is given.
 *
 * Densities use Scott's bandwidth and end at the data, or [cut] bandwidths beyond. The strip's jitter is the same at
 * every call.
 *
 * Reads `obs`, X, raw or a layer. Writes `uns[{groupby}_colors]`.
 *
 * @param jitter true, false, or half the strip's width in groups
 * @param size diameter of the strip's dots in points
 * @param densityNorm `width`, `area` or `count`
 * @param scale the older name of [densityNorm]
 * @param inner `box`, `quart` or `stick` inside of the violins
 * @param multiPanel one panel per key when there is no [groupby]
 */
public fun Plotting.violin(
    adata: AnnData,
    keys: Any,
    groupby: String? = null,
    log: Boolean = false,
    useRaw: Boolean? = null,
    stripplot: Boolean = true,
    jitter: Any = true,
    size: Number = 1,
    layer: String? = null,
    densityNorm: String = "width",
    order: Any? = null,
    multiPanel: Boolean = false,
    ncols: Int? = null,
    xlabel: String = "",
    ylabel: Any? = null,
    rotation: Number? = null,
    scale: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    cut: Number = 0,
    inner: String? = null,
): Figure {
    val names = texts(keys, "keys")!!
    require(names.isNotEmpty()) { "keys must name at least one obs column or gene, got an empty list" }
    require(adata.nObs > 0) { "a violin needs cells, but the object has none" }
    val norm = checkedNorm(scale ?: densityNorm)
    val half = jitterOf(jitter)
    val expression = Expression(adata, useRaw, layer)
    known(expression, names)
    val values = names.map { key ->
        (cellValues(expression, key) as? Numbers)?.values
            ?: throw IllegalArgumentException("keys must be numeric, but '$key' holds categories; use it as groupby")
    }
    if (log && values.any { v -> v.any { it <= 0 } }) {
        Log.warning("values that are not positive are left out of the logarithmic axis")
    }
    val labels = texts(ylabel, "ylabel")
    require(labels == null || labels.size == 1 || labels.size == names.size) {
        "ylabel must be one text or one per key (${names.size}), got ${labels!!.size}"
    }

    fun label(k: Int, default: String) = labels?.let { it.getOrElse(k) { _ -> it[0] } } ?: default
    val style = ViolinStyle(
        log = log, stripplot = stripplot, jitter = half, dotSize = size.toDouble(), densityNorm = norm,
        rotation = rotation?.toDouble(), look = sessionLook(),
        least = if (multiPanel && groupby == null) LONE_VIOLIN else SEVERAL_VIOLINS,
        cut = cut.toDouble().also { require(it >= 0) { "cut must not be negative, got $cut" } },
        inner = ViolinChoice.inside(inner),
    )
    val panels: List<Panel> = when {
        groupby != null -> {
            val groups = groupsOf(adata, groupby)
            val colors = CategoryColors.of(adata, groupby, groups.names, null)
            val shown = ordered(groups.names, texts(order, "order"), groupby)
            values.mapIndexed { k, v ->
                val violins = shown.map { g ->
                    Violin(groups.names[g], v.filterIndexed { i, _ -> groups.codes[i] == g }.toDoubleArray(), colors[g])
                }
                ViolinPanel(violins, style, "", xlabel.ifEmpty { groupby }, label(k, names[k])).build()
            }
        }
        multiPanel -> values.mapIndexed { k, v ->
            ViolinPanel(
                listOf(Violin("", v, Palettes.default(1)[0])), style, names[k], xlabel,
                label(k, if (k == 0) "value" else ""),
            ).build()
        }
        else -> {
            val colors = Settings.figures.palette(names.size)
            val violins = names.indices.map { Violin(names[it], values[it], colors[it]) }
            listOf(ViolinPanel(violins, style, "", xlabel, label(0, "value")).build())
        }
    }
    return finish(
        grid(panels, ncols ?: panels.size), "violin", Output(save, show, ax, figsize, dpi),
        genes = names.filter(expression::has),
    )
}

/** Pixels of the narrowest panels. */
private const val LONE_VIOLIN = 200
private const val SEVERAL_VIOLINS = 170

private fun ordered(names: List<String>, order: List<String>?, groupby: String): List<Int> {
    if (order == null) {
        require(names.isNotEmpty()) { "groupby must name at least one group, but obs['$groupby'] has no category" }
        return names.indices.toList()
    }
    require(order.isNotEmpty()) { "order must name at least one category of '$groupby' $names, got an empty list" }
    return order.map { name ->
        val at = names.indexOf(name)
        require(at >= 0) {
            "order names '$name', which is no category of '$groupby' $names." + Check.suggestion(name, names)
        }
        at
    }
}
