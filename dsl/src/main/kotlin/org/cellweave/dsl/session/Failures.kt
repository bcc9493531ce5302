package org.cellweave.dsl.session

import org.cellweave.util.ConvergenceException
import org.cellweave.util.FormatException
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import java.io.FileNotFoundException
import java.io.UncheckedIOException
import java.nio.file.AccessDeniedException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.NoSuchFileException
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException

/** How a failure reads for the person at the keyboard, in a terminal or under a cell. */
public object Failures {
    /** Removes the wrappers that say only where a failure passed through. */
    public fun unwrapped(thrown: Throwable): Throwable {
        val inner =
            when (thrown) {
                is ExecutionException, is CompletionException -> thrown.cause
                is UncheckedIOException -> thrown.cause.takeUnless { isWorded(thrown) }
                is ExceptionInInitializerError -> thrown.cause
                else -> null
            }
        return if (inner == null) thrown else unwrapped(inner)
    }

    /** True where the message says more than the cause: which file or address it was, and what to do. */
    private fun isWorded(failure: UncheckedIOException): Boolean =
        failure.message != null && failure.message != failure.cause.toString()

    /** One sentence; the type's name comes first only where the message was not written for a reader. */
    public fun sentence(failure: Throwable): String {
        val message = failure.message?.takeIf(String::isNotBlank)
        val type = failure.javaClass.simpleName.ifEmpty { failure.javaClass.name }
        return when {
            failure is NoSuchFileException -> "file not found: $message"
            failure is AccessDeniedException -> "permission denied: $message"
            failure is FileAlreadyExistsException -> "file exists already: $message"
            message == null -> type
            speaksForItself(failure) -> message
            else -> "$type: $message"
        }
    }

    /** True for failures whose message was written for the person at the keyboard. */
    public fun speaksForItself(failure: Throwable): Boolean =
        failure is IllegalArgumentException ||
            failure is MissingKeyException ||
            failure is ShapeMismatchException ||
            failure is FormatException ||
            failure is UncheckedIOException ||
            failure is ConvergenceException ||
            failure is IndexOutOfBoundsException ||
            failure is FileNotFoundException ||
            failure is NoSuchFileException ||
            failure is AccessDeniedException ||
            failure is FileAlreadyExistsException ||
            failure is OutOfMemoryError

    /** True when the Java heap, or memory that counts against it, is full; false for threads and other limits. */
    public fun isHeapFull(failure: OutOfMemoryError): Boolean {
        val message = failure.message
        return message == null || HEAP_WORDS.any { message.contains(it, ignoreCase = true) }
    }

    private val HEAP_WORDS = listOf("heap", "GC overhead", "direct buffer")
}
