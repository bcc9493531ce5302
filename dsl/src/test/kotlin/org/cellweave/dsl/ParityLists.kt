package org.cellweave.dsl

/** Lists of other packages' functions, and how theirs are compared with ours. */
internal object ParityLists {
    /** Lines of a list under `parity/` without its remarks. */
    fun of(name: String): List<String> = lines(name).filter { it.isNotBlank() && !it.startsWith("#") }

    /** As the first line of a list says. */
    fun version(name: String): String = lines(name).first().substringAfterLast(" ")

    fun camel(name: String): String {
        val words = name.split("_").filter { it.isNotEmpty() }
        return words.first() + words.drop(1).joinToString("") { w -> w.replaceFirstChar { it.uppercase() } }
    }

    /** As in "without `a`; also `b`", for arguments as the package spells them and ours. */
    fun differences(theirs: List<String>, ours: List<String>, ignored: Set<String>): String {
        val wanted = theirs.map(::camel)
        val lacking = wanted.filter { it !in ours && it !in ignored }
        return listOf("without" to lacking, "also" to ours - wanted.toSet())
            .filter { it.second.isNotEmpty() }
            .joinToString("; ") { (word, names) -> "$word " + names.joinToString(", ") { "`$it`" } }
    }

    private fun lines(name: String): List<String> =
        ParityLists::class.java
            .getResource("/parity/$name")!!
            .readText()
            .lines()
}
