package org.cellweave.integrate.harmony;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Parallel;

/**
 * Blocks that keep their members, so that what a block contributes to the counts is known without
 * looking at its cells, and shares need not be stored: closeness is computed once per set of
 * centroids, penalties are a few numbers per block.
 */
final class FixedBlocks implements Assignment {
  /** Beyond it closeness is taken relative to the nearest cluster. */
  private static final double LONGEST_EXPONENT = 80;

  private final Layout layout;
  private final Design design;
  private final Scratch.Pool pool;
  private final int nClusters;
  private final int dims;
  private final double sigma;
  private final FloatPointer closeness;
  private final FloatPointer weights;
  private final FloatPointer centroids;

  /** Largest cosine of every cell, where closeness is relative to it; otherwise null. */
  private final float[] nearest;

  private final Penalties[] penalties;
  private final Counts[] ofBlock;
  private final double[] fitOfBlock;
  private final int[] lostOfBlock;
  private final Counts counts;
  private final SplittableRandom random;

  /** What each segment of a block gives to the clusters. */
  private double[] amounts = {};

  FixedBlocks(Layout layout, Design design, Scratch.Pool pool, int dims, Harmony.Params params) {
    this.layout = layout;
    this.design = design;
    this.pool = pool;
    this.dims = dims;
    this.nClusters = design.nClusters;
    this.sigma = params.sigma();
    this.closeness = NativeMemory.floats((long) layout.nCells * nClusters);
    this.weights = NativeMemory.floats((long) layout.nCells);
    this.centroids = NativeMemory.floats((long) nClusters * dims);
    this.nearest = 4 / sigma > LONGEST_EXPONENT ? new float[layout.nCells] : null;
    this.penalties = new Penalties[layout.nBlocks];
    this.ofBlock = new Counts[layout.nBlocks];
    for (int b = 0; b < layout.nBlocks; b++) {
      penalties[b] = new Penalties(design, params);
      ofBlock[b] = new Counts(design);
    }
    this.fitOfBlock = new double[layout.nBlocks];
    this.lostOfBlock = new int[layout.nBlocks];
    this.counts = new Counts(design);
    this.random = new SplittableRandom(params.seed() + 1);
  }

  @Override
  public void measure(FloatPointer cos, double[] y) {
    float[] narrow = new float[nClusters * dims];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) y[i];
    }
    centroids.put(narrow, 0, narrow.length);
    int[] tasks = layout.tasks(0, layout.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                scratch -> {
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    measureSegment(cos, s, scratch);
                  }
                }));
  }

  private void measureSegment(FloatPointer cos, int s, Scratch scratch) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    Blas.gemmNt(
        rows,
        nClusters,
        dims,
        cos.getPointer((long) from * dims),
        dims,
        centroids,
        dims,
        scratch.nativeTile);
    scratch.nativeTile.get(scratch.tile, 0, rows * nClusters);
    if (nearest == null) {
      FastExp.closeness(scratch.tile, rows * nClusters, 2 / sigma);
    } else {
      FastExp.relativeCloseness(scratch.tile, rows, nClusters, 2 / sigma, nearest, from);
    }
    rows(from).put(scratch.tile, 0, rows * nClusters);
  }

  @Override
  public void reset() {
    for (int b = 0; b < layout.nBlocks; b++) {
      penalties[b].clear();
      assign(b);
    }
    total();
  }

  @Override
  public void round() {
    for (int b : Shuffle.insideOut(layout.nBlocks, random)) {
      if (layout.nBlocks > 1) {
        counts.subtract(ofBlock[b]);
      }
      penalties[b].update(counts);
      assign(b);
      counts.add(ofBlock[b]);
    }
    total();
  }

  /** Counts anew in order of blocks, so that rounding does not pile up. */
  private void total() {
    counts.clear();
    for (var c : ofBlock) {
      counts.add(c);
    }
  }

  private void assign(int b) {
    int first = layout.firstSegment[b];
    int end = layout.firstSegment[b + 1];
    if (amounts.length < (end - first) * nClusters) {
      amounts = new double[(end - first) * nClusters];
    }
    double[] gains = amounts;
    double[] fits = new double[end - first];
    int[] lost = new int[end - first];
    int[] tasks = layout.tasks(first, end);
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                scratch -> {
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    lost[s - first] = assignSegment(s, scratch, gains, (s - first) * nClusters);
                    fits[s - first] = scratch.row[0];
                  }
                }));
    ofBlock[b].clear();
    fitOfBlock[b] = 0;
    lostOfBlock[b] = 0;
    for (int s = first; s < end; s++) {
      ofBlock[b].add(design.levelsOfJoint[layout.joint[s]], gains, (s - first) * nClusters);
      fitOfBlock[b] += fits[s - first];
      lostOfBlock[b] += lost[s - first];
    }
  }

  /**
   * Weights of a segment's cells and the amount that each cluster gets; the segment's part of the
   * objective goes to {@code scratch.row[0]}. With S the closeness, m the factors and c the row
   * sums of S m, the shares are R = S m / c, and distance + sigma R log R sums to sigma (R log m -
   * log c).
   *
   * @return cells without any share
   */
  private int assignSegment(int s, Scratch scratch, double[] gains, int at) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    float[] m = scratch.factors;
    factors(s, m);
    scratch.nativeFactors.put(m, 0, nClusters);
    Blas.gemv(rows, nClusters, rows(from), scratch.nativeFactors, scratch.nativeWeights);
    float[] w = scratch.weights;
    scratch.nativeWeights.get(w, 0, rows);
    int lost = 0;
    double logs = 0;
    double product = 1;
    for (int i = 0; i < rows; i++) {
      if (w[i] > 0) {
        product *= w[i];
        w[i] = 1 / w[i];
      } else {
        w[i] = 0;
        lost++;
      }
      // four sums of float32 products stay within the range of float64
      if ((i & 3) == 3) {
        logs += Math.log(product);
        product = 1;
      }
    }
    logs += Math.log(product);
    scratch.nativeWeights.put(w, 0, rows);
    weights.getPointer(from).put(w, 0, rows);
    Blas.gemvT(rows, nClusters, rows(from), scratch.nativeWeights, scratch.nativeFactors);
    float[] sums = scratch.small;
    scratch.nativeFactors.get(sums, 0, nClusters);
    double gain = 0;
    for (int k = 0; k < nClusters; k++) {
      double amount = (double) sums[k] * m[k];
      gains[at + k] = amount;
      gain += amount > 0 && m[k] != 1 ? amount * Math.log(m[k]) : 0;
    }
    double fit = sigma * (gain - logs);
    for (int i = 0; nearest != null && i < rows; i++) {
      fit += 2 * (1 - nearest[from + i]);
    }
    scratch.row[0] = fit;
    return lost;
  }

  @Override
  public Counts counts() {
    return counts;
  }

  @Override
  public double fit() {
    double sum = 0;
    for (double f : fitOfBlock) {
      sum += f;
    }
    return sum;
  }

  @Override
  public FloatPointer rows(int position) {
    return closeness.getPointer((long) position * nClusters);
  }

  @Override
  public void factors(int segment, float[] out) {
    penalties[layout.block[segment]].factors(design.levelsOfJoint[layout.joint[segment]], out);
  }

  @Override
  public void weights(int from, int to, float[] out) {
    weights.getPointer(from).get(out, 0, to - from);
  }

  @Override
  public int lost() {
    int sum = 0;
    for (int n : lostOfBlock) {
      sum += n;
    }
    return sum;
  }

  @Override
  public void close() {
    closeness.close();
    weights.close();
    centroids.close();
  }
}
