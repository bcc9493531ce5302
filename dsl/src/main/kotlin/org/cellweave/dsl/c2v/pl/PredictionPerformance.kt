package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PredictionPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.util.MissingKeyException

/**
 * Draws what gradient-boosted trees have predicted against what is observed, one panel per fate, with their
 * correlation.
 *
 * Reads `uns[unsKey]` with the entries `obsm_key` and `fates_used`, `obsm[obsm_key]`, `obsm["{obsm_key}:predicted"]`
 * and `obs["validation"]`, whether a clone was kept from the fit.
 *
 * @param varNames fates, one or a list; all that were predicted by default
 * @param setType `validation` or `train`
 * @param unsKey what the run has noted of itself: the first of `predictors_info` and `catboost_info` that is there
 * @param predictionKeyAdded what stands behind the colon in the key of the predictions
 * @param title of the panels, one each; the fates by default
 * @param ncols panels in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.predictionPerformance(
    adata: AnnData,
    varNames: Any? = null,
    setType: String = "validation",
    unsKey: String? = null,
    predictionKeyAdded: String = "predicted",
    color: String = "C0",
    title: Any? = null,
    ncols: Int = 4,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(setType in SETS) { "setType must be one of $SETS, got '$setType'" }
    val advice = BY_TREES
    val keys = unsKey?.let(::listOf) ?: NOTES
    val key = keys.firstOrNull { adata.uns[it] is Map<*, *> }
        ?: throw MissingKeyException("uns", keys.last(), adata.uns.keys, advice)
    val info = adata.uns.getValue(key) as Map<*, *>

    fun noted(entry: String) =
        info[entry] ?: throw MissingKeyException("uns['$key']", entry, info.keys.map { "$it" }, advice)
    val response = noted("obsm_key").toString()
    val fates = texts(noted("fates_used"), "fates_used")!!
    val shown = texts(varNames, "varNames") ?: fates
    val unknown = shown.filter { it !in fates }
    if (unknown.isNotEmpty()) throw MissingKeyException("uns['$key']['fates_used']", unknown, fates, "")
    val titles = texts(title, "title")
    require(titles == null || titles.size == shown.size) {
        "title must have one entry per fate (${shown.size}), got ${titles!!.size}"
    }
    val rows = chosenRows(adata, setType)
    val hex = Palettes.color(color, "color")
    val panels = shown.mapIndexed { i, fate ->
        val (observed, predicted) = listOf(response, "$response:$predictionKeyAdded").map { slot ->
            val value = adata.obsm.find(slot) ?: throw MissingKeyException("obsm", slot, adata.obsm.keys, advice)
            val names = if (value is DataFrame) null else fates
            val all = namedColumn("obsm['$slot']", value, names, fate)
            DoubleArray(rows.size) { all[rows[it]] }
        }
        PredictionPanel(observed, predicted, titles?.get(i) ?: fate, hex, sessionLook()).build()
    }
    return finish(grid(panels, ncols), "prediction_performance", Output(save, show, ax, figsize, dpi))
}

private fun chosenRows(adata: AnnData, setType: String): IntArray {
    val kept = adata.obsColumn("validation") as? BooleanColumn
        ?: throw IllegalArgumentException(
            "obs['validation'] must say true or false of every clone, as c2v.tl.boostedTrees() writes it",
        )
    val wanted = setType == "validation"
    val rows = (0 until kept.size()).filter { !kept.isMissing(it) && kept.get(it) == wanted }
    require(rows.isNotEmpty()) { "setType = '$setType' has no clones in obs['validation']" }
    return rows.toIntArray()
}

/** What figures of predictors need, and who makes it. */
internal const val BY_TREES = "c2v.tl.boostedTrees() makes an object that has it."
private val SETS = listOf("validation", "train")
private val NOTES = listOf("predictors_info", "catboost_info")
