package org.cellweave.dsl

import org.cellweave.clonal.Composition
import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.aboutClones
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.membership

/**
 * A new object of the same clones with other fates. See [Composition].
 *
 * Reads `obs[fillObs]` and the clones of the cells, and `obs`, `obsm`, `obsp` and `uns` of [clones]. Writes nothing to
 * either; the new object has these four and, as `c2v.pp.clonesAdata` makes them, `X`, `layers["proportions"]`,
 * `layers["counts"]`, `obs["n_fates"]` and `var["n_clones"]`.
 *
 * @param fillObs column of fates of the cells
 * @param obsName column of clones of the cells; null for the one that [clones] was made from
 */
public fun ClonalPreprocessing.recalcComposition(
    adata: AnnData,
    clones: AnnData,
    fillObs: String,
    obsName: String? = null,
): AnnData {
    val members = adata.membership(clones, obsName)
    val empty = members.sizes().indexOf(0)
    require(empty < 0) {
        "clone '${members.level(empty)}' has no cell in ${members.name()}, and perhaps others have none; take such " +
            "clones out first, or give all cells"
    }
    val fates = adata.categories(fillObs, "fillObs", complete = false)
    val made = { found: AnnData -> "created ${found.nObs} clones with ${found.nVars} fates" }
    return Log.timed("recalculating clone composition", made) {
        val counted = composed(members, fatesOf(members, fates))
        val out = aboutClones(clones, IntArray(clones.nObs) { it }, counted.x, counted.`var`)
        counted.layers.keys.forEach { out.layers.set(it, counted.layers[it]) }
        out.obs.set("n_fates", counted.obs["n_fates"])
        out.uns["fill_obs"] = fillObs
        out
    }
}
