package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

/**
 * Pairs of cells of two sets, each among the nearest of the other; exact, ties by index.
 *
 * <p>Cost: {@code 2 m n d}.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi et al. 2018</a>
 */
public final class MutualNeighbors {
  private MutualNeighbors() {}

  /** Pair {@code p} is row {@code first[p]} and row {@code second[p]}; by first, then second. */
  public record Pairs(int[] first, int[] second) {
    public int size() {
      return first.length;
    }
  }

  /**
   * @param inFirst how many cells of {@code first} each cell of {@code second} looks at
   * @param inSecond how many cells of {@code second} each cell of {@code first} looks at
   * @throws IllegalArgumentException as {@link CrossNeighbors} does
   */
  public static Pairs run(
      Matrix first, Matrix second, int inFirst, int inSecond, Metric metric, Progress progress) {
    var all = MetricArguments.NONE.completed(metric, first, second);
    var there = CrossNeighbors.run(second, first, inSecond, metric, all, progress);
    var back = CrossNeighbors.run(first, second, inFirst, metric, all, progress);
    return of(there, back);
  }

  /**
   * @param there lists of the first set's cells, in the second
   * @param back lists of the second set's cells, in the first
   */
  public static Pairs of(CrossNeighbors.Result there, CrossNeighbors.Result back) {
    int k = back.nNeighbors();
    int[] sorted = back.indices().clone();
    for (int j = 0; j < back.nCells(); j++) {
      Arrays.sort(sorted, j * k, (j + 1) * k);
    }
    int[] first = new int[there.indices().length];
    int[] second = new int[first.length];
    int[] own = new int[there.nNeighbors()];
    int count = 0;
    for (int i = 0; i < there.nCells(); i++) {
      System.arraycopy(there.indices(), i * own.length, own, 0, own.length);
      Arrays.sort(own);
      for (int j : own) {
        if (Arrays.binarySearch(sorted, j * k, (j + 1) * k, i) >= 0) {
          first[count] = i;
          second[count++] = j;
        }
      }
    }
    return new Pairs(Arrays.copyOf(first, count), Arrays.copyOf(second, count));
  }
}
