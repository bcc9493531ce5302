package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.util.MissingKeyException
import kotlin.math.abs
import kotlin.math.sign

/**
 * Gives mean SHAP values the sign of the correlation with their feature, and one scale.
 *
 * Reads `varm[shapKey]` and `varm[corrKey]`, as [boostedTrees] makes them. Writes `varm[keyAdded]`; without a name
 * `signed_` and `norm_` stand before [shapKey], as far as they were done. A feature without correlation, such as a
 * label, has no sign and becomes NaN.
 *
 * Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9.
 *
 * @param normalize divides by the largest magnitude of each response
 */
public fun ClonalUtilities.correctShap(
    adata: AnnData,
    shapKey: String = "mean_shap",
    corrKey: String = "gex_r",
    correctSign: Boolean = true,
    normalize: Boolean = false,
    keyAdded: String? = null,
): AnnData {
    val shap = adata.varmTable(shapKey)
    val correlation = if (correctSign) adata.varmTable(corrKey) else shap
    val unknown = shap.keys - correlation.keys
    require(unknown.isEmpty()) { "varm['$corrKey'] has no column '${unknown.first()}', which varm['$shapKey'] has" }
    val added = keyAdded ?: ((if (correctSign) "signed_" else "") + (if (normalize) "norm_" else "") + shapKey)
    require(added == shapKey && keyAdded == null || added !in listOf(shapKey, corrKey)) {
        "keyAdded must differ from shapKey = '$shapKey' and corrKey = '$corrKey', got '$added', which it would replace"
    }
    Log.timed<Unit>("correcting varm['$shapKey']", { "added\n    '$added' (adata.varm)" }) {
        val out = DataFrame("varm", shap.index, shap.indexName)
        for (name in shap.keys) {
            val values = shap.get(name).toDoubles()
            val largest = if (normalize) values.filterNot { it.isNaN() }.maxOfOrNull { abs(it) } ?: 1.0 else 1.0
            val signs = correlation.get(name).toDoubles()
            val corrected = DoubleArray(values.size) {
                val scaled = if (largest > 0) values[it] / largest else values[it]
                if (correctSign) scaled * sign(signs[it]) else scaled
            }
            out.set(name, NumericColumn.of(*corrected))
        }
        adata.varm.set(added, out)
    }
    return adata
}

private fun AnnData.varmTable(key: String): DataFrame {
    val found = varm.find(key) ?: throw MissingKeyException("varm", key, varm.keys, BY_TREES)
    return found as? DataFrame
        ?: throw IllegalArgumentException("varm['$key'] must be a table of responses, but is a ${found.described()}")
}
