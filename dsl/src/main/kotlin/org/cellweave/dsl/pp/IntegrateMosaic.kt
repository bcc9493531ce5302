package org.cellweave.dsl

import org.cellweave.data.MuData
import org.cellweave.dsl.glue.target
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.embed.umap.Umap.Params.DEFAULTS as UMAP
import org.cellweave.integrate.factor.Uinmf.Params.DEFAULTS as UINMF
import org.cellweave.neural.midas.Midas.Params.DEFAULTS as MIDAS
import org.cellweave.neural.scmodal.Scmodal.Params.DEFAULTS as SCMODAL

/**
 * Brings the parts of a mosaic together by any method of the project, with its usual settings: one door, so that methods can
 * be tried beside each other and judged by `sc.metrics.benchmark`. More settings are arguments of the methods' own verbs;
 * `sc.get.integrationMethods()` lists both.
 *
 * Reads `X` (or [layer]; logarithms, for `midas` raw counts) of every modality and `obs[batchKey]`. Writes `obsm["X_{method}"]` of all cells, and
 * what else the method's verb writes. The methods see which cells have several modalities, but for `pivots`, which gives
 * such cells the mean of both places and writes what `sc.tl.matchPivots` writes to the modalities.
 *
 * @param method `stabmap`, `uinmf`, `inmf` (of linked features alone), `multimap`, `pivots`, `scmodal` or `midas`
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param references parts whose space `stabmap` takes; null for all
 * @param links features that go together, as in `sc.tl.matchPivots`, for all methods but `stabmap` and `midas`
 * @param keyAdded in place of the method's name
 * @param randomState of methods that draw random numbers; null for their own
 */
public fun Preprocessing.integrate(
    mdata: MuData,
    method: String,
    batchKey: String? = "batch",
    references: Collection<String>? = null,
    links: Any? = null,
    layer: String? = null,
    keyAdded: String? = null,
    randomState: Long? = null,
    copy: Boolean = false,
): MuData {
    val chosen =
        MOSAIC_INTEGRATORS[method]
            ?: throw IllegalArgumentException(
                "method must be one of ${MOSAIC_INTEGRATORS.keys} for a MuData, got '$method'." +
                    Check.suggestion(method, MOSAIC_INTEGRATORS.keys.toList()),
            )
    for ((argument, value) in mapOf("references" to references, "links" to links)) {
        require(value == null || argument in chosen.takes) {
            "$argument does not go with method = \"$method\", but with " +
                MOSAIC_INTEGRATORS.filterValues { argument in it.takes }.keys
        }
    }
    val target = mdata.target(copy)
    chosen.run(MosaicRequest(target, batchKey, references, links, layer, keyAdded ?: method, randomState))
    return target
}

/** What a method behind the door is asked. */
internal class MosaicRequest(
    val mdata: MuData,
    val batchKey: String?,
    val references: Collection<String>?,
    val links: Any?,
    val layer: String?,
    val name: String,
    val seed: Long?,
)

/** @property takes which of `references` and `links` it goes by */
internal class MosaicIntegrator(
    val reads: String,
    val writes: String,
    val verb: String,
    val takes: Set<String>,
    val run: (MosaicRequest) -> Unit,
)

private const val LOGS = "X (logarithms)"
private val BY_LINKS = setOf("links")

private fun written(method: String) = "mdata.obsm[\"X_$method\"]"

internal val MOSAIC_INTEGRATORS: Map<String, MosaicIntegrator> =
    linkedMapOf(
        "stabmap" to
            MosaicIntegrator("$LOGS, a bridge", written("stabmap"), "sc.tl.stabmap", setOf("references")) {
                sc.tl.stabmap(it.mdata, it.batchKey, it.references, layer = it.layer, keyAdded = it.name)
            },
        "uinmf" to
            MosaicIntegrator("$LOGS, links", written("uinmf"), "sc.tl.uinmf", BY_LINKS) { factors(it, true) },
        "inmf" to
            MosaicIntegrator("$LOGS, links", written("inmf"), "sc.tl.uinmf", BY_LINKS) { factors(it, false) },
        "multimap" to
            MosaicIntegrator("$LOGS, links", written("multimap"), "sc.tl.multimap", BY_LINKS) {
                val seed = it.seed ?: UMAP.seed()
                sc.tl
                    .multimap(it.mdata, it.links, it.batchKey, randomState = seed, layer = it.layer, keyAdded = it.name)
            },
        "pivots" to
            MosaicIntegrator("$LOGS, links", written("pivots"), "sc.tl.matchPivots", BY_LINKS, ::pivots),
        "scmodal" to
            MosaicIntegrator("$LOGS, links", written("scmodal"), "sc.tl.scmodal", BY_LINKS) {
                val seed = it.seed ?: SCMODAL.seed()
                sc.tl.scmodal(it.mdata, it.links, randomState = seed, layer = it.layer, keyAdded = it.name)
            },
        "midas" to
            MosaicIntegrator("X (counts), a bridge", written("midas"), "sc.tl.midas", emptySet()) {
                val seed = it.seed ?: MIDAS.seed()
                sc.tl.midas(it.mdata, it.batchKey, randomState = seed, layer = it.layer, keyAdded = it.name)
            },
    )

private fun factors(request: MosaicRequest, ownFeatures: Boolean) {
    sc.tl.uinmf(
        request.mdata, request.batchKey, randomState = request.seed ?: UINMF.seed(), links = request.links,
        ownFeatures = ownFeatures, layer = request.layer, keyAdded = request.name,
    )
}

private fun pivots(request: MosaicRequest) {
    val mdata = request.mdata
    val names = mdata.mod.keys.toList()
    require(names.size == 2) { "pivots matches two modalities, but mdata has $names" }
    val sides = names.map { mdata.mod.get(it) }
    sc.tl.matchPivots(sides[0], sides[1], request.links, layer = request.layer)
    val places = sides.map { it.obsm.matrix("X_pivots", "").toDense() }
    val joint = DenseMatrix.zeros(mdata.nObs, places[0].nCols(), DType.FLOAT64)
    val seen = IntArray(mdata.nObs)
    val cells = names.map { mdata.cellsOf(it) }
    cells.forEach { rows -> rows.forEach { seen[it]++ } }
    for (side in 0..1) {
        cells[side].forEachIndexed { row, cell ->
            for (c in 0 until joint.nCols()) {
                joint.set(cell, c, joint.get(cell, c) + places[side].get(row, c) / seen[cell])
            }
        }
    }
    mdata.obsm.set("X_${request.name}", joint)
}
