package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.matrix.DType
import org.cellweave.util.MissingKeyException

@Suppress("UNCHECKED_CAST")
internal fun AnnData.unsMap(key: String): Map<String, Any?> =
    uns[key] as? Map<String, Any?> ?: throw MissingKeyException("uns", key, uns.keys, remedy(key, "uns"))

/** What a verb was run with. Old files keep each setting as an array of one, which counts as its value. */
@Suppress("UNCHECKED_CAST")
internal fun Map<String, Any?>.settings(): Map<String, Any?> =
    (this["params"] as? Map<String, Any?> ?: emptyMap()).mapValues { (_, value) ->
        (value as? NdArray)?.only() ?: value
    }

internal fun NdArray.only(): Any? =
    when {
        size() != 1 || nDims() > 1 -> null
        isText -> texts()[0]
        dtype() == DType.BOOL -> number(0) != 0.0
        dtype().isFloating -> number(0)
        else -> number(0).toLong()
    }

/** `uns` value that mirrors a Python dict, in the order given. */
internal fun dict(vararg entries: Pair<String, Any?>): Map<String, Any?> = linkedMapOf(*entries)
