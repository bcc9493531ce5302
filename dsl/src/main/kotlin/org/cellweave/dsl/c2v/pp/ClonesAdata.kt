package org.cellweave.dsl

import org.cellweave.clonal.CloneTable
import org.cellweave.clonal.Composition
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.cloneLabels
import org.cellweave.clonal.CloneTable.Params.DEFAULTS as CLONES

/**
 * A new object with a row for every clone of at least [minSize] cells, largest first, and a column for every fate.
 *
 * Reads `obs[obsName]` and `obs[fillObs]`. Writes nothing to [adata]; the clones have in `X` and `layers["proportions"]`
 * the share of each fate among their cells, in `layers["counts"]` the cells, in `obs` `n_cells` and `n_fates`, in `var`
 * `n_clones`, and in `uns` how they were made. Clones of one size stand in the order of their first cells; fates that no
 * cell of these clones has are left out. See [CloneTable], [Composition].
 *
 * @param obsName column of the cells that says which clone they belong to, such as [labelClones] makes it
 * @param naValue what it says of cells without a clone
 * @param fillObs column of fates, such as cell types; without one there is a single column "None", empty
 */
public fun ClonalPreprocessing.clonesAdata(
    adata: AnnData,
    obsName: String = "clone",
    minSize: Int = CLONES.minSize(),
    naValue: String = NO_CLONE,
    fillObs: String? = null,
): AnnData {
    val labels = adata.cloneLabels(obsName, "obsName", naValue)
    val fates = fillObs?.let { adata.categories(it, "fillObs", complete = false) }
    val made = { clones: AnnData -> "created ${clones.nObs} clones with at least $minSize cells" }
    return Log.timed("creating clone-level AnnData", made) {
        val clones = CloneTable.run(labels, CloneTable.Params(minSize)).clones()
        composed(clones, fates?.let { fatesOf(clones, it) } ?: noFates(adata.nObs)).also {
            it.uns["obs_name"] = obsName
            it.uns["min_size"] = minSize.toLong()
            fillObs?.let { key -> it.uns["fill_obs"] = key }
        }
    }
}

private fun noFates(nCells: Int) = Categories("fates", IntArray(nCells) { Categories.MISSING }, arrayOf("None"))

/** The fates that some cell of a clone has. */
internal fun fatesOf(clones: Categories, fates: Categories): Categories {
    val codes = IntArray(fates.nCells()) { if (clones.code(it) < 0) Categories.MISSING else fates.code(it) }
    val used = Categories(fates.name(), codes, fates.levels()).withoutUnused()
    require(used.nLevels() > 0) { "${fates.name()} is missing for all cells that have a clone; fates need labels" }
    return used
}

/** Clones by fates: shares in `X`, counts in a layer. */
internal fun composed(clones: Categories, fates: Categories): AnnData {
    val composition = Composition.of(clones, fates)
    val proportions = composition.proportions()
    val made = AnnData(proportions, DataFrame.ofNames(*clones.levels()), DataFrame.ofNames(*fates.levels()))
    made.layers.set("proportions", proportions.copy())
    made.layers.set("counts", composition.countMatrix().toDense())
    made.obs.set("n_cells", wholeNumbers(clones.sizes()))
    made.obs.set("n_fates", wholeNumbers(composition.fatesPerClone()))
    made.`var`.set("n_clones", wholeNumbers(composition.clonesPerFate()))
    return made
}

/** int64, as pandas has them. */
private fun wholeNumbers(values: IntArray) = NumericColumn.of(*LongArray(values.size) { values[it].toLong() })
