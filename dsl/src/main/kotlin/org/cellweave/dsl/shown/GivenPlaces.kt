package org.cellweave.dsl.shown

import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Places
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix

/** Places of nodes as callers and files hold them: a matrix of two columns or a list of pairs. */
internal object GivenPlaces {
    fun matrix(places: Places): DenseMatrix {
        val n = places.x.size
        return DenseMatrix.wrap(DoubleArray(2 * n) { if (it % 2 == 0) places.x[it / 2] else places.y[it / 2] }, n, 2)
    }

    /** A row for each of [n] nodes, or for each of [all] categories, of which the nodes are [used]. */
    fun of(pos: Any, n: Int, argument: String, used: IntArray, all: Int): Places {
        val given = rows(pos, argument)
        return checked(if (given.size == all && all != n) used.map { given[it] } else given, n, argument)
    }

    fun of(pos: Any, n: Int): Places = checked(rows(pos, "pos"), n, "pos")

    private fun rows(pos: Any, argument: String): List<List<Double>> =
        when (pos) {
            is Matrix -> List(pos.nRows()) { i -> List(pos.nCols()) { pos.get(i, it) } }
            is NdArray -> rows(pos.toMatrix(), argument)
            is Iterable<*> -> pos.map { row(it, argument) }
            is Array<*> -> pos.map { row(it, argument) }
            else -> throw bad(pos, argument)
        }

    private fun checked(rows: List<List<Double>>, n: Int, argument: String): Places {
        require(rows.size == n) { "$argument must have one row per node ($n), got ${rows.size}" }
        for ((i, row) in rows.withIndex()) {
            require(row.size == 2 && row.all { it.isFinite() }) {
                "$argument must have two finite numbers per node, got $row for node $i"
            }
        }
        return Places(DoubleArray(n) { rows[it][0] }, DoubleArray(n) { rows[it][1] })
    }

    private fun row(value: Any?, argument: String): List<Double> =
        when (value) {
            is Pair<*, *> -> listOf(value.first, value.second).map { (it as Number).toDouble() }
            is DoubleArray -> value.asList()
            is Iterable<*> -> value.map { (it as Number).toDouble() }
            else -> throw bad(value, argument)
        }

    private fun bad(value: Any?, argument: String) =
        IllegalArgumentException("$argument must be a matrix of two columns or a list of pairs, got $value")
}
