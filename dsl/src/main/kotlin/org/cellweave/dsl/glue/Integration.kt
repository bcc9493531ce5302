package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.BatchIntegration
import org.cellweave.integrate.BatchIntegration.Values
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.Integrated
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.IntegrationResult

/** The matrix that a method reads: an embedding from `obsm[basis]`, logarithms from `X`, counts from a layer. */
internal fun AnnData.sourceOf(values: Values, basis: String): Source =
    when (values) {
        Values.EMBEDDING -> source(null, basis)
        Values.LOG_EXPRESSION -> source(null)
        Values.COUNTS -> source("counts")
    }

/**
 * Runs [method] on [source], which counts are told of where logarithms are expected. What it refuses is called by its slot, the cell by its name; its warnings are logged.
 *
 * @param step the verb, for messages
 * @param words puts a warning in the words of the verb's arguments
 */
internal fun <R : IntegrationResult> AnnData.integrate(
    method: BatchIntegration<R>,
    step: String,
    source: Source,
    batches: List<Categories>,
    kept: List<Covariate> = emptyList(),
    words: (String) -> String = { it },
): R {
    if (method.reads() == Values.LOG_EXPRESSION) warnOfCounts(step, source)
    val result =
        running(step, source) {
            val block = FeatureBlock(source.slot, source.x, featureNames(method.reads(), source), null)
            method.run(IntegrationInput(listOf(block), batches, kept), it)
        }
    result.warnings().forEach { Log.warning(words(it)) }
    return result
}

private fun AnnData.featureNames(values: Values, source: Source): Array<String>? =
    if (values == Values.EMBEDDING || source.x.nCols() != nVars) null else varNames.toTypedArray()

/**
 * Writes what an integration has made where its kind belongs: coordinates to `obsm[key]`; expression of all genes to
 * `X`, that of some to `obsm[key]`; a graph to `obsp["distances"]` and `obsp["connectivities"]`, told of by
 * `uns["neighbors"]` with [params], or under another [key] to `obsp["{key}_distances"]` and so on.
 */
internal fun AnnData.store(made: Integrated, key: String, params: Map<String, Any?> = emptyMap()) {
    when (made) {
        is Integrated.Embedding -> obsm.set(key, made.x())
        is Integrated.Expression ->
            if (made.features() == null) {
                makeActual()
                putMatrix(null, made.x())
            } else {
                obsm.set(key, made.x())
            }
        is Integrated.Graph -> {
            val prefix = if (key == "neighbors") "" else "${key}_"
            val (distances, connectivities) = listOf("${prefix}distances", "${prefix}connectivities")
            obsp.set(distances, made.distances())
            obsp.set(connectivities, made.connectivities())
            uns[key] = dict("connectivities_key" to connectivities, "distances_key" to distances, "params" to params)
        }
    }
}
