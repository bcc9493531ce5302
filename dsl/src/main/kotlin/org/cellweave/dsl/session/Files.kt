package org.cellweave.dsl.session

import org.cellweave.util.FilePath
import java.io.File
import java.nio.file.Path

/** The file or folder that a caller names by a text, a path or a file; [name] is the argument. */
internal fun fileOf(given: Any, name: String = "filename"): Path =
    when (given) {
        is String -> FilePath.of(given)
        is Path -> given
        is File -> given.toPath()
        else -> throw IllegalArgumentException(
            "$name must be a text, a Path or a File, got a ${given::class.simpleName}",
        )
    }
