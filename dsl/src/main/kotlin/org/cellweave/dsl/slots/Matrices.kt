package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix

/** `X`, which must be there. */
internal fun AnnData.requiredX(): Matrix =
    getX() ?: throw IllegalStateException("this object has no X; set adata.X or read a file that has one")

/** The matrix a verb reads: X, a layer, or an array of obsm. */
internal fun AnnData.matrixOf(layer: String?, obsm: String? = null): Matrix {
    requireOnePlace(null, layer, obsm)
    return if (obsm != null) {
        embedding(obsm)
    } else if (layer == null) {
        requiredX()
    } else {
        layers.matrix(layer, "")
    }
}

/** Puts a verb's result back where its input came from. An X in a file makes room for one in memory. */
internal fun AnnData.putMatrix(layer: String?, value: Matrix, obsm: String? = null) {
    if (obsm != null) {
        this.obsm.set(obsmKey(obsm), value)
    } else if (layer == null) {
        setX(value)
    } else {
        layers.set(layer, value)
    }
}

/** This matrix itself when it is float32 and row-compressed or dense, otherwise the same values so. */
internal fun Matrix.float32(): Matrix =
    when (this) {
        is DenseMatrix -> if (dtype() == DType.FLOAT32) this else toFloat32().withDType(DType.FLOAT32)
        else -> {
            val csr: CsrMatrix = toCsr()
            if (csr.dtype() == DType.FLOAT32) csr else csr.toFloat32().withDType(DType.FLOAT32)
        }
    }

/** [float32], but never this matrix itself. */
internal fun Matrix.ownFloat32(): Matrix = float32().let { if (it === this) own() else it }

/** A matrix to be changed in place: this one, or a copy; integers become float32. */
internal fun Matrix.changeable(copy: Boolean): Matrix {
    val floating = if (dtype() == DType.FLOAT32 || dtype() == DType.FLOAT64) this else float32()
    return if (copy && floating === this) own() else floating
}

/** [key], or `umap` for `X_umap` when only that is there: `sc.settings.preset` chooses between the two names. */
internal fun AnnData.obsmKey(key: String): String =
    key.removePrefix("X_").takeIf { key !in obsm.keys && it in obsm.keys } ?: key

/** Where `sc.pp.pca` put the loadings. */
internal fun loadingsKey(adata: AnnData): String =
    if ("PCs" !in adata.varm.keys && "pca" in adata.varm.keys) "pca" else "PCs"

internal fun AnnData.embedding(key: String): Matrix = obsm.matrix(obsmKey(key), remedy(key, "obsm"))

internal fun AnnData.denseEmbedding(key: String): DenseMatrix = embedding(key).toDense()
