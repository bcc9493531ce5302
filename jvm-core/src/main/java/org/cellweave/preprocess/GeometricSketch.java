package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * A subset of the cells that covers their space evenly, so that rare states are kept.
 *
 * <p>The space is covered by boxes of one side length, laid from the lowest cell of each axis on
 * wherever cells are (plaid covering); a search finds the length at which there are as many boxes
 * as wanted. Cells are then drawn in rounds: in each, every box that has cells left gives one, in
 * random order. Departures from the paper: there are as many boxes as cells to draw unless told
 * otherwise. Boxes are told apart by 64 bits of their place, which mistakes two for one less than
 * once in 1e9 runs on 1e5 cells.
 *
 * <p>Cost: O(n d log n) once, then O(n d) for each of at most {@code maxIter} lengths; extra memory
 * of 12 n d bytes.
 *
 * @see <a href="https://doi.org/10.1016/j.cels.2019.05.003">Hie et al. 2019</a>
 */
public final class GeometricSketch {
  private static final long NOWHERE = 0x2545F491L;

  private GeometricSketch() {}

  /**
   * @param n cells to draw: up to 1 a share of all, rounded, above 1 their number
   * @param boxes to cover them by; 0 for as many as cells are drawn
   * @param tolerance relative deviation of their number at which the search may end
   * @param maxIter lengths tried at most
   * @param seed of the draws
   */
  public record Params(double n, int boxes, double tolerance, int maxIter, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(n, "n");
      if (n > 1 && n != Math.rint(n)) {
        throw new IllegalArgumentException(
            "n must be a share of the cells, up to 1, or a whole number of them, got " + n);
      }
      Check.nonNegative(boxes, "boxes");
      Check.inRange(tolerance, 0, 1, "tolerance");
      Check.positive(maxIter, "maxIter");
    }

    public static Builder builder() {
      return new Builder();
    }

    /**
     * Cells to draw from so many.
     *
     * @throws IllegalArgumentException when there are fewer
     */
    public int size(int nCells) {
      if (n > 1 && n > nCells) {
        throw new IllegalArgumentException(
            "n must be at most the number of cells, " + nCells + ", got " + (long) n);
      }
      return (int) (n > 1 ? n : Math.rint(n * nCells));
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double n = 0.2;
      private int boxes = 0;
      private double tolerance = 0.01;
      private int maxIter = 60;
      private long seed = 42;

      private Builder() {}

      public Builder n(double value) {
        n = value;
        return this;
      }

      public Builder boxes(int value) {
        boxes = value;
        return this;
      }

      public Builder tolerance(double value) {
        tolerance = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(n, boxes, tolerance, maxIter, seed);
      }
    }
  }

  /**
   * @param cells that were drawn, ascending
   * @param boxOfCell the box of every cell, numbered as their first cells come
   * @param nBoxes that have a cell
   * @param side length of the boxes
   */
  public record Result(int[] cells, int[] boxOfCell, int nBoxes, double side) {}

  public static Result run(Matrix x, Params params) {
    return run(x, params, Progress.NONE);
  }

  /**
   * @param x cells by dimensions
   * @throws IllegalArgumentException when there are fewer cells than are to be drawn
   * @throws org.cellweave.util.NonFiniteException when a value is NaN or infinite
   */
  public static Result run(Matrix x, Params params, Progress progress) {
    int size = params.size(x.nRows());
    Finite.require(x, "x", "geometric sketching");
    var axes = new Axes(x.toDense());
    int wanted = params.boxes() == 0 ? size : Math.min(params.boxes(), x.nRows());
    Covering covering = axes.search(wanted, params, progress);
    int[] cells = draw(covering, size, params.seed());
    return new Result(cells, covering.boxOfCell(), covering.nBoxes(), covering.side());
  }

  /** Cells by box. */
  private record Covering(int[] boxOfCell, int nBoxes, double side) {
    static Covering of(long[] places, double side) {
      long[] sorted = places.clone();
      Arrays.sort(sorted);
      int distinct = 0;
      for (int i = 0; i < sorted.length; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
          sorted[distinct++] = sorted[i];
        }
      }
      int[] number = new int[distinct];
      Arrays.fill(number, -1);
      int[] box = new int[places.length];
      int next = 0;
      for (int i = 0; i < places.length; i++) {
        int at = Arrays.binarySearch(sorted, 0, distinct, places[i]);
        if (number[at] < 0) {
          number[at] = next++;
        }
        box[i] = number[at];
      }
      return new Covering(box, distinct, side);
    }
  }

  /** Every axis with its cells in ascending order. */
  private static final class Axes {
    private final int n;
    private final double[][] values;
    private final int[][] order;

    Axes(DenseMatrix x) {
      n = x.nRows();
      values = new double[x.nCols()][];
      order = new int[x.nCols()][];
      Parallel.forBlocks(
          values.length,
          d -> {
            values[d] = x.column(d);
            order[d] = Ordering.ascending(values[d]);
          });
    }

    double widest() {
      double widest = 0;
      for (int d = 0; d < values.length; d++) {
        widest = Math.max(widest, values[d][order[d][n - 1]] - values[d][order[d][0]]);
      }
      return widest;
    }

    /** Halves the length, or the step towards it, until the boxes are as many as wanted. */
    Covering search(int wanted, Params params, Progress progress) {
      double low = 0;
      double high = widest();
      Covering best = cover(high);
      for (int iter = 1; iter <= params.maxIter(); iter++) {
        if (Math.abs(best.nBoxes() - wanted) <= params.tolerance() * wanted) {
          break;
        }
        Parallel.checkInterrupted();
        Covering tried = cover(low + (high - low) / 2);
        progress.step("geometric sketching", iter, params.maxIter(), tried.nBoxes());
        if (tried.nBoxes() > wanted) {
          low = tried.side();
        } else {
          high = tried.side();
        }
        if (Math.abs(tried.nBoxes() - wanted) < Math.abs(best.nBoxes() - wanted)) {
          best = tried;
        }
      }
      return best;
    }

    /** Boxes of this side: on each axis an interval begins at the lowest cell not yet covered. */
    Covering cover(double side) {
      int[][] interval = new int[values.length][];
      Parallel.forBlocks(values.length, d -> interval[d] = intervals(d, side));
      long[] place = new long[n];
      Arrays.fill(place, NOWHERE);
      for (int[] along : interval) {
        for (int i = 0; i < n; i++) {
          place[i] = Streams.mix(place[i] + Streams.STEP * (along[i] + 1L));
        }
      }
      return Covering.of(place, side);
    }

    private int[] intervals(int d, double side) {
      int[] out = new int[n];
      int interval = 0;
      double start = values[d][order[d][0]];
      for (int i : order[d]) {
        if (values[d][i] - start > side) {
          interval++;
          start = values[d][i];
        }
        out[i] = interval;
      }
      return out;
    }
  }

  /** One cell of every box that has some left, in rounds. */
  private static int[] draw(Covering covering, int size, long seed) {
    var random = new SplittableRandom(Streams.mix(seed));
    int[][] members = members(covering);
    for (int[] box : members) {
      Shuffle.inPlace(box, random);
    }
    int[] chosen = new int[size];
    int drawn = 0;
    for (int round = 0; drawn < chosen.length; round++) {
      for (int box : Shuffle.order(members.length, random)) {
        if (drawn < chosen.length && members[box].length > round) {
          chosen[drawn++] = members[box][round];
        }
      }
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private static int[][] members(Covering covering) {
    int[] sizes = new int[covering.nBoxes()];
    for (int box : covering.boxOfCell()) {
      sizes[box]++;
    }
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, b -> new int[sizes[b]]);
    for (int i = covering.boxOfCell().length - 1; i >= 0; i--) {
      int box = covering.boxOfCell()[i];
      members[box][--sizes[box]] = i;
    }
    return members;
  }
}
