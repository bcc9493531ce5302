package org.cellweave.integrate.wnn;

import java.util.Arrays;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Parallel;

/**
 * The widths of cells' kernels: the mean distance to the {@code k} cells whose lists of neighbours
 * have least in common with its own, but something. Of cells that share as much, the farther ones
 * count. A cell with fewer such cells takes those, one with none its own neighbours.
 *
 * <p>All lists are {@code k} long, so that a Jaccard index, {@code shared / (2 k - shared)}, orders
 * cells as the number of shared neighbours does. A cell is not in its own list.
 */
final class SharedNeighborWidths {
  private static final int BLOCK = 256;

  private final double[][] x;
  private final NearestNeighbors.Result lists;
  private final int k;

  /** Who lists a cell: {@code listedBy[starts[i]..starts[i + 1])}. */
  private final int[] starts;

  private final int[] listedBy;

  private SharedNeighborWidths(double[][] x, NearestNeighbors.Result lists, int k) {
    this.x = x;
    this.lists = lists;
    this.k = k;
    int n = x.length;
    starts = new int[n + 1];
    for (int i = 0; i < n; i++) {
      for (int c = 1; c <= k; c++) {
        starts[neighbor(i, c) + 1]++;
      }
    }
    for (int i = 0; i < n; i++) {
      starts[i + 1] += starts[i];
    }
    listedBy = new int[n * k];
    int[] next = Arrays.copyOf(starts, n);
    for (int i = 0; i < n; i++) {
      for (int c = 1; c <= k; c++) {
        listedBy[next[neighbor(i, c)]++] = i;
      }
    }
  }

  /**
   * @param lists with the cell itself in front, of which the first {@code k} others count
   */
  static double[] of(double[][] x, NearestNeighbors.Result lists, int k) {
    var widths = new SharedNeighborWidths(x, lists, k);
    double[] out = new double[x.length];
    Parallel.forRange(
        x.length,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = widths.of(i);
          }
        });
    return out;
  }

  private int neighbor(int i, int c) {
    return lists.indices()[i * lists.nNeighbors() + c];
  }

  private double of(int i) {
    int[] sharing = sharing(i);
    int[] withAtMost = new int[k + 1];
    for (int at = 0; at < sharing.length; at = end(sharing, at)) {
      withAtMost[end(sharing, at) - at]++;
    }
    int most = 0;
    int taken = 0;
    while (most < k && taken < k) {
      taken += withAtMost[++most];
    }
    if (taken == 0) {
      return ownNeighbors(i);
    }
    double sum = 0;
    double[] last = new double[withAtMost[most]];
    int nLast = 0;
    for (int at = 0; at < sharing.length; at = end(sharing, at)) {
      int shared = end(sharing, at) - at;
      if (shared < most) {
        sum += ModalitySpace.distance(x[i], x[sharing[at]]);
      } else if (shared == most) {
        last[nLast++] = ModalitySpace.distance(x[i], x[sharing[at]]);
      }
    }
    Arrays.sort(last);
    int wanted = Math.min(k, taken) - (taken - nLast);
    for (int c = nLast - wanted; c < nLast; c++) {
      sum += last[c];
    }
    return sum / Math.min(k, taken);
  }

  /** Other cells that list a neighbour of the cell, ascending, once for every one they share. */
  private int[] sharing(int i) {
    int most = 0;
    for (int c = 1; c <= k; c++) {
      int j = neighbor(i, c);
      // the cell itself is among them
      most += starts[j + 1] - starts[j] - 1;
    }
    int[] out = new int[most];
    int n = 0;
    for (int c = 1; c <= k; c++) {
      int j = neighbor(i, c);
      for (int p = starts[j]; p < starts[j + 1]; p++) {
        if (listedBy[p] != i) {
          out[n++] = listedBy[p];
        }
      }
    }
    Arrays.sort(out);
    return out;
  }

  private static int end(int[] sorted, int at) {
    int end = at + 1;
    while (end < sorted.length && sorted[end] == sorted[at]) {
      end++;
    }
    return end;
  }

  private double ownNeighbors(int i) {
    double sum = 0;
    for (int c = 1; c <= k; c++) {
      sum += lists.distances()[i * lists.nNeighbors() + c];
    }
    return sum / k;
  }
}
