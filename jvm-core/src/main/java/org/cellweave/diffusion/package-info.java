/**
 * Leading eigenvectors of the random walk on a graph of cells: diffusion maps and Laplacian
 * eigenmaps. The eigenpairs are ARPACK's, from {@code linalg}; what is written here is the operator
 * and what becomes of graphs in several components.
 *
 * <p>Imports the floor alone: {@code graph}, {@code linalg}, {@code matrix}, {@code util}.
 */
package org.cellweave.diffusion;
