/**
 * From counts to principal components: QC, filters, normalisation, variable genes, scaling, PCA.
 */
package org.cellweave.preprocess;
