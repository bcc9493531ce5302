package org.cellweave.integrate.harmony;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Blocks that keep their members, so that what a block contributes to the counts is known without
 * looking at its cells, and shares need not be stored: closeness is computed once per set of
 * centroids, penalties are a few numbers per block.
 */
final class FixedBlockClustering implements SoftClustering {
  /** Beyond it closeness is taken relative to the nearest cluster. */
  private static final double LONGEST_EXPONENT = 80;

  private final BlockOrder blocks;
  private final HarmonyDesign design;
  private final TileBuffers.Pool pool;
  private final int nClusters;
  private final int dims;
  private final double sigma;
  private final FloatPointer closeness;
  private final FloatPointer weights;
  private final FloatPointer centroids;

  /** Largest cosine of every cell, where closeness is relative to it; otherwise null. */
  private final float[] nearest;

  private final DiversityPenalty[] penalties;
  private final Cooccurrence[] ofBlock;
  private final double[] fitOfBlock;
  private final int[] lostOfBlock;
  private final Cooccurrence counts;
  private final SplittableRandom random;

  /** What each segment of a block gives to the clusters. */
  private double[] amounts = {};

  FixedBlockClustering(
      BlockOrder blocks,
      HarmonyDesign design,
      TileBuffers.Pool pool,
      int dims,
      Harmony.Params params) {
    this.blocks = blocks;
    this.design = design;
    this.pool = pool;
    this.dims = dims;
    this.nClusters = design.nClusters;
    this.sigma = params.sigma();
    this.closeness = NativeMemory.floats((long) blocks.nCells * nClusters);
    this.weights = NativeMemory.floats((long) blocks.nCells);
    this.centroids = NativeMemory.floats((long) nClusters * dims);
    this.nearest = 4 / sigma > LONGEST_EXPONENT ? new float[blocks.nCells] : null;
    this.penalties = new DiversityPenalty[blocks.nBlocks];
    this.ofBlock = new Cooccurrence[blocks.nBlocks];
    for (int b = 0; b < blocks.nBlocks; b++) {
      penalties[b] = new DiversityPenalty(design, params);
      ofBlock[b] = new Cooccurrence(design);
    }
    this.fitOfBlock = new double[blocks.nBlocks];
    this.lostOfBlock = new int[blocks.nBlocks];
    this.counts = new Cooccurrence(design);
    this.random = new SplittableRandom(params.seed() + 1);
  }

  @Override
  public void measure(FloatPointer cos, double[] y) {
    float[] narrow = new float[nClusters * dims];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) y[i];
    }
    centroids.put(narrow, 0, narrow.length);
    int[] tasks = blocks.tasks(0, blocks.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                buffers -> {
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    measureSegment(cos, s, buffers);
                  }
                }));
  }

  private void measureSegment(FloatPointer cos, int s, TileBuffers buffers) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    Blas.gemmNt(
        rows,
        nClusters,
        dims,
        cos.getPointer((long) from * dims),
        dims,
        centroids,
        dims,
        buffers.nativeTile);
    buffers.nativeTile.get(buffers.tile, 0, rows * nClusters);
    if (nearest == null) {
      FastExp.closeness(buffers.tile, rows * nClusters, 2 / sigma);
    } else {
      FastExp.relativeCloseness(buffers.tile, rows, nClusters, 2 / sigma, nearest, from);
    }
    rows(from).put(buffers.tile, 0, rows * nClusters);
  }

  @Override
  public void reset() {
    for (int b = 0; b < blocks.nBlocks; b++) {
      penalties[b].clear();
      assign(b);
    }
    total();
  }

  @Override
  public void round() {
    for (int b : Shuffle.insideOut(blocks.nBlocks, random)) {
      if (blocks.nBlocks > 1) {
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
    int first = blocks.firstSegment[b];
    int end = blocks.firstSegment[b + 1];
    if (amounts.length < (end - first) * nClusters) {
      amounts = new double[(end - first) * nClusters];
    }
    double[] gains = amounts;
    double[] fits = new double[end - first];
    int[] lost = new int[end - first];
    int[] tasks = blocks.tasks(first, end);
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                buffers -> {
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    lost[s - first] = assignSegment(s, buffers, gains, (s - first) * nClusters);
                    fits[s - first] = buffers.row[0];
                  }
                }));
    ofBlock[b].clear();
    fitOfBlock[b] = 0;
    lostOfBlock[b] = 0;
    for (int s = first; s < end; s++) {
      ofBlock[b].add(design.levelsOfJoint[blocks.joint[s]], gains, (s - first) * nClusters);
      fitOfBlock[b] += fits[s - first];
      lostOfBlock[b] += lost[s - first];
    }
  }

  /**
   * Weights of a segment's cells and the amount that each cluster gets; the segment's part of the
   * objective goes to {@code buffers.row[0]}. With S the closeness, m the factors and c the row
   * sums of S m, the shares are R = S m / c, and distance + sigma R log R sums to sigma (R log m -
   * log c).
   *
   * @return cells without any share
   */
  private int assignSegment(int s, TileBuffers buffers, double[] gains, int at) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    float[] m = buffers.factors;
    factors(s, m);
    buffers.nativeFactors.put(m, 0, nClusters);
    Blas.gemv(rows, nClusters, rows(from), buffers.nativeFactors, buffers.nativeWeights);
    float[] w = buffers.weights;
    buffers.nativeWeights.get(w, 0, rows);
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
        logs += Elementary.log(product);
        product = 1;
      }
    }
    logs += Elementary.log(product);
    buffers.nativeWeights.put(w, 0, rows);
    weights.getPointer(from).put(w, 0, rows);
    Blas.gemvT(rows, nClusters, rows(from), buffers.nativeWeights, buffers.nativeFactors);
    float[] sums = buffers.small;
    buffers.nativeFactors.get(sums, 0, nClusters);
    double gain = 0;
    for (int k = 0; k < nClusters; k++) {
      double amount = (double) sums[k] * m[k];
      gains[at + k] = amount;
      gain += amount > 0 && m[k] != 1 ? amount * Elementary.log(m[k]) : 0;
    }
    double fit = sigma * (gain - logs);
    for (int i = 0; nearest != null && i < rows; i++) {
      fit += 2 * (1 - nearest[from + i]);
    }
    buffers.row[0] = fit;
    return lost;
  }

  @Override
  public Cooccurrence counts() {
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
    penalties[blocks.block[segment]].factors(design.levelsOfJoint[blocks.joint[segment]], out);
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
