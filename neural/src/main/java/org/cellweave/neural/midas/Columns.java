package org.cellweave.neural.midas;

import java.util.Arrays;
import java.util.List;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.fused.Operation;
import org.cellweave.neural.nn.Node;

/** Columns cut out of values, and put side by side. */
final class Columns {
  private Columns() {}

  /** Columns {@code from} to before {@code to}. */
  static Node of(LayerTape tape, Node x, int from, int to) {
    int rows = tape.rows(x);
    return tape.apply(rows, to - from, new Cut(rows, x.cols(), from, to), x);
  }

  static Node beside(LayerTape tape, List<Node> parts) {
    int[] widths = parts.stream().mapToInt(Node::cols).toArray();
    int rows = tape.rows(parts.get(0));
    int cols = Arrays.stream(widths).sum();
    return tape.apply(rows, cols, new Beside(rows, widths, cols), parts.toArray(new Node[0]));
  }

  private record Cut(int rows, int cols, int from, int to) implements Operation {
    @Override
    public void forward(float[][] inputs, float[] out) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(inputs[0], i * cols + from, out, i * (to - from), to - from);
      }
    }

    @Override
    public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
      for (int i = 0; i < rows; i++) {
        for (int j = from; j < to; j++) {
          into[0][i * cols + j] += outGradient[i * (to - from) + j - from];
        }
      }
    }
  }

  private record Beside(int rows, int[] widths, int cols) implements Operation {
    @Override
    public void forward(float[][] inputs, float[] out) {
      int at = 0;
      for (int k = 0; k < widths.length; k++) {
        for (int i = 0; i < rows; i++) {
          System.arraycopy(inputs[k], i * widths[k], out, i * cols + at, widths[k]);
        }
        at += widths[k];
      }
    }

    @Override
    public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
      int at = 0;
      for (int k = 0; k < widths.length; k++) {
        for (int i = 0; into[k] != null && i < rows; i++) {
          for (int j = 0; j < widths[k]; j++) {
            into[k][i * widths[k] + j] += outGradient[i * cols + at + j];
          }
        }
        at += widths[k];
      }
    }
  }
}
