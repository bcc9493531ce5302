package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NameIndex
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.unsMap
import org.cellweave.integrate.MergeOrder
import org.cellweave.integrate.anchors.AnchorIntegration
import org.cellweave.integrate.anchors.Anchors
import org.cellweave.util.MissingKeyException
import org.cellweave.util.Quoted

/** Of the genes that `sc.pp.selectIntegrationFeatures` marks. */
internal const val FEATURES_KEY = "integration_features"

/** Under which `sc.pp.findIntegrationAnchors` tells of its anchors. */
internal const val ANCHORS_KEY = "integration_anchors"

/**
 * Genes by their places: names in their order, a boolean column of `var` or a mask; null for those that
 * `sc.pp.selectIntegrationFeatures` has marked, the best first.
 */
internal fun AnnData.integrationGenes(genes: Any?, argument: String): IntArray {
    if (genes is Collection<*>) {
        require(genes.isNotEmpty()) { "$argument must name genes, got none" }
        val names = genes.map { it.toString() }
        require(names.toSet().size == names.size) {
            val twice = names.first { n -> names.count { it == n } > 1 }
            "$argument must be different genes, got ${Quoted.of(twice)} twice"
        }
        return varIndices(names, argument)
    }
    if (genes == null && FEATURES_KEY !in `var`.keys) {
        throw MissingKeyException("var", FEATURES_KEY, `var`.keys, remedy(FEATURES_KEY, "var"))
    }
    val mask = if (genes == null) (`var`.get(FEATURES_KEY) as BooleanColumn).values() else geneMask(genes, argument)
    val marked = mask.indices.filter { mask[it] }
    require(marked.isNotEmpty()) { "$argument marks no gene; name a column of var that does, or the genes" }
    val rank = (`var`.find("${FEATURES_KEY}_rank") as? NumericColumn)?.toDoubles()
    val ordered = if (genes == null && rank != null) marked.sortedBy { rank[it] } else marked
    return ordered.toIntArray()
}

private fun AnnData.varIndices(names: List<String>, argument: String): IntArray {
    val found = NameIndex.of("var", varNames).find(names)
    val missing = names.filterIndexed { i, _ -> found[i] < 0 }
    require(missing.isEmpty()) {
        "$argument must name genes of adata, but ${missing.size} of ${names.size} are none, the first " +
            Quoted.of(missing.first())
    }
    return found
}

/** What `sc.pp.findIntegrationAnchors` has found and told. */
internal class StoredIntegration(
    val anchors: Anchors,
    val reference: IntArray?,
    val features: List<String>,
) {
    private val batches: Categories = anchors.batches()
    private val among: List<String> =
        (reference?.toList() ?: (0 until batches.nLevels()).toList()).map { batches.level(it) }

    /**
     * A tree as verbs take it: pairs of what joins, a batch by its name and what an earlier pair made by its number
     * from 0; null where the anchors decide.
     */
    fun order(sampleTree: List<Pair<Any, Any>>?): MergeOrder? {
        if (sampleTree == null) return null

        fun node(given: Any): Int =
            if (given is Number) among.size + given.toInt() else positionsOf(listOf("$given"), among, "sampleTree")[0]
        return MergeOrder(sampleTree.map { (left, right) -> MergeOrder.Step(node(left), node(right)) })
    }

    /** What an integration tells of itself. */
    fun report(result: AnchorIntegration.Result, params: AnchorIntegration.Params): Map<String, Any?> {
        fun names(levels: IntArray) = levels.joinToString("+") { batches.level(it) }

        val steps = result.steps()
        return recorded(params, "dims", "kWeight", "sdWeight", "preserveOrder") +
            dict(
                "stays" to NdArray.of(*Array(steps.size) { names(steps[it].reference()) }),
                "moves" to NdArray.of(*Array(steps.size) { names(steps[it].query()) }),
                "anchors" to NdArray.of(*LongArray(steps.size) { steps[it].anchors().toLong() }),
                "k_weight_used" to NdArray.of(*LongArray(steps.size) { steps[it].kWeight().toLong() }),
            )
    }
}

/** The anchors that `uns[unsKey]` tells of. */
internal fun AnnData.storedIntegration(unsKey: String): StoredIntegration {
    val told =
        if (unsKey in uns.keys) unsMap(unsKey) else throw MissingKeyException("uns", unsKey, uns.keys, FIND_ANCHORS)

    fun text(key: String) =
        told[key] as? String ?: throw MissingKeyException("uns['$unsKey']", key, told.keys, FIND_ANCHORS)

    fun texts(key: String) = (told[key] as? NdArray)?.takeIf { it.isText }?.texts()?.toList()

    val batch = categories(text(BATCH_KEY), "batchKey").withoutUnused()
    val graphKey = text(GRAPH_KEY)
    val anchors = Anchors("obsp['$graphKey']", obsp.matrix(graphKey, FIND_ANCHORS).toCsr(), batch)
    val reference = texts("reference")?.let { positionsOf(it, batch.levels().toList(), "reference").sortedArray() }
    return StoredIntegration(anchors, reference, texts("anchor_features").orEmpty())
}

private val FIND_ANCHORS = remedy(ANCHORS_KEY, "uns")

/** Logs what a step of the anchors warns of. */
internal fun warnAll(warnings: List<String>) = warnings.forEach { Log.warning(it) }
