package org.cellweave.integrate.scanorama;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.preprocess.GeometricSketch;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The cells that batches are joined by, and how all others follow them: each cell of a sketch pulls
 * the three cells nearest to where it was, and these pull the rest of the batch by the kernel of
 * the assembly.
 *
 * @param rows of the cells, batch after batch, ascending
 * @param starts first of them of each batch, and their number
 * @param isWhole whether they are all cells
 */
record Sketch(int[] rows, int[] starts, boolean isWhole) {
  private static final int PULLED = 3;

  static Sketch ofAll(int[] starts) {
    return new Sketch(IntStream.range(0, starts[starts.length - 1]).toArray(), starts, true);
  }

  /** Of batches with more than {@code sketchMax} cells as many that cover them evenly. */
  static Sketch of(DenseMatrix x, int[] starts, Scanorama.Params params, Progress progress) {
    int nBatches = starts.length - 1;
    int[] rows = new int[starts[nBatches]];
    int[] firsts = new int[nBatches + 1];
    for (int b = 0; b < nBatches; b++) {
      int[] all = IntStream.range(starts[b], starts[b + 1]).toArray();
      int[] chosen = IntStream.range(0, all.length).toArray();
      if (all.length > params.sketchMax()) {
        var drawn =
            GeometricSketch.Params.builder().n(params.sketchMax()).seed(params.seed()).build();
        chosen = GeometricSketch.run(x.takeRows(all), drawn, progress).cells();
      }
      for (int c = 0; c < chosen.length; c++) {
        rows[firsts[b] + c] = all[chosen[c]];
      }
      firsts[b + 1] = firsts[b] + chosen.length;
    }
    boolean whole = firsts[nBatches] == rows.length;
    return new Sketch(Arrays.copyOf(rows, firsts[nBatches]), firsts, whole);
  }

  /**
   * Moves all cells.
   *
   * @param x cells where they were; changed
   * @param bounds first cell of each batch, and the number of cells
   * @param joined where the cells of the sketch have come to
   */
  void follow(DenseMatrix x, int[] bounds, DenseMatrix joined, Scanorama.Params params) {
    for (int b = 0; b < starts.length - 1 && !isWhole; b++) {
      int[] own = IntStream.range(bounds[b], bounds[b + 1]).toArray();
      int[] sketched = IntStream.range(starts[b], starts[b + 1]).toArray();
      if (own.length == sketched.length) {
        copy(joined, sketched, x, own);
      } else {
        follow(x, own, joined.takeRows(sketched), b, params);
      }
      Parallel.checkInterrupted();
    }
  }

  private void follow(
      DenseMatrix x, int[] own, DenseMatrix moved, int batch, Scanorama.Params params) {
    var before = x.takeRows(own);
    var sketch = x.takeRows(Arrays.copyOfRange(rows, starts[batch], starts[batch + 1]));
    var near = CrossNeighbors.run(before, sketch, PULLED, Metric.EUCLIDEAN, Progress.NONE);
    int[] others = new int[near.indices().length];
    Arrays.setAll(others, p -> own.length + p / PULLED);
    var both = DenseMatrix.zeros(own.length + moved.nRows(), x.nCols(), DType.FLOAT32);
    int[] first = IntStream.range(0, own.length).toArray();
    copy(before, first, both, first);
    copy(
        moved,
        IntStream.range(0, moved.nRows()).toArray(),
        both,
        IntStream.range(own.length, both.nRows()).toArray());
    try (var shift = new KernelShift(both, near.indices(), others, params)) {
      shift.move(first);
    }
    copy(both, first, x, own);
  }

  private static void copy(DenseMatrix from, int[] rows, DenseMatrix to, int[] places) {
    double[] row = new double[from.nCols()];
    for (int i = 0; i < rows.length; i++) {
      from.readRow(rows[i], row);
      to.setRow(places[i], row);
    }
  }
}
