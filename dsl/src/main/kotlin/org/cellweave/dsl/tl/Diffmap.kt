package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.diffusion.DiffusionMap
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.neighborGraph

/**
 * Diffusion map of the neighbour graph. See [DiffusionMap].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`. Writes `obsm["X_diffmap"]`, whose first column is the
 * stationary state, and `uns["diffmap_evals"]`; with [keyAdded] `obsm[keyAdded]` and `uns["{keyAdded}_evals"]`.
 */
public fun Tools.diffmap(
    adata: AnnData,
    nComps: Int = DiffusionMap.Params.DEFAULTS.nComps(),
    neighborsKey: String? = null,
    randomState: Long = DiffusionMap.Params.DEFAULTS.seed(),
    copy: Boolean = false,
    keyAdded: String? = preset.keyAdded("diffmap"),
): AnnData {
    val target = adata.target(copy)
    val params = DiffusionMap.Params(nComps, randomState)
    val graph = target.neighborGraph(neighborsKey).connectivities
    val key = keyAdded ?: "X_diffmap"
    val evals = "${keyAdded ?: "diffmap"}_evals"
    val added =
        "added\n    '$key', diffmap coordinates (adata.obsm)\n" +
            "    '$evals', eigenvalues of transition matrix (adata.uns)"
    val result =
        Log.timed<DiffusionMap.Result>("computing Diffusion Maps using nComps=$nComps", { added }) {
            withProgress { DiffusionMap.run(graph, params, it) }
        }
    target.obsm.set(key, result.components())
    target.uns[evals] =
        NdArray.of(*FloatArray(nComps) { result.eigenvalues()[it].toFloat() })
    return target
}
