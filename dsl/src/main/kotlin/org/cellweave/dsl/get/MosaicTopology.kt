package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.integrate.mosaic.MosaicTopology

/**
 * Which parts a mosaic has, and how many features any two of them share. A part is the cells of one batch that have the
 * same modalities. See [MosaicTopology].
 *
 * Reads `obs[batchKey]` and the names of all features. Writes nothing.
 *
 * @param batchKey column of `mdata.obs`, or of the modalities; null for one batch
 * @return a row for every part: `n_cells`, `n_features`, `group` (parts of one group hang together by features) and a
 *   column for every part with the features that both have
 */
public fun Get.mosaicTopology(mdata: MuData, batchKey: String? = "batch", layer: String? = null): DataFrame {
    val topology = MosaicTopology.of(mdata.mosaic("mosaicTopology", batchKey, layer))
    val table = DataFrame.ofNames(*topology.names())
    table.set("n_cells", NumericColumn.of(*topology.sizes()))
    table.set("n_features", NumericColumn.of(*topology.features()))
    table.set("group", NumericColumn.of(*topology.groups()))
    topology.names().forEachIndexed {
        part,
        name,
        ->
        table.set("shared_$name", NumericColumn.of(*topology.shared()[part]))
    }
    return table
}
