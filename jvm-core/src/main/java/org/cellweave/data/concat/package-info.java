/**
 * Objects joined along cells or genes, in memory or row by row from their files, by the rules of
 * {@code anndata.concat}.
 */
package org.cellweave.data.concat;
