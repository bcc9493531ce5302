package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.matrix.StoredValues;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Divides every cell by its total so that all cells have the same total, as scanpy's {@code
 * normalize_total}.
 *
 * <p>Departure: without {@code targetSum} the target is the median over cells with counts (scanpy
 * 1.11 includes empty cells for a CSR matrix, against its own documentation). Sums are float64,
 * sizes, factors and quotients are rounded to float32 where scanpy rounds them.
 *
 * <p>Cost: two passes over the values, O(nRows) extra memory. Empty cells stay empty. Nothing is
 * changed when the input is refused. Numbers matched: scanpy 1.11.5.
 */
public final class NormalizeTotal {
  private NormalizeTotal() {}

  /**
   * @param targetSum total of every cell afterwards; null for the median total of cells with counts
   * @param excludeHighlyExpressed leave genes out of the totals that make up more than {@code
   *     maxFraction} of any cell
   * @param maxFraction see {@code excludeHighlyExpressed}
   */
  public record Params(Double targetSum, boolean excludeHighlyExpressed, double maxFraction) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (targetSum != null) {
        Check.positive(targetSum, "targetSum");
      }
      Check.inRange(maxFraction, 0, 1, "maxFraction");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Double targetSum = null;
      private boolean excludeHighlyExpressed = false;
      private double maxFraction = 0.05;

      public Builder targetSum(Double value) {
        this.targetSum = value;
        return this;
      }

      public Builder excludeHighlyExpressed(boolean value) {
        this.excludeHighlyExpressed = value;
        return this;
      }

      public Builder maxFraction(double value) {
        this.maxFraction = value;
        return this;
      }

      public Params build() {
        return new Params(targetSum, excludeHighlyExpressed, maxFraction);
      }
    }
  }

  /**
   * @param x the matrix given, changed in place; or, where its rows lie elsewhere, the one whose
   *     rows are divided whenever they are read
   * @param sizes total per cell that was used, float32 values
   * @param sizeFactors {@code sizes / targetSum}, what scanpy stores under {@code key_added}
   * @param targetSum the target used
   * @param excludedGenes genes left out of the totals; null unless asked for
   * @param emptyCells number of cells without counts
   */
  public record Result(
      Matrix x,
      float[] sizes,
      float[] sizeFactors,
      double targetSum,
      boolean[] excludedGenes,
      int emptyCells) {}

  /**
   * @param x cells by genes, stored as float32; changed in place, unless its rows lie elsewhere
   */
  public static Result run(Matrix x, Params params) {
    requireFloat32(x);
    float[] sizes = sizes(x, null);
    boolean[] excluded = null;
    if (params.excludeHighlyExpressed()) {
      excluded = highlyExpressed(x, sizes, params.maxFraction());
      sizes = sizes(x, excluded);
    }
    double target = params.targetSum() != null ? params.targetSum() : medianOfPositive(sizes);
    float[] factors = new float[sizes.length];
    int empty = 0;
    for (int i = 0; i < sizes.length; i++) {
      factors[i] = sizes[i] / (float) target;
      empty += sizes[i] == 0 ? 1 : 0;
    }
    Matrix divided = divide(x, factors);
    return new Result(divided, sizes, factors, target, excluded, empty);
  }

  static void requireFloat32(Matrix x) {
    boolean narrow =
        x instanceof CsrMatrix csr
            ? csr.isFloat32Stored()
            : x instanceof CscMatrix csc
                ? csc.columns().isFloat32Stored()
                : ((DenseMatrix) x).isFloat32Stored();
    if (!narrow) {
      throw new IllegalArgumentException(
          "X must be stored as float32, got " + x.describe() + ". Convert it with withDType first");
    }
  }

  private static float[] sizes(Matrix x, boolean[] excluded) {
    double[] sums = excluded == null ? x.rowSums() : sumsWithout(x, excluded);
    float[] sizes = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      sizes[i] = (float) sums[i];
      if (!Float.isFinite(sizes[i])) {
        throw refusal(x, i);
      }
      if (sizes[i] < 0) {
        throw new IllegalArgumentException(
            "normalizeTotal needs counts, but cell "
                + i
                + " has the negative total "
                + sizes[i]
                + ". X seems to be scaled or centred: start from the counts");
      }
    }
    return sizes;
  }

  private static IllegalArgumentException refusal(Matrix x, int row) {
    var place = Finite.first(x.takeRows(new int[] {row}));
    return place != null
        ? Finite.refusal("X", row, place.col(), place.value(), "normalizeTotal")
        : new IllegalArgumentException(
            "the total of cell " + row + " exceeds the range of float32");
  }

  private static double[] sumsWithout(Matrix x, boolean[] excluded) {
    return Rows.of(x)
        .numbers(
            1,
            (at, start, v, n, out) -> {
              double sum = 0;
              for (int k = 0; k < n; k++) {
                sum += excluded[at[start + k]] ? 0 : v[k];
              }
              out[0] = sum;
            })[0];
  }

  private static boolean[] highlyExpressed(Matrix x, float[] sizes, double maxFraction) {
    int nCols = x.nCols();
    return Rows.of(x)
        .collect(
            () -> new boolean[nCols],
            found ->
                (i, at, start, v, n) -> {
                  double limit = maxFraction * sizes[i];
                  for (int k = 0; k < n; k++) {
                    if (v[k] > limit) {
                      found[at[start + k]] = true;
                    }
                  }
                },
            (any, part) -> {
              for (int j = 0; j < any.length; j++) {
                any[j] |= part[j];
              }
            });
  }

  static double medianOfPositive(float[] sizes) {
    double[] positive = new double[sizes.length];
    int n = 0;
    for (float size : sizes) {
      if (size > 0) {
        positive[n++] = size;
      }
    }
    if (n == 0) {
      throw new IllegalArgumentException(
          "no cell has any counts, so there is no median total to normalise to. Check that X holds"
              + " the counts");
    }
    positive = Arrays.copyOf(positive, n);
    Arrays.sort(positive);
    return n % 2 == 1 ? positive[n / 2] : (positive[n / 2 - 1] + positive[n / 2]) / 2;
  }

  /** {@code x}, changed in place; or, where its rows lie elsewhere, the divided matrix. */
  static Matrix divide(Matrix x, float[] factors) {
    float[] divisors = factors.clone();
    for (int i = 0; i < divisors.length; i++) {
      if (divisors[i] == 0) {
        divisors[i] = 1;
      }
    }
    if (x instanceof CsrMatrix csr) {
      return csr.changed(
          () ->
              (row, block, from, to) -> {
                float[] values = block.values();
                float divisor = divisors[row];
                for (int p = from; p < to; p++) {
                  values[p] /= divisor;
                }
              });
    }
    if (x instanceof CscMatrix csc) {
      csc.columns().forBlocks(block -> divideEntries(block, divisors));
    } else {
      List<StoredValues.Segment> segments = StoredValues.of(x);
      Parallel.forBlocks(segments.size(), s -> divideDense(segments.get(s), divisors));
    }
    return x;
  }

  private static void divideEntries(CsrMatrix.Block block, float[] divisors) {
    float[] values = block.values();
    int[] rows = block.indices();
    for (int p = 0; p < values.length; p++) {
      values[p] /= divisors[rows[p]];
    }
  }

  private static void divideDense(StoredValues.Segment segment, float[] divisors) {
    float[] values = segment.narrow();
    int p = segment.from();
    while (p < segment.to()) {
      StoredValues.Place place = segment.place(p);
      float divisor = divisors[place.row()];
      int rowEnd = Math.min(segment.to(), p + segment.rowLength() - place.col());
      for (; p < rowEnd; p++) {
        values[p] /= divisor;
      }
    }
  }
}
