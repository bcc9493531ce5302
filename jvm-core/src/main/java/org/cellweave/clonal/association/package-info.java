/**
 * What is asked of clones: which features go with a response ({@link
 * org.cellweave.clonal.association.Correlation}, {@link
 * org.cellweave.clonal.association.SplineModel}), which are smooth on a graph of clones ({@link
 * org.cellweave.clonal.association.GraphAssociations}), whether an embedding is more than noise
 * ({@link org.cellweave.clonal.association.EigenvalueTest}), and how groups of clones hang
 * together.
 */
package org.cellweave.clonal.association;
