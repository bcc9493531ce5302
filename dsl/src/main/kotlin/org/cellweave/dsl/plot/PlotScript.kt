package org.cellweave.dsl.plot

import java.io.ByteArrayOutputStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64
import java.util.zip.GZIPOutputStream

/**
 * Lets-Plot's script for browsers, which no jar has: `cellweave jupyter install` fetches it.
 *
 * It is looked for where the environment variable `CELLWEAVE_PLOT_SCRIPT` says, beside the folder of the jars, and in
 * the Jupyter folders of the active Python environment and of the user.
 */
public object PlotScript {
    private const val VARIABLE = "CELLWEAVE_PLOT_SCRIPT"
    private const val INSTALLED = "cellweave/js"

    private val file: Path? by lazy { named(System.getenv(VARIABLE)) ?: folders().firstNotNullOfOrNull(::within) }

    /** Compressed, as base64; null where the script is not installed. */
    public val packed: String? by lazy { file?.let { packed(Files.readAllBytes(it)) } }

    /** Compressed by gzip, as base64: what a page unpacks with `DecompressionStream`. */
    public fun packed(content: ByteArray): String {
        val out = ByteArrayOutputStream()
        GZIPOutputStream(out).use { it.write(content) }
        return Base64.getEncoder().encodeToString(out.toByteArray())
    }

    private fun named(path: String?): Path? {
        if (path.isNullOrBlank()) return null
        return Path.of(path).also {
            require(Files.isReadable(it)) { "$VARIABLE must name Lets-Plot's script, but '$path' cannot be read" }
        }
    }

    private fun folders(): List<Path> {
        val jar = PlotScript::class.java.protectionDomain.codeSource
            ?.location
            ?.toURI()
            ?.let(Path::of)
        val home = System.getProperty("user.home")
        return listOfNotNull(
            jar?.parent?.parent?.resolve("js"),
            System.getenv("VIRTUAL_ENV")?.let { Path.of(it, "share/jupyter", INSTALLED) },
            home?.let { Path.of(it, ".local/share/jupyter", INSTALLED) },
            home?.let { Path.of(it, "Library/Jupyter", INSTALLED) },
        )
    }

    private fun within(folder: Path): Path? {
        if (!Files.isDirectory(folder)) return null
        return Files.list(folder).use { all ->
            all
                .filter { it.fileName.toString().endsWith(".js") }
                .sorted()
                .reduce { _, last -> last }
                .orElse(null)
        }
    }
}
