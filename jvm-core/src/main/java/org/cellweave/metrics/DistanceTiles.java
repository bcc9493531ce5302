package org.cellweave.metrics;

import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/** Squared distances from the cells of one set to those of another, tile by tile, in float64. */
final class DistanceTiles {
  static final int QUERIES = 128;
  private static final int BASE = 1024;

  final int nQueries;
  final int nBase;
  private final int d;
  private final double[] queries;
  private final double[] base;
  private final double[] queryLengths;
  private final double[] baseLengths;
  private final double rounding;

  /** Receives the squared distances of query {@code i} to base cells {@code first ...}. */
  @FunctionalInterface
  interface Row {
    void take(int i, int first, int count, double[] squared);
  }

  private DistanceTiles(double[] queries, int nQueries, double[] base, int nBase, int d) {
    this.queries = queries;
    this.nQueries = nQueries;
    this.base = base;
    this.nBase = nBase;
    this.d = d;
    this.queryLengths = lengths(queries, nQueries, d);
    this.baseLengths = lengths(base, nBase, d);
    this.rounding = 1e-13 * (d + 4);
  }

  /** Rows scaled to length one (cosine) or centred and scaled (correlation) first. */
  static DistanceTiles of(DenseMatrix queries, DenseMatrix base, PairMetric metric) {
    if (queries.nCols() != base.nCols()) {
      throw new ShapeMismatchException(
          "both sets must have the same number of columns, got "
              + queries.nCols()
              + " and "
              + base.nCols()
              + ". Pass embeddings in one common space.");
    }
    return new DistanceTiles(
        rows(queries, metric, "the first set"),
        queries.nRows(),
        rows(base, metric, "the second set"),
        base.nRows(),
        queries.nCols());
  }

  /**
   * Visits all base cells for the queries of one block, in order. The products take in the lengths,
   * {@code |q|^2 + |b|^2 - 2 q b}, as two columns more.
   */
  void forBlock(int block, Row row) {
    int from = block * QUERIES;
    int rows = Math.min(nQueries, from + QUERIES) - from;
    int k = d + 2;
    double[] own = new double[rows * k];
    for (int q = 0; q < rows; q++) {
      System.arraycopy(queries, (from + q) * d, own, q * k, d);
      own[q * k + d] = queryLengths[from + q];
      own[q * k + d + 1] = 1;
    }
    double[] tile = new double[k * BASE];
    double[] squared = new double[BASE];
    try (DoublePointer a = Blas.doubles((long) rows * k);
        DoublePointer b = Blas.doubles((long) k * BASE);
        DoublePointer c = Blas.doubles((long) rows * BASE)) {
      a.put(own, 0, own.length);
      for (int first = 0; first < nBase; first += BASE) {
        int count = Math.min(BASE, nBase - first);
        b.put(columns(first, count, tile), 0, k * count);
        Blas.gemmNn(rows, count, k, a, b, c);
        for (int q = 0; q < rows; q++) {
          c.getPointer((long) q * count).get(squared, 0, count);
          row.take(from + q, first, count, squared);
        }
      }
    }
  }

  private double[] columns(int first, int count, double[] tile) {
    for (int j = 0; j < count; j++) {
      for (int t = 0; t < d; t++) {
        tile[t * count + j] = -2 * base[(first + j) * d + t];
      }
      tile[d * count + j] = 1;
      tile[(d + 1) * count + j] = baseLengths[first + j];
    }
    return tile;
  }

  int nBlocks() {
    return Parallel.nBlocks(nQueries, QUERIES);
  }

  /** The squared distance, without the cancellation of the tiles. */
  double exact(int i, int j) {
    double sum = 0;
    for (int t = 0; t < d; t++) {
      double gap = queries[i * d + t] - base[j * d + t];
      sum += gap * gap;
    }
    return sum;
  }

  /** What a squared distance of the tiles may be off by. */
  double error(int i, int j) {
    return rounding * (queryLengths[i] + baseLengths[j]);
  }

  private static double[] lengths(double[] rows, int n, int d) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < d; t++) {
        out[i] += rows[i * d + t] * rows[i * d + t];
      }
    }
    return out;
  }

  private static double[] rows(DenseMatrix x, PairMetric metric, String name) {
    int d = x.nCols();
    double[] out = new double[Math.multiplyExact(x.nRows(), d)];
    double[] row = new double[d];
    for (int i = 0; i < x.nRows(); i++) {
      x.readRow(i, row);
      metric.prepare(row, i, name);
      System.arraycopy(row, 0, out, i * d, d);
    }
    return out;
  }
}
