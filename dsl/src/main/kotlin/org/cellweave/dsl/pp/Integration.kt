package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.integrate.BatchIntegration
import org.cellweave.integrate.BatchIntegration.Values
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.Integrated
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.IntegrationResult
import org.cellweave.matrix.Matrix

/** A matrix of a data set and what messages call it. */
internal class Source(val slot: String, val x: Matrix)

/** The matrix that a method reads: an embedding from `obsm[basis]`, logarithms from `X`, counts from a layer. */
internal fun AnnData.source(values: Values, basis: String): Source =
    when (values) {
        Values.EMBEDDING -> Source("obsm['$basis']", embedding(basis))
        Values.LOG_EXPRESSION -> Source("X", X)
        Values.COUNTS -> Source("layers['counts']", matrixOf("counts"))
    }

/**
 * Runs [method] on [source]. What it refuses is called by its slot, the cell by its name; its warnings are logged.
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
    val result =
        namingCulprit(step, source.slot, source.x) {
            withProgress {
                method.run(IntegrationInput(listOf(FeatureBlock.of(source.slot, source.x)), batches, kept), it)
            }
        }
    result.warnings().forEach { Log.warning(words(it)) }
    return result
}

/**
 * Writes what an integration has made where its kind belongs: coordinates to `obsm[key]`; expression of all genes to
 * `X`, that of some to `obsm[key]`; a graph to `obsp["distances"]` and `obsp["connectivities"]`, told of by
 * `uns["neighbors"]` with [params].
 */
internal fun AnnData.store(made: Integrated, key: String, params: Map<String, Any?> = emptyMap()) {
    when (made) {
        is Integrated.Embedding -> obsm.set(key, made.x())
        is Integrated.Expression ->
            if (made.features() == null) {
                makeActual()
                X = made.x()
            } else {
                obsm.set(key, made.x())
            }
        is Integrated.Graph -> {
            obsp.set("distances", made.distances())
            obsp.set("connectivities", made.connectivities())
            uns["neighbors"] =
                dict("connectivities_key" to "connectivities", "distances_key" to "distances", "params" to params)
        }
    }
}
