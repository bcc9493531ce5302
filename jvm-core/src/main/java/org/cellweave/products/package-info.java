/**
 * Products of matrices that are read by rows, sparse or dense, in fixed blocks: what methods share
 * that look for directions of variance. {@code CrossProduct} makes the inner products of the
 * columns, {@code RowProjection} the coordinates of the rows.
 */
package org.cellweave.products;
