package org.cellweave.dsl

import org.cellweave.clonal.CloneMembership
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.numericObsm
import org.cellweave.util.Check
import org.cellweave.clonal.CloneMembership.Params.DEFAULTS as MEMBERS

/**
 * The column of clones that [clonesAdata] reads, from a matrix of memberships, cells by clones, as files of LARRY and
 * CoSpar keep it. See [CloneMembership].
 *
 * Reads `obsm[useRep]`, a matrix or a table, and the columns [splitBy] of `obs`. Writes `obs[obsName]` (categorical):
 * the name of the table's column, or `clone_` and the number of the matrix's; before it, with [splitBy], what these
 * columns say, as in `4:clone_17`; for cells of no clone [naValue].
 *
 * @param splitBy one column or several whose groups part clones, such as times of sampling
 * @param several what a cell of several clones gets: `largest`, the clone of its largest entry and of equal ones the
 *   first, or `missing`, none. `c2v.pp.makeUniqueClones` keeps several labels of a cell
 */
public fun ClonalPreprocessing.labelClones(
    adata: AnnData,
    useRep: String = "X_clone",
    obsName: String = "clone",
    splitBy: Any? = null,
    several: String = MEMBERS.several().spelled(),
    naValue: String = NO_CLONE,
): AnnData {
    val params = CloneMembership.Params(Check.oneOf(several, CloneMembership.Several::class.java, "several"))
    val parts = texts(splitBy, "splitBy").orEmpty().map { adata.categories(it, "splitBy") }
    val table = adata.numericObsm(useRep)
    val names = if (adata.obsm.find(useRep) is DataFrame) table.names else table.names.indices.map { "clone_$it" }
    val told = { r: CloneMembership.Result ->
        "added\n    '$obsName', clones of ${adata.nObs - r.ofNone()} of ${adata.nObs} cells (adata.obs)"
    }
    val result = Log.timed("labelling clones by obsm['$useRep']", told) {
        CloneMembership.run(table.values.toCsr(), "obsm['$useRep']", params).also { found ->
            val labels = Array(adata.nObs) { cell ->
                val clone = found.cloneOf()[cell]
                if (clone < 0) naValue else parts.joinToString("") { "${it.level(it.code(cell))}:" } + names[clone]
            }
            adata.obs.set(obsName, CategoricalColumn.ofTexts(*labels))
        }
    }
    if (result.ofSeveral() > 0) {
        val got = if (params.several() == CloneMembership.Several.LARGEST) "that of their largest entry" else "none"
        Log.warning("${result.ofSeveral()} cells belong to several clones of obsm['$useRep']; they get $got")
    }
    return adata
}
