package org.cellweave.integrate.harmony;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;

/**
 * First centroids: greedy k-means++ and Lloyd's passes on a sample, then two passes over all cells.
 */
final class SampleStart {
  private static final int SAMPLE = 20_000;
  private static final int SAMPLE_PER_CLUSTER = 200;
  private static final int CANDIDATES = 3;
  private static final int SAMPLE_PASSES = 12;
  private static final int FULL_PASSES = 2;
  private static final int TASK_ROWS = 4096;

  private final FloatPointer cos;
  private final int n;
  private final int dims;
  private final int nClusters;
  private final Scratch.Pool pool;
  private final SplittableRandom random;

  SampleStart(FloatPointer cos, int n, int dims, int nClusters, Scratch.Pool pool, long seed) {
    this.cos = cos;
    this.n = n;
    this.dims = dims;
    this.nClusters = nClusters;
    this.pool = pool;
    this.random = new SplittableRandom(seed + 2);
  }

  /** Clusters by dimensions, of length one. */
  double[] run() {
    int wanted = (int) Math.min(n, Math.max(SAMPLE, (long) SAMPLE_PER_CLUSTER * nClusters));
    double[] centroids;
    if (wanted == n) {
      centroids = seeds(cos, n);
      passes(cos, n, centroids, SAMPLE_PASSES);
    } else {
      try (var sample = NativeMemory.floats((long) wanted * dims)) {
        gather(sample, wanted);
        centroids = seeds(sample, wanted);
        passes(sample, wanted, centroids, SAMPLE_PASSES);
      }
      passes(cos, n, centroids, FULL_PASSES);
    }
    Directions.normalise(centroids, dims);
    return centroids;
  }

  /** Cells drawn with repetition, in order of position. */
  private void gather(FloatPointer sample, int wanted) {
    int[] at = new int[wanted];
    for (int i = 0; i < wanted; i++) {
      at[i] = random.nextInt(n);
    }
    Arrays.sort(at);
    float[] row = new float[dims];
    for (int i = 0; i < wanted; i++) {
      cos.getPointer((long) at[i] * dims).get(row, 0, dims);
      sample.getPointer((long) i * dims).put(row, 0, dims);
    }
  }

  /** k-means++ that takes the best of a few candidates each time. */
  private double[] seeds(FloatPointer x, int rows) {
    double[] out = new double[nClusters * dims];
    float[] distance = new float[rows];
    Arrays.fill(distance, Float.POSITIVE_INFINITY);
    float[][] trial = new float[CANDIDATES][rows];
    double[] sums = new double[Parallel.nBlocks(rows, TASK_ROWS)];
    Arrays.fill(sums, 0);
    try (var candidates = NativeMemory.floats((long) CANDIDATES * dims)) {
      for (int k = 0; k < nClusters; k++) {
        int count = k == 0 ? 1 : CANDIDATES;
        int[] drawn = new int[count];
        float[] row = new float[dims];
        for (int c = 0; c < count; c++) {
          drawn[c] = k == 0 ? random.nextInt(rows) : draw(distance, sums);
          x.getPointer((long) drawn[c] * dims).get(row, 0, dims);
          candidates.getPointer((long) c * dims).put(row, 0, dims);
        }
        double[][] totals = new double[count][sums.length];
        measure(x, rows, candidates, count, distance, trial, totals);
        int best = 0;
        for (int c = 1; c < count; c++) {
          best = sum(totals[c]) < sum(totals[best]) ? c : best;
        }
        System.arraycopy(totals[best], 0, sums, 0, sums.length);
        float[] swap = trial[best];
        trial[best] = distance;
        distance = swap;
        x.getPointer((long) drawn[best] * dims).get(row, 0, dims);
        for (int c = 0; c < dims; c++) {
          out[k * dims + c] = row[c];
        }
      }
    }
    return out;
  }

  private static double sum(double[] parts) {
    double total = 0;
    for (double p : parts) {
      total += p;
    }
    return total;
  }

  private int draw(float[] distance, double[] sums) {
    double at = random.nextDouble() * sum(sums);
    int block = 0;
    while (block < sums.length - 1 && at >= sums[block]) {
      at -= sums[block++];
    }
    int end = Math.min(distance.length, (block + 1) * TASK_ROWS);
    int i = block * TASK_ROWS;
    while (i < end - 1 && at >= distance[i]) {
      at -= distance[i++];
    }
    return i;
  }

  private void measure(
      FloatPointer x,
      int rows,
      FloatPointer candidates,
      int count,
      float[] distance,
      float[][] trial,
      double[][] totals) {
    Parallel.forRange(
        rows,
        TASK_ROWS,
        (from, to) ->
            pool.with(
                scratch -> {
                  for (int at = from; at < to; at += Layout.TILE) {
                    int size = Math.min(Layout.TILE, to - at);
                    var tile = x.getPointer((long) at * dims);
                    for (int c = 0; c < count; c++) {
                      Blas.gemv(
                          size,
                          dims,
                          tile,
                          candidates.getPointer((long) c * dims),
                          scratch.nativeWeights);
                      scratch.nativeWeights.get(scratch.weights, 0, size);
                      double total = 0;
                      for (int i = 0; i < size; i++) {
                        float d = Math.max(0, 1 - scratch.weights[i]);
                        d = d < distance[at + i] ? d : distance[at + i];
                        trial[c][at + i] = d;
                        total += d;
                      }
                      totals[c][from / TASK_ROWS] += total;
                    }
                  }
                }));
  }

  /** Lloyd's passes by Euclidean distance; means keep their length in between. */
  private void passes(FloatPointer x, int rows, double[] centroids, int count) {
    try (var means = NativeMemory.floats((long) nClusters * dims)) {
      for (int p = 0; p < count; p++) {
        Parallel.checkInterrupted();
        if (!pass(x, rows, centroids, means)) {
          break;
        }
      }
    }
  }

  /** Sums of a task's cells by cluster, then their numbers; the worst placed cell. */
  private static final class Part {
    final double[] sums;
    final int[] sizes;
    int worst = -1;
    float worstScore = Float.POSITIVE_INFINITY;

    Part(int nClusters, int dims) {
      sums = new double[nClusters * dims];
      sizes = new int[nClusters];
    }
  }

  private boolean pass(FloatPointer x, int rows, double[] centroids, FloatPointer means) {
    float[] narrow = new float[centroids.length];
    float[] half = new float[nClusters];
    for (int k = 0; k < nClusters; k++) {
      double squares = 0;
      for (int c = 0; c < dims; c++) {
        double v = centroids[k * dims + c];
        narrow[k * dims + c] = (float) v;
        squares += v * v;
      }
      half[k] = (float) (squares / 2);
    }
    means.put(narrow, 0, narrow.length);
    // at most 64 parts, by the number of rows alone
    int partRows = Math.max(TASK_ROWS, Parallel.nBlocks(rows, 64));
    var parts =
        Parallel.map(
            Parallel.nBlocks(rows, partRows),
            t -> {
              var part = new Part(nClusters, dims);
              int to = (int) Math.min(rows, (t + 1L) * partRows);
              pool.with(scratch -> sumUp(x, t * partRows, to, means, half, scratch, part));
              return part;
            });
    return update(x, parts, centroids);
  }

  private void sumUp(
      FloatPointer x,
      int from,
      int to,
      FloatPointer means,
      float[] half,
      Scratch scratch,
      Part part) {
    for (int at = from; at < to; at += Layout.TILE) {
      int size = Math.min(Layout.TILE, to - at);
      var tile = x.getPointer((long) at * dims);
      Blas.gemmNt(size, nClusters, dims, tile, dims, means, dims, scratch.nativeTile);
      scratch.nativeTile.get(scratch.tile, 0, size * nClusters);
      tile.get(scratch.points, 0, size * dims);
      for (int i = 0; i < size; i++) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < nClusters; k++) {
          float score = scratch.tile[i * nClusters + k] - half[k];
          if (score > most) {
            most = score;
            best = k;
          }
        }
        part.sizes[best]++;
        for (int c = 0; c < dims; c++) {
          part.sums[best * dims + c] += scratch.points[i * dims + c];
        }
        if (most < part.worstScore) {
          part.worstScore = most;
          part.worst = at + i;
        }
      }
    }
  }

  /** New means; an empty cluster moves to the worst placed cell of a part. */
  private boolean update(FloatPointer x, java.util.List<Part> parts, double[] centroids) {
    double moved = 0;
    int donor = 0;
    float[] row = new float[dims];
    for (int k = 0; k < nClusters; k++) {
      int size = 0;
      for (var part : parts) {
        size += part.sizes[k];
      }
      if (size == 0 && donor == parts.size()) {
        continue;
      }
      if (size == 0) {
        x.getPointer((long) parts.get(donor++).worst * dims).get(row, 0, dims);
      }
      for (int c = 0; c < dims; c++) {
        double mean = row[c];
        if (size > 0) {
          mean = 0;
          for (var part : parts) {
            mean += part.sums[k * dims + c];
          }
          mean /= size;
        }
        double diff = mean - centroids[k * dims + c];
        centroids[k * dims + c] = mean;
        moved += diff * diff;
      }
    }
    return moved > 1e-8 * nClusters;
  }
}
