/**
 * Cells of two modalities that were measured apart, matched one to one: {@code PivotMatching}
 * starts from a few linked features and goes on with canonical correlations of all, whose penalty
 * is chosen by cross-validation; {@code Metacells} stand for cells where there are many; {@code
 * SparseAssignment} finds the best matching among likely partners.
 */
package org.cellweave.integrate.pivots;
