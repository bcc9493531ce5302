package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.requireColumns

/** Comparisons of columns with values, joined by `and` and `or`; what is more is refused with the way to write it. */
internal class TableQuery(
    private val table: DataFrame,
    private val expression: String,
) {
    fun mask(): BooleanArray =
        parts(expression, Regex("""\s+or\s+|\s*\|\s*"""))
            .map { either ->
                parts(either, Regex("""\s+and\s+|\s*&\s*""")).map(::comparison).reduce { a, b -> a and b }
            }.reduce { a, b -> a or b }

    /** What stands in quotes is not cut. */
    private fun parts(text: String, at: Regex): List<String> {
        val cuts = at.findAll(text).filter { cut -> !isQuoted(text, cut.range.first) }.toList()
        val starts = listOf(0) + cuts.map { it.range.last + 1 }
        val ends = cuts.map { it.range.first } + text.length
        return starts.zip(ends).map { (from, to) -> text.substring(from, to) }
    }

    private fun isQuoted(text: String, at: Int) =
        text.substring(0, at).let { before ->
            before.count { it == '\'' } % 2 == 1 ||
                before.count { it == '"' } % 2 == 1
        }

    private fun comparison(part: String): BooleanArray {
        val match =
            requireNotNull(COMPARISON.matchEntire(part.trim().removeSurrounding("(", ")"))) {
                "query understands comparisons such as \"x > 5 and y == 'B'\", not '${part.trim()}'; write a mask: " +
                    "table[(table[\"x\"] gt 5) and (table[\"y\"] eq \"B\")]"
            }
        val (name, relation, text) = match.destructured
        val key = name.removeSurrounding("`")
        requireColumns(table, "table", listOf(key))
        val column = table[key]
        val value = value(text.trim())
        return when (relation) {
            ">" -> column gt value
            ">=" -> column ge value
            "<" -> column lt value
            "<=" -> column le value
            "==" -> column eq value
            else -> column ne value
        }
    }

    private fun value(text: String): Any {
        val quoted = text.first() == text.last() && text.first() in "'\"" && text.length > 1
        if (quoted) return text.substring(1, text.length - 1)
        if (text == "True" || text == "False") return text == "True"
        text.toDoubleOrNull()?.let { return it }
        requireColumns(table, "table", listOf(text.removeSurrounding("`")))
        return table[text.removeSurrounding("`")]
    }

    private companion object {
        val COMPARISON = Regex("""(`[^`]+`|[\w.]+)\s*(==|!=|>=|<=|>|<)\s*(.+)""")
    }
}
