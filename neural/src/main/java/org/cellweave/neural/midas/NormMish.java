package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;
import org.cellweave.random.Streams;
import org.cellweave.util.Parallel;

/**
 * Layer normalisation with weights, Mish, and dropout, in one pass. Inputs are the values, the
 * factors and the shifts of the units.
 *
 * <p>Mish is {@code x tanh(log(1 + exp(x)))} (doi:10.48550/arXiv.1908.08681).
 */
final class NormMish implements Operation {
  private static final double EPSILON = 1e-5;
  private static final int ROWS = 16;

  /** Beyond, Mish is its argument, or nothing. */
  private static final float FLAT = 20;

  private final int rows;
  private final int units;
  private final int dropped;
  private final float kept;
  private final long seed;
  private final float[] normal;
  private final float[] slope;
  private final double[] scale;

  /**
   * @param dropout share of the values that become zero; 0 for none
   * @param seed of the dropout
   */
  NormMish(int rows, int units, double dropout, long seed) {
    this.rows = rows;
    this.units = units;
    // a value is dropped by 16 random bits
    this.dropped = (int) Math.rint(dropout * (1 << Short.SIZE));
    this.kept = (float) (1 / (1 - dropped / (double) (1 << Short.SIZE)));
    this.seed = seed;
    this.normal = new float[rows * units];
    this.slope = new float[rows * units];
    this.scale = new double[rows];
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    Parallel.forRange(
        rows,
        ROWS,
        (from, to) -> {
          var row = new Row();
          System.arraycopy(inputs[1], 0, row.factor, 0, units);
          System.arraycopy(inputs[2], 0, row.shift, 0, units);
          for (int i = from; i < to; i++) {
            System.arraycopy(inputs[0], i * units, row.value, 0, units);
            scale[i] = row.normalise();
            System.arraycopy(row.value, 0, normal, i * units, units);
            row.mish();
            if (dropped > 0) {
              row.drop(i);
            }
            System.arraycopy(row.value, 0, out, i * units, units);
            System.arraycopy(row.slope, 0, slope, i * units, units);
          }
        });
  }

  /** One row and what it is worked on with, side by side, so that the JIT makes vector code. */
  private final class Row {
    private final float[] value = new float[units];
    private final float[] slope = new float[units];
    private final float[] factor = new float[units];
    private final float[] shift = new float[units];
    private final float[] shifted = new float[units];
    private final float[] by = new float[units];
    private final double[] wide = new double[units];

    /** Returns one over the deviation. */
    double normalise() {
      for (int j = 0; j < units; j++) {
        wide[j] = value[j];
      }
      double mean = Lanes.sum(wide, units) / units;
      for (int j = 0; j < units; j++) {
        wide[j] -= mean;
      }
      double over = 1 / Math.sqrt(Lanes.dot(wide, wide, units) / units + EPSILON);
      for (int j = 0; j < units; j++) {
        value[j] = (float) (wide[j] * over);
      }
      return over;
    }

    void mish() {
      for (int j = 0; j < units; j++) {
        shifted[j] = Math.fma(value[j], factor[j], shift[j]);
      }
      // the series of the exponent's 32nd part, squared five times; in this form the JIT makes
      // vector code of it
      for (int j = 0; j < units; j++) {
        float t = Math.max(-FLAT, Math.min(FLAT, shifted[j])) * (1 / 32f);
        float e = Math.fma(t, 1 / 720f, 1 / 120f);
        e = Math.fma(t, e, 1 / 24f);
        e = Math.fma(t, e, 1 / 6f);
        e = Math.fma(t, e, 0.5f);
        e = Math.fma(t, e, 1);
        e = Math.fma(t, e, 1);
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        float w = e * (e + 2);
        float over = 1 / (w + 2);
        float tanh = w * over;
        value[j] = shifted[j] * tanh;
        slope[j] = tanh + 4 * shifted[j] * (e * over) * ((e + 1) * over);
      }
    }

    void drop(int i) {
      var random = Streams.of(seed, i);
      for (int j = 0; j < units; j += 4) {
        long bits = random.nextLong();
        for (int k = j; k < Math.min(units, j + 4); k++) {
          // without a branch: what is dropped cannot be foretold
          by[k] = kept * ((((int) (bits & 0xFFFF) - dropped) >> 31) + 1);
          bits >>>= Short.SIZE;
        }
      }
      for (int j = 0; j < units; j++) {
        value[j] *= by[j];
      }
      for (int j = 0; j < units; j++) {
        slope[j] *= by[j];
      }
    }
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    int blocks = Parallel.nBlocks(rows, ROWS);
    float[][] factors = new float[blocks][];
    float[][] shifts = new float[blocks][];
    Parallel.forRange(
        rows,
        ROWS,
        (from, to) -> {
          float[] factor = new float[units];
          float[] shift = new float[units];
          factors[from / ROWS] = factor;
          shifts[from / ROWS] = shift;
          backRows(from, to, inputs[1], outGradient, into[0], factor, shift);
        });
    for (int b = 0; b < blocks; b++) {
      add(factors[b], into[1]);
      add(shifts[b], into[2]);
    }
  }

  private static void add(float[] part, float[] into) {
    for (int j = 0; into != null && j < part.length; j++) {
      into[j] += part[j];
    }
  }

  private void backRows(
      int from,
      int to,
      float[] weights,
      float[] outGradient,
      float[] into,
      float[] factor,
      float[] shift) {
    float[] by = new float[units];
    System.arraycopy(weights, 0, by, 0, units);
    float[] d = new float[units];
    float[] s = new float[units];
    float[] x = new float[units];
    double[] wide = new double[units];
    double[] along = new double[units];
    for (int i = from; i < to; i++) {
      int at = i * units;
      System.arraycopy(outGradient, at, d, 0, units);
      System.arraycopy(slope, at, s, 0, units);
      System.arraycopy(normal, at, x, 0, units);
      for (int j = 0; j < units; j++) {
        d[j] *= s[j];
        factor[j] += d[j] * x[j];
        shift[j] += d[j];
      }
      if (into == null) {
        continue;
      }
      for (int j = 0; j < units; j++) {
        wide[j] = d[j] * by[j];
        along[j] = x[j];
      }
      double mean = Lanes.sum(wide, units) / units;
      double slant = Lanes.dot(wide, along, units) / units;
      double over = scale[i];
      for (int j = 0; j < units; j++) {
        d[j] = (float) ((wide[j] - mean - along[j] * slant) * over);
      }
      for (int j = 0; j < units; j++) {
        into[at + j] += d[j];
      }
    }
  }
}
