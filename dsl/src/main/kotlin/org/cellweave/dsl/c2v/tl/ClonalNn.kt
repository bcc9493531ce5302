package org.cellweave.dsl

import org.cellweave.clonal.ClonalNeighbors
import org.cellweave.clonal.ClonalNeighbors.Cells
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.Representation
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.membership
import org.cellweave.dsl.slots.representation
import org.cellweave.neighbors.Metric
import org.cellweave.neighbors.NearestNeighbors.Search
import org.cellweave.util.Check
import org.cellweave.clonal.ClonalNeighbors.Params.DEFAULTS as NEIGHBORS

/**
 * How often cells of one clone have those of another among their nearest neighbours. See [ClonalNeighbors].
 *
 * Reads `obsm[useRep]` of the cells and which clone each belongs to. Writes to [clones], which it returns,
 * `obsp[obspName]` (CSR, int32) and `uns["clonal_nn"]`; with [maskObs] `obsm["masked_nn"]`; with a reference
 * `obsm[nnTransferName]` (clones by the reference's) instead of `obsp`. Only cells of [clones] are searched, of the
 * reference all. The Python package's search is approximate.
 *
 * Isaev et al. 2026, doi:10.64898/2026.04.30.720820.
 *
 * @param obsName column of clones of the cells; null for the one that the clones were made from
 * @param k neighbours of a cell, itself among them
 * @param splitBy column of the cells: each level is searched on its own, with at most as many neighbours as cells
 * @param maskObs a mask of cells (an array, or the name of a boolean column) or several in a list: neighbours of these
 *   cells are counted apart, a column for every mask
 * @param metric as of `sc.pp.neighbors`, those without arguments
 * @param search `exact`, `approximate` (which alone uses [randomState]), or `auto` to choose by the number of cells
 */
public fun ClonalTools.clonalNn(
    adata: AnnData,
    clones: AnnData,
    obsName: String? = null,
    k: Int = NEIGHBORS.k(),
    useRep: String = "X_pca",
    obspName: String = "gex_adjacency",
    adataRef: AnnData? = null,
    clonesRef: AnnData? = null,
    nnTransferName: String = "ref_gex_adjacency",
    randomState: Long = NEIGHBORS.seed(),
    splitBy: String? = null,
    maskObs: Any? = null,
    metric: String = NEIGHBORS.metric().spelled(),
    search: String = NEIGHBORS.search().spelled(),
): AnnData {
    val found = Check.oneOf(search, Search::class.java, "search")
    val params = ClonalNeighbors.Params(k, Metric.named(metric), found, randomState)
    require((adataRef == null) == (clonesRef == null)) { "adataRef and clonesRef go together, got one of them" }
    val members = adata.membership(clones, obsName)
    val masks = adata.masks(maskObs)
    require(adataRef == null || masks.isEmpty() || nnTransferName != MASKED) {
        "nnTransferName must differ from '$MASKED', where the neighbours of masked cells go"
    }
    val split = splitBy?.let { adata.categories(it, "splitBy", complete = false) }
    val space = adata.spaceOf(useRep)
    val cells = Cells(space.x, members, split, masks.values.toList())
    val place = if (adataRef == null) "'$obspName', counts (clones.obsp)" else "'$nnTransferName', counts (clones.obsm)"
    val result =
        Log.timed<ClonalNeighbors.Result>("computing clone-to-clone adjacency graph", { "added\n    $place" }) {
            adata.running("clonalNn", space) { progress ->
                if (adataRef == null || clonesRef == null) {
                    ClonalNeighbors.run(cells, params, progress)
                } else {
                    val there = adataRef.spaceOf(useRep)
                    require(there.x.nCols() == space.x.nCols()) {
                        "${space.slot} must have the columns of the reference's, got ${space.x.nCols()} in adata and " +
                            "${there.x.nCols()} in adataRef; place both in one space, as sc.tl.ingest() does"
                    }
                    val theirs = adataRef.membership(clonesRef, obsName)
                    val named = Source("adataRef.${there.slot}", there.x, there.columns)
                    adataRef.namingCulprit("clonalNn", named, matrix = "reference") {
                        ClonalNeighbors.against(cells, there.x, theirs, params, progress)
                    }
                }
            }
        }
    warnOfEmpty(members)
    if (adataRef == null) {
        clones.obsp.set(obspName, result.adjacency())
    } else {
        clones.obsm.set(nnTransferName, result.adjacency())
    }
    if (masks.isNotEmpty()) clones.obsm.set(MASKED, result.masked())
    val key = if (adataRef == null) "obsp_name" to obspName else "obsm_name" to nnTransferName
    val told = dict("k" to k.toLong(), "use_rep" to useRep, key) +
        listOfNotNull(
            splitBy?.let { "split_by" to it },
            masks.takeIf { it.isNotEmpty() }?.let { all -> "mask" to all.mapValues { NdArray.of(*it.value) } },
        )
    val how = mapOf("search" to result.search())
    clones.uns["clonal_nn"] = told + recorded(params, "metric", "search", "seed", resolved = how)
    return clones
}

private const val MASKED = "masked_nn"

private fun AnnData.spaceOf(useRep: String): Representation = representation(useRep, null) {}

/** Masks by what they are called: the column, or their number from 1. */
private fun AnnData.masks(maskObs: Any?): Map<String, BooleanArray> {
    val items = (maskObs as? Array<*>)?.asList() ?: (maskObs as? Iterable<*>)?.toList()
    val given = if (items == null || items.any { it is Boolean }) listOfNotNull(maskObs) else items
    val out = LinkedHashMap<String, BooleanArray>()
    given.forEachIndexed { m, mask ->
        val name = mask as? String ?: "mask_${m + 1}"
        val flags = cellMask(requireNotNull(mask) { "maskObs must hold masks, got null" }, "maskObs")
        require(out.put(name, flags) == null) { "maskObs names '$name' twice" }
    }
    return out
}

private fun warnOfEmpty(members: Categories) {
    val empty = members.sizes().indices.filter { members.size(it) == 0 }
    if (empty.isNotEmpty()) {
        val which = "${empty.size} of ${members.nLevels()}, such as '${members.level(empty.first())}'"
        Log.warning("clones without cells here have empty rows: $which")
    }
}
