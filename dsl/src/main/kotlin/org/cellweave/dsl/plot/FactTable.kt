package org.cellweave.dsl.plot

/** Tables of facts that lie beside the classes: a line per row, words apart by a blank. */
internal object FactTable {
    fun rows(name: String): List<List<String>> {
        val stream = checkNotNull(FactTable::class.java.getResourceAsStream(name)) { "$name is not beside the classes" }
        return stream.bufferedReader().useLines { lines ->
            lines.filter { it.isNotBlank() }.map { it.trim().split(' ') }.toList()
        }
    }
}
