package org.cellweave.diffexp;

import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.MemoryBudget;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Wilcoxon's rank-sum test of each gene between a group of cells and others, by the normal
 * approximation without continuity correction; a slice of the genes at a time.
 */
final class RankSumTest {
  private static final int GENES_PER_BLOCK = 64;

  /** Place and value, as {@link CsrMatrix} has them. */
  private static final int BYTES_OF_VALUE = 8;

  /** Values of a pass, however little memory there is. */
  private static final int LEAST_VALUES = 1 << 22;

  private final CsrMatrix x;
  private final int[] codes;
  private final GroupMoments moments;
  private final int[] sizes;
  private final boolean tieCorrect;

  /**
   * @param codes group of every cell; cells of none are a group of their own
   */
  RankSumTest(CsrMatrix x, int[] codes, GroupMoments moments, boolean tieCorrect) {
    this.x = x;
    this.codes = codes;
    this.moments = moments;
    this.tieCorrect = tieCorrect;
    sizes = new int[moments.nGroups()];
    for (int g = 0; g < sizes.length; g++) {
      sizes[g] = moments.size(g);
    }
  }

  /**
   * Fills scores and p-values, one row per group wanted.
   *
   * @param reference a code, or {@link RankGenesGroups#REST}
   */
  void run(int[] wanted, int reference, double[][] scores, double[][] pvals, Progress progress) {
    if (x.isInMemory()) {
      run(x, 0, wanted, reference, scores, pvals, progress);
      return;
    }
    // A pass for as many genes as fit the memory, each of which needs all of its values at once.
    int from = 0;
    while (from < x.nCols()) {
      int to = fitting(from);
      if (x.store().runner() != null) {
        CsrMatrix some = x.takeCols(IntStream.range(from, to).toArray()).inMemory();
        run(some, from, wanted, reference, scores, pvals, Progress.NONE);
      } else {
        gather(from, to, wanted, reference, scores, pvals);
      }
      progress.step("rank genes", to, x.nCols(), Double.NaN);
      from = to;
    }
  }

  private void gather(
      int from, int to, int[] wanted, int reference, double[][] scores, double[][] pvals) {
    int[] sizes = IntStream.range(from, to).map(j -> Math.toIntExact(values(j))).toArray();
    var genes = new GatheredGenes(x, codes, from, sizes);
    Parallel.forRange(
        sizes.length,
        GENES_PER_BLOCK,
        (first, end) -> {
          var ranks = new RankSums(this.sizes);
          for (int j = from + first; j < from + end; j++) {
            ranks.load(genes.keys(j), 0, genes.keys(j).length);
            test(ranks, j, wanted, reference, scores, pvals);
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

  /** One past the last gene whose values, with those from {@code from} on, fit the memory. */
  private int fitting(int from) {
    long room = Math.max(LEAST_VALUES, MemoryBudget.forSelection() / BYTES_OF_VALUE);
    long values = 0;
    int to = from;
    while (to < x.nCols()) {
      values += values(to);
      if (values > room && to > from) {
        return to;
      }
      to++;
    }
    return to;
  }

  /**
   * @param some all cells by some genes
   * @param offset number of the first of these genes
   */
  private void run(
      CsrMatrix some,
      int offset,
      int[] wanted,
      int reference,
      double[][] scores,
      double[][] pvals,
      Progress progress) {
    var slices = new GeneSlices(some, codes);
    for (int slice = 0; slice < slices.count(); slice++) {
      Parallel.checkInterrupted();
      slices.next();
      int first = slices.first(slice);
      Parallel.forRange(
          slices.first(slice + 1) - first,
          GENES_PER_BLOCK,
          (from, to) -> {
            var ranks = new RankSums(sizes);
            for (int j = first + from; j < first + to; j++) {
              ranks.load(slices.keys(), slices.start(j), slices.start(j + 1));
              test(ranks, offset + j, wanted, reference, scores, pvals);
            }
          });
      progress.step("rank genes", slices.first(slice + 1), x.nCols(), Double.NaN);
    }
  }

  private void test(
      RankSums ranks, int gene, int[] wanted, int reference, double[][] scores, double[][] pvals) {
    boolean rest = reference == RankGenesGroups.REST;
    if (rest) {
      ranks.rankAll();
    }
    for (int w = 0; w < wanted.length; w++) {
      if (!rest) {
        ranks.rankPair(wanted[w], reference);
      }
      int n = sizes[wanted[w]];
      int m = rest ? x.nRows() - n : sizes[reference];
      double z = zScore(ranks, wanted[w], n, m);
      scores[w][gene] = z;
      pvals[w][gene] = Significance.normal(z);
    }
  }

  private double zScore(RankSums ranks, int group, int n, int m) {
    double all = (double) n + m;
    double correction = tieCorrect ? 1 - ranks.ties / (all * all * all - all) : 1;
    double deviation = Math.sqrt(correction * n * m * (all + 1) / 12.0);
    double z = (ranks.sums[group] - n * (all + 1) / 2.0) / deviation;
    return Double.isNaN(z) ? 0 : z;
  }
}
