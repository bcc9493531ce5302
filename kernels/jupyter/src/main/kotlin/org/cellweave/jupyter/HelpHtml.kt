package org.cellweave.jupyter

import org.cellweave.dsl.Help

/** The signature as code, then text, then a table of arguments or verbs. */
internal fun helpHtml(help: Help): String =
    buildString {
        append("<div class=\"cw-help\">")
        append("<pre><code>").append(escaped(help.signature.ifEmpty { help.name })).append("</code></pre>")
        for (paragraph in help.text.split("\n\n").filter(String::isNotBlank)) {
            append("<p>").append(escaped(paragraph)).append("</p>")
        }
        val rows = help.arguments + help.verbs
        if (rows.isNotEmpty()) {
            append("<table>")
            for ((name, said) in rows) {
                append("<tr><td style=\"text-align:left\"><code>").append(escaped(name)).append("</code></td>")
                append("<td style=\"text-align:left\">").append(escaped(said)).append("</td></tr>")
            }
            append("</table>")
        }
        append("</div>")
    }

internal fun escaped(text: String): String =
    text
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
