package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import java.nio.file.NoSuchFileException
import java.util.concurrent.CancellationException

class CellErrorsTest {
    private val notices = mutableListOf<String>()
    private val errors = CellErrors({}, notices::add)

    private fun thrown(failure: Throwable): Throwable {
        failure.stackTrace =
            arrayOf(
                StackTraceElement("org.cellweave.embed.umap.Umap", "run", "Umap.java", 10),
                StackTraceElement("Line_3_jupyter", "f", "Line_3.jupyter.kts", 2),
                StackTraceElement("Line_3_jupyter", "<init>", "Line_3.jupyter.kts", 5),
                StackTraceElement("jdk.internal.reflect.NativeConstructorAccessorImpl", "newInstance0", null, -2),
                StackTraceElement("org.jetbrains.kotlinx.jupyter.repl.X", "eval", "X.kt", 1),
                StackTraceElement("Line_1_jupyter", "<init>", "Line_1.jupyter.kts", 1),
            )
        return failure
    }

    private fun lines(failure: Throwable) = failure.stackTrace.map { "${it.fileName}:${it.lineNumber}" }

    @Test
    fun `a message for the reader keeps only lines of cells`() {
        val failure = thrown(IllegalArgumentException("nNeighbors must be at least 2, got 0"))
        assertThat(errors.accepts(failure)).isFalse
        assertThat(lines(failure)).containsExactly("Line_3.jupyter.kts:2", "Line_3.jupyter.kts:5")
        assertThat(notices).isEmpty()
    }

    @Test
    fun `other failures keep the place that threw, causes too`() {
        val cause = thrown(IllegalStateException("inner"))
        val failure = thrown(RuntimeException("outer", cause))
        errors.accepts(failure)
        val expected = listOf("Umap.java:10", "Line_3.jupyter.kts:2", "Line_3.jupyter.kts:5")
        assertThat(lines(failure)).isEqualTo(expected)
        assertThat(lines(cause)).isEqualTo(expected)
    }

    @Test
    fun `an interrupt needs no place`() {
        val failure = thrown(CancellationException("interrupted"))
        errors.accepts(failure)
        assertThat(lines(failure)).doesNotContain("Umap.java:10")
    }

    @Test
    fun `a full heap says how to get more, other limits do not`() {
        errors.accepts(thrown(OutOfMemoryError("Java heap space")))
        assertThat(notices.single()).startsWith("out of memory: the heap may grow to ").contains("stays usable")
        notices.clear()
        errors.accepts(thrown(OutOfMemoryError("unable to create native thread")))
        assertThat(notices).isEmpty()
    }

    @Test
    fun `a bare file name and a lost value are explained`() {
        errors.accepts(thrown(NoSuchFileException("a.h5ad")))
        assertThat(notices).containsExactly("file not found: a.h5ad")
        notices.clear()
        val lost = "Cannot invoke \"Line_4.getX()\" because \"this.\$\$earlierScripts[3]\" is null"
        errors.accepts(thrown(NullPointerException(lost)))
        assertThat(notices.single()).contains("Run it again")
    }
}
