package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.representation
import org.cellweave.integrate.FeatureBlock
import org.cellweave.integrate.IntegrationInput
import org.cellweave.integrate.wnn.WeightedNearestNeighbors
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.util.Check
import org.cellweave.integrate.wnn.WeightedNearestNeighbors.Params.DEFAULTS as WNN

/**
 * One neighbour graph by all modalities, each weighted cell by cell by how well it foretells the neighbourhood. See
 * [WeightedNearestNeighbors].
 *
 * Reads `obsm[useReps[...]]` of the modalities. Writes `obsp["wnn_distances"]`, `obsp["wnn_connectivities"]`,
 * `uns["wnn"]` (for `neighborsKey = "wnn"` of what reads [MuData.shared]) and `obs["rna:mod_weight"]` and so on.
 *
 * @param useReps the representation by modality; null for `X_pca` of every one. A cell may lack modalities, not all
 * @param k neighbours of a cell, which is not counted
 * @param knnRange nearest cells in every modality among which they are sought
 * @param l2Norm scales every row of a representation to length one
 * @param sdScale multiplies the widths of kernels
 * @param crossConstant what is added where affinities are divided; a larger one makes weights less extreme
 * @param smooth takes the mean score of a cell and its neighbours
 * @param search `exact`, `approximate`, or `auto` to choose by the number of cells
 * @param weightKey what follows the modality in the name of the column with its weights
 */
public fun Tools.wnn(
    mdata: MuData,
    useReps: Map<String, String>? = null,
    k: Int = WNN.k(),
    knnRange: Int = WNN.knnRange(),
    l2Norm: Boolean = WNN.l2Norm(),
    sdScale: Number = WNN.sdScale(),
    crossConstant: Number = WNN.crossConstant(),
    smooth: Boolean = WNN.smooth(),
    search: String = WNN.search().spelled(),
    randomState: Long = WNN.seed(),
    keyAdded: String = "wnn",
    weightKey: String = "mod_weight",
    copy: Boolean = false,
): MuData {
    val params = wnnParams(
        k, knnRange, l2Norm, sdScale.toDouble(), crossConstant.toDouble(), smooth, search, randomState,
    )
    val target = mdata.target(copy)
    target.requireSharedCells("wnn")
    val reps = useReps ?: target.mod.keys.associateWith { "X_pca" }
    requireSome(reps.keys)
    val parts =
        reps.map { (name, rep) ->
            val adata = target.mod.get(name)
            val read = adata.representation(rep, null) {}
            val called = "${read.slot} of mod['$name']"
            WnnPart(name, adata, Source(called, read.x, read.columns), target.cellsOf(name))
        }
    val lacking = BooleanArray(target.nObs) { true }
    parts.forEach { part -> part.cells!!.forEach { lacking[it] = false } }
    require(true !in lacking.toList()) {
        "wnn needs a representation of every cell, but '${target.obsNames[lacking.indexOf(true)]}' is in none of " +
            "${reps.keys}; leave such cells out by mdata.filterObs, or name more modalities"
    }
    val told = dict("use_rep" to reps.toMap(), "n_pcs" to reps.mapValues { -1L })
    WnnGraph(params, keyAdded, weightKey).store(target.shared, parts, told)
    return target
}

/**
 * As [wnn] of several modalities, of several representations in one object.
 *
 * Reads `obsm[useReps[...]]`. Writes `obsp["wnn_distances"]`, `obsp["wnn_connectivities"]`, `uns["wnn"]` (for
 * `neighborsKey = "wnn"`) and `obs["X_pca:mod_weight"]` and so on.
 *
 * @param useReps keys of `obsm`, or `X`
 * @param k neighbours of a cell, which is not counted
 * @param knnRange nearest cells in every representation among which they are sought
 * @param l2Norm scales every row of a representation to length one
 * @param sdScale multiplies the widths of kernels
 * @param crossConstant what is added where affinities are divided; a larger one makes weights less extreme
 * @param smooth takes the mean score of a cell and its neighbours
 * @param search `exact`, `approximate`, or `auto` to choose by the number of cells
 * @param weightKey what follows the key in the name of the column with its weights
 */
public fun Tools.wnn(
    adata: AnnData,
    useReps: Collection<String>,
    k: Int = WNN.k(),
    knnRange: Int = WNN.knnRange(),
    l2Norm: Boolean = WNN.l2Norm(),
    sdScale: Number = WNN.sdScale(),
    crossConstant: Number = WNN.crossConstant(),
    smooth: Boolean = WNN.smooth(),
    search: String = WNN.search().spelled(),
    randomState: Long = WNN.seed(),
    keyAdded: String = "wnn",
    weightKey: String = "mod_weight",
    copy: Boolean = false,
): AnnData {
    val params = wnnParams(
        k, knnRange, l2Norm, sdScale.toDouble(), crossConstant.toDouble(), smooth, search, randomState,
    )
    requireSome(useReps)
    require(useReps.toSet().size == useReps.size) { "useReps must differ, got $useReps" }
    val target = adata.target(copy)
    val parts = useReps.map { WnnPart(it, target, target.representation(it, null) {}, null) }
    val told = dict("use_reps" to NdArray.of(*useReps.toTypedArray()))
    WnnGraph(params, keyAdded, weightKey).store(target, parts, told)
    return target
}

private fun requireSome(names: Collection<String>) =
    require(names.isNotEmpty()) { "useReps must name two or more representations, got none" }

private fun wnnParams(
    k: Int,
    knnRange: Int,
    l2Norm: Boolean,
    sdScale: Double,
    crossConstant: Double,
    smooth: Boolean,
    search: String,
    seed: Long,
) = WeightedNearestNeighbors.Params(
    k, knnRange, l2Norm, sdScale, crossConstant, smooth,
    Check.oneOf(search, NearestNeighbors.Search::class.java, "search"), seed,
)

/** A modality: its cells are rows [cells] of the whole, or all in order where that is null. */
private class WnnPart(
    val name: String,
    val adata: AnnData,
    val source: Source,
    val cells: IntArray?,
) {
    fun block() = FeatureBlock(source.slot, source.x, null, cells)
}

private class WnnGraph(
    private val params: WeightedNearestNeighbors.Params,
    private val key: String,
    private val weightKey: String,
) {
    fun store(target: AnnData, parts: List<WnnPart>, told: Map<String, Any?>) {
        parts.forEach { it.adata.requireFinite("wnn", it.source) }
        val columns = parts.map { "${it.name}:$weightKey" }
        val added =
            "added to `.uns['$key']`\n    `.obsp['${key}_distances']`, `.obsp['${key}_connectivities']`\n" +
                columns.joinToString(", ", "    ", " (.obs)") { "'$it'" }
        val input = IntegrationInput(parts.map { it.block() }, listOf(oneBatch(target.nObs)), emptyList())
        val result =
            Log.timed<WeightedNearestNeighbors.Result>("computing weighted nearest neighbors", { added }) {
                naming(parts) { withProgress { WeightedNearestNeighbors.run(input, params, it) } }
            }
        target.obsp.set("${key}_distances", result.neighbors().distanceMatrix())
        target.obsp.set("${key}_connectivities", result.connectivities())
        columns.forEachIndexed { m, column -> target.obs.set(column, NumericColumn.of(*result.weights().column(m))) }
        val settings =
            dict("n_neighbors" to params.k() + 1L, "method" to "umap", "metric" to "euclidean") +
                recorded(params, "k", "knnRange", "l2Norm", "sdScale", "crossConstant", "smooth", "seed") + told
        target.uns[key] =
            dict(
                "connectivities_key" to "${key}_connectivities",
                "distances_key" to "${key}_distances",
                "params" to settings,
            )
    }

    /** Runs [body]; when it refuses a row of a part, says which cell that is. */
    private fun <T> naming(parts: List<WnnPart>, body: () -> T): T =
        parts.fold(body) { run, part ->
            { part.adata.namingCulprit("wnn", part.source, matrix = part.source.slot) { run() } }
        }()
}
