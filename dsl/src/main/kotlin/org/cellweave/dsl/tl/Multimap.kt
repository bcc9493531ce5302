package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.embed.multimap.MultiMapGraph
import org.cellweave.embed.umap.Umap
import org.cellweave.integrate.MosaicParts
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Pca
import org.cellweave.util.Check
import org.cellweave.embed.multimap.MultiMapGraph.Params.DEFAULTS as MULTIMAP
import org.cellweave.embed.umap.Umap.Params.DEFAULTS as UMAP
import org.cellweave.preprocess.Pca.Params.DEFAULTS as PCA

internal const val MULTIMAP_KEY = "multimap"

/** MultiMAP's `min_dist`, in places of neighbours within and without the set. */
private const val MIN_DIST = 7.5

/** Of the map, where no number is given: 500 bring real cells no nearer to their others. */
private const val EPOCHS = 200

/**
 * One graph and one map of two sets of cells, by components of each and components of the features that are linked. See
 * [MultiMapGraph].
 *
 * Reads `X` (or [layer]; logarithms) of both. Writes nothing to them: the object that is returned has the cells of
 * both, columns of `obs` that both have, `obs["modality"]`, `obsp["multimap_connectivities"]`, `uns["multimap"]` (for
 * `neighborsKey = "multimap"`) and `obsm["X_multimap"]`; with [keyAdded] under that name.
 *
 * @param links features that go together, as in [matchPivots]; null for equal names
 * @param names of the two sets
 * @param nComps components of each set and of the linked features, at most; null for as many as `sc.pp.pca` takes
 * @param nNeighbors of a cell in all sets together; 0 for 15 for every set
 * @param cardinality sum of the weights of a cell's neighbours; 0 for the binary logarithm of their number
 * @param strengths of every set, between 0 and 1: how much edges within it weigh against those to others
 * @param minDist of the map; null for MultiMAP's, 7.5 divided by [nNeighbors]
 * @param maxiter number of epochs of the map; null for 200, where MultiMAP takes 500 up to 10,000 cells
 */
public fun Tools.multimap(
    adata1: AnnData,
    adata2: AnnData,
    links: Any? = null,
    names: Pair<String, String> = "adata1" to "adata2",
    nComps: Int? = PCA.nComps(),
    nNeighbors: Int = MULTIMAP.nNeighbors(),
    cardinality: Number = MULTIMAP.cardinality(),
    strengths: Pair<Double, Double>? = null,
    minDist: Number? = null,
    maxiter: Int? = null,
    randomState: Long = UMAP.seed(),
    layer: String? = null,
    keyAdded: String = MULTIMAP_KEY,
): AnnData {
    require(names.first != names.second) { "names must differ, got '${names.first}' twice" }
    val weights = strengths?.let { doubleArrayOf(it.first, it.second) } ?: MULTIMAP.strengths()
    val graph = MultiMapGraph.Params(nNeighbors, cardinality.toDouble(), *weights)
    val multimap = Multimap(graph, nComps, minDist?.toDouble(), maxiter ?: EPOCHS, randomState, keyAdded)
    val given = listOf(names.first to adata1, names.second to adata2)
    val sets =
        given.map { (name, adata) ->
            val source = adata.namedSource(layer, name)
            adata.requireFinite("multimap", source)
            warnOfCounts("multimap", source)
            Multimap.Cells(name, source.x, adata.varNames, adata.varNames)
        }
    val drawn = multimap.run(sets, links)
    val joint = joined(given)
    drawn.store(joint)
    return joint
}

/** The cells of two sets with the columns of `obs` that both have, and `obs["modality"]`; without features. */
internal fun joined(sets: List<Pair<String, AnnData>>): AnnData {
    val parts = sets.associate { (name, adata) -> name to AnnData(null, adata.obs.copy(), DataFrame.ofNames()) }
    val (first, second) = sets.map { it.second.obsNames }
    val repeats = first.any(second.toSet()::contains)
    return sc.concat(parts, label = "modality", indexUnique = if (repeats) "-" else null)
}

/** The rows of [a] above those of [b]; float32. */
internal fun below(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
    val out = DenseMatrix.zeros(a.nRows() + b.nRows(), a.nCols(), DType.FLOAT32)
    val row = DoubleArray(a.nCols())
    for (i in 0 until out.nRows()) {
        if (i < a.nRows()) a.readRow(i, row) else b.readRow(i - a.nRows(), row)
        out.setRow(i, row)
    }
    return out
}

/**
 * One graph and one map of all parts of a mosaic: cells of one batch that have the same modalities. Two parts are
 * compared by the features that both have, or else by those that [links] join. See [MultiMapGraph].
 *
 * Reads `X` (or [layer]; logarithms) of every modality and `obs[batchKey]`. Writes `obsp["multimap_connectivities"]`,
 * `uns["multimap"]` (for `neighborsKey = "multimap"` of what reads [MuData.shared]) and `obsm["X_multimap"]`; with
 * [keyAdded] under that name.
 *
 * @param links features that go together, as in [matchPivots]; null for equal names
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @param nComps components of each part and of shared features, at most; null for as many as `sc.pp.pca` takes
 * @param nNeighbors of a cell in all parts together; 0 for 15 for every part
 * @param cardinality sum of the weights of a cell's neighbours; 0 for the binary logarithm of their number
 * @param strengths of every part, between 0 and 1: how much edges within it weigh against those to others
 * @param minDist of the map; null for MultiMAP's, 7.5 divided by [nNeighbors]
 * @param maxiter number of epochs of the map; null for 200, where MultiMAP takes 500 up to 10,000 cells
 */
public fun Tools.multimap(
    mdata: MuData,
    links: Any? = null,
    batchKey: String? = "batch",
    nComps: Int? = PCA.nComps(),
    nNeighbors: Int = MULTIMAP.nNeighbors(),
    cardinality: Number = MULTIMAP.cardinality(),
    strengths: Collection<Double>? = null,
    minDist: Number? = null,
    maxiter: Int? = null,
    randomState: Long = UMAP.seed(),
    layer: String? = null,
    keyAdded: String = MULTIMAP_KEY,
    copy: Boolean = false,
): MuData {
    val weights = strengths?.toDoubleArray() ?: MULTIMAP.strengths()
    val graph = MultiMapGraph.Params(nNeighbors, cardinality.toDouble(), *weights)
    val multimap = Multimap(graph, nComps, minDist?.toDouble(), maxiter ?: EPOCHS, randomState, keyAdded)
    val target = mdata.target(copy)
    val input = target.mosaic("multimap", batchKey, layer) { source, _ -> warnOfCounts("multimap", source) }
    val parts = MosaicParts.of(input, "multimap")
    val sets =
        parts.map { part ->
            val keys = part.features().toList()
            Multimap.Cells(part.name(), part.x(), keys, keys.map { it.substringAfter(": ") })
        }
    val rows = parts.flatMap { it.cells().asList() }
    val places = IntArray(rows.size).also { rows.forEachIndexed { place, row -> it[row] = place } }
    multimap.run(sets, links).inOrder(places).store(target.shared)
    return target
}

/** Makes the graph and draws it. */
private class Multimap(
    private val params: MultiMapGraph.Params,
    private val nComps: Int?,
    private val minDist: Double?,
    private val epochs: Int,
    private val seed: Long,
    private val keyAdded: String,
) {
    init {
        Check.nonNegative(epochs, "maxiter")
    }

    /** @property keys names of features by which sets are compared first; [names] are those that links have */
    class Cells(
        val name: String,
        val x: Matrix,
        val keys: List<String>,
        val names: List<String>,
    )

    inner class Drawn(private val graph: CsrMatrix, private val map: DenseMatrix, private val neighbors: Int) {
        fun inOrder(places: IntArray) = Drawn(graph.takeRows(places).takeCols(places), map.takeRows(places), neighbors)

        fun store(target: AnnData) {
            val key = "${keyAdded}_connectivities"
            target.obsp.set(key, graph)
            target.obsm.set("X_$keyAdded", map)
            val told = dict("method" to MULTIMAP_KEY, "n_neighbors" to neighbors.toLong(), "random_state" to seed)
            target.uns[keyAdded] = dict("connectivities_key" to key, "params" to told)
        }
    }

    fun run(sets: List<Cells>, links: Any?): Drawn {
        require(sets.size >= 2) { "multimap needs at least two sets of cells, got '${sets[0].name}' alone" }
        val pairs =
            sets.indices.associateWith { i ->
                (i + 1 until sets.size).associateWith { linked(sets[i], sets[it], links) }
            }
        val neighbors = params.nNeighbors(sets.size)
        val added = "added\n    'X_$keyAdded', coordinates (.obsm)\n    '${keyAdded}_connectivities' (.obsp)"
        return Log.timed("running MultiMAP", { added }) {
            withProgress { progress ->
                val scaled = sets.map { standardised(it.x) }
                val shared = Array(sets.size) { arrayOfNulls<DenseMatrix>(sets.size) }
                for ((i, others) in pairs) {
                    for ((j, columns) in others) {
                        val first = scaled[i].takeCols(columns.first)
                        val both = components(below(first, scaled[j].takeCols(columns.second)))
                        val n = first.nRows()
                        shared[i][j] = both.takeRows(IntArray(n) { it })
                        shared[j][i] = both.takeRows(IntArray(both.nRows() - n) { n + it })
                    }
                }
                val graph = MultiMapGraph.run(MultiMapGraph.Input(scaled.map(::components), shared), params, progress)
                val layout =
                    Umap.Params
                        .builder()
                        .minDist(minDist ?: (MIN_DIST / neighbors))
                        .maxIter(epochs)
                        .seed(seed)
                        .build()
                Drawn(graph, Umap.run(Umap.Input.of(graph), layout, progress).coordinates(), neighbors)
            }
        }
    }

    private fun linked(a: Cells, b: Cells, links: Any?): FeaturePairs {
        val at = b.keys.withIndex().associate { (j, key) -> key to j }
        val same = a.keys.indices.filter { a.keys[it] in at }
        if (same.isNotEmpty() && (links == null || a.keys !== a.names)) {
            return FeaturePairs(same.toIntArray(), IntArray(same.size) { at.getValue(a.keys[same[it]]) })
        }
        return featurePairs(a.names, b.names, links, "'${a.name}'" to "'${b.name}'")
    }

    private fun components(x: DenseMatrix): DenseMatrix {
        val most = minOf(x.nRows(), x.nCols()) - 1
        if (most < 1) return x
        val params =
            Pca.Params
                .builder()
                .nComps(nComps?.coerceAtMost(most))
                .build()
        return Pca.run(x, null, params).scores()
    }
}
