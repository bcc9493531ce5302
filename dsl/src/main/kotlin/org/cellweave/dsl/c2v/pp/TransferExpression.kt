package org.cellweave.dsl

import org.cellweave.clonal.CloneExpression
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.MASK_KEY
import org.cellweave.dsl.slots.aboutClones
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.cloneGroups
import org.cellweave.dsl.slots.expression
import org.cellweave.dsl.slots.membership
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.util.RefusedRowException
import org.cellweave.clonal.CloneExpression.Params.DEFAULTS as EXPRESSION

/**
 * A new object of clones by genes: the mean, or the sum, over the cells of each clone. See [CloneExpression].
 *
 * Reads `X` (or [layer], or raw where there is one), the clones of the cells, `obs[splitObs]`, and all but the genes of
 * [clones]. Writes nothing to either; the new object has `X`, the `obs`, `obsm`, `obsp` and `uns` of the clones, their
 * fates as tables `obsm["X"]`, `obsm["proportions"]`, `obsm["counts"]`, and `uns["transfer_expression"]`. With
 * [splitObs] it has a layer for every group and `obsm[maskKey]`, which says where a clone has cells of a group: a row
 * without any is zero, and never NaN as in the Python package. Clones without cells are left out, with a warning, and
 * no others; the package leaves out all whose values add up to zero or less, which scaled ones may.
 *
 * @param obsName column of clones of the cells; null for the one that [clones] was made from
 * @param splitObs column of the cells whose groups are told apart
 * @param useCol column of the clones: all clones of a group get the values of all their cells together
 * @param strategy `average` or `sum`
 * @param layersToObsm layers of [clones], or `X`, that become tables; null for all
 */
public fun ClonalPreprocessing.transferExpression(
    adata: AnnData,
    clones: AnnData,
    obsName: String? = null,
    splitObs: String? = null,
    useCol: String? = null,
    strategy: String = EXPRESSION.strategy().spelled(),
    layer: String? = null,
    useRaw: Boolean? = null,
    layersToObsm: Any? = null,
    maskKey: String = "mask",
): AnnData {
    val params = CloneExpression.Params(Check.oneOf(strategy, CloneExpression.Strategy::class.java, "strategy"))
    val tables = tables(clones, texts(layersToObsm, "layersToObsm"))
    requireFree(clones, tables.keys, maskKey.takeIf { splitObs != null })
    val groups = splitObs?.let { adata.categories(it, "splitObs", complete = false).withoutUnused() }
    val members = adata.membership(clones, obsName)
    val profiles = useCol?.let { Profiles.of(clones, it) } ?: Profiles.each(clones)
    val source = adata.expression(useRaw, layer)
    val made = { found: AnnData -> "created ${found.nObs} clones by ${found.nVars} genes, from ${source.slot}" }
    return Log.timed("summarizing expression at clone level", made) {
        val pooled = profiles.ofCells(members)
        val (whole, parts) =
            adata.namingCulprit("transferExpression", source) {
                profiles.naming {
                    CloneExpression.run(source.x, pooled, params) to
                        groups?.let { CloneExpression.byLevel(source.x, pooled, it, params) }
                }
            }
        val kept = withCells(clones, profiles, whole)
        val places = IntArray(kept.size) { profiles.of[kept[it]] }
        val genes = DataFrame.ofNames(*source.genes.names.toTypedArray())
        val out = aboutClones(clones, kept, whole.values().takeRows(places), genes)
        tables.forEach { (key, table) -> out.obsm.set(key, table.takeRows(kept)) }
        val told = linkedMapOf<String, Any?>("strategy" to strategy)
        if (groups != null && parts != null) {
            addGroups(out, groups, parts, places, maskKey)
            told["split_obs"] = splitObs
        }
        out.uns["transfer_expression"] = told
        out
    }
}

/** Tables of the new object must not take the place of each other, or of what the clones bring along. */
private fun requireFree(clones: AnnData, tables: Set<String>, maskKey: String?) {
    val taken = tables.find { it in clones.obsm.keys }
    require(taken == null) {
        "obsm['$taken'] of the clones would be replaced by a table of their " +
            (if (taken == "X") "X" else "layers['$taken']") +
            "; rename it first, or leave '$taken' out of layersToObsm (an empty list for none)"
    }
    require(maskKey == null || maskKey !in tables && maskKey !in clones.obsm.keys) {
        "maskKey must not be '$maskKey', the key of another table of the new object's obsm; give another name"
    }
}

private fun addGroups(
    out: AnnData,
    groups: Categories,
    parts: List<CloneExpression.Result>,
    places: IntArray,
    maskKey: String,
) {
    val mask = DataFrame.ofNames(*out.obsNames.toTypedArray())
    parts.forEachIndexed { g, part ->
        out.layers.set(groups.level(g), part.values().takeRows(places))
        val present = part.present()
        mask.set(groups.level(g), BooleanColumn.of(*BooleanArray(places.size) { present[places[it]] }))
    }
    out.obsm.set(maskKey, mask)
    out.uns[MASK_KEY] = maskKey
}

/** Clones whose profile has a cell. */
private fun withCells(clones: AnnData, profiles: Profiles, whole: CloneExpression.Result): IntArray {
    val present = whole.present()
    val kept = (0 until clones.nObs).filter { present[profiles.of[it]] }.toIntArray()
    if (kept.size < clones.nObs) {
        val first = (0 until clones.nObs).first { !present[profiles.of[it]] }
        val lost = "${clones.nObs - kept.size} of ${clones.nObs}"
        Log.warning("clones without cells are left out: $lost, such as '${clones.obsNames[first]}'")
    }
    return kept
}

/** Which clones share a profile: each has its own, or the one of its group. */
private class Profiles(val of: IntArray, val names: List<String>) {
    /** [members] by profile instead of by clone. */
    fun ofCells(members: Categories): Categories {
        val codes = IntArray(members.nCells()) {
            members.code(it).let { c -> if (c < 0) Categories.MISSING else of[c] }
        }
        return Categories(members.name(), codes, names.toTypedArray())
    }

    /** Rows that [body] refuses are profiles. */
    inline fun <T> naming(body: () -> T): T =
        try {
            body()
        } catch (e: RefusedRowException) {
            throw IllegalArgumentException(e.calling("'${names[e.rows().first()]}'"), e)
        }

    companion object {
        fun each(clones: AnnData) = Profiles(IntArray(clones.nObs) { it }, clones.obsNames)

        fun of(clones: AnnData, useCol: String): Profiles {
            val groups = clones.cloneGroups(useCol, "useCol")
            return Profiles(groups.codes(), groups.levels().asList())
        }
    }
}

/** `X` and layers of the clones as tables, by their names. */
private fun tables(clones: AnnData, wanted: List<String>?): Map<String, DataFrame> {
    val all = listOfNotNull<String>("X".takeIf { clones.x != null }) + clones.layers.keys
    val missing = wanted.orEmpty().filterNot { it in all }
    if (missing.isNotEmpty()) {
        throw MissingKeyException("layers", missing, all, "layersToObsm names layers of the clones, or 'X'.")
    }
    return (wanted ?: all).associateWith { clones.toDf(it.takeIf { key -> key != "X" }) }
}
