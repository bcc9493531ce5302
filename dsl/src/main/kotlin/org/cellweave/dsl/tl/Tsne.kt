package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.EmbeddingKeys
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.representationOf
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.withThreads
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.dict
import org.cellweave.embed.tsne.Tsne
import org.cellweave.neighbors.Metric
import org.cellweave.util.Check
import org.cellweave.embed.tsne.Tsne.Params.DEFAULTS as TSNE

/**
 * Lays the cells out in a plane by t-SNE. See [Tsne].
 *
 * Reads `obsm[useRep]`, by default `X_pca` (or `X` when there are at most 50 genes). Writes `obsm["X_tsne"]` and
 * `uns["tsne"]` (`params`, with the method that ran); with [keyAdded] both go under that key.
 *
 * @param nPcs how many columns of the representation to use; 0 for `X`
 * @param metric `euclidean`, `cosine`, `correlation` or `manhattan`
 * @param method `barnes_hut`, `interpolation` (FIt-SNE), or `auto`: interpolation from 1,000 cells on
 * @param useFastTsne of an older scanpy; it changes nothing, [method] chooses the program
 * @param nJobs threads for this call; null for `sc.settings.nJobs`. The result is the same for any number
 * @param exaggeration factor on the attraction after the first 250 iterations
 */
public fun Tools.tsne(
    adata: AnnData,
    nPcs: Int? = null,
    nComponents: Int = TSNE.nComponents(),
    useRep: String? = null,
    perplexity: Number = TSNE.perplexity(),
    metric: String = TSNE.metric().spelled(),
    earlyExaggeration: Number = TSNE.earlyExaggeration(),
    learningRate: Number = TSNE.learningRate(),
    randomState: Long = TSNE.seed(),
    keyAdded: String? = preset.keyAdded("tsne"),
    copy: Boolean = false,
    maxIter: Int = TSNE.maxIter(),
    exaggeration: Number = TSNE.exaggeration(),
    theta: Number = TSNE.theta(),
    method: String = TSNE.method().spelled(),
    init: String = TSNE.init().spelled(),
    useFastTsne: Boolean? = null,
    nJobs: Int? = null,
): AnnData = withThreads(nJobs) {
    useFastTsne?.let { Log.debug("useFastTsne = $it changes nothing: method chooses the program") }
    val target = adata.target(copy)
    val params =
        Tsne.Params(
            nComponents,
            perplexity.toDouble(),
            Metric.named(metric),
            earlyExaggeration.toDouble(),
            exaggeration.toDouble(),
            learningRate.toDouble(),
            maxIter,
            theta.toDouble(),
            Check.oneOf(method, Tsne.Method::class.java, "method"),
            Check.oneOf(init, Tsne.Init::class.java, "init"),
            randomState,
        )
    val keys = EmbeddingKeys("tsne", keyAdded)
    val added =
        "added\n    '${keys.coordinates}', tSNE coordinates (adata.obsm)\n" +
            "    '${keys.parameters}', tSNE parameters (adata.uns)"
    val result =
        Log.timed<Tsne.Result>("computing tSNE", { added }) {
            val space = representationOf(target, useRep, nPcs)
            target.running("tsne", space) { Tsne.run(space.x, params, it) }
        }
    if (result.method() == Tsne.Method.BARNES_HUT && params.asksForGrid(target.nObs)) {
        Log.warning(
            "the layout grew too wide for the grid of method = 'interpolation', as with many identical cells; " +
                "barnes_hut took over",
        )
    }
    Log.debug("method: ${result.method().spelled()}, neighbour search: ${result.search().spelled()}")
    target.obsm.set(keys.coordinates, result.coordinates())
    target.uns[keys.parameters] =
        dict(
            "params" to
                recorded(
                    params, "perplexity", "earlyExaggeration", "learningRate", "metric", "useRep", "method", "maxIter",
                    "seed",
                    resolved =
                        mapOf("useRep" to useRep, "method" to result.method(), "maxIter" to result.iterations()),
                ),
            "kl_divergence" to result.klDivergence(),
        )
    target
}

private fun Tsne.Params.asksForGrid(nCells: Int): Boolean =
    method() == Tsne.Method.INTERPOLATION ||
        (method() == Tsne.Method.AUTO && nCells >= Tsne.AUTO_INTERPOLATION_CELLS)
