package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.net.URLClassLoader
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.writeText

class VerbIndexTest {
    private val index = VerbIndex.shared

    @Test
    fun `every verb that the classes have is listed, and no other`() {
        val listed = index.all.map { verb -> verb.name to verb.parameters.map { it.name } }
        val compiled = PublicVerbs().verbs.map { verb ->
            "${verb.namespace}.${verb.name}" to verb.arguments
        }
        assertThat(compiled).hasSizeGreaterThan(150)
        assertThat(listed).containsExactlyInAnyOrderElementsOf(compiled)
    }

    @Test
    fun `what can be called is listed, with members of namespaces and without hidden functions`() {
        val leiden = index.all.filter { it.name == "sc.tl.leiden" }
        assertThat(leiden).isNotEmpty
        assertThat(leiden.first().parameters.map { it.name }).startsWith("adata", "resolution")
        assertThat(index.all.map { it.namespace })
            .contains("sc", "sc.pp", "sc.tl", "sc.pl", "sc.get", "sc.metrics", "sc.datasets", "sc.external.pp")
        assertThat(index.all.map { it.name.substringAfterLast('.') })
            .contains("setFigureParams", "pbmc3k")
            .doesNotContain("present", "cached")
    }

    @Test
    fun `verbs say where they stand and what they read and write`() {
        val umap = index.verbs.getValue("tl.umap")
        assertThat(umap.namespace).isEqualTo("sc.tl")
        assertThat(umap.source).endsWith("/Umap.kt")
        assertThat(umap.reads).isEqualTo("Reads `obsp[\"connectivities\"]` and `uns[\"neighbors\"]`.")
        assertThat(umap.writes).startsWith("Writes `obsm[\"X_umap\"]`")
        assertThat(umap.parameters.first { it.name == "minDist" }.code).isEqualTo("UMAP.minDist()")
        assertThat(umap.parameters.first().code).isNull()
    }

    @Test
    fun `defaults follow the preset`() {
        fun declared(verb: String, name: String) = sc.help(verb).declarations.getValue(name)
        try {
            assertThat(declared("tl.umap", "keyAdded")).isEqualTo("keyAdded: String? = null")
            assertThat(declared("pp.scale", "zeroCenter")).isEqualTo("zeroCenter: Boolean = true")
            sc.settings.preset = "ScanpyV2Preview"
            assertThat(declared("tl.umap", "keyAdded")).isEqualTo("keyAdded: String? = \"umap\"")
            assertThat(declared("pp.scale", "zeroCenter")).isEqualTo("zeroCenter: Boolean")
        } finally {
            sc.settings.preset = "ScanpyV1"
        }
    }

    @Test
    fun `a module with verbs of its own is found, and its namespaces need no other place`(
        @TempDir folder: Path,
    ) {
        val file = folder.resolve(VerbIndex.NAME)
        Files.createDirectories(file.parent)
        file.writeText(
            """{"format": 1, "verbs": [{"name": "velo.model.train", "namespace": "velo.model", "returns": "Model",
            "summary": "Trains", "text": "Trains. Long.", "arguments": {"epochs": "how long"},
            "parameters": [{"name": "epochs", "declared": "epochs: Int", "default": "400"}]}]}""",
        )
        URLClassLoader(arrayOf(folder.toUri().toURL()), javaClass.classLoader).use { loader ->
            val both = VerbIndex.of(loader)
            assertThat(both.verbs.keys).contains("pp.pca", "velo.model.train")
            val help = Help.of("velo.model.train", both)
            assertThat(help.toString())
                .isEqualTo("velo.model.train(\n    epochs: Int = 400,\n): Model\n\nTrains. Long.\n\n  epochs: how long")
            assertThat(Help.of("velo", both).verbs).isEqualTo(mapOf("velo.model.train" to "Trains"))
            assertThat(Help.of("", both).verbs.keys).contains("velo.model.train", "sc.tl.umap")
            assertThatThrownBy { Help.of("velo.model.trian", both) }.hasMessageContaining("'velo.model.train'")
        }
    }

    @Test
    fun `a list of another schema, or none, is told`(
        @TempDir folder: Path,
    ) {
        val file = folder.resolve(VerbIndex.NAME)
        Files.createDirectories(file.parent)
        URLClassLoader(arrayOf(folder.toUri().toURL()), null).use { loader ->
            assertThatThrownBy { VerbIndex.of(loader) }.hasMessageContaining("${VerbIndex.NAME} is missing")
            file.writeText("""{"format": 2}""")
            assertThatThrownBy { VerbIndex.of(loader) }.hasMessageContaining("another version")
        }
    }
}
