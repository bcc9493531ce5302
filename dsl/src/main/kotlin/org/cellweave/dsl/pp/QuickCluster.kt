package org.cellweave.dsl

import org.cellweave.cluster.Leiden
import org.cellweave.cluster.SmallClusters
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfLogarithms
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.Source
import org.cellweave.dsl.slots.ownFloat32
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.neighbors.FuzzyGraph
import org.cellweave.neighbors.NearestNeighbors
import org.cellweave.preprocess.HighlyVariableGenes
import org.cellweave.preprocess.Log1p
import org.cellweave.preprocess.NormalizeTotal
import org.cellweave.preprocess.Pca
import org.cellweave.util.Progress

/** Genes of largest dispersion that decide; all where there are fewer. */
private const val QUICK_GENES = 2000

/**
 * Rough clusters straight from counts, for `sc.pp.scranSizeFactors` to pool cells within: logarithms by library size,
 * principal components of variable genes, neighbours, Leiden; small clusters are joined to those they are tied to most.
 * See [Leiden], [SmallClusters].
 *
 * Reads `X` (or [layer]), counts, which stay as they are. Writes `obs[keyAdded]` (categorical).
 *
 * @param minSize cells that a cluster must have
 * @param nComps principal components
 */
public fun Preprocessing.quickCluster(
    adata: AnnData,
    minSize: Int = SmallClusters.Params.DEFAULTS.minSize(),
    nComps: Int? = Pca.Params.DEFAULTS.nComps(),
    nNeighbors: Int = NearestNeighbors.Params.DEFAULTS.nNeighbors(),
    resolution: Number = Leiden.Params.DEFAULTS.resolution(),
    randomState: Long = Leiden.Params.DEFAULTS.seed(),
    layer: String? = null,
    keyAdded: String = "quick_cluster",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val least = SmallClusters.Params(minSize)
    val leiden =
        Leiden.Params
            .builder()
            .resolution(resolution.toDouble())
            .seed(randomState)
            .build()
    val search =
        NearestNeighbors.Params
            .builder()
            .nNeighbors(fittingNeighbors(nNeighbors, target.nObs))
            .seed(randomState)
            .build()
    val components =
        Pca.Params
            .builder()
            .nComps(nComps)
            .seed(randomState)
            .build()
    val source = target.source(layer)
    target.warnOfLogarithms("quickCluster", layer, source)
    val found = { r: SmallClusters.Result ->
        "found ${r.nClusters()} clusters, into which ${r.joined()} small ones were joined, and added\n" +
            "    '$keyAdded', the cluster labels (adata.obs, categorical)"
    }
    val made =
        Log.timed("clustering for size factors", found) {
            target.running("quickCluster", source) {
                val graph = graphOfCounts(source, target.varNames.toTypedArray(), components, search, it)
                SmallClusters.run(graph, Leiden.run(graph, leiden, it).labels(), least)
            }
        }
    target.obs.set(keyAdded, CategoricalColumn.ofLabels(made.labels(), made.nClusters()))
    return target
}

private fun graphOfCounts(
    source: Source,
    names: Array<String>,
    components: Pca.Params,
    search: NearestNeighbors.Params,
    progress: Progress,
): CsrMatrix {
    val x = source.x.ownFloat32()
    NormalizeTotal.run(x, NormalizeTotal.Params.DEFAULTS)
    Log1p.run(x, Log1p.Params.DEFAULTS)
    val scores = Pca.run(x, variable(x, names), components, progress).scores()
    return FuzzyGraph.run(NearestNeighbors.run(scores, search, progress))
}

private fun variable(x: Matrix, names: Array<String>): BooleanArray? {
    if (x.nCols() <= QUICK_GENES) return null
    val params =
        HighlyVariableGenes.Params
            .builder()
            .nTopGenes(QUICK_GENES)
            .build()
    return HighlyVariableGenes.run(x, names, null, params).highlyVariable()
}
