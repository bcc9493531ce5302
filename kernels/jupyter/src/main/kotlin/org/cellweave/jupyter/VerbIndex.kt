package org.cellweave.jupyter

import org.cellweave.dsl.Cellweave
import org.cellweave.dsl.Help
import org.cellweave.dsl.help
import org.jetbrains.letsPlot.commons.intern.json.JsonSupport
import java.io.PrintStream

/** Prints what `sc.help` knows of every verb as JSON, for the relay between Jupyter and the kernel. */
public fun main() {
    val index = Cellweave.help().verbs.keys.associate { name ->
        name.removePrefix("sc.") to entry(Cellweave.help(name))
    }
    PrintStream(System.out, true, Charsets.UTF_8).print(JsonSupport.formatJson(index))
}

private fun entry(help: Help): Map<String, Any> =
    mapOf(
        "text" to help.toString(),
        "html" to helpHtml(help),
        "arguments" to declared(help).mapValues { (name, declaration) ->
            mapOf("declared" to declaration, "text" to help.arguments[name].orEmpty())
        },
    )

/** `nNeighbors` to `nNeighbors: Int = 15`. */
private fun declared(help: Help): Map<String, String> =
    help.signature
        .lines()
        .filter { it.startsWith("    ") }
        .associate { line -> line.trim().substringBefore(':').removePrefix("vararg ") to line.trim().removeSuffix(",") }
