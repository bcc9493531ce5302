package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.fileOf
import org.cellweave.io.H5adReader
import org.cellweave.io.H5adWriter
import org.cellweave.io.file.Sync
import org.cellweave.io.format.CsvFolder
import org.cellweave.io.format.LoomWriter
import org.cellweave.io.store.Compression
import org.cellweave.util.Check
import org.cellweave.util.FilePath
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/**
 * Writes an `.h5ad` file that anndata reads; an older file of that name is replaced only when the new one is complete.
 *
 * Text columns with repeated values become categorical, as in anndata. An `X` that lies in a file is copied in pieces,
 * which needs little memory (not with `"lzf"`).
 *
 * @param filename a text, a `Path` or a `File`; null for the file that the object was read from with `backed = "r+"`, or
 *   that `adata.filename = ...` gave it; `X` then lies in that file again
 * @param compression null, `"gzip"` or `"lzf"` (faster and larger; text and single values are not compressed)
 * @param compressionOpts of gzip: 0 for none, 1 (fast) to 9 (small)
 */
public fun AnnData.writeH5ad(
    filename: Any? = null,
    compression: String? = null,
    compressionOpts: Int = H5adWriter.Options.DEFAULTS.level(),
) {
    val file = if (filename == null) requireHome() else fileOf(filename)
    require(compressionOpts in 0..9) { "compressionOpts must lie in 0..9, got $compressionOpts" }
    H5adWriter.write(this, file, writing(compression).withLevel(compressionOpts))
    if (home?.samePlace(file) == true) {
        leaveX(file)
    }
}

/** [writeH5ad] under anndata's shorter name. */
public fun AnnData.write(
    filename: Any? = null,
    compression: String? = null,
    compressionOpts: Int = H5adWriter.Options.DEFAULTS.level(),
): Unit = writeH5ad(filename, compression, compressionOpts)

/**
 * Writes [adata] as the name's ending says: `.h5ad`, `.zarr` or `.zarr.zip` ([writeZarr], with its own defaults), or
 * `.csv` for a folder of tables without that ending ([writeCsvs]).
 *
 * @param ext `"h5ad"`, `"zarr"` or `"csv"` where the name does not say
 * @param compression as in [writeH5ad], but gzip by default, as in scanpy
 */
public fun Cellweave.write(
    filename: Any,
    adata: AnnData,
    ext: String? = null,
    compression: String? = "gzip",
    compressionOpts: Int = H5adWriter.Options.DEFAULTS.level(),
) {
    val name = fileOf(filename).fileName.toString().replace(Regex("\\.zarr\\.zip$"), ".zarr")
    when (val format = ext?.removePrefix(".") ?: name.substringAfterLast('.', "")) {
        "h5ad" -> adata.writeH5ad(filename, compression, compressionOpts)
        "zarr" -> adata.writeZarr(filename)
        "csv" -> adata.writeCsvs(filename)
        else -> throw IllegalArgumentException(
            "filename must end in .h5ad, .zarr or .csv, or ext say which it is, got '$filename'" +
                if (ext == null) "" else " with ext = '$format'",
        )
    }
}

/**
 * The file in which `X` lies or that `write()` goes to, or null.
 *
 * Setting it writes the object to that file and leaves `X` there, to be written back by `write()`. An object that already
 * has such a file moves: the earlier file is deleted once the new one is complete, as in anndata; `copy(filename)` keeps
 * both, and so does an object opened with `backed = "r"`. Null reads `X` into memory and lets go of the file.
 */
public var AnnData.filename: String?
    get() = (home ?: backed?.file())?.toString()
    set(value) {
        if (value == null) {
            toMemory()
            home = null
            return
        }
        val file = FilePath.of(value)
        val earlier = home
        if (earlier?.samePlace(file) == true) return
        makeActual()
        H5adWriter.write(this, file, writing(null))
        leaveX(file)
        home = file
        earlier?.let { removeEarlier(it, file) }
    }

/** Only now is there a file at both names, so that one file under two names is known for certain. */
private fun removeEarlier(earlier: Path, file: Path) {
    try {
        if (Files.isRegularFile(earlier) && !Files.isSameFile(earlier, file)) {
            Files.delete(earlier)
        }
    } catch (e: IOException) {
        Log.warning("the object is in '$file' now, but the earlier file '$earlier' could not be removed (${e.message})")
    }
}

/**
 * Writes this object to [filename] and returns it with `X` left there, open as this object's own file is.
 *
 * @see writeH5ad
 */
public fun AnnData.copy(filename: Any): AnnData {
    writeH5ad(filename)
    return sc.readH5ad(filename, backed = if (home == null) "r" else "r+")
}

private fun AnnData.requireHome(): Path =
    requireNotNull(home) {
        val hint =
            backed
                ?.takeIf {
                    !isView
                }?.let { "; '${it.file()}' is open for reading, use backed = \"r+\" to write it back" }
                ?: ""
        "this object has no file of its own, so that write needs a path$hint"
    }

private fun AnnData.leaveX(file: Path) {
    if (isBacked || peekX() != null) {
        backed = H5adReader.backedX(file)
    }
}

/** Whether both names lead to one file through links; another hard link is another file, since writing parts them. */
internal fun Path.samePlace(other: Path) = place() == other.place()

private fun Path.place(): Path = if (Files.exists(this)) toRealPath() else toAbsolutePath().normalize()

/** How an `.h5ad` file is written: with this [compression], and as safely as `sc.settings.syncWrites` says. */
internal fun writing(compression: String?): H5adWriter.Options {
    val none = H5adWriter.Options.DEFAULTS.withSync(syncWrites())
    if (compression == null) return none
    return none.withCompression(Check.oneOf(compression, Compression::class.java, "compression"))
}

/**
 * Writes a folder of text tables: `obs.csv`, `var.csv`, `obsm.csv`, `varm.csv` and one per entry of `uns`. See
 * [CsvFolder].
 *
 * @param skipData whether `X.csv` is left out
 * @param sep between fields
 */
public fun AnnData.writeCsvs(dirname: Any, skipData: Boolean = true, sep: String = ",") {
    CsvFolder.write(this, fileOf(dirname, "dirname"), skipData, sep) { Log.warning(it) }
}

/**
 * Writes a `.loom` file, genes in rows; `readLoom(path, obsNames = "obs_names", varNames = "var_names")` reads it back.
 * See [LoomWriter] for what Loom cannot hold.
 *
 * @param writeObsmVarm whether the arrays of `obsm` and `varm` become attributes; without it a warning names them
 */
public fun AnnData.writeLoom(filename: Any, writeObsmVarm: Boolean = false) {
    LoomWriter.write(this, fileOf(filename), writeObsmVarm, syncWrites()) { Log.warning(it) }
}

internal fun syncWrites() = Check.oneOf(Settings.syncWrites, Sync::class.java, "sc.settings.syncWrites")
