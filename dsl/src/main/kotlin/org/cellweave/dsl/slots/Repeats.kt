package org.cellweave.dsl.slots

/** The first name that is there more than once, with how often it is; null where all differ. */
internal fun Iterable<String>.firstRepeated(): Map.Entry<String, Int>? =
    groupingBy { it }.eachCount().entries.firstOrNull { it.value > 1 }
