package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.dsl.session.Log
import org.cellweave.io.text.TextRows
import org.cellweave.io.text.TextSource
import org.cellweave.util.Check
import org.cellweave.util.FilePath

/** Features of two objects that belong together, a gene and its protein, by their columns. */
internal class FeaturePairs(
    val first: IntArray,
    val second: IntArray,
)

private const val SHOWN_NAMES = 5

/**
 * The pairs that a verb is given as [links]: null for equal names, pairs of names, a table whose first two columns are
 * names, or a path to such a table as CSV. Either column may name the features of either object. Names are looked for
 * as they are written, then without regard to case; links to features that are absent are left out.
 *
 * @param objects what the verb calls the two
 */
internal fun featurePairs(
    first: List<String>,
    second: List<String>,
    links: Any?,
    objects: Pair<String, String> = "adata1" to "adata2",
): FeaturePairs {
    val named = if (links == null) equalNames(first, second, objects) else namesOf(links)
    require(named.isNotEmpty()) { "links holds no pair of names" }
    val (ofFirst, ofSecond) = FeatureNames(first) to FeatureNames(second)

    fun found(pairs: List<Pair<String, String>>) =
        pairs.map { (a, b) -> ofFirst.at(a) to ofSecond.at(b) }.filter { (a, b) -> a >= 0 && b >= 0 }.distinct()

    fun told(lacking: List<Pair<String, String>>) =
        lacking.take(SHOWN_NAMES).joinToString("; ") { (a, b) -> absent(a, b, ofFirst, ofSecond, objects) } +
            if (lacking.size > SHOWN_NAMES) "; and ${lacking.size - SHOWN_NAMES} others" else ""

    val straight = found(named)
    val reversed = named.map { (a, b) -> b to a }
    val turned = found(reversed)
    val best = if (turned.size > straight.size) turned else straight
    require(best.isNotEmpty()) {
        "none of the ${named.size} links joins a feature of ${objects.first} with one of ${objects.second}: " +
            told(named)
    }
    Log.info("    ${best.size} of ${named.size} links join features that are there")
    val lacking = (if (turned.size > straight.size) reversed else named).filter { (a, b) ->
        ofFirst.at(a) < 0 || ofSecond.at(b) < 0
    }
    if (lacking.isNotEmpty()) Log.info("    left out: ${told(lacking)}")
    return FeaturePairs(IntArray(best.size) { best[it].first }, IntArray(best.size) { best[it].second })
}

private fun equalNames(
    first: List<String>,
    second: List<String>,
    objects: Pair<String, String>,
): List<Pair<String, String>> {
    val shared = first.toSet().intersect(second.toSet())
    require(shared.isNotEmpty()) {
        "${objects.first} and ${objects.second} have no feature of the same name, as '${first.firstOrNull()}' and " +
            "'${second.firstOrNull()}'. Give links: pairs of names, a table of two columns, or the path of a CSV file"
    }
    return shared.map { it to it }
}

private fun absent(
    a: String,
    b: String,
    first: FeatureNames,
    second: FeatureNames,
    objects: Pair<String, String>,
): String =
    listOf(Triple(a, first, objects.first), Triple(b, second, objects.second))
        .filter { (name, of) -> of.at(name) < 0 }
        .joinToString(", ") { (name, of, called) -> of.absent(name, called) }

private fun namesOf(links: Any): List<Pair<String, String>> =
    when (links) {
        is DataFrame -> columnsOf(links)
        is String -> read(links)
        is Map<*, *> -> links.map { (a, b) -> "$a" to "$b" }
        is Collection<*> -> links.map { pair(it) }
        else -> throw IllegalArgumentException(
            "links must be pairs of names, a table of two columns or the path of a CSV file, got a " +
                links::class.simpleName,
        )
    }

private fun pair(given: Any?): Pair<String, String> {
    require(given is Pair<*, *>) { "links must hold pairs such as \"CD3E\" to \"cd3\", got '$given'" }
    return "${given.first}" to "${given.second}"
}

private fun columnsOf(table: DataFrame): List<Pair<String, String>> {
    require(table.nCols() >= 2) { "links must have two columns of names, got ${table.keys}" }
    val (a, b) = table.keys.take(2).map { table.get(it) }
    return (0 until table.nRows()).filter { !a.isMissing(it) && !b.isMissing(it) }.map { a.text(it) to b.text(it) }
}

/** The first line is taken for a link, too: a header names no features. */
private fun read(path: String): List<Pair<String, String>> {
    val out = ArrayList<Pair<String, String>>()
    TextRows.of(TextSource.open(FilePath.of(path), "a table of links, two columns of names"), ",").use { rows ->
        var row = rows.next()
        while (row != null) {
            if (row.comment() == null && !row.isBlank) {
                require(row.size() >= 2) {
                    "$path, line ${row.line()}: a link is two names with a comma between them, got '${row.text(0)}'"
                }
                out += row.text(0).trim() to row.text(1).trim()
            }
            row = rows.next()
        }
    }
    return out
}

private class FeatureNames(private val names: List<String>) {
    private val exact = NameIndex.of("var", names)
    private val anyCase = NameIndex.of("var", names.map { it.lowercase() })

    /** The column of a feature, -1 where none or more than one has this name. */
    fun at(name: String): Int {
        if (exact.contains(name)) return if (exact.isUnique(name)) exact.at(name) else -1
        val lower = name.lowercase()
        return if (anyCase.contains(lower) && anyCase.isUnique(lower)) anyCase.at(lower) else -1
    }

    /** Why there is no column for this name. */
    fun absent(name: String, called: String): String {
        if (exact.contains(name) || anyCase.contains(name.lowercase())) return "'$name' is in $called more than once"
        val near = Check.suggestion(name, names).trim().removeSuffix("?")
        return "'$name' is not in $called" + if (near.isEmpty()) "" else " (${near.replaceFirstChar(Char::lowercase)}?)"
    }
}
