/** Sparse and dense matrices in row blocks. */
package org.cellweave.matrix;
