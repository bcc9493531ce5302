@file:Suppress("ktlint:standard:property-naming")

package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.harmony.Harmony
import org.cellweave.integrate.harmony.HarmonyModel
import org.cellweave.matrix.DenseMatrix

/**
 * Harmony's model after its start, to be taken through its steps: `cluster()`, `correct()`, `harmonize(n)`.
 *
 * Reads `obsm[basis]` and the columns [key] of `obs`. Writes nothing. The tables `O`, `E`, `R`, `Y`, `lambda` and
 * `W(k)` and the embeddings `zOrig`, `zCos`, `zCorr` are read off the model at any time. See [HarmonyModel] and, for
 * the other arguments, [harmonyIntegrate].
 *
 * Korsunsky et al. 2019, doi:10.1038/s41592-019-0619-0.
 */
public fun Preprocessing.harmonyModel(
    adata: AnnData,
    key: Any,
    basis: String = "X_pca",
    flavor: String = HARMONY.flavor().spelled(),
    nClusters: Int? = HARMONY.nClusters(),
    maxIterClustering: Int? = null,
    tolHarmony: Number? = null,
    tolClustering: Number? = null,
    sigma: Number = HARMONY.sigma(),
    theta: Any = HARMONY.theta().toList(),
    tau: Number = HARMONY.tau(),
    ridgeLambda: Any? = HARMONY.lambda(),
    alpha: Number = HARMONY.alpha(),
    batchPruneThreshold: Number = HARMONY.batchPropCutoff(),
    blockProportion: Number = HARMONY.blockSize(),
    randomState: Long = HARMONY.seed(),
    penalty: String = HARMONY.penalty().spelled(),
    rng: String = HARMONY.rng().spelled(),
): HarmonyModel {
    val params = withUserNames {
        Harmony.Params
            .builder()
            .spelled(flavor, penalty, rng)
            .nClusters(nClusters)
            .maxIterClustering(maxIterClustering)
            .objectiveParts(true)
            .tolHarmony(tolHarmony?.toDouble())
            .tolClustering(tolClustering?.toDouble())
            .sigma(sigma.toDouble())
            .tau(tau.toDouble())
            .perLevel(theta, ridgeLambda)
            .alpha(alpha.toDouble())
            .batchPropCutoff(batchPruneThreshold.toDouble())
            .blockSize(blockProportion.toDouble())
            .seed(randomState)
            .build()
    }
    val covariates = harmonyKeys(key).map { adata.categories(it, "key") }
    val points = adata.source(null, basis)
    return withUserNames {
        adata.namingCulprit("harmonyModel", points) { Harmony.model(points.x, covariates, params) }
    }
}

/** Cells of every level in every cluster. */
public val HarmonyModel.O: DenseMatrix get() = getO()

/** What [O] would be if every cluster were mixed as the data are. */
public val HarmonyModel.E: DenseMatrix get() = getE()

/** Shares of the cells in the clusters, one row per cell. */
public val HarmonyModel.R: DenseMatrix get() = getR()

/** Directions of the clusters, one row each. */
public val HarmonyModel.Y: DenseMatrix get() = getY()

/** The regression of a cluster: intercept, then one row per level. */
@Suppress("ktlint:standard:function-naming")
public fun HarmonyModel.W(cluster: Int): DenseMatrix = getW(cluster)

/** Cells of every label of a column of [adata] in every cluster, as [O] counts the levels. */
public fun HarmonyModel.countsBy(adata: AnnData, key: String): DenseMatrix {
    val labels = adata.categories(key, "key")
    return countsBy(labels.codes(), labels.nLevels())
}
