package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.factor.CentroidAlign
import org.cellweave.integrate.factor.QuantileNorm
import org.cellweave.integrate.factor.Uinmf
import org.cellweave.matrix.DType
import org.cellweave.preprocess.ValueFacts
import org.cellweave.integrate.factor.QuantileNorm.Params.DEFAULTS as QUANTILES
import org.cellweave.integrate.factor.Uinmf.Params.DEFAULTS as UINMF

/**
 * Factors that all data sets of a mosaic have in common, with weights of features that only some of them have. See
 * [Uinmf] and [QuantileNorm].
 *
 * A data set is the cells of one batch that have the same modalities; all of them must share some features, which a gene
 * and its protein do by [links].
 *
 * Reads `X` (or [layer]; values of at least 0) of every modality and `obs[batchKey]`. Writes `obsm["X_inmf"]` (mixtures
 * of factors, brought together by their quantiles), `obsm["X_inmf_raw"]` (before that), `obs["inmf_cluster"]` (the
 * strongest factor), `varm["inmf"]` (weights of the shared features, 0 for others; linked ones have the same) and
 * `uns["inmf"]` (`objective` of every iteration, `converged`, `parts`, `features`, `V` by part, feature and factor, sums
 * over the cells, `unshared`, `unshared_part` and `U`, `params`); with [keyAdded] under that name.
 *
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param k number of factors
 * @param lambda weight of what sets have for themselves: the larger, the less they have
 * @param align `quantileNorm`, `centroidAlign` (see [CentroidAlign]; may be negative), or `none` to leave the mixtures
 *   as they are
 * @param reference set that the others are mapped to; null for that with most cells
 * @param minCells of a cluster in a set, below which its cells stay as they are
 * @param nNeighbors that vote on the cluster of a cell; 1 for no vote
 * @param links features of two modalities that count as one, as in [matchPivots]; each goes with the first link that
 *   names it. Of cells with both modalities the first one's values are read. Null for none
 * @param ownFeatures false leaves out features that not all sets have, which is iNMF
 * @param maskVar boolean column of `var`; by default `highly_variable` where it is there and no [links] are given;
 *   [ALL_GENES] for all
 */
public fun Tools.uinmf(
    mdata: MuData,
    batchKey: String? = "batch",
    k: Int = UINMF.k(),
    lambda: Number = UINMF.lambda(),
    maxIter: Int = UINMF.maxIter(),
    tol: Number = UINMF.tol(),
    nStarts: Int = UINMF.nStarts(),
    scale: Boolean = UINMF.scale(),
    randomState: Long = UINMF.seed(),
    align: String = QUANTILE_NORM,
    reference: String? = QUANTILES.reference(),
    quantiles: Int = QUANTILES.quantiles(),
    minCells: Int = QUANTILES.minCells(),
    nNeighbors: Int = QUANTILES.nNeighbors(),
    links: Any? = null,
    ownFeatures: Boolean = true,
    maskVar: String? = null,
    layer: String? = null,
    keyAdded: String = "inmf",
    copy: Boolean = false,
): MuData {
    val params = Uinmf.Params(k, lambda.toDouble(), maxIter, tol.toDouble(), nStarts, scale, randomState)
    val alignment = Alignment("uinmf", align, QuantileNorm.Params(quantiles, minCells, nNeighbors, reference))
    val target = mdata.target(copy)
    val input =
        target.mosaic("uinmf", batchKey, layer, {
            if (links == null || maskVar != null) chosenGenes(it, maskVar).mask else null
        }) { source, adata ->
            adata.requireNonNegative("uinmf", source)
        }
    val read = target.factorInput(input, links, ownFeatures)
    learn("uinmf", target.shared, read.input, params, batchKey).store(target.shared, read.rows, alignment, keyAdded)
    return target
}

/**
 * Factors that all batches have in common, with weights of their own for each batch. See [Uinmf] and [QuantileNorm].
 *
 * Reads `X` (or [layer]; values of at least 0) and `obs[batchKey]`. Writes `obsm["X_inmf"]` (mixtures of factors,
 * brought together by their quantiles), `obsm["X_inmf_raw"]` (before that), `obs["inmf_cluster"]` (strongest factor),
 * `varm["inmf"]` (weights of the genes) and `uns["inmf"]` (`objective` of every iteration, `converged`, `parts`,
 * `features`, `V` by batch, gene and factor, sums over the cells that `sc.tl.onlineInmf` goes on from, `params`); with
 * [keyAdded] under that name.
 *
 * @param k number of factors
 * @param lambda weight of what batches have for themselves: the larger, the less they have
 * @param align `quantileNorm`, `centroidAlign` (see [CentroidAlign]; may be negative), or `none` to leave the mixtures
 *   as they are
 * @param reference batch that the others are mapped to; null for that with most cells
 * @param minCells of a cluster in a batch, below which its cells stay as they are
 * @param nNeighbors that vote on the cluster of a cell; 1 for no vote
 * @param maskVar boolean column of `var`; by default `highly_variable` where it is there; [ALL_GENES] for all
 */
public fun Tools.inmf(
    adata: AnnData,
    batchKey: String = "batch",
    k: Int = UINMF.k(),
    lambda: Number = UINMF.lambda(),
    maxIter: Int = UINMF.maxIter(),
    tol: Number = UINMF.tol(),
    nStarts: Int = UINMF.nStarts(),
    scale: Boolean = UINMF.scale(),
    randomState: Long = UINMF.seed(),
    align: String = QUANTILE_NORM,
    reference: String? = QUANTILES.reference(),
    quantiles: Int = QUANTILES.quantiles(),
    minCells: Int = QUANTILES.minCells(),
    nNeighbors: Int = QUANTILES.nNeighbors(),
    maskVar: Any? = null,
    layer: String? = null,
    keyAdded: String = "inmf",
    copy: Boolean = false,
): AnnData {
    val params = Uinmf.Params(k, lambda.toDouble(), maxIter, tol.toDouble(), nStarts, scale, randomState)
    val alignment = Alignment("inmf", align, QuantileNorm.Params(quantiles, minCells, nNeighbors, reference))
    val target = adata.target(copy)
    val batch = target.categories(batchKey, "batchKey").withoutUnused()
    requireCells("inmf", target)
    val source = target.source(layer)
    target.requireFinite("inmf", source)
    target.requireNonNegative("inmf", source)
    val block = source.block(source.slot, chosenGenes(target, maskVar).mask)
    val rows = target.varNames.indices.associate { "${source.slot}: ${target.varNames[it]}" to intArrayOf(it) }
    learn("inmf", target, IntegrationInput(listOf(block), listOf(batch), emptyList()), params, batchKey)
        .store(target, rows, alignment, keyAdded)
    return target
}

internal fun requireCells(verb: String, adata: AnnData) {
    require(adata.nObs > 0) { "$verb needs cells, but adata has none" }
}

/** Learns the factors of an input, and says so. */
private fun learn(
    verb: String,
    target: AnnData,
    input: IntegrationInput,
    params: Uinmf.Params,
    batchKey: String?,
): FoundFactors {
    val start = if (verb == "inmf") "running iNMF" else "running UINMF"
    val told = { r: Uinmf.Result -> "added\n    mixtures of ${r.k()} factors (.obsm)" }
    val result = Log.timed(start, told) { withProgress { Uinmf.run(input, params, it) } }
    if (!result.converged()) {
        Log.info("    the objective still falls by more than tol after maxIter = ${params.maxIter()} iterations")
    }
    val parts = result.parts()
    val codes = IntArray(target.nObs)
    parts.forEachIndexed { p, part -> part.cells().forEach { codes[it] = p } }
    val settings = recorded(params, "k", "lambda", "maxIter", "tol", "nStarts", "scale", "seed")
    val extra = dict("converged" to result.converged()) + unshared(parts)
    return FoundFactors(
        k = result.k(),
        h = result.h(),
        sets = Categories("sets", codes, Array(parts.size) { parts[it].learnt().name() }),
        features = result.features(),
        // genes of one object need no name of their block before them
        names = result.features().map { if (verb == "inmf") it.substringAfter(": ") else it },
        w = result.w(),
        learnt = parts.map { it.learnt() },
        objective = result.objective(),
        settings = settings + listOfNotNull(batchKey?.let { "batch_key" to it }),
        extra = extra,
    )
}

/** Features of single sets with their weights; empty where there are none. */
private fun unshared(parts: List<Uinmf.Part>): Map<String, Any?> {
    val own = parts.flatMap { it.features().toList() }
    if (own.isEmpty()) return emptyMap()
    val weights = parts.flatMap { it.u().asList() }.toDoubleArray()
    return dict(
        "unshared" to NdArray.of(*own.toTypedArray()),
        "unshared_part" to NdArray.of(*parts.flatMap { p -> p.features().map { p.learnt().name() } }.toTypedArray()),
        "U" to NdArray(DType.FLOAT64, intArrayOf(own.size, weights.size / own.size), weights),
    )
}

private fun AnnData.requireNonNegative(verb: String, source: Source) {
    val place = ValueFacts.of(source.x).negative() ?: return
    throw IllegalArgumentException(
        "$verb needs values of at least 0, but cell '${obsNames[place.row()]}', gene '${varNames[place.col()]}' of " +
            "${source.slot} is ${place.value()}. Give counts or their logarithms, neither centred nor scaled",
    )
}
