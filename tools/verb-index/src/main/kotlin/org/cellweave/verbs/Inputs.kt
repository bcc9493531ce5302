package org.cellweave.verbs

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.getLastModifiedTime
import kotlin.io.path.isDirectory
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** What a run leaves: its result, and what it was made from. */
internal class Leftovers(val result: Path, val stamp: Path)

/** Files and folders that a result is made from; most builds change none of them. */
internal class Inputs(private val roots: List<Path>, private val before: Leftovers) {
    /** Calls [work] unless the result is there and all inputs have the times and sizes of the last run. */
    fun ifChanged(work: () -> Unit) {
        val now = state()
        if (before.result.exists() && before.stamp.exists() && before.stamp.readText() == now) return
        work()
        Files.createDirectories(before.stamp.toAbsolutePath().parent)
        before.stamp.writeText(now)
    }

    private fun state(): String = roots.filter(Path::exists).flatMap(::files).joinToString("\n")

    /** The result may lie among the classes that it is made from. */
    private fun files(root: Path): List<String> =
        Files.walk(root).use { all ->
            all
                .filter { !it.isDirectory() && it != before.result }
                .sorted()
                .map { "$it ${Files.size(it)} ${it.getLastModifiedTime().toMillis()}" }
                .toList()
        }
}
