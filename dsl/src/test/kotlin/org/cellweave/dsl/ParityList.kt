package org.cellweave.dsl

/** Lists of another program's functions, below `dsl/src/test/resources/parity`. */
internal class ParityList(name: String) {
    private val lines =
        ParityList::class.java
            .getResource("/parity/$name")!!
            .readText()
            .lines()

    /** Fields of every line. */
    val rows: List<List<String>> = lines.filter { it.isNotBlank() && !it.startsWith("#") }.map { it.split("\t") }

    /** As the first line says. */
    val version: String = lines.first().substringAfterLast(" ")

    companion object {
        /** A name in our spelling: `read_10x_h5` is `read10xH5`. */
        fun camel(name: String): String {
            val words = name.split("_").filter { it.isNotEmpty() }
            return words.first() + words.drop(1).joinToString("") { w -> w.replaceFirstChar { it.uppercase() } }
        }

        /** What two lists of arguments do not share, in words. */
        fun differences(lacking: List<String>, added: List<String>): String =
            listOf("without" to lacking, "also" to added)
                .filter { it.second.isNotEmpty() }
                .joinToString("; ") { (word, names) -> "$word " + names.joinToString(", ") { "`$it`" } }
    }
}
