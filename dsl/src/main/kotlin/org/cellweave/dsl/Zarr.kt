package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.fileOf
import org.cellweave.io.ZarrReader
import org.cellweave.io.ZarrWriter
import org.cellweave.io.zarr.ZarrOptions
import org.cellweave.util.Check

private val ZARR = ZarrWriter.Options.DEFAULTS

/**
 * Reads a zarr store of version 2 or 3, sharded or not: a folder, or a `.zip` archive of one. See [ZarrReader].
 *
 * @param store a text, a `Path` or a `File`
 * @param backed null (or false) reads everything; `"r"` (or true) leaves `X` in the store, of which only the chunks that
 *   are needed are read. A store has no `"r+"`: `adata.writeZarr(store)` replaces it as a whole
 */
public fun Cellweave.readZarr(store: Any, backed: Any? = null): AnnData {
    require(backed == null || backed == "r" || backed is Boolean) {
        "backed must be null or \"r\" for a zarr store, got '$backed'; write it back with adata.writeZarr(store)"
    }
    val inStore = backed == "r" || backed == true
    return ZarrReader.read(fileOf(store, "store"), h5adOptions(inStore)).warnOfRepeatedNames()
}

/**
 * Writes a zarr store that anndata reads: a folder, or an archive where the name ends in `.zip`. An older store of that
 * name is replaced only when the new one is complete; a folder with other content is left alone. See [ZarrWriter].
 *
 * Text columns with repeated values become categorical, as in anndata. An `X` that lies in a file is copied in pieces.
 *
 * @param chunks rows and columns of the chunks of a dense `X`; by default whole rows, about 1 MiB
 * @param shards several chunks in one file: `"auto"` (up to 1 GB), null for none, or rows and columns for a dense `X`
 * @param compression `"zstd"`, `"blosc"` (fastest), `"gzip"`, `"zlib"` or null
 * @param compressionOpts level of the compression: 1 (fast) to 9 (small), of zstd to 22; null for its own default
 * @param zarrFormat 3, or 2 for readers from before zarr 3; version 2 has no shards
 */
public fun AnnData.writeZarr(
    store: Any,
    chunks: List<Int>? = null,
    shards: Any? = "auto",
    compression: String? = "zstd",
    compressionOpts: Int? = null,
    zarrFormat: Int = ZARR.layout().version(),
) {
    val path = fileOf(store, "store")
    val layout = zarrLayout(chunks, shards, compression, compressionOpts, zarrFormat)
    val here = !isView && backed?.file()?.samePlace(path) == true
    ZarrWriter.write(this, path, ZARR.withSync(syncWrites()).withLayout(layout))
    if (here) {
        backed = ZarrReader.backedX(path)
    }
}

/** [AnnData.writeZarr] with the object second, as `anndata.io.write_zarr` has it. */
public fun Cellweave.writeZarr(
    store: Any,
    adata: AnnData,
    chunks: List<Int>? = null,
    shards: Any? = "auto",
    compression: String? = "zstd",
    compressionOpts: Int? = null,
    zarrFormat: Int = ZARR.layout().version(),
): Unit = adata.writeZarr(store, chunks, shards, compression, compressionOpts, zarrFormat)

private fun zarrLayout(
    chunks: List<Int>?,
    shards: Any?,
    compression: String?,
    compressionOpts: Int?,
    zarrFormat: Int,
): ZarrOptions {
    val several = shards != null && shards != false
    require(!several || shards == true || shards == "auto" || shards is List<*>) {
        "shards must be \"auto\", null or a list of rows and columns, got '$shards'"
    }
    val compressor =
        if (compression == null) {
            ZarrOptions.Compressor.NONE
        } else {
            Check.oneOf(compression, ZarrOptions.Compressor::class.java, "compression")
        }
    val shape = (shards as? List<*>).orEmpty().map { (it as Number).toInt() }
    return ZarrOptions(zarrFormat, compressor, compressionOpts ?: -1, chunks.orEmpty(), several, shape)
}
