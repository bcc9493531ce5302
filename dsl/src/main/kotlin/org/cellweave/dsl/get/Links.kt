package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException

/**
 * The links that `sc.tl.findLinks` has found: `feature_x`, `feature_y`, `score`, the best one first.
 *
 * Reads `uns["links"]`. Writes nothing.
 */
public fun Get.links(adata: AnnData): DataFrame =
    adata.uns[LINKS_KEY] as? DataFrame
        ?: throw MissingKeyException("uns", LINKS_KEY, adata.uns.keys, remedy(LINKS_KEY, "uns"))

/** As for an object of one modality. Reads the same. */
public fun Get.links(mdata: MuData): DataFrame = links(mdata.shared)
