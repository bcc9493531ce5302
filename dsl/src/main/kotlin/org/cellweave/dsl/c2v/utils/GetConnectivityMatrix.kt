package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.unsMap
import org.cellweave.matrix.Matrix

/**
 * Connectivity of groups as a table whose rows and columns bear their names.
 *
 * Reads `uns[unsKey]`, as `c2v.tl.groupConnectivity` makes it. Writes nothing.
 *
 * Wolf et al. 2019, doi:10.1186/s13059-019-1663-x.
 */
public fun ClonalUtilities.getConnectivityMatrix(adata: AnnData, unsKey: String = "group_connectivity"): DataFrame {
    val stored = adata.unsMap(unsKey)
    val names = (stored["label_names"] as? NdArray)?.takeIf { it.isText }?.texts()
    val values = when (val matrix = stored["connectivity"]) {
        is Matrix -> matrix.toDense().toFloat64().doubleData()
        is NdArray -> matrix.takeIf { it.nDims() == 2 }?.toDoubles()
        else -> null
    }
    require(names != null && values != null && values.size == names.size * names.size) {
        "uns['$unsKey'] must have a matrix 'connectivity' and its 'label_names'; run c2v.tl.groupConnectivity() first"
    }
    val table = DataFrame.ofNames(*names)
    names.forEachIndexed { j, name ->
        table.set(name, NumericColumn.of(*DoubleArray(names.size) { i -> values[i * names.size + j] }))
    }
    return table
}
