package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.dsl.plot.LinkedPart
import org.cellweave.dsl.plot.LinkedPartsFigure
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PartLink
import org.cellweave.dsl.plot.UpSetColumn
import org.cellweave.dsl.plot.UpSetFigure
import org.cellweave.dsl.plot.UpSetRow
import org.cellweave.dsl.plot.grid
import org.cellweave.integrate.mosaic.FeatureIntersections
import org.cellweave.integrate.mosaic.MosaicTopology
import org.cellweave.util.Check

/**
 * Draws which parts of a mosaic share features. A part is the cells of one batch that have the same modalities, as
 * `sc.get.mosaicTopology` lists them. Parts that no shared feature joins have colours of their own and are named in the
 * title: `sc.tl.stabmap` refuses them.
 *
 * Reads `obs[batchKey]` and the names of all features.
 *
 * @param kind `upset`: how many features just these parts have and no others, the largest intersection first; `graph`:
 *   parts as circles as large as their cells, joined by lines with the number of features that two of them share
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param nIntersections of `upset` that are drawn, at most; what is left out is said below
 */
public fun Plotting.mosaicTopology(
    mdata: MuData,
    kind: String = "upset",
    batchKey: String? = "batch",
    nIntersections: Int = 20,
    layer: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(kind in KINDS) { "kind must be one of $KINDS, got '$kind'.${Check.suggestion(kind, KINDS)}" }
    require(nIntersections > 0) { "nIntersections must be positive, got $nIntersections" }
    val found = FeatureIntersections.of(mdata.mosaic("mosaicTopology", batchKey, layer))
    require(found.intersections().isNotEmpty()) { "mdata has no features, so that parts have none to share" }
    val topology = found.topology()
    val panel = if (kind == "graph") linkedParts(topology) else upset(found, nIntersections)
    return finish(grid(listOf(panel), 1), "mosaicTopology", Output(save, show, ax, figsize, dpi))
}

private val KINDS = listOf("upset", "graph")

private fun upset(found: FeatureIntersections, nShown: Int): Panel {
    val topology = found.topology()
    val groups = topology.groups()
    val rows = topology.names().indices.map {
        UpSetRow(topology.names()[it], counted(topology.sizes()[it], "cell"), topology.features()[it], groups[it])
    }
    val shown = found.intersections().take(nShown)
    val rest = found.intersections().drop(nShown)
    val note =
        if (rest.isEmpty()) {
            ""
        } else {
            val left = counted(rest.sumOf { it.size() }, "feature")
            "not shown: ${counted(rest.size, "smaller intersection")} with $left"
        }
    val columns = shown.map {
        UpSetColumn(
            it
                .of()
                .stream()
                .toArray()
                .toSet(),
            it.size(),
        )
    }
    return UpSetFigure(rows, columns, "features", titleOf(topology), note, sessionLook()).build()
}

private fun linkedParts(topology: MosaicTopology): Panel {
    val groups = topology.groups()
    val names = topology.names()
    val parts = names.indices.map {
        val note = "${counted(topology.sizes()[it], "cell")}, ${counted(topology.features()[it], "feature")}"
        LinkedPart(names[it], note, topology.sizes()[it], groups[it])
    }
    val links = names.indices.flatMap { a ->
        val shared = topology.shared()[a]
        (a + 1 until names.size).filter { shared[it] > 0 }.map { PartLink(a, it, shared[it]) }
    }
    return LinkedPartsFigure(parts, links, "features", titleOf(topology), sessionLook()).build()
}

/** Says which parts are apart; empty where all hang together. */
private fun titleOf(topology: MosaicTopology): String {
    val groups = topology
        .names()
        .indices
        .groupBy { topology.groups()[it] }
        .values
    if (groups.size < 2) return ""
    val named = groups.joinToString(" | ") { of -> of.joinToString(", ") { topology.names()[it] } }
    return "${groups.size} groups of parts share no features: $named"
}

private fun counted(n: Int, what: String) = if (n == 1) "1 $what" else "$n ${what}s"
