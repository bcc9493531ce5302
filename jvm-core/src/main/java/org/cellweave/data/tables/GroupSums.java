package org.cellweave.data.tables;

import java.util.List;
import org.cellweave.util.Parallel;

/**
 * Compensated sums of the numbers of each group, missing ones left out, in blocks of rows that are
 * summed one beside the other and put together in order: the same bits with any number of threads.
 */
record GroupSums(double[] sums, long[] counts) {
  private static final int BLOCK = 1 << 16;
  private static final int MOST_CELLS = 1 << 20;
  private static final int LANES = 8;

  static GroupSums of(double[] values, Grouping groups) {
    return blocks(values, groups, null);
  }

  /** Sums of squared distances from each group's own number. */
  static GroupSums ofSquares(double[] values, Grouping groups, double[] centres) {
    return blocks(values, groups, centres);
  }

  double[] means() {
    double[] out = new double[sums.length];
    for (int g = 0; g < out.length; g++) {
      out[g] = sums[g] / counts[g];
    }
    return out;
  }

  private static GroupSums blocks(double[] values, Grouping groups, double[] centres) {
    int n = values.length;
    int size = groups.size();
    // Many groups in many blocks would take more memory than the rows.
    boolean few = (long) Parallel.nBlocks(n, BLOCK) * size <= MOST_CELLS;
    int block = few ? BLOCK : Math.max(1, n);
    List<Part> parts =
        Parallel.map(
            Parallel.nBlocks(n, block),
            b -> {
              var part = new Part(size);
              int to = Math.min(n, (b + 1) * block);
              if (groups.keys().isEmpty() && centres == null) {
                part.addAll(values, b * block, to);
              } else {
                part.add(values, groups.codes(), centres, b * block, to);
              }
              return part;
            });
    var all = new Part(size);
    parts.forEach(all::add);
    return new GroupSums(all.sums, all.counts);
  }

  private static final class Part {
    final double[] sums;
    final double[] lost;
    final long[] counts;

    Part(int size) {
      sums = new double[size];
      lost = new double[size];
      counts = new long[size];
    }

    void add(double[] values, int[] codes, double[] centres, int from, int to) {
      for (int i = from; i < to; i++) {
        int g = codes[i];
        double value = values[i];
        if (g >= 0 && !Double.isNaN(value)) {
          if (centres != null) {
            double distance = value - centres[g];
            value = distance * distance;
          }
          counts[g]++;
          add(g, value);
        }
      }
    }

    /** All rows in one group: sums that do not wait for each other. */
    void addAll(double[] values, int from, int to) {
      double[] lane = new double[LANES];
      double[] rest = new double[LANES];
      long n = 0;
      for (int i = from; i < to; i += LANES) {
        int width = Math.min(LANES, to - i);
        for (int l = 0; l < width; l++) {
          double value = values[i + l];
          if (!Double.isNaN(value)) {
            double next = value - rest[l];
            double total = lane[l] + next;
            double lost = total - lane[l] - next;
            rest[l] = Double.isNaN(lost) ? 0 : lost;
            lane[l] = total;
            n++;
          }
        }
      }
      counts[0] += n;
      for (int l = 0; l < LANES; l++) {
        add(0, lane[l]);
        add(0, -rest[l]);
      }
    }

    private void add(int g, double value) {
      double next = value - lost[g];
      double total = sums[g] + next;
      double rest = total - sums[g] - next;
      // An infinite sum has no rest to carry.
      lost[g] = Double.isNaN(rest) ? 0 : rest;
      sums[g] = total;
    }

    void add(Part other) {
      for (int g = 0; g < sums.length; g++) {
        counts[g] += other.counts[g];
        add(g, other.sums[g]);
        add(g, -other.lost[g]);
      }
    }
  }
}
