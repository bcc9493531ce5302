package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.MuData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.FeatureBlock
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.neural.scmodal.Scmodal
import org.cellweave.util.Check
import org.cellweave.neural.scmodal.Scmodal.Params.DEFAULTS as SCMODAL

internal const val SCMODAL_KEY = "scmodal"

/**
 * Brings modalities of different cells into one latent space by adversarial autoencoders and features that are linked;
 * pairs that are there are not used. See [Scmodal].
 *
 * Reads `X` (or [layer]; logarithms) of the modalities, which form a chain in the order given: every one is linked with
 * the next. Writes `obsm["X_scmodal"]` of each, and of [mdata] the mean over the modalities of a cell (NaN where it has
 * none of them), and `uns["scmodal"]` (`losses` of every step, `sets`, `features`, `n_links`, `networks`, `params`),
 * from which `sc.get.scmodalImputed` says what cells would have in another modality.
 *
 * @param links features that go together, as in [matchPivots], for all neighbours; null for equal names; or a list that
 *   has such links for every two neighbours
 * @param modalities names of at least two; null for all
 * @param trainingSteps more of them are no better for few cells: see `docs/mosaic.md`
 * @param nNeighbors among which mutual neighbours are sought, in a minibatch
 * @param lambdaAe weight of what reconstructions lose
 * @param lambdaLa weight of the way to the other modality and back, in latent space
 * @param lambdaMnn weight of distances between mutual neighbours by linked features
 * @param lambdaGeo weight of neighbourhoods, which are to stay as features have them
 * @param lambdaGan weight of the discriminators
 * @param scale brings every feature to mean 0 and deviation 1, in minibatches, without a dense copy; false for values
 *   that `sc.pp.scale` has brought there
 */
public fun Tools.scmodal(
    mdata: MuData,
    links: Any? = null,
    modalities: Collection<String>? = null,
    trainingSteps: Int = SCMODAL.trainingSteps(),
    batchSize: Int = SCMODAL.batchSize(),
    nLatent: Int = SCMODAL.nLatent(),
    nHidden: Int = SCMODAL.nHidden(),
    nNeighbors: Int = SCMODAL.nNeighbors(),
    lambdaAe: Number = SCMODAL.lambdaAe(),
    lambdaLa: Number = SCMODAL.lambdaLa(),
    lambdaMnn: Number = SCMODAL.lambdaMnn(),
    lambdaGeo: Number = SCMODAL.lambdaGeo(),
    lambdaGan: Number = SCMODAL.lambdaGan(),
    discriminatorSteps: Int = SCMODAL.discriminatorSteps(),
    learningRate: Number = SCMODAL.learningRate(),
    weightDecay: Number = SCMODAL.weightDecay(),
    maxNorm: Number = SCMODAL.maxNorm(),
    scale: Boolean = SCMODAL.scale(),
    randomState: Long = SCMODAL.seed(),
    layer: String? = null,
    keyAdded: String = SCMODAL_KEY,
    copy: Boolean = false,
): MuData {
    val params =
        Scmodal.Params(
            batchSize, trainingSteps, nLatent, nHidden, nNeighbors, lambdaAe.toDouble(), lambdaLa.toDouble(),
            lambdaMnn.toDouble(), lambdaGeo.toDouble(), lambdaGan.toDouble(),
            discriminatorSteps, learningRate.toDouble(), weightDecay.toDouble(), maxNorm.toDouble(), scale, randomState,
        )
    val target = mdata.target(copy)
    val names = modalities?.toList() ?: target.mod.keys.toList()
    require(names.size >= 2) { "scmodal needs at least two modalities, got $names; mdata has ${target.mod.keys}" }
    names.forEach { name ->
        require(name in target.mod.keys) {
            "modalities: mdata has no '$name', it has ${target.mod.keys}." +
                Check.suggestion(name, target.mod.keys.toList())
        }
    }
    val input = target.mosaic("scmodal", null, layer) { source, _ -> if (scale) warnOfCounts("scmodal", source) }
    val blocks = names.map { name -> input.blocks().first { it.name() == name } }
    val trained = ScmodalRun(params, layer, keyAdded).run(blocks, links)
    val latent = trained.result.latent()
    names.forEachIndexed { s, name ->
        target.mod
            .get(name)
            .obsm
            .set("X_$keyAdded", latent[s])
    }
    target.obsm.set("X_$keyAdded", meanOverModalities(blocks, latent, target.nObs))
    target.uns[keyAdded] = trained.told()
    return target
}

/**
 * As for a [MuData], for two sets of cells.
 *
 * Reads `X` (or [layer]; logarithms) of both. Writes nothing to them: the object that is returned has the cells of
 * both, columns of `obs` that both have, `obs["modality"]`, `obsm["X_scmodal"]` and `uns["scmodal"]`.
 *
 * @param links features that go together, as in [matchPivots]; null for equal names
 * @param names of the two sets
 */
public fun Tools.scmodal(
    adata1: AnnData,
    adata2: AnnData,
    links: Any? = null,
    names: Pair<String, String> = "adata1" to "adata2",
    trainingSteps: Int = SCMODAL.trainingSteps(),
    batchSize: Int = SCMODAL.batchSize(),
    nLatent: Int = SCMODAL.nLatent(),
    nHidden: Int = SCMODAL.nHidden(),
    nNeighbors: Int = SCMODAL.nNeighbors(),
    lambdaAe: Number = SCMODAL.lambdaAe(),
    lambdaLa: Number = SCMODAL.lambdaLa(),
    lambdaMnn: Number = SCMODAL.lambdaMnn(),
    lambdaGeo: Number = SCMODAL.lambdaGeo(),
    lambdaGan: Number = SCMODAL.lambdaGan(),
    discriminatorSteps: Int = SCMODAL.discriminatorSteps(),
    learningRate: Number = SCMODAL.learningRate(),
    weightDecay: Number = SCMODAL.weightDecay(),
    maxNorm: Number = SCMODAL.maxNorm(),
    scale: Boolean = SCMODAL.scale(),
    randomState: Long = SCMODAL.seed(),
    layer: String? = null,
    keyAdded: String = SCMODAL_KEY,
): AnnData {
    require(names.first != names.second) { "names must differ, got '${names.first}' twice" }
    val params =
        Scmodal.Params(
            batchSize, trainingSteps, nLatent, nHidden, nNeighbors, lambdaAe.toDouble(), lambdaLa.toDouble(),
            lambdaMnn.toDouble(), lambdaGeo.toDouble(), lambdaGan.toDouble(),
            discriminatorSteps, learningRate.toDouble(), weightDecay.toDouble(), maxNorm.toDouble(), scale, randomState,
        )
    val sets = listOf(names.first to adata1, names.second to adata2)
    val blocks =
        sets.map { (name, adata) ->
            val source = adata.namedSource(layer, name)
            adata.requireFinite("scmodal", source)
            if (scale) warnOfCounts("scmodal", source)
            FeatureBlock(name, source.x, source.columns!!.toTypedArray(), null)
        }
    val trained = ScmodalRun(params, layer, keyAdded).run(blocks, links)
    val joint = joined(sets)
    joint.obsm.set("X_$keyAdded", trained.result.latent().reduce(::below))
    joint.uns[keyAdded] = trained.told()
    return joint
}

private class ScmodalRun(
    private val params: Scmodal.Params,
    private val layer: String?,
    private val key: String,
) {
    inner class Trained(
        val result: Scmodal.Result,
        private val blocks: List<FeatureBlock>,
        private val links: List<FeaturePairs>,
    ) {
        fun told(): Map<String, Any?> =
            dict(
                "losses" to result.losses().byName().mapValues { NdArray.of(*it.value) },
                "sets" to NdArray.of(*blocks.map { it.name() }.toTypedArray()),
                "features" to blocks.associate { it.name() to NdArray.of(*it.features()) },
                "n_links" to NdArray.of(*links.map { it.first.size.toLong() }.toLongArray()),
                "networks" to result.model().tensors().mapValues { (_, it) -> array(it.values(), it.shape()) },
                "params" to
                    recorded(
                        params, "batchSize", "trainingSteps", "nLatent", "nHidden", "nNeighbors", "lambdaAe",
                        "lambdaLa", "lambdaMnn", "lambdaGeo", "lambdaGan", "discriminatorSteps", "learningRate",
                        "weightDecay", "maxNorm", "scale", "seed",
                    ) + listOfNotNull(layer?.let { "layer" to it }),
            )

        private fun array(values: Any, shape: IntArray) =
            NdArray(if (values is FloatArray) DType.FLOAT32 else DType.FLOAT64, shape, values)
    }

    fun run(blocks: List<FeatureBlock>, links: Any?): Trained {
        val pairs = blocks.zipWithNext()
        val given =
            if (links is List<*> && links.size == pairs.size && links.none { it is Pair<*, *> }) {
                links
            } else {
                List(pairs.size) { links }
            }
        val found =
            pairs.mapIndexed { k, (a, b) ->
                featurePairs(
                    a.features().asList(), b.features().asList(), given[k], "'${a.name()}'" to "'${b.name()}'",
                )
            }
        val linked =
            pairs.mapIndexed { k, (a, b) ->
                Scmodal.Links(a.x().takeCols(found[k].first), b.x().takeCols(found[k].second))
            }
        val input = Scmodal.Input(blocks.map { Scmodal.DataSet(it.name(), it.x()) }, linked)
        val added = "added\n    'X_$key', ${params.nLatent()} latent dimensions (.obsm)\n    '$key', networks (.uns)"
        val result =
            Log.timed<Scmodal.Result>("training scMODAL", { added }) {
                withProgress { Scmodal.run(input, params, it) }
            }
        return Trained(result, blocks, found)
    }
}

private fun meanOverModalities(blocks: List<FeatureBlock>, latent: List<DenseMatrix>, nCells: Int): DenseMatrix {
    val dims = latent[0].nCols()
    val sums = Array(nCells) { DoubleArray(dims) }
    val counts = IntArray(nCells)
    val row = DoubleArray(dims)
    blocks.forEachIndexed { s, block ->
        block.cells().forEachIndexed { i, cell ->
            latent[s].readRow(i, row)
            for (d in 0 until dims) sums[cell][d] += row[d]
            counts[cell]++
        }
    }
    val out = DenseMatrix.zeros(nCells, dims, DType.FLOAT32)
    sums.forEachIndexed { cell, sum -> out.setRow(cell, DoubleArray(dims) { sum[it] / counts[cell] }) }
    return out
}
