/**
 * Nearest neighbours of cells and the weighted graphs made from them.
 *
 * <p>{@code NearestNeighbors} searches one set, {@code BatchNeighbors} each batch of it, {@code
 * CrossNeighbors} a set in another, {@code MutualNeighbors} both ways, {@code StackedNeighbors}
 * every set in those before and after it, by {@code StackedSearch} and {@code StackedManhattan}, on
 * {@code WholeNumbers}, where that is not to be exact. Below them {@code PointSet} holds the cells
 * as a metric sees them, and five searches find the lists: {@code PairedSearch}, exact, by products
 * of blocks that serve both their sides, for the metrics that have such and dense cells; {@code
 * BlockedSearch}, exact, by products that serve one; {@code ManhattanSearch}, exact, column by
 * column for sums of absolute differences; all leave out tiles of a {@code Partition} or {@code
 * Blocks} that lie too far away; {@code AllPairsSearch}, exact, pair by pair for all others; {@code
 * InvertedSearch}, approximate, for the metrics that are a product. Its index is an {@code
 * InvertedLists}, a {@code ListProbe} looks up queries in it, a {@code NeighborRefinement} asks
 * neighbours for theirs, and a {@code RecallSample} tells how many lists it takes and what was
 * found. What a metric takes from data is a {@code MetricArguments}, completed once for all
 * searches that are to share a scale.
 */
package org.cellweave.neighbors;
