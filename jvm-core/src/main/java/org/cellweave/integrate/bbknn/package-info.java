/**
 * Batch balanced neighbours, of Polanski et al. 2020, doi:10.1093/bioinformatics/btz625, compared
 * with the Python package bbknn 1.6.0 (MIT).
 *
 * <p>The search in every batch, the weights and their union are those of {@code neighbors}. The
 * merging of a cell's lists and the trimming of the graph are written here, since no other method
 * has them.
 */
package org.cellweave.integrate.bbknn;
