/**
 * Clones of several batches brought together: pairs of clones that correspond, and the maps that
 * lay their embeddings over each other. Any pairs will do, those of {@link
 * org.cellweave.clonal.alignment.AnchorSearch} as well as another program's: see {@link
 * org.cellweave.integrate.anchors.Anchors}.
 */
package org.cellweave.clonal.alignment;
