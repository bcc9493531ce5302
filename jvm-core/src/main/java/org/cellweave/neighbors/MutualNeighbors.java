package org.cellweave.neighbors;

import java.util.Arrays;
import java.util.function.Supplier;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * Pairs of cells of two sets, each among the nearest of the other; exact, ties by index.
 *
 * <p>Cost: {@code m n d} for dense sets and a metric that is a product, else twice that.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi et al. 2018</a>
 */
public final class MutualNeighbors {
  private MutualNeighbors() {}

  /**
   * Pair {@code p} is row {@code first[p]} and row {@code second[p]}; by first, then second.
   *
   * @param there place, from 0, of the second in the list of the first
   * @param back place of the first in the list of the second
   */
  public record Pairs(int[] first, int[] second, int[] there, int[] back) {
    public int size() {
      return first.length;
    }
  }

  /**
   * @param inFirst how many cells of {@code first} each cell of {@code second} looks at
   * @param inSecond how many cells of {@code second} each cell of {@code first} looks at
   * @param arguments of the metric; what it takes from data and is not given is of both sets, so
   *     that searches in several pairs of sets share a scale only when it was completed before
   * @throws IllegalArgumentException as {@link CrossNeighbors} does
   */
  public static Pairs run(
      Matrix first,
      Matrix second,
      int inFirst,
      int inSecond,
      Metric metric,
      MetricArguments arguments) {
    var all = arguments.completed(metric, first, second);
    if (metric.isVectorised() && !first.isSparse() && !second.isSparse()) {
      var both = atOnce(first, second, inFirst, inSecond, metric, all);
      return of(both.there(), both.back());
    }
    var there = named("first", "second", () -> of(second, first, inSecond, metric, all));
    var back = named("second", "first", () -> of(first, second, inFirst, metric, all));
    return of(there, back);
  }

  private static PairedSearch.Both atOnce(
      Matrix first,
      Matrix second,
      int inFirst,
      int inSecond,
      Metric metric,
      MetricArguments arguments) {
    CrossNeighbors.check(second, first, inSecond, metric);
    CrossNeighbors.check(first, second, inFirst, metric);
    var rows = PointSet.of(first, metric, arguments, "first");
    var columns = rows.alike(second, "second");
    var both = PairedSearch.between(rows, columns, inSecond, inFirst);
    CrossNeighbors.requireFinite(both.there(), "first", "other set");
    CrossNeighbors.requireFinite(both.back(), "second", "other set");
    return both;
  }

  private static CrossNeighbors.Result of(
      Matrix reference, Matrix query, int k, Metric metric, MetricArguments arguments) {
    return CrossNeighbors.run(reference, query, k, metric, arguments, Progress.NONE);
  }

  private static CrossNeighbors.Result named(
      String query, String reference, Supplier<CrossNeighbors.Result> search) {
    return RefusedRowException.renaming(
        "query", query, () -> RefusedRowException.renaming("reference", reference, search));
  }

  /**
   * @param there lists of the first set's cells, in the second
   * @param back lists of the second set's cells, in the first
   */
  public static Pairs of(CrossNeighbors.Result there, CrossNeighbors.Result back) {
    long[] own = byIndex(there);
    long[] others = byIndex(back);
    int k = back.nNeighbors();
    int[][] found = new int[4][own.length];
    int count = 0;
    for (int p = 0; p < own.length; p++) {
      int i = p / there.nNeighbors();
      int j = (int) (own[p] >>> 32);
      int at = Arrays.binarySearch(others, j * k, (j + 1) * k, (long) i << 32);
      at = at < 0 ? -at - 1 : at;
      if (at < (j + 1) * k && (int) (others[at] >>> 32) == i) {
        found[0][count] = i;
        found[1][count] = j;
        found[2][count] = (int) own[p];
        found[3][count++] = (int) others[at];
      }
    }
    for (int c = 0; c < found.length; c++) {
      found[c] = Arrays.copyOf(found[c], count);
    }
    return new Pairs(found[0], found[1], found[2], found[3]);
  }

  /** Every list sorted by index, each index followed by its place in the list. */
  private static long[] byIndex(CrossNeighbors.Result lists) {
    int k = lists.nNeighbors();
    long[] sorted = new long[lists.indices().length];
    for (int p = 0; p < sorted.length; p++) {
      sorted[p] = (long) lists.indices()[p] << 32 | p % k;
    }
    for (int i = 0; i < lists.nCells(); i++) {
      Arrays.sort(sorted, i * k, (i + 1) * k);
    }
    return sorted;
  }
}
