package org.cellweave.jupyter.html

import org.cellweave.testing.SharedData
import java.nio.file.Files

/** Outputs as pages under `target/html`, light and dark, for a look at them. */
internal object Pages {
    private const val DARK =
        "--jp-content-font-color1:#fff;--jp-content-font-color2:rgba(255,255,255,.7);" +
            "--jp-content-font-color3:rgba(255,255,255,.5);" +
            "--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-layout-color2:#424242;" +
            "--jp-border-color2:#616161;" +
            "--jp-rendermime-table-row-background:#212121;" +
            "--jp-rendermime-table-row-hover-background:rgba(3,169,244,.2);" +
            "--jp-warn-color1:#fb8c00;--jp-error-color1:#d32f2f;--jp-info-color1:#00acc1;--jp-brand-color1:#2196f3"

    fun write(name: String, vararg outputs: String) {
        val folder = Files.createDirectories(SharedData.projectRoot().resolve("kernels/jupyter/target/html"))
        val body = outputs.joinToString("<hr/>")
        mapOf("light" to "", "dark" to ":root{$DARK}body{background:#111}").forEach { (theme, css) ->
            val head = "<meta charset=\"utf-8\"/><style>$css</style>"
            val page = "<!DOCTYPE html><html><head>$head</head><body>$body</body></html>"
            Files.writeString(folder.resolve("$name-$theme.html"), page)
        }
    }
}
