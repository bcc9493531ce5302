package org.cellweave.script

import kotlin.script.experimental.annotations.KotlinScript
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.jvm.jvm
import kotlin.script.experimental.jvm.jvmTarget

/**
 * What a `.kts` file becomes: its top-level code is the constructor of a subclass.
 *
 * @property args the words that follow the script's name on the command line
 */
@KotlinScript(
    displayName = "Cellweave script",
    fileExtension = "kts",
    compilationConfiguration = CellweaveScriptConfiguration::class,
)
public abstract class CellweaveScript(public val args: ScriptArgs)

/** Compiler settings that every script shares; the class path and the imports come from [ScriptCompiler]. */
internal object CellweaveScriptConfiguration : ScriptCompilationConfiguration({
    jvm { jvmTarget("17") }
}) {
    private fun readResolve(): Any = CellweaveScriptConfiguration
}

/**
 * Packages that a script sees without an import, where the class path has them.
 *
 * The list is part of the key of the compile cache.
 */
internal val DEFAULT_IMPORTS: List<String> =
    listOf(
        "org.cellweave.dsl",
        "org.cellweave.data",
        "org.cellweave.matrix",
        "org.cellweave.interop",
        "org.cellweave.spark",
        "org.jetbrains.letsPlot",
        "org.jetbrains.letsPlot.geom",
        "org.jetbrains.letsPlot.label",
        "org.jetbrains.letsPlot.scale",
        "kotlin.math",
    )

/** Names that two of the packages have; the one that a script means. */
internal val DEFAULT_NAMES: List<String> = listOf("org.cellweave.dsl.Figure")
