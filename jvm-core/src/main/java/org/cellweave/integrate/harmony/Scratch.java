package org.cellweave.integrate.harmony;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;

/** Working arrays of one task, lent from a pool so that they are made once per thread. */
final class Scratch {
  final float[] tile;
  final float[] points;
  final float[] weights;
  final float[] factors;
  final float[] small;
  final double[] row;
  final FloatPointer nativeTile;
  final FloatPointer nativePoints;
  final FloatPointer nativeWeights;
  final FloatPointer nativeFactors;
  final FloatPointer nativeSmall;

  private Scratch(int rows, int nClusters, int dims) {
    tile = new float[rows * nClusters];
    points = new float[rows * (dims + 1)];
    weights = new float[rows];
    factors = new float[nClusters];
    small = new float[nClusters * (dims + 1)];
    row = new double[dims + 1];
    nativeTile = NativeMemory.floats((long) rows * nClusters);
    nativePoints = NativeMemory.floats((long) rows * (dims + 1));
    nativeWeights = NativeMemory.floats((long) rows);
    nativeFactors = NativeMemory.floats((long) nClusters);
    nativeSmall = NativeMemory.floats((long) nClusters * (dims + 1));
  }

  /**
   * Adds a segment's shares, transposed, times the rows in {@code points}, which hold the cells'
   * weights already.
   *
   * @param acc clusters by {@code width}
   */
  void addProduct(Layout layout, int segment, Assignment assignment, int width, double[] acc) {
    int from = layout.start[segment];
    int rows = layout.rows(segment);
    int nClusters = factors.length;
    nativePoints.put(points, 0, rows * width);
    Blas.gemmTn(nClusters, width, rows, assignment.rows(from), nativePoints, 0, nativeSmall);
    nativeSmall.get(small, 0, nClusters * width);
    assignment.factors(segment, factors);
    for (int k = 0; k < nClusters; k++) {
      double m = factors[k];
      for (int c = k * width; c < (k + 1) * width; c++) {
        acc[c] += m * small[c];
      }
    }
  }

  private void free() {
    nativeTile.close();
    nativePoints.close();
    nativeWeights.close();
    nativeFactors.close();
    nativeSmall.close();
  }

  /** Lends arrays; closing frees those that were returned. */
  static final class Pool implements AutoCloseable {
    private final ConcurrentLinkedDeque<Scratch> idle = new ConcurrentLinkedDeque<>();
    private final int nClusters;
    private final int dims;

    Pool(int nClusters, int dims) {
      this.nClusters = nClusters;
      this.dims = dims;
    }

    void with(Consumer<Scratch> work) {
      Scratch lent = idle.pollFirst();
      if (lent == null) {
        lent = new Scratch(Layout.TILE, nClusters, dims);
      }
      work.accept(lent);
      idle.addFirst(lent);
    }

    @Override
    public void close() {
      for (Scratch s = idle.pollFirst(); s != null; s = idle.pollFirst()) {
        s.free();
      }
    }
  }
}
