package org.cellweave.dsl

import java.io.File
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException
import java.nio.file.Path

/** What notebooks use of Python's `os`; see [OperatingSystem]. */
public val os: OperatingSystem get() = OperatingSystem

/** Names in folders and parts of paths, as Python's `os` has them; the rest is in Kotlin's `java.io.File`. */
public object OperatingSystem {
    /** Parts of paths: `os.path.join("data", "x.h5ad")`. */
    public val path: PathNames get() = PathNames

    /**
     * Names of what is in a folder, sorted, so that a script goes through them in one order on every machine; Python's
     * order is any.
     *
     * @throws NoSuchFileException when there is nothing at [path]
     * @throws NotDirectoryException when it is a file
     */
    public fun listdir(path: String = "."): List<String> {
        val folder = Path.of(path)
        if (!Files.exists(folder)) throw NoSuchFileException(path, null, "os.listdir needs a folder that is there")
        if (!Files.isDirectory(folder)) throw NotDirectoryException("$path is a file; os.listdir needs a folder")
        return Files.newDirectoryStream(folder).use { all -> all.map { it.fileName.toString() }.sorted() }
    }

    /**
     * Makes a folder and those above it.
     *
     * @param existOk whether it may be there already
     */
    public fun makedirs(name: String, existOk: Boolean = false) {
        if (!existOk && Files.exists(Path.of(name))) {
            throw java.nio.file.FileAlreadyExistsException(name, null, "existOk = true takes it as it is")
        }
        Files.createDirectories(Path.of(name))
    }

    /** The folder that relative paths begin in. */
    public fun getcwd(): String = File("").absolutePath
}

/** See [OperatingSystem.path]. */
public object PathNames {
    /** The parts with separators between them; a part that is absolute drops those before it. */
    public fun join(first: String, vararg more: String): String =
        more.fold(first) { path, part ->
            when {
                isAbsolute(part) -> part
                path.isEmpty() || path.endsWith('/') || path.endsWith(File.separatorChar) -> path + part
                else -> path + File.separator + part
            }
        }

    private fun isAbsolute(path: String) = path.startsWith('/') || Path.of(path).isAbsolute

    /** Whether there is a file or a folder. */
    public fun exists(path: String): Boolean = Files.exists(Path.of(path))

    /** What stands behind the last separator: nothing when it is the end. */
    public fun basename(path: String): String = path.substring(afterSeparator(path))

    /** The path without its extension, and the extension with its dot: `os.path.splitext("a.h5ad")[0]`. */
    public fun splitext(path: String): PathParts {
        val name = afterSeparator(path)
        val dot = path.lastIndexOf('.')
        // dots that a name begins with are part of it
        val has = dot > name && path.substring(name, dot).any { it != '.' }
        return if (has) PathParts(path.substring(0, dot), path.substring(dot)) else PathParts(path, "")
    }

    private fun afterSeparator(path: String): Int =
        maxOf(path.lastIndexOf('/'), path.lastIndexOf(File.separatorChar)) + 1
}

/** A path in two: `val (root, ext) = os.path.splitext(path)`. */
public class PathParts internal constructor(
    private val root: String,
    private val ext: String,
) {
    public operator fun component1(): String = root

    public operator fun component2(): String = ext

    /** The path without extension at 0, the extension at 1. */
    public operator fun get(index: Int): String =
        when (index) {
            0, -2 -> root
            1, -1 -> ext
            else -> throw IndexOutOfBoundsException("a path has the parts 0 and 1, got $index")
        }

    override fun toString(): String = "($root, $ext)"
}
