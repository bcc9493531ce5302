/**
 * Passes over rows of files, run by the executors of Apache Spark.
 *
 * <p>A matrix whose rows lie in files that all machines see is an ordinary {@link
 * org.cellweave.matrix.CsrMatrix} whose store has a {@link org.cellweave.spark.SparkRunner}. Verbs
 * do not know of it: whatever walks over rows in fixed ranges ({@link
 * org.cellweave.matrix.Rows#inOrder}) has its kernels run where the executors are, and receives
 * what they give in the order of the ranges, so that results have the bits that they have on one
 * machine.
 */
package org.cellweave.spark;
