/**
 * Size factors of cells from pools of cells: sums over neighbours in library size have few zeros,
 * and the factors of many overlapping pools are taken apart into those of their cells.
 *
 * <p>{@link org.cellweave.preprocess.pooling.PooledSizeFactors} goes through the clusters ({@code
 * PooledCluster}), of each computes the factors of all pools ({@code SlidingPools}), takes them
 * apart ({@code RingSystem}), brings clusters to one scale ({@code ProfileRatio}) and replaces
 * factors that are not positive ({@code DetectedGenesCurve}).
 *
 * <p>Hand-written: {@code RingSystem}, because the equations of pools along a ring are circulant,
 * so that their least squares have a closed form without any factorisation; and {@code NearMedian},
 * since medians of sums that hardly differ from the last ones need no full selection.
 *
 * @see <a href="https://doi.org/10.1186/s13059-016-0947-7">Lun, Bach and Marioni 2016</a>
 */
package org.cellweave.preprocess.pooling;
