package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
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
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.factor.QuantileNorm
import org.cellweave.integrate.factor.Uinmf
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.preprocess.ValueFacts
import org.cellweave.util.Check
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
 * strongest factor), `varm["inmf"]` (weights of the shared features, 0 for others; linked ones have the same) and `uns["inmf"]` (`objective` of
 * every iteration, `converged`, `parts`, `features`, `V` by part, feature and factor, `unshared`, `unshared_part` and
 * `U`, `params`); with [keyAdded] under that name.
 *
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param k number of factors
 * @param lambda weight of what sets have for themselves: the larger, the less they have
 * @param align `quantile`, or `none` to leave the mixtures as they are
 * @param reference set that the others are mapped to; null for that with most cells
 * @param minCells of a cluster in a set, below which its cells stay as they are
 * @param nNeighbors that vote on the cluster of a cell; 1 for no vote
 * @param links features of two modalities that count as one, as in [matchPivots]; each goes with the first link that
 *   names it. Of cells with both modalities the first one's values are read. Null for none
 * @param ownFeatures false leaves out features that not all sets have, which is iNMF
 */
public fun Tools.uinmf(
    mdata: MuData,
    batchKey: String? = "batch",
    k: Int = UINMF.k(),
    lambda: Double = UINMF.lambda(),
    maxIter: Int = UINMF.maxIter(),
    tol: Double = UINMF.tol(),
    nStarts: Int = UINMF.nStarts(),
    scale: Boolean = UINMF.scale(),
    randomState: Long = UINMF.seed(),
    align: String = "quantile",
    reference: String? = QUANTILES.reference(),
    quantiles: Int = QUANTILES.quantiles(),
    minCells: Int = QUANTILES.minCells(),
    nNeighbors: Int = QUANTILES.nNeighbors(),
    links: Any? = null,
    ownFeatures: Boolean = true,
    layer: String? = null,
    keyAdded: String = "inmf",
    copy: Boolean = false,
): MuData {
    val params = Uinmf.Params(k, lambda, maxIter, tol, nStarts, scale, randomState)
    val factors = Factors("uinmf", params, aligned(align, quantiles, minCells, nNeighbors, reference), keyAdded)
    val target = mdata.target(copy)
    val input =
        target.mosaic("uinmf", batchKey, layer) { source, adata -> adata.requireNonNegative("uinmf", source) }
    val read = target.factorInput(input, links, ownFeatures)
    factors.store(target.shared, read.input, read.rows, batchKey)
    return target
}

/**
 * Factors that all batches have in common, with weights of their own for each batch. See [Uinmf] and [QuantileNorm].
 *
 * Reads `X` (or [layer]; values of at least 0) and `obs[batchKey]`. Writes `obsm["X_inmf"]` (mixtures of factors,
 * brought together by their quantiles), `obsm["X_inmf_raw"]` (before that), `obs["inmf_cluster"]` (strongest factor),
 * `varm["inmf"]` (weights of the genes) and `uns["inmf"]` (`objective` of every iteration, `converged`, `parts`,
 * `features`, `V` by batch, gene and factor, `params`); with [keyAdded] under that name.
 *
 * @param k number of factors
 * @param lambda weight of what batches have for themselves: the larger, the less they have
 * @param align `quantile`, or `none` to leave the mixtures as they are
 * @param reference batch that the others are mapped to; null for that with most cells
 * @param minCells of a cluster in a batch, below which its cells stay as they are
 * @param nNeighbors that vote on the cluster of a cell; 1 for no vote
 */
public fun Tools.inmf(
    adata: AnnData,
    batchKey: String = "batch",
    k: Int = UINMF.k(),
    lambda: Double = UINMF.lambda(),
    maxIter: Int = UINMF.maxIter(),
    tol: Double = UINMF.tol(),
    nStarts: Int = UINMF.nStarts(),
    scale: Boolean = UINMF.scale(),
    randomState: Long = UINMF.seed(),
    align: String = "quantile",
    reference: String? = QUANTILES.reference(),
    quantiles: Int = QUANTILES.quantiles(),
    minCells: Int = QUANTILES.minCells(),
    nNeighbors: Int = QUANTILES.nNeighbors(),
    layer: String? = null,
    keyAdded: String = "inmf",
    copy: Boolean = false,
): AnnData {
    val params = Uinmf.Params(k, lambda, maxIter, tol, nStarts, scale, randomState)
    val factors = Factors("inmf", params, aligned(align, quantiles, minCells, nNeighbors, reference), keyAdded)
    val target = adata.target(copy)
    val batch = target.categories(batchKey, "batchKey").withoutUnused()
    val source = target.source(layer)
    target.requireFinite("inmf", source)
    target.requireNonNegative("inmf", source)
    val block = FeatureBlock(source.slot, source.x, target.varNames.toTypedArray(), null)
    val rows = target.varNames.indices.associate { "${source.slot}: ${target.varNames[it]}" to intArrayOf(it) }
    factors.store(target, IntegrationInput(listOf(block), listOf(batch), emptyList()), rows, batchKey)
    return target
}

/** Null where mixtures stay as they are. */
private fun aligned(align: String, quantiles: Int, minCells: Int, nNeighbors: Int, reference: String?) =
    when (Check.oneOf(align, Alignment::class.java, "align")) {
        Alignment.NONE -> null
        else -> QuantileNorm.Params(quantiles, minCells, nNeighbors, reference)
    }

private enum class Alignment { QUANTILE, NONE }

private fun AnnData.requireNonNegative(verb: String, source: Source) {
    val place = ValueFacts.of(source.x).negative() ?: return
    throw IllegalArgumentException(
        "$verb needs values of at least 0, but cell '${obsNames[place.row()]}', gene '${varNames[place.col()]}' of " +
            "${source.slot} is ${place.value()}. Give counts or their logarithms, neither centred nor scaled",
    )
}

/** Factors an input and writes what it finds. */
private class Factors(
    private val verb: String,
    private val params: Uinmf.Params,
    private val alignment: QuantileNorm.Params?,
    private val key: String,
) {
    /** @param rows of `var`, by the names of features in the result */
    fun store(target: AnnData, input: IntegrationInput, rows: Map<String, IntArray>, batchKey: String?) {
        val start = if (verb == "inmf") "running iNMF" else "running UINMF"
        val result =
            Log.timed<Uinmf.Result>(start, {
                "added\n    'X_$key', mixtures of ${it.k()} factors (.obsm)"
            }) { withProgress { Uinmf.run(input, params, it) } }
        if (!result.converged()) {
            Log.info("    the objective still falls by more than tol after maxIter = ${params.maxIter()} iterations")
        }
        val raw = DenseMatrix.wrap(result.h(), target.nObs, result.k())
        val sets = sets(result, target.nObs)
        val aligned = alignment?.let { withProgress { progress -> QuantileNorm.run(raw, sets, it, progress) } }
        target.obsm.set("X_$key", aligned?.h() ?: raw)
        if (aligned != null) {
            warnOfUnmapped(aligned, sets)
            target.obsm.set("X_${key}_raw", raw)
            target.obs.set("${key}_cluster", CategoricalColumn.ofLabels(aligned.cluster(), result.k()))
        }
        target.varm.set(key, weights(result, rows, target.nVars))
        target.uns[key] = told(result, batchKey)
    }

    private fun sets(result: Uinmf.Result, nCells: Int): Categories {
        val codes = IntArray(nCells)
        result.parts().forEachIndexed { p, part -> part.cells().forEach { codes[it] = p } }
        return Categories("sets", codes, Array(result.parts().size) { result.parts()[it].name() })
    }

    private fun warnOfUnmapped(aligned: QuantileNorm.Result, sets: Categories) {
        aligned.unmapped().forEachIndexed { set, ofFactor ->
            val factors = ofFactor.indices.filter { ofFactor[it] }
            if (factors.isNotEmpty()) {
                Log.warning(
                    "$verb: clusters ${factors.joinToString()} have fewer than minCells = ${alignment?.minCells()} " +
                        "cells in '${sets.level(set)}' or in the reference; these cells stay as they are",
                )
            }
        }
    }

    private fun weights(result: Uinmf.Result, rows: Map<String, IntArray>, nVars: Int): DenseMatrix {
        val out = DenseMatrix.zeros(nVars, result.k(), DType.FLOAT64)
        result.features().forEachIndexed { f, name ->
            for (row in rows.getValue(name)) {
                for (c in 0 until result.k()) out.set(row, c, result.w()[f * result.k() + c])
            }
        }
        return out
    }

    private fun told(result: Uinmf.Result, batchKey: String?): Map<String, Any?> {
        val parts = result.parts()
        val shape = intArrayOf(parts.size, result.features().size, result.k())
        val own = parts.flatMap { it.features().toList() }
        val settings =
            recorded(params, "k", "lambda", "maxIter", "tol", "nStarts", "scale", "seed") +
                listOfNotNull(
                    batchKey?.let { "batch_key" to it },
                    "align" to if (alignment == null) "none" else "quantile",
                ) + alignment?.let { recorded(it, "quantiles", "minCells", "nNeighbors", "reference") }.orEmpty()
        val told =
            dict(
                "objective" to NdArray.of(*result.objective()),
                "converged" to result.converged(),
                "parts" to NdArray.of(*Array(parts.size) { parts[it].name() }),
                "features" to NdArray.of(*Array(result.features().size) { result.features()[it].withoutBlock() }),
                "V" to NdArray(DType.FLOAT64, shape, parts.flatMap { it.v().asList() }.toDoubleArray()),
                "params" to settings,
            )
        if (own.isEmpty()) return told
        return told +
            dict(
                "unshared" to NdArray.of(*Array(own.size) { own[it] }),
                "unshared_part" to NdArray.of(*parts.flatMap { p -> p.features().map { p.name() } }.toTypedArray()),
                "U" to
                    NdArray(
                        DType.FLOAT64,
                        intArrayOf(own.size, result.k()),
                        parts.flatMap { it.u().asList() }.toDoubleArray(),
                    ),
            )
    }

    /** Genes of one object need no name of their block before them. */
    private fun String.withoutBlock() = if (verb == "inmf") substringAfter(": ") else this
}
