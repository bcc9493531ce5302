package org.cellweave.spark

import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.RangeKernel
import org.cellweave.matrix.Rows

/** Sums of columns that take their time, so that something can happen in the middle for sure. */
internal class SlowTotals : RangeKernel<DoubleArray> {
    override fun of(
        rows: Rows,
        from: Int,
        to: Int,
    ): DoubleArray {
        Thread.sleep(300)
        val sums = DoubleArray(rows.nCols())
        rows.visit(from, to) { _, at, start, v, n ->
            for (k in 0 until n) {
                sums[at[start + k]] += v[k]
            }
        }
        return sums
    }

    companion object {
        private const val RANGES = 25

        /** [meanwhile] is told the first row of what has come. */
        fun of(
            x: CsrMatrix,
            meanwhile: (Int) -> Unit = {},
        ): DoubleArray {
            val sums = DoubleArray(x.nCols())
            val bounds = IntArray(RANGES + 1) { it * Atlas.CELLS / RANGES }
            Rows.of(x).inOrder(bounds, SlowTotals()) { from, part ->
                part.forEachIndexed { j, v -> sums[j] += v }
                meanwhile(from)
            }
            return sums
        }
    }
}
