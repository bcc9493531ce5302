package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Scores
import org.cellweave.dsl.slots.Remedies
import org.cellweave.dsl.slots.remedy
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/** Numbers of any slot that a ranking shows. */
internal object RankedSlots {
    /** Columns of a slot of [adata]: numbers of obs, var or uns, columns of obsm or varm. */
    fun read(
        adata: AnnData,
        attr: String,
        keys: List<String>,
        dictionary: String?,
        indices: List<Int>?,
    ): List<Scores> {
        require(attr in SLOTS) { "attr must be one of $SLOTS, got '$attr'." + Check.suggestion(attr, SLOTS) }
        if (indices != null) {
            require(keys.size == 1) {
                "indices choose columns of one array, so that keys must be one key, got $keys"
            }
            val array = slotValue(adata, attr, dictionary, keys[0])
            return indices.map { Scores(keys[0].dropLast(1) + (it + 1), column(array, it, "$attr['${keys[0]}']")) }
        }
        return keys.map {
            Scores(it.replace('_', ' '), column(slotValue(adata, attr, dictionary, it), 0, "$attr['$it']"))
        }
    }

    private val SLOTS = listOf("var", "obs", "uns", "varm", "obsm")

    private fun slotValue(adata: AnnData, attr: String, dictionary: String?, key: String): Any {
        if (dictionary != null) {
            require(attr == "uns") { "dictionary names an entry of uns, so that attr must be \"uns\", got '$attr'" }
            val map = adata.uns[dictionary] as? Map<*, *>
                ?: throw MissingKeyException("uns", dictionary, adata.uns.keys, "")
            return map[key] ?: throw MissingKeyException("uns['$dictionary']", key, map.keys.map { "$it" }, "")
        }
        return when (attr) {
            "var" -> adata.`var`.get(key)
            "obs" -> adata.obs.get(key)
            "varm" -> adata.varm.find(key)
                ?: throw MissingKeyException(
                    "varm", key, adata.varm.keys,
                    remedy(key, "varm"),
                )
            "obsm" -> adata.obsm.find(key)
                ?: throw MissingKeyException("obsm", key, adata.obsm.keys, Remedies.basis(key))
            else -> adata.uns[key] ?: throw MissingKeyException("uns", key, adata.uns.keys, "")
        }
    }

    private fun column(given: Any, j: Int, name: String): DoubleArray {
        val value = if (given is NdArray) given.toMatrix() else given
        val columns = when (value) {
            is Matrix -> value.nCols()
            is DataFrame -> value.nCols()
            else -> 1
        }
        require(j in 0 until columns) { "$name has $columns columns, but column ${j + 1} is asked for" }
        return when (value) {
            is Column -> value.toDoubles()
            is Matrix -> Expression.column(value, j)
            is DataFrame -> value.get(value.keys.elementAt(j)).toDoubles()
            is DoubleArray -> value
            is AxisArray -> throw IllegalArgumentException("$name holds a ${value.described()}, which has no scores")
            else -> throw IllegalArgumentException("$name holds a ${value::class.simpleName}, which has no scores")
        }
    }
}
