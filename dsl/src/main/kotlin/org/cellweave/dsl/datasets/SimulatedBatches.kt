package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.simulate.BatchSimulator

/**
 * Gamma-Poisson counts of several cell types in several batches, with the truth beside them. See [BatchSimulator].
 *
 * Fills `X` (counts), `obs["batch"]`, `obs["cell_type"]` and, as known truth, `var["type_{t}"]` and `var["batch_{b}"]`
 * (log fold changes).
 */
public fun Datasets.simulatedBatches(
    nCells: Int = BatchSimulator.Params.DEFAULTS.nCells(),
    nGenes: Int = BatchSimulator.Params.DEFAULTS.nGenes(),
    nBatches: Int = BatchSimulator.Params.DEFAULTS.nBatches(),
    nTypes: Int = BatchSimulator.Params.DEFAULTS.nTypes(),
    batchEffect: Number = BatchSimulator.Params.DEFAULTS.batchEffect(),
    typeEffect: Number = BatchSimulator.Params.DEFAULTS.typeEffect(),
    depth: Number = BatchSimulator.Params.DEFAULTS.depth(),
    dispersion: Number = BatchSimulator.Params.DEFAULTS.dispersion(),
    seed: Long = BatchSimulator.Params.DEFAULTS.seed(),
): AnnData {
    val params =
        BatchSimulator.Params(
            nCells, nGenes, nBatches, nTypes, batchEffect.toDouble(), typeEffect.toDouble(), depth.toDouble(),
            dispersion.toDouble(), seed,
        )
    val simulated = withProgress { BatchSimulator.run(params, it) }
    val obs = DataFrame("obs", StringColumn.of(*Array(nCells) { "cell_$it" }), null)
    val genes = DataFrame("var", StringColumn.of(*numbered("gene_", nGenes)), null)
    obs.set("batch", coded(simulated.batch(), nBatches, "batch_"))
    obs.set("cell_type", coded(simulated.type(), nTypes, "type_"))
    simulated.typeEffects().forEachIndexed { t, effects -> genes.set("type_$t", NumericColumn.of(*effects)) }
    simulated.batchEffects().forEachIndexed { b, effects -> genes.set("batch_$b", NumericColumn.of(*effects)) }
    return AnnData(simulated.counts(), obs, genes)
}
