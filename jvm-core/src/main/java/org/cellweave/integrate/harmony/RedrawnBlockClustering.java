package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.internal.Ordering;
import org.cellweave.random.RRandom;
import org.cellweave.util.Elementary;

/** Blocks drawn anew every round with R's random numbers, one cell after another. */
final class RedrawnBlockClustering implements SoftClustering {
  private final BlockOrder blocks;
  private final HarmonyDesign design;
  private final int nClusters;
  private final int dims;
  private final double sigma;
  private final double blockSize;
  private final RRandom random;
  private final float[] closeness;
  private final float[] share;
  private final FloatPointer nativeShare;
  private final Cooccurrence counts;
  private final DiversityPenalty penalties;
  private int lost;

  RedrawnBlockClustering(
      BlockOrder blocks,
      HarmonyDesign design,
      int dims,
      Harmony.Params params,
      double blockSize,
      RRandom random) {
    long size = (long) blocks.nCells * design.nClusters;
    if (size > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "rng "
              + params.rng()
              + " is for comparison with R on small data, got "
              + blocks.nCells
              + " cells; use SPLITTABLE");
    }
    this.blocks = blocks;
    this.design = design;
    this.nClusters = design.nClusters;
    this.dims = dims;
    this.sigma = params.sigma();
    this.blockSize = blockSize;
    this.random = random;
    this.closeness = new float[(int) size];
    this.share = new float[(int) size];
    this.nativeShare = NativeMemory.floats(size);
    this.counts = new Cooccurrence(design);
    this.penalties = new DiversityPenalty(design, params);
  }

  @Override
  public void measure(FloatPointer cos, double[] y) {
    float[] x = new float[blocks.nCells * dims];
    cos.get(x, 0, x.length);
    for (int i = 0; i < blocks.nCells; i++) {
      for (int k = 0; k < nClusters; k++) {
        double dot = 0;
        for (int c = 0; c < dims; c++) {
          dot += x[i * dims + c] * y[k * dims + c];
        }
        closeness[i * nClusters + k] = (float) Elementary.exp(-2 * (1 - dot) / sigma);
      }
    }
  }

  @Override
  public void reset() {
    penalties.clear();
    counts.clear();
    lost = 0;
    for (int i = 0; i < blocks.nCells; i++) {
      assign(i);
      count(i, 1);
    }
    nativeShare.put(share, 0, share.length);
  }

  @Override
  public void round() {
    int n = blocks.nCells;
    double[] keys = new double[n];
    for (int i = 0; i < n; i++) {
      keys[i] = (int) (random.nextUniform() * Integer.MAX_VALUE);
    }
    int[] order = Ordering.ascending(keys);
    int nBlocks = (int) Math.ceil(1 / (float) blockSize);
    int length = (int) ((float) n * blockSize);
    lost = 0;
    for (int b = 0; b < nBlocks; b++) {
      int from = Math.min(n, b * length);
      int to = b == nBlocks - 1 ? n : Math.min(n, from + length);
      for (int p = from; p < to; p++) {
        count(order[p], -1);
      }
      penalties.update(counts);
      for (int p = from; p < to; p++) {
        assign(order[p]);
      }
      for (int p = from; p < to; p++) {
        count(order[p], 1);
      }
    }
    nativeShare.put(share, 0, share.length);
  }

  private void assign(int i) {
    float[] m = new float[nClusters];
    penalties.factors(design.levelsOfJoint[design.joint[i]], m);
    double sum = 0;
    for (int k = 0; k < nClusters; k++) {
      sum += (double) closeness[i * nClusters + k] * m[k];
    }
    lost += sum > 0 ? 0 : 1;
    for (int k = 0; k < nClusters; k++) {
      double r = (double) closeness[i * nClusters + k] * m[k];
      share[i * nClusters + k] = sum > 0 ? (float) (r / sum) : 0;
    }
  }

  private void count(int i, int sign) {
    double[] amount = new double[nClusters];
    for (int k = 0; k < nClusters; k++) {
      amount[k] = sign * share[i * nClusters + k];
    }
    counts.add(design.levelsOfJoint[design.joint[i]], amount, 0);
  }

  @Override
  public Cooccurrence counts() {
    return counts;
  }

  @Override
  public double fit() {
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      double r = share[i];
      sum += r > 0 ? sigma * r * (Elementary.log(r) - Elementary.log(closeness[i])) : 0;
    }
    return sum;
  }

  @Override
  public FloatPointer rows(int position) {
    return nativeShare.getPointer((long) position * nClusters);
  }

  @Override
  public void factors(int segment, float[] out) {
    java.util.Arrays.fill(out, 0, nClusters, 1);
  }

  @Override
  public void weights(int from, int to, float[] out) {
    java.util.Arrays.fill(out, 0, to - from, 1);
  }

  @Override
  public int lost() {
    return lost;
  }

  @Override
  public void close() {
    nativeShare.close();
  }
}
