/**
 * Clones of barcoded cells: tables of them, their neighbourhoods in expression space, embeddings
 * that are learned from these, and what is asked of such embeddings. The methods are those of the
 * Python package clone2vec 2.0 (MIT; Isaev, Erickson, Adameyko and Kharchenko).
 *
 * <p>A clone is a level of a {@link org.cellweave.design.Categories} of cells; cells without a
 * clone, and those of clones that were left out, have no label. Inside lie {@code embedding} (from
 * neighbourhoods to coordinates), {@code alignment} (of embeddings of several batches), {@code
 * association} (of features with clonal responses) and {@code prediction} (boosted trees).
 */
package org.cellweave.clonal;
