package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.embedding
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.requireOnePlace
import org.cellweave.graph.GraphAutocorrelation
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix

/**
 * Moran's I of every gene, or of every column of `obsm[obsm]` or `obsp[obsp]`, on the neighbour graph. See [GraphAutocorrelation].
 *
 * Reads the graph under [useGraph] of `obsp` (by default the connectivities of `sc.pp.neighbors`) and `X`, a
 * layer, `raw`, `obsm` or `obsp`. Writes nothing.
 */
public fun Metrics.moransI(
    adata: AnnData,
    useGraph: String? = null,
    layer: String? = null,
    obsm: String? = null,
    obsp: String? = null,
    useRaw: Boolean = false,
): DoubleArray = autocorrelation(adata, useGraph, layer, obsm, obsp, useRaw).moransI()

/** Moran's I of the columns of [vals], cells in rows, on a graph of your own. */
public fun Metrics.moransI(graph: CsrMatrix, vals: Matrix): DoubleArray =
    GraphAutocorrelation.run(graph, vals).moransI()

/**
 * Geary's C of every gene, or of every column of `obsm[obsm]` or `obsp[obsp]`, on the neighbour graph. See [GraphAutocorrelation].
 *
 * Reads the graph under [useGraph] of `obsp` (by default the connectivities of `sc.pp.neighbors`) and `X`, a
 * layer, `raw`, `obsm` or `obsp`. Writes nothing.
 */
public fun Metrics.gearysC(
    adata: AnnData,
    useGraph: String? = null,
    layer: String? = null,
    obsm: String? = null,
    obsp: String? = null,
    useRaw: Boolean = false,
): DoubleArray = autocorrelation(adata, useGraph, layer, obsm, obsp, useRaw).gearysC()

/** Geary's C of the columns of [vals], cells in rows, on a graph of your own. */
public fun Metrics.gearysC(graph: CsrMatrix, vals: Matrix): DoubleArray =
    GraphAutocorrelation.run(graph, vals).gearysC()

private fun autocorrelation(
    adata: AnnData,
    useGraph: String?,
    layer: String?,
    obsm: String?,
    obsp: String?,
    useRaw: Boolean,
): GraphAutocorrelation.Result {
    requireOnePlace(useRaw, layer, obsm)
    require(obsp == null || (!useRaw && layer == null && obsm == null)) {
        "obsp excludes useRaw, layer and obsm, got obsp = '$obsp'"
    }
    val graph = adata.neighborGraph(null.takeIf { useGraph != null }, useGraph).connectivities
    val values =
        when {
            obsp != null -> adata.obsp.get(obsp)
            obsm != null -> adata.embedding(obsm)
            else -> adata.expression(useRaw, layer).x
        }
    return GraphAutocorrelation.run(graph, values)
}
