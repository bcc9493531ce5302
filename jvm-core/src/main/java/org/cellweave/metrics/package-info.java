/**
 * Scores that compare labels, embeddings and batches.
 *
 * <p>Names that the field knows by their letters: ARI ({@code AdjustedRand}), NMI ({@code
 * MutualInformation}), LISI, kBET, and FOSCTTM, the fraction of samples closer than the true match,
 * for cells measured in two modalities. {@code PairedBenchmark} is what to ask of such cells at
 * once, {@code MatchingScore} and {@code MatchingAccuracy} what to ask of a matching. {@code
 * PairMetric} is what FOSCTTM measures between the two, and {@code DistanceTiles} computes it block
 * by block.
 */
package org.cellweave.metrics;
