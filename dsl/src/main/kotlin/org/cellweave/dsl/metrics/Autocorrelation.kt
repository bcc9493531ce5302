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
 * Moran's I of every gene, or of every column of `obsm[obsm]`, on the neighbour graph. See [GraphAutocorrelation].
 *
 * Reads the graph under [useGraph] of `obsp` (by default the connectivities of `sc.pp.neighbors`) and `X`, a
 * layer, `raw` or `obsm`. Writes nothing.
 */
public fun Metrics.moransI(
    adata: AnnData,
    useGraph: String? = null,
    layer: String? = null,
    obsm: String? = null,
    useRaw: Boolean = false,
): DoubleArray = autocorrelation(adata, useGraph, layer, obsm, useRaw).moransI()

/** Moran's I of the columns of [values], cells in rows, on a graph of your own. */
public fun Metrics.moransI(graph: CsrMatrix, values: Matrix): DoubleArray =
    GraphAutocorrelation.run(graph, values).moransI()

/**
 * Geary's C of every gene, or of every column of `obsm[obsm]`, on the neighbour graph. See [GraphAutocorrelation].
 *
 * Reads the graph under [useGraph] of `obsp` (by default the connectivities of `sc.pp.neighbors`) and `X`, a
 * layer, `raw` or `obsm`. Writes nothing.
 */
public fun Metrics.gearysC(
    adata: AnnData,
    useGraph: String? = null,
    layer: String? = null,
    obsm: String? = null,
    useRaw: Boolean = false,
): DoubleArray = autocorrelation(adata, useGraph, layer, obsm, useRaw).gearysC()

/** Geary's C of the columns of [values], cells in rows, on a graph of your own. */
public fun Metrics.gearysC(graph: CsrMatrix, values: Matrix): DoubleArray =
    GraphAutocorrelation.run(graph, values).gearysC()

private fun autocorrelation(
    adata: AnnData,
    useGraph: String?,
    layer: String?,
    obsm: String?,
    useRaw: Boolean,
): GraphAutocorrelation.Result {
    requireOnePlace(useRaw, layer, obsm)
    val graph = adata.neighborGraph(null.takeIf { useGraph != null }, useGraph).connectivities
    val values = if (obsm != null) adata.embedding(obsm) else adata.expression(useRaw, layer).x
    return GraphAutocorrelation.run(graph, values)
}
