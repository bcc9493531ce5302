/** What models read: counts and covariates of cells, minibatches, splits, thinned counts. */
package org.cellweave.neural.data;
