package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.factor.CentroidAlign
import org.cellweave.integrate.factor.FactorSet
import org.cellweave.integrate.factor.QuantileNorm
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.Check
import org.cellweave.integrate.factor.CentroidAlign.Params.DEFAULTS as CENTROIDS

internal const val QUANTILE_NORM = "quantileNorm"

/** Key under which verbs of factors write. */
internal const val INMF_KEY = "inmf"

/** Factors as the verbs find them, and how they are kept. */
internal class FoundFactors(
    private val k: Int,
    private val h: DoubleArray,
    private val sets: Categories,
    private val features: Array<String>,
    /** What [features] are called in `uns`. */
    private val names: List<String>,
    private val w: DoubleArray,
    private val learnt: List<FactorSet>,
    private val objective: DoubleArray,
    private val settings: Map<String, Any?>,
    private val extra: Map<String, Any?>,
) {
    /** @param rows of `var`, by [features]: several where links make one of them */
    fun store(target: AnnData, rows: Map<String, IntArray>, alignment: Alignment, key: String) {
        val raw = DenseMatrix.wrap(h, target.nObs, k)
        val aligned = alignment.run(raw, sets)
        target.obsm.set("X_$key", aligned?.first ?: raw)
        // what an earlier run with another alignment left would not belong to these factors
        if ("X_${key}_raw" in target.obsm.keys) target.obsm.remove("X_${key}_raw")
        if (target.obs.contains("${key}_cluster")) target.obs.remove("${key}_cluster")
        if (aligned != null) {
            target.obsm.set("X_${key}_raw", raw)
            target.obs.set("${key}_cluster", CategoricalColumn.ofLabels(aligned.second, k))
        }
        target.varm.set(key, weights(rows, target.nVars))
        target.uns[key] = told() + ("params" to settings + alignment.told())
    }

    private fun weights(rows: Map<String, IntArray>, nVars: Int): DenseMatrix {
        val out = DenseMatrix.zeros(nVars, k, DType.FLOAT64)
        features.forEachIndexed { f, name ->
            for (row in rows.getValue(name)) for (c in 0 until k) out.set(row, c, w[f * k + c])
        }
        return out
    }

    private fun told(): Map<String, Any?> {
        val n = learnt.size
        val own = intArrayOf(n, features.size, k)
        return dict(
            "objective" to NdArray.of(*objective),
            "parts" to NdArray.of(*Array(n) { learnt[it].name() }),
            "features" to NdArray.of(*names.toTypedArray()),
            "W" to NdArray(DType.FLOAT64, intArrayOf(features.size, k), w),
            "V" to numbers(own) { it.v() },
            "HH" to numbers(intArrayOf(n, k, k)) { it.hh().flatMap(DoubleArray::asList).toDoubleArray() },
            "XH" to numbers(own) { it.xh() },
            "squares" to NdArray.of(*DoubleArray(n) { learnt[it].squares() }),
            "n_cells" to NdArray.of(*LongArray(n) { learnt[it].nCells().toLong() }),
        ) + extra
    }

    private fun numbers(shape: IntArray, of: (FactorSet) -> DoubleArray): NdArray {
        val parts = learnt.map(of)
        val all = DoubleArray(parts.sumOf { it.size })
        var at = 0
        for (part in parts) {
            part.copyInto(all, at)
            at += part.size
        }
        return NdArray(DType.FLOAT64, shape, all)
    }
}

/** How mixtures of several sets are brought together. */
internal class Alignment(private val verb: String, align: String, private val quantiles: QuantileNorm.Params) {
    private enum class Kind(val spelled: String) {
        QUANTILE_NORM(org.cellweave.dsl.QUANTILE_NORM),
        CENTROID_ALIGN("centroidAlign"),
        NONE("none"),
    }

    private val kind = Check.oneOf(align, Kind::class.java, "align")

    val needsReference: Boolean get() = kind == Kind.QUANTILE_NORM

    /** Mixtures and clusters; null where mixtures stay as they are. */
    fun run(h: DenseMatrix, sets: Categories): Pair<DenseMatrix, IntArray>? =
        when (kind) {
            Kind.NONE -> null
            Kind.CENTROID_ALIGN -> {
                val found = withProgress { CentroidAlign.run(h, sets, CENTROIDS, it) }
                found.h() to found.cluster()
            }
            Kind.QUANTILE_NORM -> {
                val found = withProgress { QuantileNorm.run(h, sets, quantiles, it) }
                warnOfUnmapped(found, sets.withoutUnused())
                found.h() to found.cluster()
            }
        }

    fun told(): Map<String, Any?> =
        dict("align" to kind.spelled) +
            when (kind) {
                Kind.NONE -> emptyMap()
                Kind.CENTROID_ALIGN -> recorded(CENTROIDS, "ridge")
                Kind.QUANTILE_NORM -> recorded(quantiles, "quantiles", "minCells", "nNeighbors", "reference")
            }

    private fun warnOfUnmapped(aligned: QuantileNorm.Result, sets: Categories) {
        aligned.unmapped().forEachIndexed { set, ofFactor ->
            val factors = ofFactor.indices.filter { ofFactor[it] }
            if (factors.isNotEmpty()) {
                Log.warning(
                    "$verb: clusters ${factors.joinToString()} have fewer than minCells = ${quantiles.minCells()} " +
                        "cells in '${sets.level(set)}' or in the reference; these cells stay as they are",
                )
            }
        }
    }
}
