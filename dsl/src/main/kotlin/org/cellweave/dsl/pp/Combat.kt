package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.covariate
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.integrate.combat.Combat
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.integrate.combat.Combat.Params.DEFAULTS as COMBAT

/**
 * Removes batch effects gene by gene with ComBat. See [Combat].
 *
 * Reads `X` (logarithms), `obs[key]` and `obs` columns named in [covariates]. Writes `X`: dense, float32.
 *
 * @param covariates columns of `obs` whose effect is to be kept: numbers act linearly, other columns as categories
 * @param flavor `scanpy`, or `sva` for what the R package does
 * @param meanOnly corrects levels and leaves variances alone
 * @param refBatch a batch that stays as it is, to which the others are drawn
 */
public fun Preprocessing.combat(
    adata: AnnData,
    key: String = "batch",
    covariates: Any? = null,
    flavor: String = COMBAT.flavor().spelled(),
    meanOnly: Boolean = COMBAT.meanOnly(),
    refBatch: String? = COMBAT.refBatch(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    combat(target, true, key, covariates, flavor, meanOnly, refBatch)
    return target
}

/**
 * The corrected matrix. Reads the same; writes `X` only when [inplace] is true.
 */
public fun Preprocessing.combat(
    adata: AnnData,
    inplace: Boolean,
    key: String = "batch",
    covariates: Any? = null,
    flavor: String = COMBAT.flavor().spelled(),
    meanOnly: Boolean = COMBAT.meanOnly(),
    refBatch: String? = COMBAT.refBatch(),
): DenseMatrix {
    val names = texts(covariates, "covariates") ?: emptyList()
    require(key !in names) { "key '$key' is among the covariates $names; name it once" }
    requireColumns(adata.obs, "obs", listOf(key) + names)
    require(names.toSet().size == names.size) { "covariates must be different columns, got $names" }
    val params =
        Combat.Params(
            Check.oneOf(flavor, Combat.Flavor::class.java, "flavor"),
            meanOnly,
            refBatch,
            COMBAT.tol(),
            COMBAT.maxIter(),
        )
    val batch = adata.categories(key, "key").withoutUnused()
    val kept = names.map { adata.covariate(it) }
    Log.info("Standardizing Data across genes.\n")
    Log.info("Found ${batch.nLevels()} batches\n")
    if (refBatch != null) Log.info("Using batch '$refBatch' as the reference, which stays as it is\n")
    if (names.isNotEmpty()) Log.info("Found ${names.size} covariates: ${names.joinToString(", ")}\n")
    val method = Combat.with(params)
    val result = adata.integrate(method, "combat", adata.sourceOf(method.reads(), ""), listOf(batch), kept)
    if (result.constantGenes() > 0) {
        Log.info("Found ${result.constantGenes()} genes with zero variance.")
    }
    if (inplace) adata.store(result.integrated().first(), "X")
    return result.x()
}
