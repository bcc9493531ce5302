package org.cellweave.jupyter

import java.io.ByteArrayOutputStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64
import java.util.zip.GZIPOutputStream

/** The script that draws interactive figures, as the installation left it beside the jars. */
internal object LetsPlotScript {
    private const val FOLDER = "js"

    /** The script's name with its version. */
    private val file: Path? by lazy {
        val jar = LetsPlotScript::class.java.protectionDomain.codeSource
            ?.location
            ?.toURI()
            ?.let(Path::of)
        val folder = jar?.parent?.parent?.resolve(FOLDER)
        if (folder == null || !Files.isDirectory(folder)) return@lazy null
        Files.list(folder).use { all -> all.filter { it.fileName.toString().endsWith(".js") }.findFirst().orElse(null) }
    }

    /** Compressed, as base64. */
    private val packed: String by lazy {
        val out = ByteArrayOutputStream()
        GZIPOutputStream(out).use { it.write(Files.readAllBytes(file!!)) }
        Base64.getEncoder().encodeToString(out.toByteArray())
    }

    /** Loads the script once per page; later figures find the promise of the first. */
    fun loader(): String {
        check(file != null) {
            "Lets-Plot's script is not installed, so figures cannot be interactive. " +
                "Run ./cellweave jupyter install with a network; figures without interactive() need nothing."
        }
        return """
            window.cellweaveLetsPlot = window.cellweaveLetsPlot || (async () => {
              const packed = Uint8Array.from(atob("$packed"), c => c.charCodeAt(0));
              const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
              const code = await new Response(stream).text();
              // Page scripts such as RequireJS define `define`, which the library would take for its loader.
              const holder = {};
              const found = "\nthis.LetsPlot = typeof LetsPlot === 'undefined' ? self.LetsPlot : LetsPlot;";
              new Function("define", "module", "exports", code + found).call(holder);
              return holder.LetsPlot;
            })();
            """.trimIndent()
    }
}
