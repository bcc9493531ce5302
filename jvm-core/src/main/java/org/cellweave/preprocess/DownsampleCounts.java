package org.cellweave.preprocess;

import java.util.SplittableRandom;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Draws counts at random until a cell, or the whole matrix, has a given total, as scanpy's {@code
 * downsample_counts}.
 *
 * <p>Every unit counted is equally likely to be kept: without replacement the counts of a cell are
 * multivariate hypergeometric, with replacement multinomial. Each cell has a random stream of its
 * own (scanpy restarts the same stream for every cell, so that similar cells lose the same genes).
 *
 * <p>Cost: O(nnz), in parallel over cells. Sparse stays sparse, without stored zeros; the input is
 * not changed. Totals that do not exceed the target stay as they are.
 */
public final class DownsampleCounts {
  /** Up to this count, units are drawn one by one. */
  private static final int FEW = 12;

  private static final int ROWS_PER_BLOCK = 256;

  /** Whole numbers up to here are exact in float64. */
  private static final double LARGEST_TOTAL = 1L << 53;

  private DownsampleCounts() {}

  /**
   * @param replace put every unit back before the next draw
   * @param seed of the draws
   */
  public record Params(boolean replace, long seed) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean replace = false;
      private long seed = 0;

      public Builder replace(boolean value) {
        this.replace = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(replace, seed);
      }
    }
  }

  /** What to reach: a total per cell, or one of the whole matrix; the other is null. */
  public static final class Target {
    private final long[] perCell;
    private final Long total;

    private Target(long[] perCell, Long total) {
      this.perCell = perCell;
      this.total = total;
    }

    /** The same total for every cell. */
    public static Target perCell(long counts, int nCells) {
      long[] all = new long[nCells];
      java.util.Arrays.fill(all, counts);
      return perCell(all);
    }

    public static Target perCell(long[] counts) {
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] < 0) {
          throw new IllegalArgumentException(
              "countsPerCell must not be negative, got " + counts[i] + " for cell " + i);
        }
      }
      return new Target(counts, null);
    }

    public static Target total(long counts) {
      if (counts < 0) {
        throw new IllegalArgumentException("totalCounts must not be negative, got " + counts);
      }
      return new Target(null, counts);
    }
  }

  /**
   * @param x a new matrix of the same kind and element type
   * @param reduced number of cells that lost counts
   */
  public record Result(Matrix x, int reduced) {}

  /**
   * @param x whole numbers that are not negative; not changed
   */
  public static Result run(Matrix x, Target target, Params params) {
    checkCounts(x);
    long[] totals = totals(x);
    long[] kept = kept(totals, target, params);
    boolean[] redrawn = new boolean[totals.length];
    int reduced = 0;
    for (int i = 0; i < totals.length; i++) {
      boolean fewer = kept[i] < totals[i];
      redrawn[i] = fewer || (params.replace() && kept[i] >= 0 && target.total != null);
      reduced += fewer && kept[i] >= 0 ? 1 : 0;
      redrawn[i] &= kept[i] >= 0;
    }
    var rows = new Redraw(totals, kept, redrawn, params);
    if (x instanceof DenseMatrix dense) {
      return new Result(rows.dense(dense), reduced);
    }
    CsrMatrix drawn = rows.sparse(x.toCsr());
    return new Result(
        x instanceof CscMatrix ? new CscMatrix(drawn.transposeToCsr()) : drawn, reduced);
  }

  private static void checkCounts(Matrix x) {
    ValueFacts facts = ValueFacts.of(x);
    facts.requireFinite("downsampleCounts");
    ValueFacts.Found wrong = facts.negative() != null ? facts.negative() : facts.nonInteger();
    if (wrong != null) {
      throw new IllegalArgumentException(
          "downsampleCounts needs counts, but X["
              + wrong.row()
              + ", "
              + wrong.col()
              + "] is "
              + wrong.value()
              + ". Start from the raw counts");
    }
  }

  private static long[] totals(Matrix x) {
    double[] sums = x.rowSums();
    long[] totals = new long[sums.length];
    double all = 0;
    for (int i = 0; i < sums.length; i++) {
      all += sums[i];
      if (all > LARGEST_TOTAL) {
        throw new IllegalArgumentException(
            "downsampleCounts needs counts, but those of the cells up to "
                + i
                + " add up to "
                + all
                + ", more than can be counted exactly. Start from the raw counts");
      }
      totals[i] = (long) sums[i];
    }
    return totals;
  }

  /** What each cell keeps; -1 where it is left alone. */
  private static long[] kept(long[] totals, Target target, Params params) {
    long[] kept = new long[totals.length];
    if (target.total == null) {
      Check.sameLength(target.perCell.length, totals.length, "countsPerCell", "number of cells");
      for (int i = 0; i < kept.length; i++) {
        kept[i] = totals[i] > target.perCell[i] ? target.perCell[i] : -1;
      }
      return kept;
    }
    long left = 0;
    for (long t : totals) {
      left += t;
    }
    long draws = target.total;
    if (left < draws || (left == draws && !params.replace())) {
      java.util.Arrays.fill(kept, -1);
      return kept;
    }
    var random = Streams.of(params.seed(), -1);
    for (int i = 0; i < kept.length; i++) {
      kept[i] = draw(totals[i], left, draws, params.replace(), random);
      draws -= kept[i];
      left -= totals[i];
    }
    return kept;
  }

  private static long draw(
      long count, long left, long draws, boolean replace, SplittableRandom random) {
    if (count == 0 || draws == 0) {
      return 0;
    }
    return replace
        ? CountDraws.binomial(draws, (double) count / left, random)
        : CountDraws.hypergeometric(count, left, draws, random);
  }

  /** Draws the rows anew. */
  private record Redraw(long[] totals, long[] kept, boolean[] redrawn, Params params) {
    DenseMatrix dense(DenseMatrix x) {
      DenseMatrix out = x.copy();
      Parallel.forRange(
          x.nRows(),
          ROWS_PER_BLOCK,
          (from, to) -> {
            double[] row = new double[x.nCols()];
            for (int i = from; i < to; i++) {
              if (redrawn[i]) {
                out.readRow(i, row);
                redraw(i, row, row.length);
                out.setRow(i, row);
              }
            }
          });
      return out;
    }

    CsrMatrix sparse(CsrMatrix x) {
      CsrMatrix out = x.own();
      long[] rowPtr = new long[x.nRows() + 1];
      out.forBlocks(
          block -> {
            double[] row = new double[0];
            for (int i = block.firstRow(); i < block.endRow(); i++) {
              int start = block.start(i);
              int n = block.end(i) - start;
              row = row.length < n ? new double[2 * n] : row;
              for (int k = 0; k < n; k++) {
                row[k] = block.value(start + k);
              }
              if (redrawn[i]) {
                redraw(i, row, n);
              }
              for (int k = 0; k < n; k++) {
                put(block, start + k, row[k]);
                rowPtr[i + 1] += row[k] != 0 ? 1 : 0;
              }
            }
          });
      for (int i = 0; i < x.nRows(); i++) {
        rowPtr[i + 1] += rowPtr[i];
      }
      return withoutZeros(out, rowPtr);
    }

    private static void put(CsrMatrix.Block block, int at, double value) {
      if (block.values() != null) {
        block.values()[at] = (float) value;
      } else {
        block.wideValues()[at] = value;
      }
    }

    private static CsrMatrix withoutZeros(CsrMatrix x, long[] rowPtr) {
      if (rowPtr[x.nRows()] == x.nnz()) {
        return x;
      }
      CsrMatrix out = CsrMatrix.allocate(x.nCols(), rowPtr, x.dtype(), x.isFloat32Stored());
      out.forBlocks(
          to -> {
            for (int i = to.firstRow(); i < to.endRow(); i++) {
              CsrMatrix.Block from = x.blockOf(i);
              int at = to.start(i);
              for (int p = from.start(i); p < from.end(i); p++) {
                if (from.value(p) != 0) {
                  to.indices()[at] = from.indices()[p];
                  put(to, at++, from.value(p));
                }
              }
            }
          });
      return out;
    }

    private void redraw(int cell, double[] row, int n) {
      var random = Streams.of(params.seed(), cell);
      long left = totals[cell];
      long draws = kept[cell];
      for (int k = 0; k < n; k++) {
        long count = (long) row[k];
        long drawn = 0;
        if (params.replace() || count > FEW) {
          drawn = draw(count, left, draws, params.replace(), random);
        } else {
          for (long unit = 0; unit < count; unit++) {
            // both numbers are below 2^53, so the comparison is exact
            if (random.nextDouble() * (left - unit) < draws - drawn) {
              drawn++;
            }
          }
        }
        row[k] = drawn;
        draws -= drawn;
        left -= count;
      }
    }
  }
}
