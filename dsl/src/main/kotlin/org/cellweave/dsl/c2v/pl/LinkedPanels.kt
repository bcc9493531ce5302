package org.cellweave.dsl

import org.cellweave.dsl.plot.FigureWriter
import org.cellweave.dsl.plot.LinkedPage
import org.cellweave.dsl.session.Settings
import org.cellweave.util.FilePath
import java.nio.file.Path
import java.util.UUID

/** What [clones2cells] returns: clones beside their cells. A notebook shows it; [save] writes it. */
public class LinkedPanels internal constructor(
    private val page: LinkedPage,
    private val clones: Int,
    private val cells: Int,
) {
    /** A page of its own that needs no network. */
    public fun toHtml(): String = page.page(NAME)

    /** The panels for a page that is there already, such as a notebook. */
    public fun toFragment(): String = page.fragment("cw-" + UUID.randomUUID())

    /** Writes the page to a file that ends in `.html`, from the current folder, and returns the path. */
    public fun save(path: String): Path {
        require(path.lowercase().endsWith(".html")) { "save must be a file name that ends in .html, got '$path'" }
        return written(FilePath.of(path))
    }

    internal fun saved(save: Any?): LinkedPanels {
        when (save) {
            null, false -> Unit
            true -> written(Settings.figureFolder.resolve("$NAME.html"))
            is String, is Path -> save(save.toString())
            else -> throw IllegalArgumentException("save must be a file name, true or false, got $save")
        }
        return this
    }

    private fun written(target: Path): Path {
        FigureWriter.atomically(target) { it.write(toHtml().toByteArray()) }
        return target
    }

    override fun toString(): String = "LinkedPanels($clones clones, $cells cells)"

    private companion object {
        const val NAME = "clones2cells"
    }
}
