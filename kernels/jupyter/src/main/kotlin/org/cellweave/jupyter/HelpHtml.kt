package org.cellweave.jupyter

import org.cellweave.dsl.Help
import org.cellweave.jupyter.html.Html
import org.cellweave.jupyter.html.Style

/** The signature as code, then text, then a table of arguments or verbs. */
internal fun helpHtml(help: Help): String =
    buildString {
        append(Style.sheet).append("<div class=\"cw\">")
        append("<pre><code>").append(Html.escape(help.signature.ifEmpty { help.name })).append("</code></pre>")
        for (paragraph in help.text.split("\n\n").filter(String::isNotBlank)) {
            append("<p>").append(withCode(paragraph)).append("</p>")
        }
        val rows = help.arguments + help.verbs
        if (rows.isNotEmpty()) {
            append("<div class=\"cw-scroll\"><table class=\"cw-t\"><tbody>")
            for ((name, said) in rows) {
                append("<tr><th>").append(Html.escape(name)).append("</th>")
                append("<td class=\"cw-w\">").append(withCode(said)).append("</td></tr>")
            }
            append("</tbody></table></div>")
        }
        append("</div>")
    }

/** Text between backticks is code. */
private fun withCode(text: String): String = Html.escape(text).replace(Regex("`([^`]+)`"), "<code>$1</code>")
