package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Comparison
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix

/** What `np.unique` with counts gives: `val (values, counts) = np.unique(x, returnCounts = true)`. */
public class UniqueCounts<T> internal constructor(
    public val values: T,
    public val counts: IntArray,
) {
    public operator fun component1(): T = values

    public operator fun component2(): IntArray = counts
}

/** The distinct values, sorted. */
public fun NumPy.unique(x: DoubleArray): DoubleArray = x.distinct().sorted().toDoubleArray()

/** The distinct values, sorted. */
public fun NumPy.unique(x: IntArray): IntArray = x.distinct().sorted().toIntArray()

/** The distinct values, sorted. */
public fun <T : Comparable<T>> NumPy.unique(x: Iterable<T>): List<T> = x.distinct().sorted()

/** The distinct values of a column that are not missing, sorted: numbers, booleans or text. */
public fun NumPy.unique(x: Column): List<Any> = sorted(x).first

/** The distinct values of a matrix, sorted. */
public fun NumPy.unique(x: AxisArray): DoubleArray = unique(x.flatten())

/** The distinct values, sorted, and how often each is there. */
public fun NumPy.unique(x: DoubleArray, returnCounts: Boolean): UniqueCounts<DoubleArray> =
    unique(x).let { v -> UniqueCounts(v, counts(x.asList(), v.asList(), returnCounts)) }

/** The distinct values, sorted, and how often each is there. */
public fun NumPy.unique(x: IntArray, returnCounts: Boolean): UniqueCounts<IntArray> =
    unique(x).let { v -> UniqueCounts(v, counts(x.asList(), v.asList(), returnCounts)) }

/** The distinct values, sorted, and how often each is there. */
public fun <T : Comparable<T>> NumPy.unique(x: Iterable<T>, returnCounts: Boolean): UniqueCounts<List<T>> =
    unique(x).let { v -> UniqueCounts(v, counts(x.toList(), v, returnCounts)) }

/** The distinct values of a column that are not missing, sorted, and how often each is there. */
public fun NumPy.unique(x: Column, returnCounts: Boolean): UniqueCounts<List<Any>> =
    sorted(x).let { (v, all) -> UniqueCounts(v, counts(all, v, returnCounts)) }

private fun sorted(x: Column): Pair<List<Any>, List<Any>> {
    val there = (0 until x.size()).filter { !x.isMissing(it) }
    if (x is BooleanColumn) return there.map { x.get(it) }.let { it.distinct().sorted() to it }
    if (x is NumericColumn) {
        val longs = x.longs() ?: return there.map { x.get(it) }.let { it.distinct().sorted() to it }
        return there.map { longs[it] }.let { it.distinct().sorted() to it }
    }
    return there.map { x.text(it) }.let { it.distinct().sorted() to it }
}

private fun <T> counts(all: List<T>, values: List<T>, wanted: Boolean): IntArray {
    require(wanted) { "returnCounts = false gives the values alone; leave it out" }
    val n = all.groupingBy { it }.eachCount()
    return IntArray(values.size) { n.getValue(values[it]) }
}

/** Positions that are true. */
public fun NumPy.flatnonzero(mask: BooleanArray): IntArray = whereTrue(mask, mask.size)

/** Positions of values that are not zero. */
public fun NumPy.flatnonzero(x: DoubleArray): IntArray = flatnonzero(x ne 0)

/** Positions of values that are not zero. */
public fun NumPy.flatnonzero(x: IntArray): IntArray = flatnonzero(x ne 0)

/** Positions that are true, by dimension: `np.where(mask)[0]`. */
public fun NumPy.where(mask: BooleanArray): List<IntArray> = listOf(flatnonzero(mask))

/** As [where]: `np.nonzero(mask)[0]`. */
public fun NumPy.nonzero(mask: BooleanArray): List<IntArray> = where(mask)

/** Rows and columns of the places that are not zero, row after row. */
public fun NumPy.nonzero(x: AxisArray): List<IntArray> {
    val csr = x.matrix().toCsr()
    val (rows, cols) = IntArray(csr.nnz().toInt()) to IntArray(csr.nnz().toInt())
    var n = 0
    for (b in 0 until csr.blockCount()) {
        val block = csr.block(b)
        for (i in block.firstRow() until block.endRow()) {
            for (p in block.start(i) until block.end(i)) {
                if (block.value(p) != 0.0) {
                    rows[n] = i
                    cols[n++] = block.indices()[p]
                }
            }
        }
    }
    return listOf(rows.copyOf(n), cols.copyOf(n))
}

/** As [nonzero]. */
public fun NumPy.where(x: AxisArray): List<IntArray> = nonzero(x)

/** [a] where [mask] is true and [b] where it is not; each is one value or as many as the mask has. */
public fun NumPy.where(mask: BooleanArray, a: Any, b: Any): DoubleArray {
    val (yes, no) = beside(a, mask.size) to beside(b, mask.size)
    return DoubleArray(mask.size) { if (mask[it]) yes[it] else no[it] }
}

/** [a] where [mask] is true and [b] where it is not. */
public fun NumPy.where(mask: BooleanArray, a: String, b: String): List<String> = mask.map { if (it) a else b }

/** [a] where [mask] is true and the names of [b] where it is not. */
public fun NumPy.where(mask: BooleanArray, a: String, b: List<String>): List<String> {
    requireSameSize(mask.size, b.size)
    return b.mapIndexed { i, name -> if (mask[i]) a else name }
}

/** As [where], by a column of booleans. */
public fun NumPy.where(mask: BooleanColumn, a: Any, b: Any): DoubleArray = where(mask.values(), a, b)

private fun beside(values: Any, n: Int): DoubleArray =
    if (values is Number) {
        DoubleArray(n) { values.toDouble() }
    } else {
        doublesOf(values).also { requireSameSize(n, it.size) }
    }

/** Whether any is true. Kotlin's `mask.any()` asks whether there are any places. */
public fun NumPy.any(mask: BooleanArray): Boolean = mask.any { it }

/** Whether any value is not zero. */
public fun NumPy.any(x: AxisArray): Boolean = x.any()

/** Whether any value of a column (axis 0) or row (1) is not zero. */
public fun NumPy.any(x: AxisArray, axis: Int): BooleanArray = x.any(axis)

/** Whether all are true. */
public fun NumPy.all(mask: BooleanArray): Boolean = mask.all { it }

/** Whether all values are not zero. */
public fun NumPy.all(x: AxisArray): Boolean = x.all(1).all { it }

/** Whether all values of a column (axis 0) or row (1) are not zero. */
public fun NumPy.all(x: AxisArray, axis: Int): BooleanArray = x.all(axis)

/** How many are true. */
public fun NumPy.countNonzero(mask: BooleanArray): Int = mask.sum()

/** How many values are not zero. */
public fun NumPy.countNonzero(x: AxisArray): Long = x.countNonzero(1).sumOf { it.toLong() }

/** How many values of every column (axis 0) or row (1) are not zero. */
public fun NumPy.countNonzero(x: AxisArray, axis: Int): IntArray = x.countNonzero(axis)

/** Which values are NaN. */
public fun NumPy.isnan(x: DoubleArray): BooleanArray = BooleanArray(x.size) { x[it].isNaN() }

/** Which values are NaN; of a sparse matrix a sparse one. */
public fun NumPy.isnan(x: AxisArray): Matrix = x.isnan()

/** Which values are missing or NaN. */
public fun NumPy.isnan(x: Column): BooleanArray = BooleanArray(x.size()) { x.isMissing(it) }

/** Whether it is NaN. */
public fun NumPy.isnan(x: Number): Boolean = x.toDouble().isNaN()

/** Which values are neither NaN nor infinite. */
public fun NumPy.isfinite(x: DoubleArray): BooleanArray = BooleanArray(x.size) { x[it].isFinite() }

/** Which values are neither NaN nor infinite; dense, since zeros are finite. */
public fun NumPy.isfinite(x: AxisArray): Matrix =
    Elementwise.compare((x.matrix().toDense() * 0), Comparison.EQ, 0.0)

/** Which values are among [values]. */
public fun <T> NumPy.isin(x: Iterable<T>, values: Iterable<T>): BooleanArray {
    val wanted = values.toHashSet()
    return x.map { it in wanted }.toBooleanArray()
}

/** Which values are among [values]. */
public fun NumPy.isin(x: DoubleArray, values: DoubleArray): BooleanArray = isin(x.asList(), values.asList())

/** Which values are among [values]. */
public fun NumPy.isin(x: IntArray, values: IntArray): BooleanArray = isin(x.asList(), values.asList())

/** Which values of a column are among [values]. */
public fun NumPy.isin(x: Column, values: Collection<Any>): BooleanArray = x isIn values

/** The distinct values that are in both, sorted. */
public fun <T : Comparable<T>> NumPy.intersect1d(a: Iterable<T>, b: Iterable<T>): List<T> =
    unique(a).let { values -> b.toHashSet().let { other -> values.filter { it in other } } }

/** The distinct values that are in either, sorted. */
public fun <T : Comparable<T>> NumPy.union1d(a: Iterable<T>, b: Iterable<T>): List<T> = unique(a + b)

/** The distinct values of [a] that are not in [b], sorted. */
public fun <T : Comparable<T>> NumPy.setdiff1d(a: Iterable<T>, b: Iterable<T>): List<T> =
    unique(a).let { values -> b.toHashSet().let { other -> values.filter { it !in other } } }

/** Both masks, place by place. */
public fun NumPy.logicalAnd(a: BooleanArray, b: BooleanArray): BooleanArray = a and b

/** Either mask, place by place. */
public fun NumPy.logicalOr(a: BooleanArray, b: BooleanArray): BooleanArray = a or b

/** The other places. */
public fun NumPy.logicalNot(a: BooleanArray): BooleanArray = a.not()
