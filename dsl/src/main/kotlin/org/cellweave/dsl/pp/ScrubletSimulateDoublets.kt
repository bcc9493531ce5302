package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.doublets.DoubletSimulation
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.doublets.DoubletSimulation.Params.DEFAULTS as SIMULATION

/**
 * Artificial doublets from raw counts, for [scrublet] with preprocessing of one's own. See [DoubletSimulation].
 *
 * Reads raw counts in `X` (or `layer`). Writes nothing; the new object has the doublets' counts in `X`,
 * `obs["n_counts"]`, `obsm["doublet_parents"]` (rows of the two cells) and `uns["scrublet"]`.
 */
public fun Preprocessing.scrubletSimulateDoublets(
    adata: AnnData,
    layer: String? = null,
    simDoubletRatio: Number = SIMULATION.simDoubletRatio(),
    syntheticDoubletUmiSubsampling: Number = SIMULATION.umiSubsampling(),
    randomSeed: Long = SIMULATION.seed(),
): AnnData {
    val params = DoubletSimulation.Params(
        simDoubletRatio.toDouble(), syntheticDoubletUmiSubsampling.toDouble(), randomSeed,
    )
    val result = DoubletSimulation.run(adata.matrixOf(layer), params)
    val n = result.counts().nRows()
    val out =
        AnnData(
            result.counts(),
            DataFrame.ofNames(*Array(n) { it.toString() }),
            DataFrame.ofNames(*adata.varNames.toTypedArray()),
        )
    out.obs.set("n_counts", NumericColumn.of(*result.totals()))
    out.obsm.set("doublet_parents", pairs(result.parents()))
    out.uns["scrublet"] = dict("parameters" to dict("sim_doublet_ratio" to simDoubletRatio.toDouble()))
    return out
}
