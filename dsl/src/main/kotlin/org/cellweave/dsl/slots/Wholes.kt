package org.cellweave.dsl.slots

/** Whole numbers of one, a list, an array or a range; none of null. */
internal fun wholes(given: Any?, name: String): List<Int> =
    when (given) {
        null -> emptyList()
        is Number -> listOf(whole(given, name))
        is IntArray -> given.toList()
        is LongArray -> given.map { whole(it, name) }
        is Array<*> -> given.map { whole(it, name) }
        is Iterable<*> -> given.map { whole(it, name) }
        else -> throw IllegalArgumentException("$name must be whole numbers, got ${kindOf(given)}")
    }

private fun whole(value: Any?, name: String): Int {
    val number = (value as? Number)?.toDouble()
    require(number != null && number == Math.rint(number) && Math.abs(number) <= Int.MAX_VALUE) {
        "$name must be whole numbers, got ${kindOf(value)}"
    }
    return number.toInt()
}
