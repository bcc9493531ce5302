package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.obsmKey
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.integrate.MosaicParts
import org.cellweave.matrix.Finite
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.ImputedValues
import org.cellweave.preprocess.NeighborImputation
import org.cellweave.util.Check
import org.cellweave.preprocess.ImputedValues.Params.DEFAULTS as IMPUTED

private const val IMPUTE_KEY = "impute_embedding"

/**
 * Values of a modality for cells that lack it, from the nearest cells that have it in a common embedding. Neighbours
 * are exact. See [ImputedValues].
 *
 * Reads `obsm[useRep]` of [mdata], `X` (or [layer]) of the modality and `obs[batchKey]`. Writes nothing into [mdata]:
 * the object that is returned has the imputed cells in `X`, sparse where that is smaller, their columns of `mdata.obs`
 * with `obs["imputed_distance"]` (mean distance of the cells that a value comes from), the modality's `var`, and
 * `uns["impute_embedding"]`.
 *
 * @param reference names of parts, as `sc.get.mosaicTopology` lists them, that values are taken from; null for all that
 *   have the modality and are not in [query]
 * @param query names of parts whose cells get values; null for all that lack the modality
 * @param summary `mean`, `median`, or `weighted` by one over the distance
 * @param batchKey column of `mdata.obs`, or of the modalities, by which parts are told apart; null for one batch
 */
public fun Tools.imputeEmbedding(
    mdata: MuData,
    modality: String,
    useRep: String = "X_stabmap",
    reference: Collection<String>? = null,
    query: Collection<String>? = null,
    nNeighbors: Int = IMPUTED.nNeighbors(),
    summary: String = IMPUTED.summary().spelled(),
    batchKey: String? = "batch",
    layer: String? = null,
): AnnData {
    val params = ImputedValues.Params(nNeighbors, Check.oneOf(summary, ImputedValues.Summary::class.java, "summary"))
    val adata = mdata.mod.get(modality)
    val embedding = mdata.shared.denseEmbedding(useRep)
    val slot = Source("obsm['${mdata.shared.obsmKey(useRep)}']", embedding)
    mdata.shared.namingCulprit("imputeEmbedding", slot) { Finite.require(embedding, slot.slot, "imputeEmbedding") }
    val source = adata.namedSource(layer, "mod['$modality']")
    adata.requireFinite("imputeEmbedding", source)
    val cells = mdata.imputedCells(modality, reference, query, batchKey)
    require(nNeighbors <= cells.donors.size) {
        "nNeighbors must be at most the ${cells.donors.size} cells that values of '$modality' are taken from, got " +
            "$nNeighbors"
    }
    val rows = mdata.obsmap.getValue(modality)
    val values = source.x.takeRows(IntArray(cells.donors.size) { rows[cells.donors[it]] - 1 })
    val (near, x) =
        Log.timed<Pair<NeighborImputation.Result, Matrix>>("imputing mod['$modality'] by ${slot.slot}", {
            "made ${cells.targets.size} cells of ${cells.donors.size}"
        }) {
            val (known, gaps) = embedding.takeRows(cells.donors) to embedding.takeRows(cells.targets)
            val found = withProgress { NeighborImputation.run(known, gaps, params.search(), it) }
            found to ImputedValues.run(found, values, params.summary())
        }
    val made = AnnData(x, mdata.shared.obs.takeRows(cells.targets), adata.`var`.copy())
    val distances = DoubleArray(cells.targets.size) { cell ->
        (0 until near.k()).sumOf { near.distances()[cell * near.k() + it] } / near.k()
    }
    made.obs.set("imputed_distance", NumericColumn.of(*distances))
    made.uns[IMPUTE_KEY] =
        dict("modality" to modality, "use_rep" to useRep) + recorded(params, "nNeighbors", "summary") +
        dict(
            "reference" to NdArray.of(*cells.reference.toTypedArray()),
            "query" to NdArray.of(*cells.query.toTypedArray()),
        )
    return made
}

/** Cells that values are taken from and given to, and the names of their parts. */
private class ImputedCells(
    val reference: List<String>,
    val query: List<String>,
    val donors: IntArray,
    val targets: IntArray,
)

private fun MuData.imputedCells(
    modality: String,
    reference: Collection<String>?,
    query: Collection<String>?,
    batchKey: String?,
): ImputedCells {
    val parts = MosaicParts.cells(mosaic("imputeEmbedding", batchKey, null), "imputeEmbedding")
    val names = parts.keys.toList()
    val rows = obsmap.getValue(modality)
    val having = names.filter { rows[parts.getValue(it)[0]] > 0 }
    reference?.let { positionsOf(it.toList(), names, "reference") }
    query?.let { positionsOf(it.toList(), names, "query") }
    val taking = (query ?: (names - having.toSet())).distinct()
    require(taking.isNotEmpty()) {
        "all parts have mod['$modality']: $names. Name in query those whose values are to be made from the others"
    }
    val giving = (reference ?: (having - taking.toSet())).distinct()
    require(giving.isNotEmpty()) { "no part has mod['$modality'] but those in query: $taking" }
    val lacking = giving - having.toSet()
    require(lacking.isEmpty()) {
        "values of mod['$modality'] can be taken from $having, but reference has $lacking, which lack it"
    }
    val both = giving.filter { it in taking }
    require(both.isEmpty()) { "a part must be in reference or in query, but $both are in both" }

    fun of(chosen: List<String>) = chosen.flatMap { parts.getValue(it).asList() }.sorted().toIntArray()
    return ImputedCells(giving, taking, of(giving), of(taking))
}
