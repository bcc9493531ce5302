package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData

/**
 * The genes, anndata's `adata.var`, by a name that needs no back-ticks: `adata.vars["highly_variable"]`. Setting it
 * replaces the table, and its names become the genes' names.
 */
public var AnnData.vars: DataFrame
    get() = `var`
    set(table) = setVar(table)

/** The features of all modalities, mudata's `mdata.var`. */
public var MuData.vars: DataFrame
    get() = `var`
    set(table) = setVar(table)

/** Numbers of cells and of genes: `adata.shape[0]`, `val (nObs, nVars) = adata.shape`. */
public val AnnData.shape: Pair<Int, Int> get() = nObs to nVars

/** Names of the columns of `obs`. */
public fun AnnData.obsKeys(): List<String> = obs.keys.toList()

/** Names of the columns of `var`. */
public fun AnnData.varKeys(): List<String> = `var`.keys.toList()

/** Keys of `obsm`. */
public fun AnnData.obsmKeys(): List<String> = obsm.keys.toList()

/** Keys of `varm`. */
public fun AnnData.varmKeys(): List<String> = varm.keys.toList()

/** Keys of `uns`. */
public fun AnnData.unsKeys(): List<String> = uns.keys.toList()

/** Refused by the compiler, with what replaces it: anndata's older method for putting cells below each other. */
@Suppress("UnusedReceiverParameter", "UNUSED_PARAMETER")
@Deprecated(
    "anndata's older way: write sc.concat(listOf(a, b), label = \"batch\", indexUnique = \"-\")",
    level = DeprecationLevel.ERROR,
)
public fun AnnData.concatenate(
    vararg adatas: AnnData,
    join: String = "inner",
    batchKey: String? = "batch",
    batchCategories: List<String>? = null,
    unsMerge: String? = null,
    indexUnique: String? = "-",
    fillValue: Number? = null,
): AnnData = throw UnsupportedOperationException("sc.concat puts objects below each other")
