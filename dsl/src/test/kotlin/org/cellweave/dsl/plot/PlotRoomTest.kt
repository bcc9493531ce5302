package org.cellweave.dsl.plot

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.name
import kotlin.io.path.readText

/** Figures know neither verbs nor settings nor the annotated object: what they draw is handed to them. */
class PlotRoomTest {
    private val folder: Path =
        SharedData.projectRoot().resolve("dsl/src/main/kotlin/org/cellweave/dsl/plot")

    private fun faults(sources: Map<String, String>): List<String> =
        sources.flatMap { (name, source) ->
            USED
                .findAll(source.replace(COMMENT, ""))
                .map { it.value }
                .filter { used -> ALLOWED.none { used.startsWith(it) } }
                .map { "$name uses $it" }
        }

    @Test
    fun `nothing leads back to the verbs`() {
        val files = Files.list(folder).use { all -> all.filter { it.name.endsWith(".kt") }.toList() }
        val sources = files.associate { it.name to it.readText() }
        assertThat(sources).hasSizeGreaterThan(30)
        assertThat(faults(sources)).isEmpty()
    }

    @Test
    fun `a way back is noticed`() {
        val source =
            """
            package org.cellweave.dsl.plot
            import org.cellweave.dsl.Settings
            import org.cellweave.dsl.sc
            import org.cellweave.util.Check
            /** As org.cellweave.dsl.umap draws it. */
            val a = org.cellweave.dsl.Plotting.umap(org.cellweave.data.AnnData())
            """
        assertThat(faults(mapOf("A.kt" to source))).containsExactly(
            "A.kt uses org.cellweave.dsl.Settings", "A.kt uses org.cellweave.dsl.sc",
            "A.kt uses org.cellweave.dsl.Plotting.umap", "A.kt uses org.cellweave.data.AnnData",
        )
    }

    private companion object {
        val ALLOWED = listOf("org.cellweave.dsl.plot", "org.cellweave.util.", "org.cellweave.io.file.ReplacedFile")
        val USED = Regex("org\\.cellweave\\.[\\w.]+")
        val COMMENT = Regex("/\\*.*?\\*/|//[^\\n]*", RegexOption.DOT_MATCHES_ALL)
    }
}
