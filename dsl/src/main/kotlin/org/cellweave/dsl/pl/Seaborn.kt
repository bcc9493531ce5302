package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.distribution.Estimate
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.ChartData
import org.cellweave.matrix.DenseMatrix

/**
 * seaborn's `sns`, as far as scripts around scanpy use it: `sc.pl.hist`, `sc.pl.box`, `sc.pl.bar` and their like by
 * seaborn's names.
 *
 * `data` is a table, an AnnData, a map of columns, or the numbers themselves; `x`, `y` and `hue` are names of columns or
 * lists of values.
 */
public val sns: Seaborn get() = Seaborn

/** See [sns]. */
public object Seaborn {
    /** See `sc.pl.hist`. */
    public fun histplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        stat: String = "count",
        bins: Any = "auto",
        binwidth: Number? = null,
        binrange: Pair<Number, Number>? = null,
        discrete: Boolean = false,
        cumulative: Boolean = false,
        commonBins: Boolean = true,
        commonNorm: Boolean = true,
        multiple: String = "layer",
        element: String = "bars",
        fill: Boolean = true,
        kde: Boolean = false,
        palette: Any? = null,
        hueOrder: Any? = null,
        color: String? = null,
        logScale: Boolean = false,
        ax: Axes? = null,
    ): Figure =
        sc.pl.hist(
            data, x, y, hue, bins, binwidth, binrange, discrete, kde, stat, multiple, element, fill, cumulative,
            commonBins, commonNorm, logScale, hueOrder, palette, color, ax = target(ax),
        )

    /** See `sc.pl.hist`; a figure of its own, [height] inches high and [aspect] times as wide. */
    public fun displot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        kind: String = "hist",
        bins: Any = "auto",
        binwidth: Number? = null,
        stat: String = "count",
        multiple: String = "layer",
        kde: Boolean = false,
        fill: Boolean = kind == "hist",
        palette: Any? = null,
        hueOrder: Any? = null,
        color: String? = null,
        logScale: Boolean = false,
        height: Number = 5,
        aspect: Number = 1,
    ): Figure {
        HistOptions.oneOf(kind, listOf("hist", "kde"), "kind")
        val inches = height.toDouble() * aspect.toDouble() to height
        return if (kind == "hist") {
            sc.pl.hist(
                data, x, y, hue, bins, binwidth, kde = kde, stat = stat, multiple = multiple, fill = fill,
                log = logScale, hueOrder = hueOrder, palette = palette, color = color, figsize = inches,
            )
        } else {
            sc.pl.kdeplot(
                data, x, y, hue, fill, log = logScale, hueOrder = hueOrder, palette = palette, color = color,
                figsize = inches,
            )
        }
    }

    /**
     * seaborn's old word for [histplot] with or without a density, which it has taken away; the log says so once.
     *
     * @param label what a legend calls it
     */
    public fun distplot(
        a: Any,
        bins: Any? = null,
        hist: Boolean = true,
        kde: Boolean = true,
        color: String? = null,
        label: String? = null,
        axlabel: String? = null,
        normHist: Boolean = false,
        ax: Axes? = null,
    ): Figure {
        OldWords.distplot()
        val name = label?.let { text -> List(figureNumbers(a, "a").size) { text } }
        val colors = color?.let { listOf(it) }.takeIf { label != null }
        val figure = if (hist) {
            sc.pl.hist(
                a, hue = name, bins = bins ?: "auto", kde = kde, stat = if (kde || normHist) "density" else "count",
                palette = colors, color = color, ax = target(ax),
            )
        } else {
            sc.pl.kdeplot(a, hue = name, palette = colors, color = color, ax = target(ax))
        }
        if (label != null) (ax ?: figure).getLegend().setTitle("")
        axlabel?.let { (ax ?: figure).setXlabel(it) }
        return figure
    }

    /** See `sc.pl.kdeplot`. */
    public fun kdeplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        fill: Boolean = false,
        commonNorm: Boolean = true,
        bwAdjust: Number = 1,
        cut: Number = 3,
        levels: Int = 10,
        palette: Any? = null,
        hueOrder: Any? = null,
        color: String? = null,
        logScale: Boolean = false,
        ax: Axes? = null,
        alpha: Number? = null,
        linewidth: Number? = null,
        lw: Number? = linewidth,
    ): Figure =
        sc.pl.kdeplot(
            data, x, y, hue, fill, commonNorm, bwAdjust, cut, levels, logScale, hueOrder, palette, color,
            ax = target(ax),
            alpha = alpha, linewidth = lw,
        )

    /** See `sc.pl.box`. */
    public fun boxplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        whis: Number = 1.5,
        fill: Boolean = true,
        showfliers: Boolean = true,
        logScale: Boolean = false,
        ax: Axes? = null,
    ): Figure =
        sc.pl.box(
            data, x, y, hue, order, hueOrder, palette, color, orient, whis, showfliers = showfliers, fill = fill,
            log = logScale, ax = target(ax),
        )

    /** See `sc.pl.violin` of a table. */
    public fun violinplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        inner: String? = "box",
        densityNorm: String = "area",
        cut: Number = 2,
        bwAdjust: Number = 1,
        ax: Axes? = null,
        scale: String = densityNorm,
    ): Figure =
        violins(
            data, GroupChoice(x, y, hue, order, hueOrder, palette, color, orient),
            ViolinChoice(inner, scale, cut, bwAdjust), null, output("violinplot", ax),
        )

    /** Every value as a dot, at a random place near the middle of its group that is the same at every call. */
    public fun stripplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        jitter: Any = true,
        size: Number = 5,
        ax: Axes? = null,
    ): Figure =
        strips(
            data, GroupChoice(x, y, hue, order, hueOrder, palette, color, orient), size, swarm = false, jitter, null,
            output("stripplot", ax),
        )

    /** Every value as a dot, beside those that it would cover. */
    public fun swarmplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        size: Number = 5,
        ax: Axes? = null,
    ): Figure =
        strips(
            data, GroupChoice(x, y, hue, order, hueOrder, palette, color, orient), size, swarm = true, true, null,
            output("swarmplot", ax),
        )

    /** See `sc.pl.bar`. */
    public fun barplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        estimator: String = "mean",
        errorbar: Any? = "ci",
        nBoot: Int = Estimate.Params.DEFAULTS.draws(),
        seed: Number = Estimate.Params.DEFAULTS.seed(),
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        ax: Axes? = null,
    ): Figure =
        sc.pl.bar(
            data, x, y, hue, order, hueOrder, palette, color, orient, estimator, errorbar, nBoot = nBoot, seed = seed,
            ax = target(ax),
        )

    /** See `sc.pl.countplot`. */
    public fun countplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        order: Any? = null,
        hueOrder: Any? = null,
        color: String? = null,
        palette: Any? = null,
        stat: String = "count",
        ax: Axes? = null,
    ): Figure = sc.pl.countplot(data, x, y, hue, order, hueOrder, palette, color, stat, ax = target(ax))

    /** A figure of `box`, `violin`, `strip`, `swarm`, `bar` or `count`, [height] inches high. */
    public fun catplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        kind: String = "strip",
        order: Any? = null,
        hueOrder: Any? = null,
        orient: String? = null,
        color: String? = null,
        palette: Any? = null,
        height: Number = 5,
        aspect: Number = 1,
    ): Figure {
        HistOptions.oneOf(kind, listOf("box", "violin", "strip", "swarm", "bar", "count"), "kind")
        val inches = height.toDouble() * aspect.toDouble() to height
        val choice = GroupChoice(x, y, hue, order, hueOrder, palette, color, orient)
        val output = ChartOutput("catplot", null, Output(figsize = inches))
        return when (kind) {
            "box" -> sc.pl.box(data, x, y, hue, order, hueOrder, palette, color, orient, figsize = inches)
            "bar" -> sc.pl.bar(data, x, y, hue, order, hueOrder, palette, color, orient, figsize = inches)
            "count" -> sc.pl.countplot(data, x, y, hue, order, hueOrder, palette, color, figsize = inches)
            "violin" -> violins(data, choice, ViolinChoice("box", "area", 2, 1), null, output)
            else -> strips(data, choice, CATPLOT_DOT, kind == "swarm", true, null, output)
        }
    }

    /**
     * Two columns as dots: by categories of [hue] with a legend, by its numbers with a colour bar.
     *
     * @param size diameter of dots in points
     */
    public fun scatterplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        hueOrder: Any? = null,
        palette: Any? = null,
        color: String? = null,
        size: Number = 6,
        alpha: Number = 1,
        ax: Axes? = null,
    ): Figure {
        val output = output("scatterplot", ax)
        val points = TablePoints(ChartData.of(data), x, y, hue, hueOrder, palette, color)
        return output.finish(points.panel(size.toDouble(), alpha.toDouble(), output))
    }

    /** See `sc.pl.lineplot`. */
    public fun lineplot(
        data: Any? = null,
        x: Any? = null,
        y: Any? = null,
        hue: Any? = null,
        hueOrder: Any? = null,
        palette: Any? = null,
        color: String? = null,
        estimator: String = "mean",
        errorbar: Any? = "ci",
        marker: Any? = null,
        linewidth: Number = 1.8,
        ax: Axes? = null,
    ): Figure =
        sc.pl.lineplot(
            data, x, y, hue, hueOrder, palette, color, estimator, errorbar, marker != null && marker != false,
            linewidth, ax = target(ax),
        )

    /** See `sc.pl.jointplot`. */
    public fun jointplot(
        data: Any? = null,
        x: Any,
        y: Any,
        hue: Any? = null,
        kind: String = "scatter",
        palette: Any? = null,
        hueOrder: Any? = null,
        color: String? = null,
        height: Number = 6,
    ): Figure =
        sc.pl.jointplot(data, x, y, hue, kind, hueOrder, palette, color, figsize = height to height)

    /** See `sc.pl.pairs`. */
    public fun pairplot(
        data: Any?,
        hue: Any? = null,
        vars: Any? = null,
        hueOrder: Any? = null,
        palette: Any? = null,
        diagKind: String = "auto",
        corner: Boolean = false,
    ): Figure = sc.pl.pairs(data, vars, hue, hueOrder, palette, diagKind = diagKind, corner = corner)

    /** See `sc.pl.heatmap` of a table. */
    public fun heatmap(
        data: DataFrame,
        vmin: Any? = null,
        vmax: Any? = null,
        cmap: Any = "rocket",
        center: Number? = null,
        annot: Boolean = false,
        fmt: String = ".2g",
        linewidths: Number = 0,
        cbar: Boolean = true,
        ax: Axes? = null,
    ): Figure = sc.pl.heatmap(data, annot, fmt, cmap, vmin, vmax, center, linewidths, cbar, ax = target(ax))

    /**
     * A table whose rows and columns are sorted by hierarchical clustering; see `sc.pl.clustermap`.
     *
     * @param standardScale 0 scales each row from 0 to 1, 1 each column
     */
    public fun clustermap(
        data: DataFrame,
        method: String = "average",
        cmap: Any = "rocket",
        standardScale: Int? = null,
        vmin: Any? = null,
        vmax: Any? = null,
        center: Number? = null,
        figsize: Pair<Number, Number>? = null,
    ): Figure {
        require(standardScale == null || standardScale in 0..1) { "standardScale must be 0 or 1, got $standardScale" }
        val source = ChartData.of(data)
        val names = data.keys.toList()
        require(names.isNotEmpty()) { "a heat map needs columns, but the table has none" }
        val columns = names.map { source.required(it, "a column").numbers() }
        val rows = Array(data.nRows()) { i -> DoubleArray(columns.size) { columns[it][i] } }
        val adata = AnnData(
            DenseMatrix.ofRows(rows), DataFrame.ofNames(*data.index.texts()), DataFrame.ofNames(*names.toTypedArray()),
        )
        return sc.pl.clustermap(
            adata, useRaw = false, method = method, standardScale = standardScale?.let { SCALES[it] }, cmap = cmap,
            vmin = vmin, vmax = vmax, vcenter = center, figsize = figsize,
        )
    }

    /** The axes that were given, or those that `plt.figure` has just made. */
    private fun target(ax: Axes?): Axes? = ax ?: Pyplot.blank()

    private fun output(name: String, ax: Axes?) = ChartOutput(name, null, Output(ax = ax))

    private val SCALES = listOf("obs", "var")
    private const val CATPLOT_DOT = 5
}

/** Says once of a word that seaborn has taken away what took its place. */
private object OldWords {
    private var said = false

    fun distplot() {
        if (!said) Log.info("sns.distplot has left seaborn; sns.histplot(kde = true) and sns.kdeplot draw the same")
        said = true
    }
}
