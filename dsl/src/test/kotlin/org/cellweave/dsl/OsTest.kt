package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.file.Files
import java.nio.file.Path

class OsTest {
    @Test
    fun `folders and what is in them`(
        @TempDir folder: Path,
    ) {
        val inner = os.path.join(folder.toString(), "a", "b")
        assertThat(os.path.exists(inner)).isFalse
        os.makedirs(inner)
        assertThat(os.path.exists(inner)).isTrue
        os.makedirs(inner, existOk = true)
        assertThatThrownBy { os.makedirs(inner) }
            .isInstanceOf(java.nio.file.FileAlreadyExistsException::class.java)
            .hasMessageContaining("existOk = true")
        listOf("c.h5ad", "B.csv", "a.h5ad").forEach { Files.writeString(Path.of(inner, it), "") }
        assertThat(os.listdir(inner)).containsExactly("B.csv", "a.h5ad", "c.h5ad")
        assertThat(os.listdir(folder.toString())).containsExactly("a")
        assertThatThrownBy { os.listdir(os.path.join(inner, "none")) }.hasMessageContaining("a folder that is there")
        assertThatThrownBy { os.listdir(os.path.join(inner, "B.csv")) }
            .hasMessageContaining("os.listdir needs a folder")
        assertThat(os.getcwd()).isEqualTo(File("").absolutePath)
    }

    @Test
    fun `parts of paths`() {
        val slash = File.separator
        assertThat(os.path.join("a", "b", "c.h5ad")).isEqualTo("a${slash}b${slash}c.h5ad")
        assertThat(os.path.join("a/", "b")).isEqualTo("a/b")
        assertThat(os.path.join("", "b")).isEqualTo("b")
        assertThat(os.path.join("a", "")).isEqualTo("a$slash")
        assertThat(os.path.join("a", "/b", "c")).isEqualTo("/b${slash}c")
        assertThat(os.path.basename("a/b.h5ad") + os.path.basename("a/")).isEqualTo("b.h5ad")
        assertThat(os.path.splitext("a.b/c.h5.gz")[0]).isEqualTo("a.b/c.h5")
        val (root, ext) = os.path.splitext("c.h5ad")
        assertThat(root to ext).isEqualTo("c" to ".h5ad")
        assertThat(os.path.splitext("a.b/c")[-1]).isEmpty()
        assertThat(os.path.splitext("..bashrc").toString()).isEqualTo("(..bashrc, )")
        assertThatThrownBy { os.path.splitext("a.b")[2] }.isInstanceOf(IndexOutOfBoundsException::class.java)
    }
}
