package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.design.Categories
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.toCategories
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.IntegrationInput

/**
 * The modalities as blocks of which a cell need not have all, and the batches of the cells.
 *
 * @param batchKey column of `obs`; null for one batch
 * @param layer what to read of every modality; null for `X`
 * @param chosen features of a modality that are read; null for all
 * @param check of the values of each modality
 */
internal fun MuData.mosaic(
    verb: String,
    batchKey: String?,
    layer: String?,
    chosen: (AnnData) -> BooleanArray? = { null },
    check: (Source, AnnData) -> Unit = { _, _ -> },
): IntegrationInput {
    requireSharedCells(verb)
    val batch = if (batchKey == null) oneBatch(nObs) else labels(batchKey, "batchKey")
    val blocks =
        mod.asMap().map { (name, adata) ->
            require(adata.nObs > 0) {
                "mod['$name'] has no cells, so that $verb cannot use it; mdata.mod.remove(\"$name\")"
            }
            val source = adata.namedSource(layer, "mod['$name']")
            adata.requireFinite(verb, source)
            check(source, adata)
            source.block(name, chosen(adata), cellsOf(name))
        }
    return IntegrationInput(blocks, listOf(batch), emptyList())
}

/** Refuses modalities that share features instead, or that were changed since the last update. */
internal fun MuData.requireSharedCells(verb: String) {
    require(axis == 0) { "$verb needs modalities that share their cells (axis 0), but the axis of mdata is $axis" }
    select(AxisIndex.ALL)
}

/** The batch of cells that are not parted into batches. */
internal fun oneBatch(nCells: Int) = Categories("batch", IntArray(nCells), arrayOf("all"))

/** The values of some features, or of all where [mask] is null. */
internal fun Source.block(name: String, mask: BooleanArray?, cells: IntArray? = null): FeatureBlock {
    val names = columns!!.toTypedArray()
    if (mask == null) return FeatureBlock(name, x, names, cells)
    val at = names.indices.filter { mask[it] }.toIntArray()
    require(at.isNotEmpty()) { "the mask chooses no feature of $name; mark some, or pass maskVar = ALL_GENES" }
    return FeatureBlock(name, x.takeCols(at), Array(at.size) { names[at[it]] }, cells)
}

/** For every row of a modality the row of all cells. */
internal fun MuData.cellsOf(modality: String): IntArray {
    val rows = obsmap.getValue(modality)
    val out = IntArray(mod.get(modality).nObs)
    rows.forEachIndexed { cell, row -> if (row > 0) out[row - 1] = cell }
    return out
}

/**
 * `obs[key]`, or where only the modalities have this column, what they say of their cells.
 *
 * @param complete refuses cells without a label
 */
internal fun MuData.labels(key: String, argument: String, complete: Boolean = true): Categories {
    val own = mod.asMap().filterValues { key in it.obs.keys }
    if (key in obs.keys || own.isEmpty()) return shared.categories(key, argument, complete)
    val labels = arrayOfNulls<String>(nObs)
    for ((name, adata) in own) {
        val column = adata.obs.get(key)
        cellsOf(name).forEachIndexed { row, cell ->
            val label = if (column.isMissing(row)) null else column.text(row)
            require(label == null || labels[cell] == null || labels[cell] == label) {
                "$argument: modalities differ in obs['$key'] of cell '${obsNames[cell]}': '${labels[cell]}' and " +
                    "'$label' in '$name'. Set mdata.obs[\"$key\"]"
            }
            labels[cell] = labels[cell] ?: label
        }
    }
    val read = CategoricalColumn.ofTexts(*labels).toCategories(key)
    return if (complete) read.complete("cell") { "'${obsNames[it]}'" } else read
}
