package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.matrix.Matrix

/** At most this many genes are used as they are when no representation is named. */
private const val FEW_GENES = 50

/** What distances are taken on, from `obsm[key]`, or from `X` where [key] is null. */
internal class Representation(
    x: Matrix,
    val key: String?,
    genes: List<String>? = null,
) : Source(slotName(null, key), x, genes)

/**
 * What distances are taken on, as scanpy chooses it.
 *
 * @param makePca called when `X_pca` is to be taken and is not there
 */
internal fun AnnData.representation(useRep: String?, nPcs: Int?, makePca: () -> Unit): Representation {
    if (useRep == "X" || (useRep == null && nPcs == 0)) {
        return Representation(requiredX(), null, varNames)
    }
    if (useRep == null && nPcs == null && nVars <= FEW_GENES) {
        return Representation(requiredX(), null, varNames)
    }
    if (useRep == null && obsmKey("X_pca") !in obsm.keys) makePca()
    val key = obsmKey(useRep ?: "X_pca")
    val rep = embedding(key)
    if (nPcs == null || nPcs == rep.nCols()) {
        return Representation(rep, key)
    }
    require(nPcs in 1 until rep.nCols()) {
        "nPcs must lie in 1..${rep.nCols()}, the columns of obsm['$key'], got $nPcs; " +
            "run sc.pp.pca(nComps = ...) with more"
    }
    return Representation(rep.takeCols(IntArray(nPcs) { it }), key)
}
