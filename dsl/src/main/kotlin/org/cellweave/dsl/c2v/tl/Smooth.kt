package org.cellweave.dsl

import org.cellweave.clonal.association.GraphSmoothing
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.NumericTable
import org.cellweave.dsl.slots.namingClone
import org.cellweave.dsl.slots.numericObs
import org.cellweave.dsl.slots.numericObsm
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.tableOf
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.matrix.Matrix
import org.cellweave.clonal.association.GraphSmoothing.Params.DEFAULTS as SMOOTHING

/**
 * Means of values over neighbours in a graph, several times over. See [GraphSmoothing].
 *
 * Reads `obsp[graphKey]` and `X`, or [names] in `layers`, `obs` or `obsm`. Writes `{name}_{keyAdded}` to where the
 * values are from, and those of `X` to `layers["X_{keyAdded}"]`.
 *
 * @param field `X`, `layer`, `obs` or `obsm`
 * @param names one or several; none for `X`
 */
public fun ClonalTools.smooth(
    adata: AnnData,
    field: String = "X",
    names: Any? = null,
    keyAdded: String = "smoothed",
    graphKey: String = "connectivities",
    nSteps: Int = SMOOTHING.nSteps(),
): AnnData {
    require(field in FIELDS) { "field must be one of $FIELDS, got '$field'" }
    val wanted = texts(names, "names").orEmpty()
    require((field == "X") == wanted.isEmpty()) {
        if (field == "X") {
            "names goes with field = \"layer\", \"obs\" or \"obsm\""
        } else {
            "names must tell what of $field to smooth"
        }
    }
    val params = GraphSmoothing.Params(nSteps)
    val graph = adata.weightedGraph(graphKey)
    val sources = wanted.ifEmpty { listOf("X") }.associateWith { adata.toSmooth(field, it) }
    val added = "added ${sources.keys.joinToString { "'${it}_$keyAdded'" }}"
    Log.timed<Unit>("smoothing over the graph", { added }) {
        val smoothed = sources.mapValues { (_, source) ->
            adata.namingClone("smooth", source.slot, source.names) {
                GraphSmoothing.run(graph, source.values, params).values()
            }
        }
        smoothed.forEach { (name, values) -> adata.putSmooth(field, name, "${name}_$keyAdded", values) }
    }
    return adata
}

private val FIELDS = listOf("X", "layer", "obs", "obsm")

private fun AnnData.toSmooth(field: String, name: String): NumericTable =
    when (field) {
        "obs" -> numericObs(listOf(name))
        "obsm" -> numericObsm(name)
        else -> source(name.takeIf { field == "layer" }).let { NumericTable(it.slot, varNames, it.x) }
    }

private fun AnnData.putSmooth(field: String, from: String, key: String, values: Matrix) {
    val table = if (field == "obsm") obsm.find(from) as? DataFrame else null
    when {
        field == "obs" -> obs.set(key, NumericColumn.of(*values.toDense().column(0)))
        table != null -> obsm.set(key, tableOf(obsNames, table.keys.toList(), values.toDense()))
        field == "obsm" -> obsm.set(key, values)
        else -> layers.set(key, values)
    }
}
