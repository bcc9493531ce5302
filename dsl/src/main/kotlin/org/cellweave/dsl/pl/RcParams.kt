package org.cellweave.dsl

import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.util.Check

/**
 * Settings of figures by matplotlib's names, as `plt.rcParams["figure.figsize"] = 4 to 4`; `sc.settings.setFigureParams`
 * sets the same.
 *
 * Known are `figure.figsize`, `figure.dpi`, `savefig.dpi`, `font.size`, `image.cmap`, `figure.facecolor`,
 * `savefig.format` and `savefig.transparent`. Others of matplotlib's, such as `pdf.fonttype`, are taken and have no
 * effect; text in a `.pdf` stays text in any case.
 */
public object RcParams {
    private val keys: Map<String, (FigureStyle, Any) -> FigureStyle> = mapOf(
        "figure.figsize" to { style, value -> style.copy(figsize = inches(value)) },
        "figure.dpi" to { style, value -> style.copy(dpi = number(value, "figure.dpi", 10.0..1200.0)) },
        "savefig.dpi" to { style, value -> style.copy(dpiSave = number(value, "savefig.dpi", 10.0..1200.0)) },
        "font.size" to { style, value -> style.copy(fontsize = number(value, "font.size", 4.0..40.0)) },
        "image.cmap" to { style, value -> style.copy(colorMap = "$value".also { ColorMap.of(it, it) }) },
        "figure.facecolor" to { style, value ->
            style.copy(facecolor = Palettes.color("$value", "figure.facecolor").takeIf { it != WHITE })
        },
        "savefig.transparent" to { style, value ->
            require(value is Boolean) { "savefig.transparent must be true or false, got $value" }
            style.copy(transparent = value)
        },
    )

    /** Sets one. */
    public operator fun set(key: String, value: Any) {
        when (key) {
            "savefig.format" -> Settings.fileFormatFigs = "$value"
            in keys -> Settings.figures = keys.getValue(key)(Settings.figures, value)
            else -> {
                val group = key.substringBefore('.', "")
                require(group in GROUPS) {
                    "rcParams has no '$key'." + Check.suggestion(key, keys.keys) + " Known are ${keys.keys.sorted()}."
                }
                Log.debug("rcParams['$key'] has no effect here")
            }
        }
    }

    /** Sets several. */
    public fun update(params: Map<String, Any>): Unit = params.forEach { (key, value) -> set(key, value) }

    private fun inches(value: Any): Pair<Double, Double> {
        val sides = when (value) {
            is Pair<*, *> -> value.toList()
            is Iterable<*> -> value.toList()
            else -> emptyList()
        }.map { (it as? Number)?.toDouble() }
        require(sides.size == 2 && sides.all { it != null && it in 1.0..40.0 }) {
            "figure.figsize must be two numbers of 1 to 40 inches, as 4 to 4, got $value"
        }
        return sides[0]!! to sides[1]!!
    }

    private fun number(value: Any, name: String, range: ClosedFloatingPointRange<Double>): Double {
        require(value is Number) { "$name must be a number, got $value" }
        return Check.inRange(value.toDouble(), range.start, range.endInclusive, name)
    }

    private const val WHITE = "#ffffff"

    /** First parts of matplotlib's other names. */
    private val GROUPS = setOf(
        "axes", "figure", "font", "grid", "legend", "lines", "mathtext", "patch", "pdf", "ps", "savefig", "scatter",
        "svg", "text", "xtick", "ytick", "boxplot", "hist", "errorbar", "image", "agg",
    )
}

/** Runs [body] with settings of its own, whatever it sets itself. */
internal fun <T> scopedStyle(rc: Map<String, Any?>, body: () -> T): T {
    val style = Settings.figures
    val format = Settings.fileFormatFigs
    try {
        rc.forEach { (key, value) -> value?.let { RcParams[key] = it } }
        return body()
    } finally {
        Settings.figures = style
        Settings.fileFormatFigs = format
    }
}

/**
 * Settings of figures for [body] alone, as `sc.rcContext(mapOf("figure.figsize" to (3 to 3))) { sc.pl.umap(adata) }`.
 *
 * What [body] sets by `sc.settings.setFigureParams` ends with it too.
 *
 * @param rc settings by matplotlib's names; see [RcParams]
 */
public fun <T> Cellweave.rcContext(rc: Map<String, Any?> = emptyMap(), body: () -> T): T = scopedStyle(rc, body)
