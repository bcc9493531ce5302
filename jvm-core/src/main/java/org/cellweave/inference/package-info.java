/**
 * Tests of samples and of tables of counts, as {@code scipy.stats} has them: Student's and Welch's
 * t, Mann and Whitney's U, Kruskal and Wallis' H, Pearson's and Spearman's correlation, the
 * chi-squared and Fisher's test, and scores that stand beside them.
 *
 * <p>p-values come from {@link org.cellweave.diffexp.Significance}, as those of ranked genes do.
 * Samples are arrays without NaN: whoever calls decides what a missing value means.
 */
package org.cellweave.inference;
