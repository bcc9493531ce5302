package org.cellweave.verbs

import org.jetbrains.kotlin.kdoc.psi.api.KDoc
import org.jetbrains.kotlin.kdoc.psi.impl.KDocTag

/**
 * A KDoc comment, taken apart.
 *
 * @property summary the first sentence, without its stop
 * @property text all before the first tag; paragraphs and blocks of code stand apart by an empty line
 * @property reads the sentences of [text] that say what is read
 * @property writes those that say what is written
 * @property arguments what `@param` says, by name
 * @property returns what `@return` says, or empty
 * @property throws what `@throws` says, with the exception in front
 */
internal data class Documentation(
    val summary: String,
    val text: String,
    val reads: String,
    val writes: String,
    val arguments: Map<String, String>,
    val returns: String,
    val throws: List<String>,
) {
    companion object {
        fun of(comment: KDoc?): Documentation {
            val tags = comment?.getAllSections().orEmpty().flatMap { it.children.filterIsInstance<KDocTag>() }

            fun tagged(vararg names: String) = tags.filter { it.name in names }
            return of(
                text = prose(comment?.getDefaultSection()?.getContent().orEmpty()),
                arguments = tagged("param").associate { it.getSubjectName().orEmpty() to prose(it.getContent()) },
                returns = tagged("return").joinToString(" ") { prose(it.getContent()) },
                throws = tagged("throws", "exception").map { "${it.getSubjectName()}: ${prose(it.getContent())}" },
            )
        }

        /** Of texts whose lines are joined and whose links are words already. */
        fun of(text: String, arguments: Map<String, String>, returns: String, throws: List<String>): Documentation {
            val sentences = sentences(text)
            return Documentation(
                summary = text.substringBefore(". ").substringBefore("\n").removeSuffix("."),
                text = text,
                reads = sentences.filter(READS::containsMatchIn).joinToString(" "),
                writes = sentences.filter(WRITES::containsMatchIn).joinToString(" "),
                arguments = arguments,
                returns = returns,
                throws = throws,
            )
        }

        private val READS = Regex("\\b[Rr]eads\\b")
        private val WRITES = Regex("\\b[Ww]rites\\b")
        private const val FENCE = "```"

        /** Lines of a paragraph become one; those of code stay. Brackets around names are KDoc's, not the reader's. */
        private fun prose(content: String): String =
            content
                .split(Regex("(?m)^[ \\t]*$FENCE.*$"))
                .flatMapIndexed { i, part -> if (i % 2 == 1) listOf(part.trim('\n')) else paragraphs(part) }
                .filter(String::isNotBlank)
                .joinToString("\n\n")

        private fun paragraphs(text: String): List<String> =
            text.trim().split(Regex("\n\\s*\n")).map { unlinked(it.replace(Regex("\\s*\n\\s*"), " ").trim()) }

        /** `[Preprocessing.pca]` is `Preprocessing.pca`; code between backticks stays. */
        private fun unlinked(paragraph: String): String =
            paragraph
                .split('`')
                .mapIndexed { i, part -> if (i % 2 == 1) part else LINK.replace(part, "$1") }
                .joinToString("`")

        private val LINK = Regex("(?<![\\w\"])\\[([A-Za-z][\\w.]*)](?![\\w\\[(])")

        private fun sentences(text: String): List<String> =
            text.split("\n\n").flatMap { it.split(Regex("(?<=[.])\\s+(?=[A-Z`])")) }
    }
}
