package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.Column
import org.cellweave.data.NameIndex
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Where the genes of X, or of raw, stand: by the names in the column [geneSymbols] of `var`, and by their own.
 *
 * The column may be in `adata.var` or in `raw.var`, whichever the values come from; it belongs to the genes of both. A
 * name of several genes is refused where it is asked for.
 */
internal class GeneNames(private val adata: AnnData, private val raw: Boolean, geneSymbols: String?) {
    private val own = indexOf(raw)
    private val symbols: List<String?>? = geneSymbols?.let { adata.symbols(raw, it) }
    private val others: NameIndex? =
        symbols?.let { NameIndex.ofColumn("var['$geneSymbols']", own.names(), it) }

    /** What the genes are called: their symbols where they have one. */
    val names: List<String>
        get() = symbols?.let { all -> own.names().mapIndexed { i, name -> all[i] ?: name } } ?: own.names()

    operator fun contains(name: String): Boolean = others?.contains(name) == true || own.contains(name)

    fun at(name: String): Int = at(listOf(name))[0]

    /** All names that are missing stand in one message. */
    fun at(wanted: List<String>): IntArray {
        val missing = wanted.distinct().filter { it !in this }
        if (missing.isNotEmpty()) {
            (others ?: own).at(missing, otherPlace(missing))
        }
        return IntArray(wanted.size) {
            if (others?.contains(wanted[it]) == true) others.at(wanted[it]) else own.at(wanted[it])
        }
    }

    /** The symbol of a gene that is given by its own name; null where it has none. */
    fun symbolOf(gene: String): String? = symbols?.takeIf { own.contains(gene) }?.get(own.at(gene))

    fun nearest(name: String): String = Check.suggestion(name, names)

    private fun indexOf(raw: Boolean): NameIndex =
        if (raw) NameIndex.of("raw.var", adata.raw.`var`.names) else NameIndex.of("var", adata.varNames)

    private fun otherPlace(missing: List<String>): String =
        when {
            raw && adata.varNames.containsAll(missing) -> "It is in adata.X: pass useRaw = false."
            !raw && adata.raw
                ?.`var`
                ?.names
                ?.containsAll(missing) == true -> "It is in adata.raw: pass useRaw = true."
            else -> ""
        }
}

/**
 * The names in [column] of the genes of X, or of raw; null for a gene that has none. The column is read where the
 * values come from, or else in the other of `var` and `raw.var`, by the genes' names.
 */
internal fun AnnData.symbols(ofRaw: Boolean, column: String): List<String?> {
    val table = if (ofRaw) raw.`var` else `var`
    table.find(column)?.let { return it.namesOrNull() }
    val (slot, other) = if (ofRaw) "var" to `var` else "raw.var" to raw?.`var`
    val found = other?.find(column)
        ?: throw MissingKeyException("var", column, `var`.keys, "geneSymbols names a column of var.")
    val values = found.namesOrNull()
    val there = NameIndex.of(slot, other.names)
    return table.names.map { if (there.isUnique(it)) values[there.at(it)] else null }
}

private fun Column.namesOrNull(): List<String?> {
    val texts = texts()
    return List(texts.size) { if (isMissing(it)) null else texts[it] }
}
