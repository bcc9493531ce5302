package org.cellweave.dsl.glue

import org.cellweave.data.NdArray
import org.cellweave.dsl.session.spelled

/** What verbs call a component of their `Params` records. */
private val CALLED = mapOf("seed" to "randomState")

/**
 * What a verb was run with, as `uns` keeps it: the components [names] of a `Params` record under Python's names, in the
 * order given. What is null is left out.
 *
 * @param resolved values that stand in place of the record's, by the names of [names]: what was found during the run,
 *   or what the record does not have
 * @param called the verb's names of components, where they differ
 */
internal fun recorded(
    params: Record,
    vararg names: String,
    resolved: Map<String, Any?> = emptyMap(),
    called: Map<String, String> = emptyMap(),
): Map<String, Any?> {
    val components = params.javaClass.recordComponents.associateBy { it.name }
    val out = LinkedHashMap<String, Any?>()
    for (name in names) {
        val value = if (name in resolved) resolved[name] else components.getValue(name).accessor.invoke(params)
        stored(value)?.let { out[snakeCase(called[name] ?: CALLED[name] ?: name)] = it }
    }
    return out
}

private fun stored(value: Any?): Any? =
    when (value) {
        is Int -> value.toLong()
        is Enum<*> -> value.spelled()
        is DoubleArray -> NdArray.of(*value)
        else -> value
    }

private val HUMP = Regex("(?<=[a-z0-9])(?=[A-Z])")

/** `n_clusters` of `nClusters`. */
internal fun snakeCase(name: String): String = name.replace(HUMP, "_").lowercase()
