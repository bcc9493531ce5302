/**
 * Batches brought together by mutual nearest neighbours, with the steps around it, after Haghverdi
 * et al. 2018 and the batchelor package.
 *
 * <p>{@link org.cellweave.integrate.mnn.FastMnn} is cosine normalisation ({@code CosineNorm}),
 * components in which batches count the same ({@code MultiBatchPca}) and merges in their space
 * ({@code ReducedMnn}, by {@code EmbeddingMerges}); {@link org.cellweave.integrate.mnn.MnnCorrect}
 * merges in the space of genes ({@code ExpressionMerges}). Both go through the batches by {@code
 * MergeSchedule}, in a given order, along a tree, or always the two sets with the most pairs next.
 * {@code MultiBatchNormalize}, {@code RescaleBatches} and {@code RegressBatches} need no
 * neighbours.
 *
 * <p>Hand-written: {@code WeightedQuantile}, a selection, where sorting for every cell would cost
 * more than the matrix products before it.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
package org.cellweave.integrate.mnn;
