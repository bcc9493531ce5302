/**
 * Regularised negative-binomial regression of UMI counts on sequencing depth, and what is made of
 * it: Pearson residuals, their variance, corrected counts.
 *
 * <p>Written from Hafemeister and Satija 2019 (doi:10.1186/s13059-019-1874-1) and Choudhary and
 * Satija 2022 (doi:10.1186/s13059-021-02584-9). Hand-written because no Java library has it. What
 * makes it fast: depth is the only covariate, so that a sum over all cells of a smooth function of
 * the mean is one over some two hundred depths ({@code DepthNodes}), and the counts are met where
 * they are not zero.
 */
package org.cellweave.preprocess.sctransform;
