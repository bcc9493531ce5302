/** Scores that compare labels, embeddings and batches. */
package org.cellweave.metrics;
