/**
 * Dense and sparse matrices in blocks of rows, and what every room asks of them: rows whatever the
 * storage ({@link org.cellweave.matrix.Rows}, {@link org.cellweave.matrix.RowReader}), stored
 * values that can be changed in place ({@link org.cellweave.matrix.StoredValues}), sums within
 * groups of rows ({@link org.cellweave.matrix.GroupSums}), what regressions of all columns need
 * ({@link org.cellweave.matrix.ColumnRegression}), arithmetic and functions of every place as
 * NumPy's ({@link org.cellweave.matrix.Elementwise}, {@link org.cellweave.matrix.Broadcast}), one
 * number of every row or column ({@link org.cellweave.matrix.AxisReductions}, {@link
 * org.cellweave.matrix.Quantiles}) and the refusal of values that are not finite ({@link
 * org.cellweave.matrix.Finite}).
 *
 * <p>Imports {@code util} and {@code internal} alone. The matrices are written by hand because
 * those at hand for the JVM index values with 32 bits, hold float64 alone, or box rows: count
 * matrices have more than 2^31 stored values and fit memory as float32 only, in blocks that threads
 * share out. Every sum is cut by sizes, never by the number of threads, so that results have the
 * same bits on all machines.
 */
package org.cellweave.matrix;
