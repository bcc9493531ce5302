package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.EmbeddingKeys
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.embedding
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.embed.umap.Umap
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.embed.umap.Umap.Params.DEFAULTS as UMAP

/**
 * Lays the neighbour graph out in a plane. See [Umap].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`. Writes `obsm["X_umap"]` and `uns["umap"]`; with
 * [keyAdded] both go under that key.
 *
 * McInnes, Healy and Melville 2018, doi:10.48550/arXiv.1802.03426.
 *
 * @param maxiter number of epochs; null for 500 up to 10,000 cells and 200 beyond
 * @param initPos `spectral`, `random`, `paga` for each cell near its group's place in `uns["paga"]`, a key of `obsm`,
 *   or the coordinates themselves: a matrix or a two-dimensional array
 * @param method `umap`, the only one here
 */
public fun Tools.umap(
    adata: AnnData,
    minDist: Number = UMAP.minDist(),
    spread: Number = UMAP.spread(),
    nComponents: Int = UMAP.nComponents(),
    maxiter: Int? = null,
    alpha: Number = UMAP.alpha(),
    gamma: Number = UMAP.gamma(),
    negativeSampleRate: Int = UMAP.negativeSampleRate(),
    initPos: Any = UMAP.init().spelled(),
    randomState: Long = UMAP.seed(),
    a: Number? = UMAP.a(),
    b: Number? = UMAP.b(),
    keyAdded: String? = preset.keyAdded("umap"),
    neighborsKey: String? = null,
    copy: Boolean = false,
    method: String = "umap",
): AnnData {
    require(method == "umap") { "method must be 'umap', got '$method': there is one program, which uses all threads" }
    val target = adata.target(copy)
    val graph = target.neighborGraph(neighborsKey)
    val start = startOf(target, initPos, randomState)
    val init =
        if (start != null) Umap.Init.COORDINATES else Check.oneOf("$initPos", Umap.Init::class.java, "initPos")
    val params =
        Umap.Params(
            minDist.toDouble(), spread.toDouble(), nComponents, maxiter ?: UMAP.maxIter(), alpha.toDouble(),
            gamma.toDouble(), negativeSampleRate, init, a?.toDouble(), b?.toDouble(),
            randomState,
        )
    val rep = target.obsmKey(graph.params["use_rep"] as? String ?: "X_pca").takeIf { it in target.obsm.keys }
    val input = Umap.Input(graph.connectivities, rep?.let { target.embedding(it).toDense() }, start)
    val keys = EmbeddingKeys("umap", keyAdded)
    val added = "added\n    '${keys.coordinates}', UMAP coordinates (adata.obsm)"
    val result =
        Log.timed<Umap.Result>("computing UMAP", { added }) {
            withProgress { Umap.run(input, params, it) }
        }
    target.obsm.set(keys.coordinates, result.coordinates())
    target.uns[keys.parameters] = dict("params" to dict("a" to result.a(), "b" to result.b()))
    return target
}

/** Coordinates to start from; null where the method finds them itself. */
private fun startOf(adata: AnnData, initPos: Any, seed: Long): DenseMatrix? =
    when (initPos) {
        is String ->
            when {
                initPos in adata.obsm.keys -> adata.embedding(initPos).toDense()
                initPos == "paga" -> scatteredPagaPlaces(adata, seed)
                else -> null
            }
        is Matrix -> initPos.toDense()
        is NdArray -> initPos.toMatrix()
        else -> throw IllegalArgumentException(
            "initPos must be a name, a key of obsm or coordinates, got a ${initPos::class.simpleName}",
        )
    }
