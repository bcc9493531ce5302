package org.cellweave.preprocess.sctransform;

/**
 * The model of every gene in the cells of one batch; NaN, and false, for genes that have none.
 *
 * @param geometricMean of counts, {@code exp(mean(log(1 + count))) - 1}
 * @param theta inverse overdispersion of the regularised model; infinite for a Poisson
 * @param intercept of the regularised model, for every level of the covariate and gene
 * @param slope as {@code intercept}, on log10 of the total of a cell
 * @param modelled genes that enough cells express
 * @param poisson genes that vary no more than a Poisson, or are too rare to tell; they have no
 *     regularised parameters but those of their mean; version 2 only
 * @param first what the genes of the first step were fitted to
 * @param bandwidth of the kernel regression
 * @param minVariance below which no variance of a residual goes; 0 for none
 */
public record GeneModels(
    double[] geometricMean,
    double[] theta,
    double[][] intercept,
    double[][] slope,
    boolean[] modelled,
    boolean[] poisson,
    FirstStep first,
    double bandwidth,
    double minVariance) {
  /**
   * Fits of single genes, before regularisation.
   *
   * @param cells that were used, ascending, by their place in the batch
   * @param genes that were fitted, ascending
   * @param geometricMean of each of them in those cells
   * @param theta of each of them
   * @param intercept for every level and each of them
   * @param slope for every level and each of them
   * @param outlier those that the curve does not follow
   */
  public record FirstStep(
      int[] cells,
      int[] genes,
      double[] geometricMean,
      double[] theta,
      double[][] intercept,
      double[][] slope,
      boolean[] outlier) {}
}
