package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.simulate.Blobs

/**
 * Gaussian blobs around random centres, like scikit-learn's but with our own random numbers. See [Blobs].
 *
 * Fills `X` (float32) and `obs["blobs"]`, the blob of every cell.
 */
public fun Datasets.blobs(
    nVariables: Int = Blobs.Params.DEFAULTS.nVariables(),
    nCenters: Int = Blobs.Params.DEFAULTS.nCenters(),
    clusterStd: Number = Blobs.Params.DEFAULTS.clusterStd(),
    nObservations: Int = Blobs.Params.DEFAULTS.nObservations(),
    randomState: Long = Blobs.Params.DEFAULTS.seed(),
): AnnData {
    val drawn = Blobs.run(Blobs.Params(nVariables, nCenters, clusterStd.toDouble(), nObservations, randomState))
    val obs = DataFrame.ofNames(*Array(nObservations) { "$it" })
    obs.set("blobs", CategoricalColumn.ofLabels(drawn.labels(), nCenters))
    return AnnData(drawn.x(), obs, DataFrame.ofNames(*Array(nVariables) { "$it" }))
}
