package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.mosaic.MosaicTopology
import org.cellweave.integrate.mosaic.StabMap
import org.cellweave.matrix.DType
import org.cellweave.util.Check
import org.cellweave.integrate.mosaic.StabMap.Params.DEFAULTS as STABMAP

/**
 * Brings all parts of a mosaic into the space of reference parts, over the features that they share. See [StabMap].
 *
 * A part is the cells of one batch that have the same modalities; `sc.get.mosaicTopology` lists them.
 *
 * Reads `X` (or [layer]; logarithms) of every modality, `obs[batchKey]` and `obs[labelsKey]`. Writes
 * `obsm["X_stabmap"]` and `uns["stabmap"]` (`dimensions`, `parts`, `n_cells`, `n_features`, `shared`, a row for each
 * regression in `steps`, `params`); with [keyAdded] under that name.
 *
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param references names of parts; null for all
 * @param solver `ridge`, or `r` for least squares and paths as the original has them
 * @param lambda penalty of the ridge regression; null to choose one for every step by cross-validation
 * @param labelsKey labels of cells, whose discriminants become dimensions, too; cells may lack one
 * @param nCompsSubset components of a part on the way to another, with `r`
 * @param maxFeatures that predict, at most
 * @param paths over several parts: `most_shared` or `fewest`; null for what the solver goes with
 * @param features by the name of a reference, those that its dimensions come from; all of a reference that is not named
 * @param projectAll also predicts the cells of a reference, as the others
 * @param restrictFeatures predicts from features of the reference alone on all steps of a way over several parts
 * @param reweight gives the dimensions of every reference the same weight
 */
public fun Tools.stabmap(
    mdata: MuData,
    batchKey: String? = "batch",
    references: Collection<String>? = null,
    nComps: Int = STABMAP.nComps(),
    solver: String = STABMAP.solver().spelled(),
    lambda: Number? = null,
    maxFeatures: Int = STABMAP.maxFeatures(),
    labelsKey: String? = null,
    nCompsSubset: Int = STABMAP.nCompsSubset(),
    paths: String? = null,
    scale: Boolean = STABMAP.scale(),
    projectAll: Boolean = STABMAP.projectAll(),
    reweight: Boolean = STABMAP.reweight(),
    features: Map<String, Collection<String>>? = null,
    restrictFeatures: Boolean = STABMAP.restrictFeatures(),
    layer: String? = null,
    keyAdded: String = "stabmap",
    copy: Boolean = false,
): MuData {
    val method =
        if (solver == "r") StabMap.Solver.SEQUENTIAL else Check.oneOf(solver, StabMap.Solver::class.java, "solver")
    val original = method == StabMap.Solver.SEQUENTIAL
    require(!original || lambda == null) { "lambda goes with solver = \"ridge\" alone, got $lambda and \"$solver\"" }
    require(lambda == null || lambda.toDouble() > 0) { "lambda must be above 0, or null to choose one, got $lambda" }
    val way =
        when {
            paths != null -> Check.oneOf(paths, MosaicTopology.Paths::class.java, "paths")
            original -> MosaicTopology.Paths.FEWEST
            else -> STABMAP.paths()
        }
    val params =
        StabMap.Params(
            references?.toList().orEmpty(), features.orEmpty().mapValues { it.value.toList() }, nComps, nCompsSubset,
            maxFeatures, method, lambda?.toDouble() ?: STABMAP.penalty(), way, scale, projectAll, restrictFeatures,
            reweight,
        )
    val target = mdata.target(copy)
    val input = target.mosaic("stabmap", batchKey, layer) { source, _ -> warnOfCounts("stabmap", source) }
    val labels = labelsKey?.let { target.labels(it, "labelsKey", complete = false) }
    val result =
        Log.timed<StabMap.Result>("running StabMap", {
            "added\n    'X_$keyAdded', ${it.embedding().nCols()} dimensions of ${it.blocks().size} blocks (mdata.obsm)"
        }) { withProgress { StabMap.run(input, labels, params, it) } }
    result.warnings().forEach { Log.warning(it) }
    target.obsm.set("X_$keyAdded", result.embedding())
    val steps = result.steps()
    val told =
        recorded(
            params, "nComps", "nCompsSubset", "maxFeatures", "solver", "paths", "scale", "projectAll",
            "restrictFeatures", "reweight",
        ) + listOfNotNull(
            references?.let { "references" to NdArray.of(*it.toTypedArray()) }, batchKey?.let { "batch_key" to it },
            features?.let { of -> "features" to of.mapValues { NdArray.of(*it.value.toTypedArray()) } },
            labelsKey?.let { "labels_key" to it }, lambda?.toDouble()?.let { "lambda" to it },
            layer?.let { "layer" to it },
        )
    target.uns[keyAdded] =
        dict("dimensions" to NdArray.of(*result.dimensions().toTypedArray())) + told(result.topology()) +
        dict(
            "steps" to
                dict(
                    "reference" to NdArray.of(*Array(steps.size) { steps[it].reference() }),
                    "from" to NdArray.of(*Array(steps.size) { steps[it].from() }),
                    "to" to NdArray.of(*Array(steps.size) { steps[it].to() }),
                    "features" to NdArray.of(*LongArray(steps.size) { steps[it].features().toLong() }),
                    "lambda" to NdArray.of(*DoubleArray(steps.size) { steps[it].penalty() }),
                ),
            "params" to told,
        )
    return target
}

private fun told(topology: MosaicTopology): Map<String, Any?> {
    val n = topology.names().size
    val shared = topology.shared().flatMap { row -> row.map { it.toLong() } }.toLongArray()
    return dict(
        "parts" to NdArray.of(*topology.names()),
        "n_cells" to NdArray.of(*LongArray(n) { topology.sizes()[it].toLong() }),
        "n_features" to NdArray.of(*LongArray(n) { topology.features()[it].toLong() }),
        "shared" to NdArray(DType.INT64, intArrayOf(n, n), shared),
    )
}
