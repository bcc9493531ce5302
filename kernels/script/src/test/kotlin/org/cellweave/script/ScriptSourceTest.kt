package org.cellweave.script

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.createDirectory
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText

class ScriptSourceTest {
    @TempDir lateinit var folder: Path

    private fun usage(text: String): String? = ScriptSource.ofSnippet(text).usage()

    @Test
    fun usageComesFromTheOpeningCommentOnly() {
        assertThat(usage("// Does x.\n//  usage: a.kts IN\n\nval x = 1")).isEqualTo("usage: a.kts IN")
        assertThat(usage("#!/usr/bin/env cellweave\n\n// Usage: a.kts IN")).isEqualTo("Usage: a.kts IN")
        assertThat(usage("/**\n * Does x.\n * usage: a.kts IN */\nval x = 1")).isEqualTo("usage: a.kts IN")
        assertThat(usage("val x = 1\n// usage: a.kts IN")).isNull()
        assertThat(usage("// nothing")).isNull()
    }

    @Test
    fun lineEndsAndByteOrderMarkAreTakenAway() {
        val file = folder.resolve("a.kts").also { it.writeText("\uFEFFval a = 1\r\nval b = 2\rval c = 3") }
        assertThat(ScriptSource.ofFile(file.toString()).text).isEqualTo("val a = 1\nval b = 2\nval c = 3")
    }

    @Test
    fun whatCannotBeRunIsSaidInOneSentence() {
        folder.resolve("pca.kts").writeText("")
        folder.resolve("tables").createDirectory()
        folder.resolve("data.csv").writeText("")
        folder.resolve("latin.kts").writeBytes(byteArrayOf('"'.code.toByte(), 0xe9.toByte(), '"'.code.toByte()))
        refused("pac.kts", "there is no script $folder/pac.kts. Did you mean 'pca.kts'?")
        refused("pca", "there is no script $folder/pca. Did you mean 'pca.kts'?")
        refused("umap-figure.kts", "there is no script $folder/umap-figure.kts.")
        refused("no/pca.kts", "there is no script $folder/no/pca.kts. There is no folder $folder/no either.")
        refused("", "$folder is a folder, not a script. It holds latin.kts, pca.kts")
        refused("tables", "$folder/tables is a folder, not a script.")
        refused("data.csv", "$folder/data.csv is not a script: its name must end in .kts")
        refused("latin.kts", "$folder/latin.kts is not UTF-8 text: save it as UTF-8")
    }

    private fun refused(name: String, message: String) {
        assertThatThrownBy { ScriptSource.ofFile(folder.resolve(name).toString()) }
            .isInstanceOf(NoScriptException::class.java)
            .hasMessage(message)
    }
}
