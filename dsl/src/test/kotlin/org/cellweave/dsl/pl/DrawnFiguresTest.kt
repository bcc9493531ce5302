package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.DrawnFigures
import org.cellweave.dsl.plus
import org.cellweave.dsl.sc
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class DrawnFiguresTest {
    @TempDir
    lateinit var folder: Path

    @JvmField
    @RegisterExtension
    internal val heard = HeardMessages()

    private val cells = FigureSamples.cells(12)

    private fun said(): List<String> {
        DrawnFigures.atEnd()
        return heard.toList().also { heard.clear() }
    }

    @Test
    fun `a script is told once which figures it has not saved`() {
        DrawnFigures.atEnd()
        heard.listen()
        heard.clear()
        assertThat(said()).isEmpty()
        sc.pl.umap(cells)
        assertThat(said()).containsExactly(
            "WARNING: the figure 'umap' was drawn and not saved: give the verb save = \"umap.png\", call " +
                "figure.save(\"umap.png\"), or set sc.settings.autosave = true",
        )
        assertThat(said()).`as`("once").isEmpty()
        sc.pl.umap(cells).save(folder.resolve("a.png"))
        sc.pl.umap(cells, save = folder.resolve("b.png").toString())
        val parts = sc.pl.umap(cells) + sc.pl.violin(cells, "Ga")
        parts.save(folder.resolve("c.png"))
        assertThat(said()).`as`("saved, or part of what is saved").isEmpty()
        List(30) { sc.pl.umap(cells) }.forEach { it.save(folder.resolve("many.png")) }
        assertThat(said()).`as`("many that are saved later").isEmpty()
        repeat(30) { sc.pl.umap(cells) }
        assertThat(said().single()).startsWith("WARNING: 30 figures were drawn and not saved (umap): give the verb")
    }
}
