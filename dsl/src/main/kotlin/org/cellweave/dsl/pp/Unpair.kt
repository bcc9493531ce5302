package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.MuData
import org.cellweave.data.StringColumn

/**
 * Takes cells apart that were measured in several modalities, as if each half had been another cell: for tests of what
 * joins modalities, where it must be known which cells belong together and the method must not be told.
 *
 * Reads the names of cells in all modalities. Writes nothing: the object that is returned has `{cell}-{modality}` in
 * place of each cell that was taken apart, `obs[modalityKey]` of all cells (`rna`, or `rna+adt` of cells left whole),
 * `obs[pairKey]` with the name that both halves had (missing in other cells), and other columns of `obs` as they were.
 * What was computed of all cells (`obsm`, `obsp`, `uns`) is left out.
 *
 * @param obs cells to take apart: a mask, positions, names or a range; null for all with more than one modality
 */
public fun Preprocessing.unpair(
    mdata: MuData,
    obs: Any? = null,
    pairKey: String = "pair",
    modalityKey: String = "modality",
): MuData {
    require(mdata.axis == 0) {
        "unpair needs modalities that share their cells (axis 0), but the axis of mdata is ${mdata.axis}"
    }
    require(pairKey != modalityKey) { "pairKey and modalityKey must differ, got '$pairKey' twice" }
    val names = mdata.obsNames
    val of = modalitiesOf(mdata)
    val chosen = obs?.let { axisIndex(it, "obs").resolve("obs", names).toSet() }
    val apart = BooleanArray(names.size) { of[it].size > 1 && (chosen == null || it in chosen) }
    require(apart.any { it }) {
        "unpair needs cells with several modalities, but none of the ${chosen?.size ?: names.size} cells " +
            (if (chosen == null) "of mdata" else "of obs") + " has more than one"
    }
    require(pairKey !in mdata.ownObsKeys()) {
        "obs['$pairKey'] is there already and would be lost; take all cells apart at once, or pass another pairKey"
    }
    val cell = HashMap<String, Int>()
    val parts = mdata.mod.asMap().mapValues { (modality, adata) ->
        val rows = mdata.cellsOf(modality)
        val part = adata.copy()
        part.obsNames = rows.map { if (apart[it]) "${names[it]}-$modality" else names[it] }
        part.obsNames.forEachIndexed { row, name -> cell[name] = rows[row] }
        part
    }
    val out = MuData(parts)
    val rows = IntArray(out.nObs) { cell.getValue(out.obsNames[it]) }
    mdata.ownObsKeys().forEach { out.obs.set(it, mdata.obs.get(it).take(rows)) }
    val modality = modalitiesOf(out).map { it.joinToString("+") }
    val levels = modality.distinct().sortedWith(compareBy({ '+' in it }, { out.mod.keys.indexOf(it) }))
    out.obs.set(modalityKey, CategoricalColumn.ofTexts(modality.toTypedArray(), levels.toTypedArray(), false))
    out.obs.set(pairKey, StringColumn.of(*Array(rows.size) { if (apart[rows[it]]) names[rows[it]] else null }))
    return out
}

/** Of every cell. */
private fun modalitiesOf(mdata: MuData): List<List<String>> =
    (0 until mdata.nObs).map { cell ->
        mdata.mod.keys.filter { mdata.obsmap.getValue(it)[cell] > 0 }
    }
