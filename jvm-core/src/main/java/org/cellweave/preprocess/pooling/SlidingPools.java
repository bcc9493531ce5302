package org.cellweave.preprocess.pooling;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * The factors of all pools of neighbours along a ring of cells: the median over genes of a pool's
 * sum over the average cell.
 *
 * <p>Where sizes ascend by one step, the sums of every such run of cells are formed once and serve
 * all sizes; a pool grows by them. Sums do not depend on how pools are cut into tasks.
 */
final class SlidingPools {
  /** Pools that begin in a task, one after the other. */
  private static final int BLOCK = 128;

  private final int nGenes;
  private final int[][] genes;
  private final double[][] ratios;

  /**
   * @param genes of every cell of the ring, positions below {@code nGenes}
   * @param ratios of their values over the average cell's
   */
  SlidingPools(int nGenes, int[][] genes, double[][] ratios) {
    this.nGenes = nGenes;
    this.genes = genes;
    this.ratios = ratios;
  }

  /**
   * @param sizes ascending, at most as many as there are cells
   * @return by size and first cell
   */
  double[][] factors(int[] sizes) {
    int n = genes.length;
    double[][] out = new double[sizes.length][n];
    Parallel.forRange(n, BLOCK, (from, to) -> new Task(sizes, from, to, out).run());
    return out;
  }

  private void add(int cell, double[] sums) {
    int[] at = genes[cell % genes.length];
    double[] value = ratios[cell % genes.length];
    for (int k = 0; k < at.length; k++) {
      sums[at[k]] += value[k];
    }
  }

  /** Pools that begin at {@code from <= first < to}. */
  private final class Task {
    private final int[] sizes;
    private final int from;
    private final int to;
    private final double[][] out;
    private final int step;

    /** Sums of {@code step} cells, by the first of them modulo the length of this. */
    private final double[][] runs;

    Task(int[] sizes, int from, int to, double[][] out) {
      this.sizes = sizes;
      this.from = from;
      this.to = to;
      this.out = out;
      this.step = commonStep(sizes);
      int last = sizes[sizes.length - 1];
      this.runs = new double[step == 0 ? 0 : last - step - sizes[0] + 1][nGenes];
    }

    void run() {
      var medians = new NearMedian[sizes.length];
      Arrays.setAll(medians, s -> new NearMedian(nGenes));
      double[] sums = new double[nGenes];
      for (int q = from + sizes[0]; q < from + sizes[0] + runs.length - 1; q++) {
        sumRun(q);
      }
      for (int first = from; first < to; first++) {
        if (runs.length > 0) {
          sumRun(first + sizes[0] + runs.length - 1);
        }
        Arrays.fill(sums, 0);
        for (int k = 0; k < sizes[0]; k++) {
          add(first + k, sums);
        }
        for (int s = 0; s < sizes.length; s++) {
          if (s > 0) {
            grow(sums, first, sizes[s - 1], sizes[s]);
          }
          out[s][first] = medians[s].of(sums, expected(s, first));
        }
      }
    }

    private void sumRun(int first) {
      double[] sum = runs[first % runs.length];
      Arrays.fill(sum, 0);
      for (int k = 0; k < step; k++) {
        add(first + k, sum);
      }
    }

    private void grow(double[] sums, int first, int before, int size) {
      if (step == 0) {
        for (int k = before; k < size; k++) {
          add(first + k, sums);
        }
        return;
      }
      double[] more = runs[(first + before) % runs.length];
      for (int j = 0; j < sums.length; j++) {
        sums[j] += more[j];
      }
    }

    private double expected(int s, int first) {
      if (first > from) {
        return out[s][first - 1];
      }
      return s > 0 ? out[s - 1][first] * sizes[s] / sizes[s - 1] : Double.NaN;
    }
  }

  /** By which all sizes ascend, or 0. */
  private static int commonStep(int[] sizes) {
    int step = sizes.length < 3 ? 0 : sizes[1] - sizes[0];
    for (int s = 1; s < sizes.length; s++) {
      step = sizes[s] - sizes[s - 1] == step ? step : 0;
    }
    return step;
  }
}
