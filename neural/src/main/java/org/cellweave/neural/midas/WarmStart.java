package org.cellweave.neural.midas;

import java.util.Arrays;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.fused.Operation;
import org.cellweave.neural.nn.Node;
import org.cellweave.util.Check;

/** An embedding that the first biological dimensions are drawn to in the first epochs. */
final class WarmStart {
  private final float[] target;
  private final int dims;

  private WarmStart(float[] target, int dims) {
    this.target = target;
    this.dims = dims;
  }

  /** Of mean 0, and on average over its columns of variance 1; null for none. */
  static WarmStart of(Matrix start, MosaicCells cells, Midas.Params params) {
    if (start == null || params.warmStartEpochs() == 0) {
      return null;
    }
    int n = cells.nCells();
    Check.sameLength(start.nRows(), n, "the embedding to start from", "the number of cells");
    int dims = Math.min(start.nCols(), params.dimC());
    double[][] values = new double[dims][];
    double squares = 0;
    for (int j = 0; j < dims; j++) {
      values[j] = start.toDense().column(j);
      double mean = Arrays.stream(values[j]).average().orElse(0);
      for (int i = 0; i < n; i++) {
        Check.finite(values[j][i], "the embedding to start from, in row " + i);
        values[j][i] -= mean;
        squares += values[j][i] * values[j][i];
      }
    }
    double scale = squares == 0 ? 0 : Math.sqrt((double) n * dims / squares);
    float[] target = new float[n * dims];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < dims; j++) {
        target[i * dims + j] = (float) (values[j][i] * scale);
      }
    }
    return new WarmStart(target, dims);
  }

  /** Squared distances of means from the embedding, the mean over cells. */
  Node distance(LayerTape tape, Node distribution, int[] cells) {
    return tape.apply(1, 1, new Distance(cells, distribution.cols()), distribution);
  }

  private final class Distance implements Operation {
    private final int[] cells;
    private final int cols;

    Distance(int[] cells, int cols) {
      this.cells = cells;
      this.cols = cols;
    }

    private double off(float[] x, int i, int j) {
      return x[i * cols + j] - target[cells[i] * dims + j];
    }

    @Override
    public void forward(float[][] inputs, float[] out) {
      double sum = 0;
      for (int i = 0; i < cells.length; i++) {
        for (int j = 0; j < dims; j++) {
          double d = off(inputs[0], i, j);
          sum += d * d;
        }
      }
      out[0] = (float) (sum / cells.length);
    }

    @Override
    public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
      double each = 2 * outGradient[0] / cells.length;
      for (int i = 0; i < cells.length; i++) {
        for (int j = 0; j < dims; j++) {
          into[0][i * cols + j] += (float) (each * off(inputs[0], i, j));
        }
      }
    }
  }
}
