package org.cellweave.dsl

import org.cellweave.dsl.plot.BenchmarkColumn
import org.cellweave.dsl.plot.BenchmarkFigure
import org.cellweave.dsl.plot.grid

/**
 * Draws what `sc.metrics.benchmark` found as scIB does: measures as coloured circles, aggregates as bars. Of a
 * FOSCTTM the lowest has the colour of the best.
 *
 * @param minMaxScale whether each measure is stretched to 0..1 over the embeddings first
 * @param cmap colours of the circles
 * @param barCmap colours of the bars
 */
public fun Plotting.benchmark(
    table: BenchmarkTable,
    minMaxScale: Boolean = false,
    cmap: Any? = null,
    barCmap: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val measures = table.measures.associateBy { it.title() }
    val columns = table.columns(minMaxScale).map { (title, values) ->
        val measure = measures[title]
        val isPaired = title in table.pairedMeasures
        val group = if (isPaired) "Paired cells" else measure?.aspect()?.title() ?: "Aggregate score"
        val low = title.startsWith(BenchmarkTable.LOW_IS_GOOD)
        BenchmarkColumn(title, group, values, measure == null && !isPaired, low)
    }
    val figure =
        BenchmarkFigure(table.embeddings, columns, colorMap(cmap, "PRGn"), colorMap(barCmap, "YlGnBu"), sessionLook())
    return finish(grid(listOf(figure.build()), 1), "benchmark", Output(save, show, ax, figsize, dpi))
}
