/**
 * Clones of several batches brought together: pairs of clones that correspond, in which order the
 * batches join, and the maps that lay their embeddings over each other. Any pairs will do, those of
 * {@link org.cellweave.clonal.alignment.AnchorSearch} as well as another program's: see {@link
 * org.cellweave.clonal.alignment.Anchors}.
 */
package org.cellweave.clonal.alignment;
