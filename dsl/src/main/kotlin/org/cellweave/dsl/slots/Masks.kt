package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Genes of a mask: an array as long as `var`, or the name of a boolean column of it. */
internal fun AnnData.geneMask(mask: Any, argument: String): BooleanArray = maskOf(`var`, "var", mask, argument)

/** Cells of a mask: an array as long as `obs`, or the name of a boolean column of it. */
internal fun AnnData.cellMask(mask: Any, argument: String): BooleanArray = maskOf(obs, "obs", mask, argument)

internal fun maskOf(table: DataFrame, slot: String, mask: Any, argument: String): BooleanArray {
    val name = (mask as? String)?.let { "$slot['$it']" } ?: argument
    val values =
        when (mask) {
            is String ->
                table.find(mask)
                    ?: throw MissingKeyException(slot, mask, table.keys, remedy(mask, slot.removePrefix("raw.")))
            is Array<*>, is Iterable<*> -> columnOf(mask, table.nRows())
            else -> mask
        }
    val keep =
        when (values) {
            is BooleanArray -> values
            is BooleanColumn -> {
                require(values.mask()?.none { it } ?: true) { "$name must not have missing values to be a mask" }
                values.values()
            }
            is org.cellweave.data.Column -> throw IllegalArgumentException(
                "$argument must be boolean, but $name is ${values.dtypeName()}",
            )
            else -> throw IllegalArgumentException(
                "$argument must be a mask or name a boolean column of $slot, got a ${values::class.simpleName}",
            )
        }
    Check.sameLength(
        keep.size, table.nRows(), argument,
        if (slot ==
            "obs"
        ) {
            "the number of cells"
        } else {
            "the number of genes"
        },
    )
    return keep
}

/** Place in `var` of every gene of raw, by name; -1 for genes that only raw has. */
internal fun AnnData.placesOfRawGenes(): IntArray {
    val names = raw.varNames
    return if (names == varNames) IntArray(names.size) { it } else NameIndex.of(`var`).find(names)
}

/**
 * A mask of genes as raw has them, matched by name. Genes that only raw has are read from the column of `raw.var` of
 * that name; where there is none they count as [others], and without that the call is refused.
 */
internal fun AnnData.rawGeneMask(mask: Any, argument: String, others: Boolean?): BooleanArray {
    val table = raw.`var`
    if (mask is String && !`var`.contains(mask) && table.contains(mask)) {
        return maskOf(table, "raw.var", mask, argument)
    }
    if (mask is BooleanArray && mask.size != nVars && mask.size == table.nRows()) return mask
    val ofVar = geneMask(mask, argument)
    val places = placesOfRawGenes()
    val own = (mask as? String)?.takeIf(table::contains)?.let { maskOf(table, "raw.var", it, argument) }
    val unknown = places.indices.filter { places[it] < 0 }
    require(unknown.isEmpty() || own != null || others != null) {
        "$argument '$mask' says nothing of the ${unknown.size} genes that only raw has, such as " +
            "'${raw.varNames[unknown.first()]}'; set adata.raw.var[\"$mask\"] or use useRaw = false"
    }
    return BooleanArray(places.size) { if (places[it] >= 0) ofVar[places[it]] else own?.get(it) ?: others!! }
}

/** 0 for cells, 1 for genes: what `axis = 0`, `1`, `"obs"` and `"var"` mean. */
internal fun axisNumber(axis: Any): Int =
    when (axis) {
        0, "obs" -> 0
        1, "var" -> 1
        else -> throw IllegalArgumentException("axis must be one of [obs, var, 0, 1], got '$axis'")
    }
