package org.cellweave.dsl

/** Verbs that bear another name here than in the Python package that they follow. */
internal object OriginalNames {
    private val renamed =
        mapOf(
            "catboost" to "c2v.tl.boostedTrees",
            "catboost_perfomance" to "c2v.pl.predictionPerformance",
            "Weinreb_in_vitro" to "datasets.weinrebInVitro",
        )

    /** The verb that does what [name] does there, as [VerbIndex.verbs] spells it; null where names are the same. */
    fun verb(name: String): String? = renamed.entries.firstOrNull { isSame(it.key, name) }?.value

    /** Whether two names differ in nothing but their case and in how their words are parted. */
    fun isSame(one: String, other: String): Boolean = plain(one) == plain(other)

    private fun plain(name: String) = name.replace("_", "").lowercase()
}
