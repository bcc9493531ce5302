@file:JvmName("Main")

package org.cellweave.verbs

import java.io.File
import java.nio.file.Path

/**
 * Writes the index of a module's verbs: `Main INDEX STAMP SOURCES...`, with the module's compiled classes and what they
 * need on the class path; SOURCES are folders. The build runs it between compiling and testing; the file STAMP, which belongs to it alone,
 * tells whether anything has changed since.
 */
public fun main(args: Array<String>) {
    require(args.size >= 3) { "usage: INDEX STAMP SOURCES..., got ${args.toList()}" }
    val (index, stamp) = args.map(Path::of)
    val sources = args.drop(2).map(Path::of)
    val inputs = Inputs(sources + classPath(), Leftovers(index, stamp))
    inputs.ifChanged {
        val made = readFolders(sources).use { VerbReader(it, Inputs::class.java.classLoader).index() }
        IndexFile.write(index, made)
    }
}

private fun classPath(): List<Path> =
    System
        .getProperty("java.class.path")
        .split(File.pathSeparator)
        .filter(String::isNotEmpty)
        .map(Path::of)
