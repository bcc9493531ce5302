/**
 * Embeddings of clones from the counts of their neighbourhoods: which clones the cells around a
 * clone's cells belong to. The model is that of clone2vec 2.0: coordinates whose products with
 * those of the context give, through a softmax over all clones, the chance of meeting each.
 *
 * <p>The loss and its gradient are computed here on the matrix of counts, which is all that they
 * depend on; the original expands it into pairs. Written here since no library has a softmax
 * factorisation of sparse counts on the JVM; its minimiser, singular vectors and least squares are
 * those of {@code linalg}.
 */
package org.cellweave.clonal.embedding;
