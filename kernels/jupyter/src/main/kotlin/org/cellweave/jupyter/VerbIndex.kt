package org.cellweave.jupyter

import org.cellweave.dsl.Cellweave
import org.cellweave.dsl.Help
import org.cellweave.dsl.help
import org.cellweave.dsl.memberWords
import org.jetbrains.letsPlot.commons.intern.json.JsonSupport
import java.io.PrintStream

/** Prints what `sc.help` knows of every verb as JSON, for the relay between Jupyter and the kernel. */
public fun main() {
    val index = Cellweave
        .help()
        .verbs.keys
        .associateWith { entry(Cellweave.help(it)) }
    val members = Cellweave.memberWords().associate { "$MEMBER$it" to entry(Cellweave.help(".$it")) }
    PrintStream(System.out, true, Charsets.UTF_8).print(JsonSupport.formatJson(index + members))
}

/** Before the words of what objects can be asked, which follow a dot behind any value. */
private const val MEMBER = "."

private fun entry(help: Help): Map<String, Any> =
    mapOf(
        "text" to help.toString(),
        "html" to helpHtml(help),
        "arguments" to help.declarations.mapValues { (name, declaration) ->
            mapOf("declared" to declaration, "text" to help.arguments[name].orEmpty())
        },
    )
