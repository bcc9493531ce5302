package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.firstRepeated
import org.cellweave.dsl.slots.slotName
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.factor.CellReader
import org.cellweave.integrate.factor.OnlineInmf
import org.cellweave.integrate.factor.QuantileNorm
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.util.RefusedValueException
import org.cellweave.integrate.factor.OnlineInmf.Params.DEFAULTS as ONLINE
import org.cellweave.integrate.factor.QuantileNorm.Params.DEFAULTS as QUANTILES

/**
 * As `sc.tl.inmf`, by minibatches: an `X` in a file (`sc.readH5ad(path, backed = "r")`) is never in memory as a whole.
 * See [OnlineInmf].
 *
 * With [base] the batches that it does not know are learnt from besides what it knows of its own; cells of its batches
 * in [adata] only get their mixtures. The other batches need other names than those of [base].
 *
 * Reads `X` (or [layer]; values of at least 0), `obs[batchKey]`, and of [base] `varm["inmf"]` and `uns["inmf"]`. Writes
 * `obsm["X_inmf"]` (mixtures of factors, brought together as [align] says), `obsm["X_inmf_raw"]` (before that),
 * `obs["inmf_cluster"]`, `varm["inmf"]` and `uns["inmf"]` as `sc.tl.inmf`, with the `objective` after every epoch and in
 * the end; with [keyAdded] under that name.
 *
 * @param k number of factors; null for those of [base], or as many as `sc.tl.inmf` has
 * @param lambda weight of what batches have for themselves: the larger, the less they have
 * @param nEpochs how often every cell is learnt from
 * @param minibatchSize cells at a time
 * @param nHals rounds over the weights after every minibatch
 * @param base an object with factors, which stays as it is
 * @param project leaves the factors of [base] as they are, and gives all cells mixtures of their shared weights
 * @param align `quantileNorm`, `centroidAlign` or `none`, as of `sc.tl.inmf`
 * @param reference batch that the others are mapped to; null for that with most cells
 * @param minCells of a cluster in a batch, below which its cells stay as they are
 * @param nNeighbors that vote on the cluster of a cell; 1 for no vote
 * @param maskVar boolean column of `var`; by default `highly_variable` where it is there; [ALL_GENES] for all; with
 *   [base] its genes are taken
 */
public fun Tools.onlineInmf(
    adata: AnnData,
    batchKey: String = "batch",
    k: Int? = null,
    lambda: Number = ONLINE.lambda(),
    nEpochs: Int = ONLINE.nEpochs(),
    minibatchSize: Int = ONLINE.minibatchSize(),
    nHals: Int = ONLINE.nHals(),
    scale: Boolean = ONLINE.scale(),
    randomState: Long = ONLINE.seed(),
    base: AnnData? = null,
    project: Boolean = ONLINE.project(),
    align: String = QUANTILE_NORM,
    reference: String? = QUANTILES.reference(),
    quantiles: Int = QUANTILES.quantiles(),
    minCells: Int = QUANTILES.minCells(),
    nNeighbors: Int = QUANTILES.nNeighbors(),
    maskVar: Any? = null,
    layer: String? = null,
    keyAdded: String = INMF_KEY,
    copy: Boolean = false,
): AnnData {
    val alignment = Alignment("onlineInmf", align, QuantileNorm.Params(quantiles, minCells, nNeighbors, reference))
    val stored = base?.let { StoredFactors(it, if (keyAdded in it.uns) keyAdded else INMF_KEY) }
    val params =
        OnlineInmf.Params(
            k ?: stored?.k ?: ONLINE.k(), lambda.toDouble(), nEpochs, minibatchSize, nHals, scale, project, randomState,
        )
    val target = adata.target(copy)
    val batch = target.categories(batchKey, "batchKey").withoutUnused()
    if (alignment.needsReference) reference?.let { requireLevel(it, batch.levels().toList()) }
    val genes = stored?.let { target.genesOf(it) } ?: target.genesOf(maskVar)
    val names = Array(genes.size) { target.varNames[genes[it]] }
    requireCells("onlineInmf", target)
    val twice = names.asList().firstRepeated()
    require(twice == null) {
        "onlineInmf matches genes by their names, but '${twice?.key}' is there twice; run adata.varNamesMakeUnique()"
    }
    val input = OnlineInmf.Input(target.reader(layer, genes), names, batch, stored?.base())
    val told = { r: OnlineInmf.Result -> "added\n    mixtures of ${r.k()} factors (.obsm)" }
    val result =
        Log.timed("running online iNMF", told) {
            target.namingGenes(genes, layer) { withProgress { OnlineInmf.run(input, params, it) } }
        }
    val settings =
        recorded(params, "k", "lambda", "nEpochs", "minibatchSize", "nHals", "scale", "project", "seed") +
            ("batch_key" to batchKey)
    FoundFactors(
        k = result.k(), h = result.h(), sets = batch, features = names, names = names.toList(), w = result.w(),
        learnt = result.sets(), objective = result.objective(), settings = settings, extra = emptyMap(),
    ).store(target, names.indices.associate { names[it] to intArrayOf(genes[it]) }, alignment, keyAdded)
    return target
}

/** Before hours of learning, not after. */
private fun requireLevel(reference: String, levels: List<String>) {
    require(reference in levels) {
        "reference must be one of $levels, got '$reference'." + Check.suggestion(reference, levels)
    }
}

private fun AnnData.genesOf(maskVar: Any?): IntArray {
    val mask = chosenGenes(this, maskVar).mask ?: return IntArray(nVars) { it }
    val chosen = mask.indices.filter { mask[it] }.toIntArray()
    require(chosen.isNotEmpty()) { "maskVar chooses no gene; mark some, or pass maskVar = ALL_GENES" }
    return chosen
}

private fun AnnData.genesOf(stored: StoredFactors): IntArray {
    val at = varNames.withIndex().associate { it.value to it.index }
    val missing = stored.features.filter { it !in at }
    if (missing.isNotEmpty()) {
        throw MissingKeyException(
            "var", missing.take(SHOWN), varNames.take(SHOWN),
            "base has learnt from ${missing.size} genes that are not here.",
        )
    }
    return IntArray(stored.features.size) { at.getValue(stored.features[it]) }
}

/** Some cells of X or a layer at a time; of a file no more is read. */
private fun AnnData.reader(layer: String?, genes: IntArray): CellReader {
    if (layer == null && rowsInFile() != null) {
        return CellReader { cells -> select(AxisIndex.positions(*cells), AxisIndex.positions(*genes)).x!! }
    }
    val x = source(layer).x.toRows()
    return CellReader { cells -> x.take(cells, genes) }
}

/** A matrix by columns is turned once, not at every reading. */
private fun org.cellweave.matrix.Matrix.toRows() = if (isSparse) toCsr() else this

/** Says in which cell and gene a value is that was refused. */
private fun <T> AnnData.namingGenes(genes: IntArray, layer: String?, body: () -> T): T =
    try {
        body()
    } catch (e: RefusedValueException) {
        val place =
            "cell '${obsNames[e.row()]}' (row ${e.row()}), gene '${varNames[genes[e.column()]]}' of ${slotName(layer)}"
        throw IllegalArgumentException(
            "onlineInmf needs finite values of at least 0, but $place is ${e.value()}. Give counts or their " +
                "logarithms, neither centred nor scaled",
            e,
        )
    }

private const val SHOWN = 10
