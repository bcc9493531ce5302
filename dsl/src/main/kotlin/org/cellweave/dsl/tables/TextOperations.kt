package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.util.Check
import org.cellweave.util.Quoted

/** What is asked of the texts of a column, as pandas' `str`: `adata.obs["sample"].str.split("_").str[0]`. */
public val Column.str: TextOperations<Column>
    get() = TextOperations(Array(size()) { if (isMissing(it)) null else text(it) }) { StringColumn(it, false) }

/** What is asked of names, as pandas' `str`: `adata.varNames.str.startsWith("MT-")`. */
public val List<String>.str: TextOperations<List<String>>
    get() = TextOperations(Array(size) { this[it] }) { texts -> texts.map { it.orEmpty() } }

/**
 * Questions to texts and changes of them, one by one. Questions give a mask, in which a missing text is no; changes
 * give what they were asked of, a column or a list, in which it stays missing. Patterns are regular expressions, in
 * which Python's `(?P<name>...)` is understood.
 */
public class TextOperations<T> internal constructor(
    private val texts: Array<String?>,
    private val wrap: (Array<String?>) -> T,
) {
    private inline fun ask(question: (String) -> Boolean) =
        BooleanArray(texts.size) { i -> texts[i]?.let(question) ?: false }

    private inline fun change(how: (String) -> String?): T = wrap(Array(texts.size) { i -> texts[i]?.let(how) })

    private inline fun number(how: (String) -> Int): Column {
        val values = texts.map { it?.let(how) }
        return if (null in values) {
            NumericColumn.of(*DoubleArray(values.size) { values[it]?.toDouble() ?: Double.NaN })
        } else {
            NumericColumn.of(*LongArray(values.size) { values[it]!!.toLong() })
        }
    }

    /** Whether a text starts with [prefix], or with one of several. */
    public fun startsWith(prefix: String): BooleanArray = ask { it.startsWith(prefix) }

    /** Whether a text starts with one of [prefixes]. */
    public fun startsWith(prefixes: Collection<String>): BooleanArray = ask { text -> prefixes.any(text::startsWith) }

    /** Whether a text starts with one of these. */
    public fun startsWith(first: String, vararg others: String): BooleanArray = startsWith(listOf(first) + others)

    /** [startsWith] under Python's name. */
    public fun startswith(prefix: String): BooleanArray = startsWith(prefix)

    /** [startsWith] under Python's name. */
    public fun startswith(prefixes: Collection<String>): BooleanArray = startsWith(prefixes)

    /** Whether a text ends with [suffix]. */
    public fun endsWith(suffix: String): BooleanArray = ask { it.endsWith(suffix) }

    /** Whether a text ends with one of [suffixes]. */
    public fun endsWith(suffixes: Collection<String>): BooleanArray = ask { text -> suffixes.any(text::endsWith) }

    /** [endsWith] under Python's name. */
    public fun endswith(suffix: String): BooleanArray = endsWith(suffix)

    /** [endsWith] under Python's name. */
    public fun endswith(suffixes: Collection<String>): BooleanArray = endsWith(suffixes)

    /**
     * Whether a pattern is found anywhere in a text.
     *
     * @param case whether large and small letters differ
     * @param regex whether [pat] is a regular expression
     */
    public fun contains(pat: String, case: Boolean = true, regex: Boolean = true): BooleanArray {
        val pattern = pattern(pat, case, regex)
        return ask { pattern.containsMatchIn(it) }
    }

    /** Whether a pattern is found at the start of a text. */
    public fun match(pat: String, case: Boolean = true): BooleanArray {
        val pattern = pattern(pat, case, true)
        return ask { pattern.matchAt(it, 0) != null }
    }

    /** Whether a pattern is the whole text. */
    public fun fullmatch(pat: String, case: Boolean = true): BooleanArray {
        val pattern = pattern(pat, case, true)
        return ask { pattern.matches(it) }
    }

    /** Whether a text is one of [values]. */
    public fun isin(
        values: Collection<String>,
    ): BooleanArray = values.toHashSet().let { wanted -> ask { it in wanted } }

    /** Whether a text consists of digits only. */
    public fun isdigit(): BooleanArray = ask { it.isNotEmpty() && it.all(Char::isDigit) }

    /** How often a pattern is found in each text. */
    public fun count(pat: String): Column = pattern(pat, true, true).let { p -> number { p.findAll(it).count() } }

    /** Number of characters. */
    public fun len(): Column = number { it.length }

    /**
     * Every occurrence becomes another text.
     *
     * @param regex whether [pat] is a regular expression; `\1` in [repl] is its first group then
     */
    public fun replace(pat: String, repl: String, regex: Boolean = false, case: Boolean = true): T {
        val pattern = pattern(pat, case, regex)
        val by = if (regex) {
            repl.replace("$", "\\$").replace(Regex("""\\(\d)"""), "\\$$1")
        } else {
            Regex
                .escapeReplacement(repl)
        }
        return change { pattern.replace(it, by) }
    }

    /** Texts taken apart at [sep], or at white space; `.str[0]` is the first piece of each, [n] the most cuts. */
    public fun split(sep: String? = null, n: Int = -1): SplitTexts<T> = pieces(sep, n, fromEnd = false)

    /** As [split], from the end: it matters with [n]. */
    public fun rsplit(sep: String? = null, n: Int = -1): SplitTexts<T> = pieces(sep, n, fromEnd = true)

    /** Pieces as a table with columns 0, 1, ...; missing where a text has fewer. */
    public fun split(sep: String? = null, n: Int = -1, expand: Boolean): DataFrame {
        require(expand) { "expand = false is split(sep) without it" }
        return split(sep, n).toFrame()
    }

    private fun pieces(sep: String?, n: Int, fromEnd: Boolean) =
        SplitTexts(Array(texts.size) { i -> texts[i]?.let { cut(it, sep, n, fromEnd) } }, wrap)

    /** The first group of a pattern, missing where it is not found; of several see [extract] with `expand`. */
    public fun extract(pat: String): T {
        val pattern = grouped(pat)
        return change {
            pattern
                .find(it)
                ?.groups
                ?.get(1)
                ?.value
        }
    }

    /** The groups of a pattern as a table, called as in `(?P<name>...)` or 0, 1, ...; `expand = false` is [extract]. */
    public fun extract(pat: String, expand: Boolean): DataFrame {
        require(expand) { "expand = false is extract(pat) without it" }
        val pattern = grouped(pat)
        val found = texts.map { text -> text?.let { pattern.find(it) } }
        val columns =
            groupNames(pattern).mapIndexed { j, name ->
                name to StringColumn.of(*Array(found.size) { found[it]?.groups?.get(j + 1)?.value })
            }
        return tableOf(numbered(texts.size), null, columns)
    }

    /** Every occurrence of a pattern in each text: `.str[0]` is the first one. */
    public fun findall(pat: String): SplitTexts<T> {
        val pattern = pattern(pat, true, true)

        fun found(text: String) = pattern.findAll(text).map { it.value }.toList()
        return SplitTexts(Array(texts.size) { i -> texts[i]?.let(::found) }, wrap)
    }

    /** Small letters. */
    public fun lower(): T = change { it.lowercase() }

    /** Capital letters. */
    public fun upper(): T = change { it.uppercase() }

    /** A capital letter first, small ones behind it. */
    public fun capitalize(): T = change { it.lowercase().replaceFirstChar(Char::uppercase) }

    /** A capital letter at the start of each word. */
    public fun title(): T = change {
        it.lowercase().replace(Regex("""(?<![\p{L}])\p{L}""")) { m -> m.value.uppercase() }
    }

    /** Without white space, or without these characters, at both ends. */
    public fun strip(chars: String? = null): T = change { it.trim(inside(chars)) }

    /** As [strip], at the start. */
    public fun lstrip(chars: String? = null): T = change { it.trimStart(inside(chars)) }

    /** As [strip], at the end. */
    public fun rstrip(chars: String? = null): T = change { it.trimEnd(inside(chars)) }

    /** Without this start, where it is there. */
    public fun removeprefix(prefix: String): T = change { it.removePrefix(prefix) }

    /** Without this end, where it is there. */
    public fun removesuffix(suffix: String): T = change { it.removeSuffix(suffix) }

    /** Zeros in front up to this width. */
    public fun zfill(width: Int): T = change { it.padStart(width, '0') }

    /** Characters from [start] up to [stop]; negative ones count from the end. */
    public fun slice(start: Int = 0, stop: Int? = null): T = change { sliced(it, start, stop) }

    /** One character; negative positions count from the end, missing where a text is too short. */
    public operator fun get(position: Int): T =
        change { text -> text.getOrNull(if (position < 0) text.length + position else position)?.toString() }

    /** Characters of a range: `str[0 until 3]`. */
    public operator fun get(range: IntRange): T = slice(range.first, range.last + 1)

    /** Each text with that of another column behind it. */
    public fun cat(others: Any, sep: String = ""): T {
        val right = operandOf(others, texts.size)
        return wrap(
            Array(texts.size) { i ->
                val at = if (right.size() == 1) 0 else i
                if (right.isMissing(at)) null else texts[i]?.let { it + sep + right.text(at) }
            },
        )
    }

    /** All texts in one. */
    public fun cat(sep: String = ""): String = texts.filterNotNull().joinToString(sep)

    /** Yes and no for each of the words that [sep] parts: a table. */
    public fun getDummies(sep: String = "|"): DataFrame {
        val parts = texts.map { it?.split(sep)?.toSet().orEmpty() }
        val words = parts.flatten().filter { it.isNotEmpty() }.toSortedSet()
        val columns = words.map { word ->
            word to
                NumericColumn.of(*LongArray(parts.size) { if (word in parts[it]) 1 else 0 })
        }
        return tableOf(numbered(parts.size), null, columns)
    }
}

private fun grouped(pat: String): Regex {
    val pattern = pattern(pat, true, true)
    require(pattern.toPattern().matcher("").groupCount() > 0) {
        "a pattern for extract needs a group in parentheses, got '$pat'"
    }
    return pattern
}

/** Names of the groups in order, numbers for those without one. */
private fun groupNames(pattern: Regex): List<String> {
    val plain = pattern.pattern.replace(Regex("""\\.|\[[^\]]*\]"""), "")
    val opened = Regex("""\((?!\?)|\(\?<([A-Za-z]\w*)>""").findAll(plain)
    return opened.mapIndexed { i, group -> group.groupValues[1].ifEmpty { "$i" } }.toList()
}

private fun inside(chars: String?): (Char) -> Boolean = { if (chars == null) it.isWhitespace() else it in chars }

private fun sliced(text: String, start: Int, stop: Int?): String {
    val from = (if (start < 0) text.length + start else start).coerceIn(0, text.length)
    val to = (stop ?: text.length).let { if (it < 0) text.length + it else it }.coerceIn(0, text.length)
    return if (from < to) text.substring(from, to) else ""
}

private fun cut(text: String, sep: String?, n: Int, fromEnd: Boolean): List<String> {
    val parts = if (sep == null) text.trim().split(Regex("""\s+""")).filter { it.isNotEmpty() } else text.split(sep)
    val glue = sep ?: " "
    return when {
        n <= 0 || parts.size <= n + 1 -> parts
        fromEnd -> listOf(parts.dropLast(n).joinToString(glue)) + parts.takeLast(n)
        else -> parts.take(n) + parts.drop(n).joinToString(glue)
    }
}

private fun pattern(pat: String, case: Boolean, regex: Boolean): Regex {
    val options = if (case) emptySet() else setOf(RegexOption.IGNORE_CASE)
    try {
        return Regex(if (regex) pat.replace("(?P<", "(?<") else Regex.escape(pat), options)
    } catch (e: java.util.regex.PatternSyntaxException) {
        val mark = "${Quoted.of(pat)} is no regular expression (${e.description} near position ${e.index}); "
        throw IllegalArgumentException(mark + "use regex = false to look for it as it is written", e)
    }
}

/** Texts taken apart, as `str.split` gives them: `[0]` or `.str[0]` is the first piece of each, `[-1]` the last. */
public class SplitTexts<T> internal constructor(
    private val pieces: Array<List<String>?>,
    private val wrap: (Array<String?>) -> T,
) {
    /** The pieces, as pandas spells it: `.str[0]`. */
    public val str: SplitTexts<T> get() = this

    /** One piece of each; missing where there are fewer. */
    public operator fun get(position: Int): T =
        wrap(
            Array(pieces.size) { i ->
                pieces[i]?.let {
                    it.getOrNull(
                        if (position <
                            0
                        ) {
                            it.size + position
                        } else {
                            position
                        },
                    )
                }
            },
        )

    /** Number of pieces of each. */
    public fun len(): Column = NumericColumn.of(*LongArray(pieces.size) { pieces[it]?.size?.toLong() ?: 0 })

    /** The pieces of each with [sep] between them. */
    public fun join(sep: String): T = wrap(Array(pieces.size) { i -> pieces[i]?.joinToString(sep) })

    /** The pieces of each. */
    public fun tolist(): List<List<String>> = pieces.map { it.orEmpty() }

    /** A table with columns 0, 1, ...; missing where a text has fewer pieces. */
    public fun toFrame(): DataFrame {
        val width = pieces.maxOfOrNull { it?.size ?: 0 } ?: 0
        val columns = List(width) { j -> "$j" to StringColumn.of(*Array(pieces.size) { pieces[it]?.getOrNull(j) }) }
        return tableOf(numbered(pieces.size), null, columns)
    }
}
