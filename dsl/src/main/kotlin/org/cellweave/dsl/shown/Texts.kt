package org.cellweave.dsl.shown

import org.cellweave.data.Column
import org.cellweave.data.NdArray

/** One text, several, or null. */
internal fun texts(choice: Any?, name: String): List<String>? =
    when (choice) {
        null -> null
        is String, is Number, is Boolean -> listOf(choice.toString())
        is Iterable<*> -> choice.map { it.toString() }
        is Array<*> -> choice.map { it.toString() }
        is IntArray -> choice.map { it.toString() }
        is LongArray -> choice.map { it.toString() }
        is Column -> choice.texts().asList()
        is NdArray -> choice.texts().asList()
        else -> throw IllegalArgumentException(
            "$name must be a text or a list of texts, got ${choice::class.simpleName}",
        )
    }

/** What `restrictTo` says, whose categories may be one, a list or an array. */
internal fun restricted(given: Pair<String, Any>?): Pair<String, List<String>>? =
    given?.let { (column, categories) -> column to texts(categories, "restrictTo")!! }
