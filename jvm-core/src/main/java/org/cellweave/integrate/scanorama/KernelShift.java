package org.cellweave.integrate.scanorama;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.FastExponential;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Shifts by which matched cells pull all others: means of the differences within pairs, weighted by
 * {@code exp(-sigma d^2 / 2)} of the distance from the moved cell of each pair.
 *
 * <p>A cell in several pairs counts as often as it has pairs; it enters the products once, with the
 * sum of its differences. Weights are taken relative to the largest of a cell, so that none
 * vanishes where float64 would still hold it; a cell for which float64 holds none stays, as in the
 * original.
 */
final class KernelShift implements AutoCloseable {
  /** Sums of squares of values up to here fit float32. */
  static final double LARGEST = 1e15;

  private static final int ROWS = 256;

  /** As few numbers as are looked at one by one. */
  private static final int FEW = 32;

  /** Exponentials below this are zero in float64. */
  private static final double VANISHES = -745.13;

  private final DenseMatrix x;
  private final int d;
  private final double sigma;
  private final int block;
  private final int[] targets;
  private final double[] centre;

  /** Matched cells around their centre, with {@code -|t|^2 / 2} as one value more. */
  private final FloatPointer places;

  /** Sums of their differences, with the number of pairs as one value more. */
  private final FloatPointer pulls;

  /**
   * @param x cells by dimensions
   * @param own rows of the cells to be moved, one for each pair
   * @param others rows of the cells that they are paired with
   */
  KernelShift(DenseMatrix x, int[] own, int[] others, Scanorama.Params params) {
    this.x = x;
    this.d = x.nCols();
    this.sigma = params.sigma();
    this.block = params.batchSize();
    this.targets = Arrays.stream(own).sorted().distinct().toArray();
    this.centre = centre();
    this.places = Blas.floats(Math.max(1, (long) targets.length * (d + 1)));
    this.pulls = Blas.floats(Math.max(1, (long) targets.length * (d + 1)));
    pack(own, others);
  }

  private double[] centre() {
    double[] sum = new double[d];
    double[] row = new double[d];
    for (int t : targets) {
      x.readRow(t, row);
      for (int j = 0; j < d; j++) {
        sum[j] += row[j] / targets.length;
      }
    }
    return sum;
  }

  private void pack(int[] own, int[] others) {
    int[][] partners = partners(own, others);
    Parallel.forRange(
        targets.length,
        ROWS,
        (from, to) -> {
          float[] place = new float[d + 1];
          float[] pull = new float[d + 1];
          double[] self = new double[d];
          double[] other = new double[d];
          double[] sum = new double[d];
          for (int t = from; t < to; t++) {
            x.readRow(targets[t], self);
            Arrays.fill(sum, 0);
            for (int partner : partners[t]) {
              x.readRow(partner, other);
              for (int j = 0; j < d; j++) {
                sum[j] += other[j] - self[j];
              }
            }
            for (int j = 0; j < d; j++) {
              pull[j] = (float) sum[j];
            }
            pull[d] = partners[t].length;
            place[d] = (float) (-centred(self, place) / 2);
            places.getPointer((long) t * (d + 1)).put(place, 0, d + 1);
            pulls.getPointer((long) t * (d + 1)).put(pull, 0, d + 1);
          }
        });
  }

  /** The other cells of every target's pairs, in the order of the pairs. */
  private int[][] partners(int[] own, int[] others) {
    int[] count = new int[targets.length];
    int[] at = new int[own.length];
    for (int p = 0; p < own.length; p++) {
      at[p] = Arrays.binarySearch(targets, own[p]);
      count[at[p]]++;
    }
    int[][] out = new int[targets.length][];
    Arrays.setAll(out, t -> new int[count[t]]);
    for (int p = own.length - 1; p >= 0; p--) {
      out[at[p]][--count[at[p]]] = others[p];
    }
    return out;
  }

  /** Writes the row around the centre; its squared length. */
  private double centred(double[] row, float[] out) {
    double squares = 0;
    for (int j = 0; j < d; j++) {
      out[j] = (float) (row[j] - centre[j]);
      squares += (double) out[j] * out[j];
    }
    return squares;
  }

  /** Moves rows of the matrix; without pairs nothing moves. */
  void move(int[] rows) {
    if (targets.length == 0) {
      return;
    }
    int widest = Math.min(block, targets.length);
    Parallel.forRange(
        rows.length,
        ROWS,
        (from, to) -> {
          try (var some = new Some(rows, from, to, widest)) {
            for (int first = 0; first < targets.length; first += widest) {
              some.add(first, Math.min(targets.length, first + widest));
            }
            some.write();
          }
        });
  }

  private static void largerOf(float[] out, float[] other, int count) {
    for (int t = 0; t < count; t++) {
      out[t] = Math.max(out[t], other[t]);
    }
  }

  @Override
  public void close() {
    places.close();
    pulls.close();
  }

  /** Some rows on their way, with weighted sums of pulls and pairs so far. */
  private final class Some implements AutoCloseable {
    private final int[] rows;
    private final int from;
    private final int n;
    private final double[] squares;
    private final double[] largest;
    private final double[][] sums;
    private final FloatPointer own;
    private final FloatPointer weights;
    private final FloatPointer pulled;
    private final float[] line;
    private final float[] folded;
    private final float[] half;
    private final float[] part = new float[d + 1];

    Some(int[] rows, int from, int to, int widest) {
      this.rows = rows;
      this.from = from;
      this.n = to - from;
      this.squares = new double[n];
      this.largest = new double[n];
      Arrays.fill(largest, Double.NEGATIVE_INFINITY);
      this.sums = new double[n][d + 1];
      this.own = Blas.floats((long) n * (d + 1));
      this.weights = Blas.floats((long) n * widest);
      this.pulled = Blas.floats((long) n * (d + 1));
      this.line = new float[widest];
      this.folded = new float[widest];
      this.half = new float[widest / 2];
      double[] row = new double[d];
      float[] packed = new float[d + 1];
      packed[d] = 1;
      for (int r = 0; r < n; r++) {
        x.readRow(rows[from + r], row);
        squares[r] = centred(row, packed);
        own.getPointer((long) r * (d + 1)).put(packed, 0, d + 1);
      }
    }

    /** Adds what the targets {@code first .. end - 1} pull. */
    void add(int first, int end) {
      int count = end - first;
      long at = (long) first * (d + 1);
      Blas.gemmNt(n, count, d + 1, own, d + 1, places.getPointer(at), d + 1, weights);
      double[] highest = new double[n];
      for (int r = 0; r < n; r++) {
        highest[r] = weigh(weights.getPointer((long) r * count), count);
      }
      Blas.gemmNn(n, d + 1, count, weights, pulls.getPointer(at), 0, pulled);
      for (int r = 0; r < n; r++) {
        merge(r, highest[r]);
      }
    }

    /** Turns products into weights relative to the largest, whose exponent is returned. */
    private double weigh(FloatPointer row, int count) {
      row.get(line, 0, count);
      float most = (float) sigma * largest(count);
      FastExponential.ofShifted(line, count, (float) sigma, most);
      row.put(line, 0, count);
      return most;
    }

    /** Of the line; halves are laid over each other, by loops of which the JIT makes vectors. */
    private float largest(int count) {
      int left = count;
      System.arraycopy(line, 0, folded, 0, left);
      while (left > FEW) {
        int width = left / 2;
        System.arraycopy(folded, left - width, half, 0, width);
        largerOf(folded, half, width);
        left -= width;
      }
      float most = folded[0];
      for (int t = 1; t < left; t++) {
        most = Math.max(most, folded[t]);
      }
      return most;
    }

    private void merge(int r, double exponent) {
      pulled.getPointer((long) r * (d + 1)).get(part, 0, d + 1);
      double most = Math.max(largest[r], exponent);
      double before = Elementary.exp(largest[r] - most);
      double now = Elementary.exp(exponent - most);
      for (int j = 0; j <= d; j++) {
        sums[r][j] = before * sums[r][j] + now * part[j];
      }
      largest[r] = most;
    }

    void write() {
      double[] row = new double[d];
      for (int r = 0; r < n; r++) {
        // of the exponent -sigma/2 |x - t|^2 the part of x alone was left out
        if (largest[r] - sigma / 2 * squares[r] < VANISHES) {
          continue;
        }
        x.readRow(rows[from + r], row);
        for (int j = 0; j < d; j++) {
          row[j] += sums[r][j] / sums[r][d];
        }
        x.setRow(rows[from + r], row);
      }
    }

    @Override
    public void close() {
      own.close();
      weights.close();
      pulled.close();
    }
  }
}
