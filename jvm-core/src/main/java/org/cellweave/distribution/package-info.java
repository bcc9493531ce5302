/**
 * What figures say of single columns of numbers: counts in bins, smooth densities, and estimates
 * with their intervals. Missing values have no place here: callers leave them out.
 */
package org.cellweave.distribution;
