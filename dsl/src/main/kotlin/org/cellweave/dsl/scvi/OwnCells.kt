package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.neural.data.CellData
import org.cellweave.neural.data.Fingerprint

/**
 * The cells that a model was made for, read and checked once. An AnnData can be changed in place under the model, so
 * that every use compares it with what was read, by sums of all that the model reads: one pass over the counts.
 */
internal class OwnCells(
    private val columns: CellColumns,
    val adata: AnnData,
    read: CellData? = null,
) {
    private val read: CellData = read ?: columns.read(adata)
    private val seen: Fingerprint = columns.fingerprint(adata)

    /** The cells; refuses when they are others by now. */
    fun unchanged(): CellData {
        val now = changes()
        check(now.isEmpty()) {
            "the model's adata has changed since the model read it, in ${now.joinToString()}. Hand in what it is now " +
                "by adata = ..., or make the model anew; models read what stays as it is, such as a layer of counts"
        }
        return read
    }

    /** The cells as they are now. */
    fun current(): CellData = if (changes().isEmpty()) read else columns.read(adata)

    private fun changes(): List<String> = seen.differing(columns.fingerprint(adata))
}
