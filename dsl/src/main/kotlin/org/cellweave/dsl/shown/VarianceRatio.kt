package org.cellweave.dsl.shown

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException

/** `uns["pca"]["variance_ratio"]`. */
internal object VarianceRatio {
    fun of(adata: AnnData): DoubleArray {
        val pca = adata.uns["pca"] as? Map<*, *>
            ?: throw MissingKeyException("uns", "pca", adata.uns.keys, remedy("pca", "uns"))
        return when (val ratio = pca["variance_ratio"]) {
            is NdArray -> ratio.toDoubles()
            is DoubleArray -> ratio
            is FloatArray -> DoubleArray(ratio.size) { ratio[it].toDouble() }
            else -> throw MissingKeyException(
                "uns['pca']", "variance_ratio", pca.keys.map { it.toString() }, remedy("pca", "uns"),
            )
        }
    }
}
