package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.tableOf
import org.cellweave.integrate.mnn.LowRankExpression

/**
 * Expression of some genes as `sc.pp.fastMnn` has corrected it, one row per cell, computed from what is stored. Values
 * lie around the common centre of the batches and may be negative: for figures, not for tests. See
 * [LowRankExpression].
 *
 * Reads `obsm["X_mnn"]` and `varm["mnn_loadings"]`, or what [key] names in place of `mnn`. Writes nothing.
 *
 * @param keys genes
 */
public fun Get.mnnDf(adata: AnnData, keys: Collection<String>, key: String = "mnn"): DataFrame {
    val corrected = adata.denseEmbedding("X_$key")
    val stored = "${key}_loadings"
    val loadings = adata.varm.matrix(stored, remedy(stored, "varm")).toDense()
    val index = NameIndex.of(adata.`var`)
    val genes = index.at(keys.toList(), "")
    val without = keys.filterIndexed { i, _ -> (0 until loadings.nCols()).all { loadings.get(genes[i], it) == 0.0 } }
    require(without.isEmpty()) {
        "varm['$stored'] has nothing for $without, not being among the genes used. " +
            "Run sc.pp.fastMnn(correctAll = true) first."
    }
    val table = LowRankExpression(corrected, loadings).block(null, genes)
    return tableOf(adata.obsNames, keys.toList(), table)
}

/** The expression of one gene. Reads the same. */
public fun Get.mnnDf(adata: AnnData, keys: String, key: String = "mnn"): DataFrame = mnnDf(adata, listOf(keys), key)
