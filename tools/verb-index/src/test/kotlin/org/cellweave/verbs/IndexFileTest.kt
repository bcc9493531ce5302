package org.cellweave.verbs

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import kotlin.io.path.deleteExisting
import kotlin.io.path.readText
import kotlin.io.path.writeText

class IndexFileTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `the file has one line for each value, without what is empty`() {
        val index = indexOf(
            "package p\npublic val sc: Root get() = Root\npublic object Root\n" +
                "/** Says \"it\". */\npublic fun Root.f(a: Int, b: Int = N): Int = 1\nprivate const val N = 3",
        )
        assertThat(IndexFile.text(index)).isEqualTo(
            """
            {
              "format": 1,
              "namespaces": [
                {
                  "path": "sc",
                  "declared": "p.Root"
                }
              ],
              "verbs": [
                {
                  "name": "sc.f",
                  "namespace": "sc",
                  "source": "0.kt",
                  "returns": "Int",
                  "summary": "Says \"it\"",
                  "text": "Says \"it\".",
                  "parameters": [
                    {
                      "name": "a",
                      "declared": "a: Int"
                    },
                    {
                      "name": "b",
                      "declared": "b: Int",
                      "default": "3",
                      "code": "N"
                    }
                  ]
                }
              ]
            }

            """.trimIndent(),
        )
    }

    @Test
    fun `a run reads the folder and writes the file`() {
        val sources = Files.createDirectories(folder.resolve("src/a/b"))
        sources.resolve("Scvi.kt").writeText(SCVI)
        val index = folder.resolve("classes/META-INF/verbs.json")
        main(arrayOf("$index", "$folder/stamp", "$folder/src"))
        assertThat(index.readText()).contains("\"name\": \"scvi.settings.seed\"", "\"source\": \"a/b/Scvi.kt\"")
        assertThatThrownBy { main(arrayOf("$folder/src")) }.hasMessageStartingWith("usage: INDEX STAMP SOURCES")
        assertThatThrownBy { main(arrayOf("$index", "$folder/stamp", "$folder/none")) }
            .hasMessage("there is no folder $folder/none")
    }

    @Test
    fun `work is done again when an input changes, appears or goes, and when its result is gone`() {
        val input = Files.createDirectories(folder.resolve("in"))
        val one = input.resolve("one.kt").also { it.writeText("1") }
        val result = folder.resolve("in/result")
        var runs = 0

        fun runsAfter(change: () -> Unit): Int {
            change()
            Inputs(listOf(input, folder.resolve("missing")), Leftovers(result, folder.resolve("t/stamp"))).ifChanged {
                runs++
                result.writeText("$runs")
            }
            return runs
        }
        assertThat(runsAfter {}).isEqualTo(1)
        assertThat(runsAfter {}).isEqualTo(1)
        assertThat(runsAfter { one.writeText("22") }).isEqualTo(2)
        assertThat(runsAfter { Files.setLastModifiedTime(one, FileTime.fromMillis(1000)) }).isEqualTo(3)
        assertThat(runsAfter { input.resolve("two.kt").writeText("2") }).isEqualTo(4)
        assertThat(runsAfter { one.deleteExisting() }).isEqualTo(5)
        assertThat(runsAfter { result.deleteExisting() }).isEqualTo(6)
        assertThat(runsAfter {}).isEqualTo(6)
    }
}
