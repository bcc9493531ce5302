package org.cellweave.diffexp;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.MemoryBudget;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Wilcoxon's rank-sum test of each gene between a group of cells and others, by the normal
 * approximation without continuity correction; a slice of the genes at a time.
 */
final class RankSumTest {
  private static final String STAGE = "rank genes";
  private static final int GENES_PER_BLOCK = 64;

  /** Place and value, as {@link CsrMatrix} has them. */
  private static final int BYTES_OF_VALUE = 8;

  /** Values of a pass, however little memory there is. */
  private static final int LEAST_VALUES = 1 << 22;

  /** Pieces of work for other processes, unless there is too little for so many, or too much. */
  private static final int PIECES = 64;

  private static final int LEAST_OF_PIECE = 1 << 16;

  private final CsrMatrix x;
  private final int[] codes;
  private final GroupMoments moments;
  private final RankScores test;

  /**
   * @param codes group of every cell; cells of none are a group of their own
   */
  RankSumTest(CsrMatrix x, int[] codes, GroupMoments moments, RankScores test) {
    this.x = x;
    this.codes = codes;
    this.moments = moments;
    this.test = test;
  }

  /** Fills scores and p-values, one row per group wanted. */
  void run(double[][] scores, double[][] pvals, Progress progress) {
    if (x.isInMemory()) {
      runInMemory(scores, pvals, progress);
    } else if (Rows.of(x).runElsewhere()) {
      exchange(scores, pvals, progress);
    } else {
      // A pass for as many genes as fit the memory, each of which needs all of its values at once.
      long room = Math.max(LEAST_VALUES, MemoryBudget.forSelection() / BYTES_OF_VALUE);
      int[] bounds = cut(room);
      for (int s = 0; s + 1 < bounds.length; s++) {
        gather(bounds[s], bounds[s + 1], scores, pvals);
        progress.step(STAGE, bounds[s + 1], x.nCols(), Double.NaN);
      }
    }
  }

  private void exchange(double[][] scores, double[][] pvals, Progress progress) {
    long all = IntStream.range(0, x.nCols()).mapToLong(this::values).sum();
    int[] bounds = cut(Math.max(LEAST_OF_PIECE, Math.min(GeneSlices.LARGEST, all / PIECES)));
    Rows.of(x)
        .exchange(
            new RankExchange(codes, bounds, test),
            (piece, found) -> {
              found.put(bounds[piece], scores, pvals);
              progress.step(STAGE, bounds[piece + 1], x.nCols(), Double.NaN);
            });
  }

  private void gather(int from, int to, double[][] scores, double[][] pvals) {
    int[] sizes = IntStream.range(from, to).map(j -> Math.toIntExact(values(j))).toArray();
    var genes = new GatheredGenes(x, codes, from, sizes);
    Parallel.forRange(
        sizes.length,
        GENES_PER_BLOCK,
        (first, end) -> {
          var ranks = test.ranks();
          for (int j = from + first; j < from + end; j++) {
            ranks.load(genes.keys(j), 0, genes.keys(j).length);
            test.fill(ranks, j, scores, pvals);
          }
        });
  }

  /** Values of a gene that are not zero. */
  private long values(int gene) {
    long values = 0;
    for (int g = 0; g < moments.nGroups(); g++) {
      values += moments.in(g, gene).nonZero();
    }
    return values;
  }

  /**
   * First genes of slices, and the number of genes.
   *
   * @param room values of a slice, unless one gene alone has more
   */
  private int[] cut(long room) {
    int[] cuts = new int[x.nCols() + 1];
    int n = 0;
    long inSlice = 0;
    for (int j = 0; j < x.nCols(); j++) {
      long values = values(j);
      if (inSlice > 0 && inSlice + values > room) {
        cuts[++n] = j;
        inSlice = 0;
      }
      inSlice += values;
    }
    cuts[++n] = x.nCols();
    return Arrays.copyOf(cuts, n + 1);
  }

  private void runInMemory(double[][] scores, double[][] pvals, Progress progress) {
    var slices = new GeneSlices(x, codes);
    for (int slice = 0; slice < slices.count(); slice++) {
      Parallel.checkInterrupted();
      slices.next();
      int first = slices.first(slice);
      Parallel.forRange(
          slices.first(slice + 1) - first,
          GENES_PER_BLOCK,
          (from, to) -> {
            var ranks = test.ranks();
            for (int j = first + from; j < first + to; j++) {
              ranks.load(slices.keys(), slices.start(j), slices.start(j + 1));
              test.fill(ranks, j, scores, pvals);
            }
          });
      progress.step(STAGE, slices.first(slice + 1), x.nCols(), Double.NaN);
    }
  }
}
