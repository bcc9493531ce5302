package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.dsl.slots.remedy
import org.cellweave.matrix.DType
import org.cellweave.trajectory.DiffusionPseudotime
import org.cellweave.util.MissingKeyException
import org.cellweave.trajectory.DiffusionPseudotime.Params.DEFAULTS as DPT

/**
 * Diffusion pseudotime from a root cell, and the segments between branching points. See [DiffusionPseudotime].
 *
 * Reads `uns["iroot"]` (the number of the root cell), `obsm["X_diffmap"]`, `uns["diffmap_evals"]` and
 * `obsp["connectivities"]`. Writes `obs["dpt_pseudotime"]`; with [nBranchings] also `obs["dpt_groups"]`,
 * `obs["dpt_order"]`, `obs["dpt_order_indices"]`, `uns["dpt_changepoints"]` and `uns["dpt_grouptips"]`.
 */
public fun Tools.dpt(
    adata: AnnData,
    nDcs: Int = DPT.nDcs(),
    nBranchings: Int = DPT.nBranchings(),
    minGroupSize: Number = DPT.minGroupSize(),
    allowKendallTauShift: Boolean = DPT.allowKendallTauShift(),
    neighborsKey: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = DiffusionPseudotime.Params(nDcs, nBranchings, minGroupSize.toDouble(), allowKendallTauShift)
    val root = rootCell(target)
    val graph = target.neighborGraph(neighborsKey).connectivities
    if (target.obsmKey("X_diffmap") !in target.obsm.keys) {
        Log.warning(
            "Trying to run `sc.tl.dpt` without prior call of `sc.tl.diffmap`. " +
                "Falling back to `sc.tl.diffmap` with default parameters.",
        )
        sc.tl.diffmap(target, neighborsKey = neighborsKey)
    }
    val values =
        target.uns["diffmap_evals"] as? NdArray
            ?: throw MissingKeyException("uns", "diffmap_evals", target.uns.keys, remedy("diffmap_evals", "uns"))
    val components = target.denseEmbedding("X_diffmap")
    val have = minOf(values.size(), components.nCols())
    require(nDcs <= have) {
        "nDcs must be at most the number of diffusion components, got nDcs = $nDcs for $have. " +
            remedy("X_diffmap", "obsm", "nComps = $nDcs")
    }
    val input = DiffusionPseudotime.Input(graph, components, values.toDoubles(), root)
    val added =
        "added\n    'dpt_pseudotime', the pseudotime (adata.obs)" +
            if (nBranchings == 0) {
                ""
            } else {
                "\n    'dpt_groups', the branching subgroups of dpt (adata.obs)" +
                    "\n    'dpt_order', cell order (adata.obs)"
            }
    val result =
        Log.timed<DiffusionPseudotime.Result>("computing Diffusion Pseudotime using nDcs=$nDcs", { added }) {
            withProgress { DiffusionPseudotime.run(input, params, it) }
        }
    target.obs.set(
        "dpt_pseudotime",
        NumericColumn.of(*FloatArray(target.nObs) { result.pseudotime()[it].toFloat() }),
    )
    result.segments()?.let { putSegments(target, it) }
    return target
}

private fun rootCell(adata: AnnData): Int {
    val root =
        when (val stored = adata.uns["iroot"]) {
            is Number -> stored.toDouble()
            is NdArray -> if (stored.size() == 1 && !stored.isText()) stored.number(0) else Double.NaN
            null -> throw MissingKeyException("uns", "iroot", adata.uns.keys, remedy("iroot"))
            else -> Double.NaN
        }
    require(root == Math.floor(root) && root >= 0 && root < adata.nObs) {
        "uns['iroot'] must be the number of a cell, a whole number in [0, ${adata.nObs}), got ${adata.uns["iroot"]}; " +
            "use adata.uns[\"iroot\"] = adata.obsNames.indexOf(\"name of the cell\")"
    }
    return root.toInt()
}

private fun putSegments(adata: AnnData, segments: DiffusionPseudotime.Segments) {
    adata.obs.set("dpt_groups", CategoricalColumn.ofLabels(segments.groups(), segments.tips().size))
    adata.uns["dpt_changepoints"] = NdArray.of(*segments.changepoints().map { it.toLong() }.toLongArray())
    val tips = segments.tips().flatMap { pair -> pair.map { it.toDouble() } }.toDoubleArray()
    adata.uns["dpt_grouptips"] = NdArray(DType.INT64, intArrayOf(segments.tips().size, 2), tips)
    val rank = LongArray(adata.nObs)
    segments.order().forEachIndexed { k, cell -> rank[cell] = k.toLong() }
    adata.obs.set("dpt_order", NumericColumn.of(*rank))
    adata.obs.set("dpt_order_indices", NumericColumn.of(*LongArray(rank.size) { segments.order()[it].toLong() }))
}
