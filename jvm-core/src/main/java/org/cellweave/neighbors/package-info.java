/**
 * Nearest neighbours of cells and the weighted graphs made from them.
 *
 * <p>{@code NearestNeighbors} searches one set, {@code CrossNeighbors} a set in another, {@code
 * MutualNeighbors} both ways. Below them {@code PointSet} holds the cells as a metric sees them,
 * and four searches find the lists: {@code BlockedSearch}, exact, by products of blocks for the
 * metrics that have such; {@code ManhattanSearch}, exact, column by column for sums of absolute
 * differences; both leave out tiles of a {@code Partition} that lie too far away; {@code
 * AllPairsSearch}, exact, pair by pair for all others; {@code ApproximateSearch}, by descent on a
 * graph. What a metric takes from data is a {@code MetricArguments}, completed once for all
 * searches that are to share a scale.
 */
package org.cellweave.neighbors;
