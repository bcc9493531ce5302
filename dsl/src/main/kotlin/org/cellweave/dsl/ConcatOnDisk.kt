package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.concat.Concat
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.fileOf
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.session.withProgress
import org.cellweave.io.H5adWriter

/**
 * Concatenates `.h5ad` files into a new one without reading their X into memory; the other elements are. The result is
 * that of reading them, [concat] and `writeH5ad`. See [Concat].
 *
 * @param outFile written when complete, in place of an older file of that name
 * @param maxLoadedElems most values of X in memory at once, zeros counted
 * @param compression `gzip`, or null for none
 */
public fun Cellweave.concatOnDisk(
    inFiles: List<Any>,
    outFile: Any,
    maxLoadedElems: Long = H5adWriter.Options.DEFAULTS.maxLoadedElems(),
    join: String = Concat.Params.DEFAULTS
        .join()
        .spelled(),
    merge: String? = null,
    unsMerge: String? = null,
    label: String? = null,
    keys: List<String>? = null,
    indexUnique: String? = null,
    fillValue: Number? = null,
    pairwise: Boolean = Concat.Params.DEFAULTS.pairwise(),
    compression: String? = null,
) {
    val params = concatParams(Concat.Axis.OBS, join, merge, unsMerge, label, keys, indexUnique, fillValue, pairwise)
    val options = writing(compression).withMaxLoadedElems(maxLoadedElems)
    val parts = mutableListOf<AnnData>()
    try {
        inFiles.forEach { parts += readH5ad(it, backed = "r") }
        val joined = Concat.runBacked(parts, params)
        joined.warnings().forEach { Log.warning(it) }
        withProgress {
            H5adWriter
                .write(joined.adata(), joined.x(), fileOf(outFile, "outFile"), options.withProgress(it))
        }
    } finally {
        parts.forEach { it.backed?.close() }
    }
}

/** As [concatOnDisk] of a list, with a name for every file. */
public fun Cellweave.concatOnDisk(
    inFiles: Map<String, Any>,
    outFile: Any,
    maxLoadedElems: Long = H5adWriter.Options.DEFAULTS.maxLoadedElems(),
    join: String = Concat.Params.DEFAULTS
        .join()
        .spelled(),
    merge: String? = null,
    unsMerge: String? = null,
    label: String? = null,
    indexUnique: String? = null,
    fillValue: Number? = null,
    pairwise: Boolean = Concat.Params.DEFAULTS.pairwise(),
    compression: String? = null,
) {
    concatOnDisk(
        inFiles.values.toList(),
        outFile,
        maxLoadedElems = maxLoadedElems,
        join = join,
        merge = merge,
        unsMerge = unsMerge,
        label = label,
        keys = inFiles.keys.toList(),
        indexUnique = indexUnique,
        fillValue = fillValue,
        pairwise = pairwise,
        compression = compression,
    )
}
