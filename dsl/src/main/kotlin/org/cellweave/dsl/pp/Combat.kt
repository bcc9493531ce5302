package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.completeGroups
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.integrate.Combat
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.integrate.Combat.Params.DEFAULTS as COMBAT

/**
 * Removes batch effects gene by gene with ComBat. See [Combat].
 *
 * Reads `X` (logarithms), `obs[key]` and `obs` columns named in [covariates]. Writes `X`: dense, float32.
 *
 * @param covariates columns of `obs` whose effect is to be kept: numbers act linearly, other columns as categories
 * @param flavor `scanpy`, or `sva` for what the R package does
 * @param meanOnly corrects levels and leaves variances alone
 */
public fun Preprocessing.combat(
    adata: AnnData,
    key: String = "batch",
    covariates: Collection<String>? = null,
    flavor: String = COMBAT.flavor().spelled(),
    meanOnly: Boolean = COMBAT.meanOnly(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    combat(target, true, key, covariates, flavor, meanOnly)
    return target
}

/** Removes batch effects and keeps the effect of one column. Reads and writes the same. */
public fun Preprocessing.combat(
    adata: AnnData,
    key: String = "batch",
    covariates: String,
    flavor: String = COMBAT.flavor().spelled(),
    meanOnly: Boolean = COMBAT.meanOnly(),
    copy: Boolean = false,
): AnnData = combat(adata, key, listOf(covariates), flavor, meanOnly, copy)

/**
 * The corrected matrix. Reads the same; writes `X` only when [inplace] is true.
 */
public fun Preprocessing.combat(
    adata: AnnData,
    inplace: Boolean,
    key: String = "batch",
    covariates: Collection<String>? = null,
    flavor: String = COMBAT.flavor().spelled(),
    meanOnly: Boolean = COMBAT.meanOnly(),
): DenseMatrix {
    val names = covariates?.toList() ?: emptyList()
    require(key !in names) { "key '$key' is among the covariates $names; name it once" }
    requireColumns(adata.obs, "obs", listOf(key) + names)
    require(names.toSet().size == names.size) { "covariates must be different columns, got $names" }
    val params =
        Combat.Params(
            Check.oneOf(flavor, Combat.Flavor::class.java, "flavor"),
            meanOnly,
            COMBAT.tol(),
            COMBAT.maxIter(),
        )
    val batch = adata.completeGroups(key, "key").removeUnused()
    val batches = Combat.Batches(batch.codes(), batch.categoryNames().toTypedArray(), "obs['$key']")
    val model = names.map { covariate(adata, it) }
    Log.info("Standardizing Data across genes.\n")
    Log.info("Found ${batches.names().size} batches\n")
    if (names.isNotEmpty()) Log.info("Found ${names.size} covariates: ${names.joinToString(", ")}\n")
    val x = adata.X
    val result =
        adata.namingCulprit("combat", "X", x) { withProgress { Combat.run(x, batches, model, params, it) } }
    if (result.constantGenes() > 0) {
        Log.info("Found ${result.constantGenes()} genes with zero variance.")
    }
    if (!result.converged()) {
        Log.warning("combat stopped after ${params.maxIter()} sweeps before its estimates settled")
    }
    if (inplace) {
        adata.makeActual()
        adata.X = result.x()
    }
    return result.x()
}

private fun covariate(adata: AnnData, name: String): Combat.Covariate {
    val column = adata.obsColumn(name)
    if (column is NumericColumn) return Combat.Covariate.numeric(name, *column.toDoubles())
    val groups = column.asCategorical().removeUnused()
    return Combat.Covariate.categorical(name, groups.codes(), groups.categoryNames().size)
}
