package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.io.format.TextTable
import org.cellweave.util.FilePath

/** What a text table is read with, as pandas understands it; see [Pandas.readCsv]. */
internal class ReadTable(
    private val header: Any?,
    private val names: List<String>?,
    private val dtype: Any?,
    private val usecols: List<String>?,
    private val indexCol: Any?,
) {
    /** Line of the header below those passed over, or null. */
    private val headerLine: Int? =
        when (header) {
            null, false -> null
            "infer" -> if (names == null) 0 else null
            true -> 0
            is Number -> header.toInt()
            else -> throw IllegalArgumentException(
                "header must be the number of a line, null for none, or \"infer\", got $header",
            )
        }

    fun read(path: String, sep: String?, skiprows: Int, nrows: Int?, comment: String?): DataFrame {
        val lines = TextTable.Lines(skiprows + (headerLine ?: 0), nrows ?: Int.MAX_VALUE, comment)
        val delimiter = if (sep == null || sep == "\\s+") null else sep
        val options = TextTable.Options(delimiter, indexCol, headerLine != null, lines, names, ::isText)
        val table = TextTable.read(FilePath.of(path), options)
        return typed(if (usecols == null) table else table[kept(table.columns)])
    }

    private fun kept(columns: List<String>): List<String> {
        val byNumber = columns.none { it in usecols!! } && usecols!!.all { it.toIntOrNull() in columns.indices }
        if (!byNumber) return usecols!! - "$indexCol"
        return usecols!!.map { columns[it.toInt()] }.sortedBy(columns::indexOf)
    }

    private fun isText(column: String): Boolean = typeOf(column) in TEXTS

    private fun typeOf(column: String): Any? = if (dtype is Map<*, *>) dtype[column] else dtype

    private fun typed(table: DataFrame): DataFrame {
        val types = table.columns.filter { !isText(it) }.mapNotNull { key -> typeOf(key)?.let { key to it } }
        return table.astype(types.toMap())
    }

    private companion object {
        val TEXTS = setOf<Any?>("str", "object", String::class)
    }
}
