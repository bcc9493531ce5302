package org.cellweave.preprocess.pooling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/**
 * The cells of one cluster, or of a part of it, over which pools are formed.
 *
 * @param level of the cluster
 * @param cells rows, ascending by library size
 * @param profile of the average cell, all genes: the mean of the cells' shares times the mean
 *     library size
 * @param meanLibrary of the cells
 */
record PooledCluster(int level, int[] cells, double[] profile, double meanLibrary) {
  private static final int BLOCK = 32;

  /** Squared weight of the equation of a single cell. */
  private static final double LOW_WEIGHT = 1e-6;

  /** Cells by library size, dealt out to as few hands as hold at most {@code most} each. */
  static int[][] dealt(int[] cells, double[] libraries, int most) {
    int[] sorted =
        Arrays.stream(cells)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> libraries[i]))
            .mapToInt(i -> i)
            .toArray();
    int hands = Parallel.nBlocks(cells.length, most);
    int[][] parts = new int[hands][];
    for (int p = 0; p < hands; p++) {
      int first = p;
      parts[p] =
          IntStream.range(0, sorted.length)
              .filter(k -> k % hands == first)
              .map(k -> sorted[k])
              .toArray();
    }
    return parts;
  }

  /**
   * @param libraries of all rows, positive
   * @param cells ascending by library size
   */
  static PooledCluster of(Rows rows, double[] libraries, int level, int[] cells) {
    double[] profile = new double[rows.nCols()];
    rows.visit(
        cells,
        0,
        cells.length,
        (i, at, start, v, n) -> {
          for (int k = 0; k < n; k++) {
            profile[at[start + k]] += v[k] / libraries[i];
          }
        });
    double mean = Arrays.stream(cells).mapToDouble(i -> libraries[i]).sum() / cells.length;
    for (int j = 0; j < profile.length; j++) {
      profile[j] *= mean / cells.length;
    }
    return new PooledCluster(level, cells, profile, mean);
  }

  /**
   * Factors relative to the average cell.
   *
   * @param libraries of all rows
   * @param sizes of pools, ascending; none for factors by library size
   * @param minMean lowest average count of a gene that takes part
   */
  double[] factors(Rows rows, double[] libraries, int[] sizes, double minMean) {
    double[] out = new double[cells.length];
    Arrays.setAll(out, k -> libraries[cells[k]] / meanLibrary);
    if (sizes.length == 0) {
      return out;
    }
    int[] ring = ring(cells.length);
    double[][] pools = pools(rows, libraries, minMean, ring).factors(sizes);
    double[] solved = new RingSystem(cells.length, sizes, LOW_WEIGHT).solve(pools);
    for (int q = 0; q < ring.length; q++) {
      out[ring[q]] *= solved[q];
    }
    return out;
  }

  /** Odd ranks ascending, then even ones descending: neighbours are alike all the way round. */
  static int[] ring(int n) {
    int[] ring = new int[n];
    for (int k = 0; k < n; k++) {
      ring[k % 2 == 0 ? k / 2 : n - 1 - k / 2] = k;
    }
    return ring;
  }

  int genesFrom(double minMean) {
    return (int) Arrays.stream(profile).filter(v -> v > 0 && v >= minMean).count();
  }

  private SlidingPools pools(Rows rows, double[] libraries, double minMean, int[] ring) {
    int[] place = new int[profile.length];
    int n = 0;
    for (int j = 0; j < place.length; j++) {
      place[j] = profile[j] > 0 && profile[j] >= minMean ? n++ : -1;
    }
    int[][] genes = new int[ring.length][];
    double[][] ratios = new double[ring.length][];
    Parallel.forRange(
        ring.length,
        BLOCK,
        (from, to) -> {
          var reader = rows.reader();
          for (int q = from; q < to; q++) {
            int row = cells[ring[q]];
            int entries = reader.load(row);
            int[] at = new int[entries];
            double[] ratio = new double[entries];
            int kept = 0;
            for (int k = 0; k < entries; k++) {
              int j = reader.columns()[reader.start() + k];
              if (place[j] >= 0) {
                at[kept] = place[j];
                ratio[kept++] = reader.values()[k] / libraries[row] / (profile[j] / meanLibrary);
              }
            }
            genes[q] = Arrays.copyOf(at, kept);
            ratios[q] = Arrays.copyOf(ratio, kept);
          }
        });
    return new SlidingPools(n, genes, ratios);
  }
}
