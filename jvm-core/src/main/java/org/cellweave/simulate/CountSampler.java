package org.cellweave.simulate;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.random.CountDistributions;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Gamma-Poisson counts of cells whose expected expression is given. Every cell has its own random
 * stream, so that results do not depend on the number of threads.
 */
final class CountSampler {
  private static final int CELLS_PER_BLOCK = 64;

  /** Standard deviation of the logarithm of a cell's depth. */
  private static final double DEPTH_SPREAD = 0.45;

  private final double depth;
  private final double dispersion;
  private final long seed;

  /**
   * @param depth median number of counts in a cell
   * @param dispersion variance of a rate over its squared mean; at most 1
   */
  CountSampler(double depth, double dispersion, long seed) {
    this.depth = depth;
    this.dispersion = dispersion;
    this.seed = seed;
  }

  /** Writes the logarithm of each gene's expected expression in a cell, up to a constant. */
  @FunctionalInterface
  interface LogRates {
    void of(int cell, double[] out);
  }

  /** Cells by genes, float32. */
  CsrMatrix draw(int nCells, int nGenes, LogRates logRates, Progress progress) {
    int nBlocks = Parallel.nBlocks(nCells, CELLS_PER_BLOCK);
    var done = new AtomicInteger();
    var blocks =
        Parallel.map(
            nBlocks,
            block -> {
              int first = block * CELLS_PER_BLOCK;
              int end = Math.min(nCells, first + CELLS_PER_BLOCK);
              int[][] rows = new int[end - first][];
              double[] rate = new double[nGenes];
              for (int i = first; i < end; i++) {
                var random = stream(seed, i);
                logRates.of(i, rate);
                scale(rate, random);
                rows[i - first] = cell(rate, random);
              }
              progress.step("simulate", done.incrementAndGet(), nBlocks, Double.NaN);
              return rows;
            });
    var builder = new CsrBuilder(nGenes, DType.FLOAT32);
    int[] at = new int[nGenes];
    double[] values = new double[nGenes];
    for (int[][] rows : blocks) {
      for (int[] counts : rows) {
        int n = 0;
        for (int g = 0; g < nGenes; g++) {
          if (counts[g] > 0) {
            at[n] = g;
            values[n++] = counts[g];
          }
        }
        builder.addRow(at, values, n);
      }
    }
    return builder.build();
  }

  /** Not the seed plus a multiple of the generator's own step: that would be one shifted stream. */
  static SplittableRandom stream(long seed, int cell) {
    return Streams.of(seed, cell);
  }

  /** From logarithms to rates that sum to the depth of the cell. */
  private void scale(double[] rate, SplittableRandom random) {
    double sum = 0;
    for (int g = 0; g < rate.length; g++) {
      rate[g] = Elementary.exp(rate[g]);
      sum += rate[g];
    }
    double scale = depth * Elementary.exp(DEPTH_SPREAD * random.nextGaussian()) / sum;
    for (int g = 0; g < rate.length; g++) {
      rate[g] *= scale;
    }
  }

  private int[] cell(double[] rate, SplittableRandom random) {
    double shape = 1 / dispersion;
    int[] counts = new int[rate.length];
    for (int g = 0; g < rate.length; g++) {
      double noisy = rate[g] * CountDistributions.gamma(shape, random) * dispersion;
      counts[g] = CountDistributions.poisson(noisy, random);
    }
    return counts;
  }
}
