package org.cellweave.script

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.dsl.session.MemoryLimits
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test
import java.io.UncheckedIOException
import java.net.ConnectException
import java.nio.file.AccessDeniedException
import java.nio.file.NoSuchFileException
import java.util.concurrent.ExecutionException

class FailureReportTest {
    private val report = FailureReport(ScriptSource.ofSnippet("1"), MemoryLimits(4 * GIB, 64 * GIB))

    private fun sentence(thrown: Throwable): String = report.lines(thrown.apply { stackTrace = emptyArray() }).first()

    @Test
    fun messagesWrittenForPeopleStandAlone() {
        assertThat(sentence(MissingKeyException("obsm", "X_pca", listOf(), "Run pp.pca() first.")))
            .isEqualTo("error: obsm['X_pca'] is missing; obsm is empty. Run pp.pca() first.")
        assertThat(sentence(ShapeMismatchException("3 x 2 and 2 x 2"))).isEqualTo("error: 3 x 2 and 2 x 2")
        assertThat(sentence(IndexOutOfBoundsException("row 4 of 3"))).isEqualTo("error: row 4 of 3")
    }

    @Test
    fun fileFailuresSayWhatIsWrongWithTheFile() {
        assertThat(sentence(NoSuchFileException("a.h5ad"))).isEqualTo("error: file not found: a.h5ad")
        assertThat(sentence(AccessDeniedException("a.h5ad"))).isEqualTo("error: permission denied: a.h5ad")
    }

    @Test
    fun otherFailuresCarryTheirType() {
        assertThat(sentence(NoSuchElementException("list is empty")))
            .isEqualTo("error: NoSuchElementException: list is empty")
        assertThat(sentence(StackOverflowError())).isEqualTo("error: StackOverflowError")
    }

    @Test
    fun wrappersAreRemoved() {
        val inner = NoSuchFileException("a.h5ad")
        assertThat(sentence(ExecutionException(UncheckedIOException(inner)))).isEqualTo("error: file not found: a.h5ad")
    }

    @Test
    fun wrappersThatSayMoreThanTheirCauseAreRead() {
        val worded = UncheckedIOException("cannot download https://x/a.h5ad (ConnectException)", ConnectException())
        assertThat(sentence(ExecutionException(worded)))
            .isEqualTo("error: cannot download https://x/a.h5ad (ConnectException)")
    }

    @Test
    fun repeatedFramesAreShownOnceAndLongStacksAreCut() {
        val thrown = IllegalArgumentException("x")
        thrown.stackTrace = Array(40) { StackTraceElement("Snippet", "f", "snippet.kts", 1 + it / 2) }
        val lines = report.lines(thrown)
        assertThat(lines.subList(1, 4))
            .containsExactly("  at snippet.kts:1", "  at snippet.kts:2", "  at snippet.kts:3")
        assertThat(lines.last()).isEqualTo("  ... 8 more")
    }

    @Test
    fun exhaustedHeapSaysHowToRaiseIt() {
        assertThat(sentence(OutOfMemoryError("Java heap space")))
            .startsWith("error: out of memory: the heap may grow to 4.0 GiB. ")
            .endsWith("Give it more: ./cellweave --heap 6g snippet.kts ...")
        assertThat(sentence(OutOfMemoryError("Requested array size exceeds VM limit")))
            .isEqualTo("error: OutOfMemoryError: Requested array size exceeds VM limit")
    }

    @Test
    fun heapAdviceStaysWithinTheMachine() {
        assertThat(MemoryLimits(12 * GIB, 16 * GIB).advice { "./cellweave --heap $it a.kts" })
            .contains("--heap 14g a.kts")
        assertThat(MemoryLimits(15 * GIB, 16 * GIB).advice { it })
            .isEqualTo("This machine has 16.0 GiB: use a larger one, or read less at a time.")
    }

    private companion object {
        const val GIB = 1L shl 30
    }
}
