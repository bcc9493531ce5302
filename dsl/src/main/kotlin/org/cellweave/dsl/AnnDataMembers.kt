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

/** Whether `X` stays in its file, as `isBacked`; anndata writes it as one word. */
public val AnnData.isbacked: Boolean get() = isBacked

/** Whether this is a view of another object, as `isView`; an older anndata's word. */
public val AnnData.isview: Boolean get() = isView

/** The file that `X` is read from, or that the object was read from with `backed`. */
public val AnnData.file: AnnDataFile get() = AnnDataFile(this)

/** What `adata.file` gives: the file behind an object. */
public class AnnDataFile internal constructor(private val adata: AnnData) {
    /** The file's name, or null where all is in memory. */
    public val filename: String? get() = adata.filename

    /** Whether `X` stays in the file. */
    public val isBacked: Boolean get() = adata.isBacked

    /**
     * Closes the file, unless views read from it too. Then `X` can no longer be read; everything else is in memory.
     * Closing what is in memory, or again, changes nothing.
     */
    public fun close(): Unit = adata.closeFile()
}
