package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.Remedies
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException

/** Columns of an embedding. */
internal class Coordinates(adata: AnnData, basis: String) {
    val key: String
    private val columns: (Int) -> DoubleArray
    val nDims: Int

    init {
        val obsm = adata.obsm
        key = listOf("X_$basis", basis).firstOrNull { obsm.contains(it) }
            ?: throw MissingKeyException("obsm", "X_" + basis.removePrefix("X_"), obsm.keys, Remedies.basis(basis))
        when (val array = obsm.get(key).let { if (it is NdArray) it.toMatrix() else it }) {
            is Matrix -> {
                nDims = array.nCols()
                columns = { Expression.column(array, it) }
            }
            is DataFrame -> {
                nDims = array.nCols()
                columns = { array.get(array.keys.elementAt(it)).toDoubles() }
            }
            else -> throw IllegalArgumentException(
                "obsm['$key'] holds a ${array.described()}, which has no coordinates",
            )
        }
    }

    fun column(j: Int): DoubleArray {
        require(j in 0 until nDims) { "components must lie in 1..$nDims for obsm['$key'], got ${j + 1}" }
        return columns(j)
    }

    /** "UMAP1" for the first dimension of `X_umap`. */
    fun label(j: Int): String {
        val plain = key.removePrefix("X_")
        val name = when (plain) {
            "umap" -> "UMAP"
            "tsne" -> "tSNE"
            "pca" -> "PC"
            "diffmap" -> "DC"
            "spatial" -> "spatial"
            else -> plain.removePrefix("draw_graph_").let { if (it != plain) it.uppercase() else it }
        }
        return name + (j + 1)
    }
}
