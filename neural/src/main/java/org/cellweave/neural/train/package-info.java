/** Epochs, minibatches, warm-up, early stopping and history, on any engine. */
package org.cellweave.neural.train;
