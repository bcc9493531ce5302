package org.cellweave.dsl

import org.cellweave.dsl.shown.texts

/** Which dimensions of an embedding the panels show: two each, or three with `projection = "3d"`. */
internal class Dimensions(private val options: EmbeddingOptions, private val nDims: Int) {
    /** How many a panel has. */
    val each: Int = when (options.projection) {
        "2d" -> 2
        "3d" -> 3
        else -> throw IllegalArgumentException("projection must be \"2d\" or \"3d\", got '${options.projection}'")
    }
    val unit: String = if (each == 2) "pair" else "triple"

    /** Positions from 0, one entry for each panel of a colour. */
    fun chosen(): List<List<Int>> {
        require(options.components == null || options.dimensions == null) {
            "components and dimensions exclude each other"
        }
        options.dimensions?.let { choice ->
            val counted = counted(choice)
            require(counted.isNotEmpty()) { "dimensions must have at least one $unit, got none" }
            counted.flatten().firstOrNull { it !in 0 until nDims }?.let {
                throw IllegalArgumentException("dimensions must lie in 0..${nDims - 1}, got $it")
            }
            return counted
        }
        val texts = texts(options.components, "components") ?: listOf(FIRST.take(each).joinToString(","))
        require(texts.isNotEmpty()) { "components must have at least one $unit, got none" }
        return if (texts == listOf("all")) all(0, each) else texts.map(::parsed)
    }

    /** All choices of [n] dimensions in ascending order. */
    private fun all(from: Int, n: Int): List<List<Int>> =
        if (n == 0) {
            listOf(emptyList())
        } else {
            (from until nDims).flatMap { first -> all(first + 1, n - 1).map { listOf(first) + it } }
        }

    private fun parsed(text: String): List<Int> {
        val parts = text.split(',').map { it.trim().toIntOrNull() }
        require(parts.size == each && parts.all { it != null }) {
            val like = FIRST.take(each).joinToString(",")
            "components must look like \"$like\", be a list of such ${unit}s, or \"all\"; got '$text'"
        }
        return parts.map { it!! - 1 }
    }

    /** A pair, three numbers, or a list of either. */
    private fun counted(choice: Any): List<List<Int>> {
        numbers(choice)?.let { return listOf(it) }
        require(choice is Iterable<*>) { "dimensions must be a $unit or a list of ${unit}s, got $choice" }
        return choice.map {
            requireNotNull(numbers(it)) { "dimensions must be a $unit or a list of ${unit}s, got $choice" }
        }
    }

    private fun numbers(choice: Any?): List<Int>? {
        val parts = when (choice) {
            is Pair<*, *> -> choice.toList()
            is Triple<*, *, *> -> choice.toList()
            is List<*> -> choice
            is IntArray -> choice.toList()
            else -> return null
        }
        return parts.takeIf { it.size == each && it.all(::isWhole) }?.map { (it as Number).toInt() }
    }

    private fun isWhole(part: Any?) = part is Number && part.toDouble() == part.toInt().toDouble()

    private companion object {
        val FIRST = listOf(1, 2, 3)
    }
}
