package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.session.fileOf
import org.cellweave.dsl.session.withProgress
import org.cellweave.io.H5adReader
import org.cellweave.io.remote.RemoteFile
import org.cellweave.util.OwnFolders
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.HexFormat
import kotlin.io.path.name

/**
 * What [read] makes of [source], kept in `sc.settings.cachedir` as `.h5ad` for the next time.
 *
 * Unlike scanpy's, a copy is used only while names, sizes and times of the files are those it was made from; the one
 * that it replaces is deleted.
 *
 * @param options what the result depends on besides the files
 */
internal fun cached(source: Path, options: String, read: () -> AnnData): AnnData {
    if (!Files.exists(source)) {
        return read()
    }
    val place = source.toAbsolutePath().normalize()
    val prefix = "${place.name}-${digest("$place\n$options")}-"
    val copy = Settings.cacheFolder.resolve("$prefix${digest(state(place))}.h5ad")
    // Where others can write, they could leave something else under this name.
    if (Files.exists(copy) && OwnFolders.isOwnFile(copy, false)) {
        Log.info("... reading from cache file $copy")
        return H5adReader.read(copy, h5adOptions(backed = false))
    }
    val adata = read()
    Log.info("... writing an h5ad cache file to speedup reading next time")
    Files.createDirectories(Settings.cacheFolder)
    val older = Files.list(Settings.cacheFolder).use { all -> all.filter { it.name.startsWith(prefix) }.toList() }
    adata.writeH5ad(copy.toString())
    older.forEach { Files.deleteIfExists(it) }
    return adata
}

/** The file that is [given], downloaded from [address] at first when it is not there. */
internal fun present(given: Any, address: String?): Path {
    val place = fileOf(given)
    if (address == null || Files.exists(place)) {
        return place
    }
    val file = RemoteFile(URI.create(address), null, Settings.downloadSchemes, Settings.downloadTimeout)
    return withProgress { file.fetch(place, it) }
}

private fun state(source: Path): String {
    val files = if (Files.isDirectory(source)) Files.list(source).use { it.sorted().toList() } else listOf(source)
    return files.joinToString("\n") { "${it.name} ${Files.size(it)} ${Files.getLastModifiedTime(it).toMillis()}" }
}

private fun digest(text: String): String {
    val bytes = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())
    return HexFormat.of().formatHex(bytes, 0, 6)
}
