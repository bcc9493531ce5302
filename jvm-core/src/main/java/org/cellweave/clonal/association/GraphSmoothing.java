package org.cellweave.clonal.association;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.RowStack;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Values as means over a node and its neighbours in a graph, several times over. All neighbours
 * count the same, whatever the weight of their edge; a node without any keeps its values.
 *
 * <p>What is sparse stays sparse, though it fills up from step to step. Results are float64. Rows
 * are summed in the order of the graph's columns, so that threads do not matter.
 */
public final class GraphSmoothing {
  private static final int BLOCK = 64;

  private GraphSmoothing() {}

  /**
   * @param nSteps how often means are taken; 0 leaves the values alone
   */
  public record Params(int nSteps) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(nSteps, "nSteps");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nSteps = 3;

      private Builder() {}

      public Builder nSteps(int value) {
        nSteps = value;
        return this;
      }

      public Params build() {
        return new Params(nSteps);
      }
    }
  }

  /**
   * @param values nodes by columns, float64
   */
  public record Result(Matrix values) {}

  /**
   * @param graph nodes by nodes
   * @param values nodes by columns
   */
  public static Result run(CsrMatrix graph, Matrix values, Params params) {
    GraphCheck.square(graph);
    GraphCheck.weights(graph);
    Check.sameLength(values.nRows(), graph.nRows(), "the list of rows", "that of nodes");
    Finite.require(values, "values", "smooth");
    Matrix smoothed =
        values instanceof DenseMatrix d
            ? d.withDType(DType.FLOAT64)
            : values.toCsr().withDType(DType.FLOAT64);
    for (int step = 0; step < params.nSteps(); step++) {
      smoothed = smoothed.isSparse() ? sparse(graph, smoothed) : dense(graph, smoothed);
    }
    Finite.made(smoothed, "smooth", "the values are too large to be added up; rescale them first");
    return new Result(params.nSteps() == 0 ? smoothed.copy() : smoothed);
  }

  private static Matrix dense(CsrMatrix graph, Matrix values) {
    var out = DenseMatrix.zeros(values.nRows(), values.nCols(), DType.FLOAT64);
    Rows rows = Rows.of(values);
    Parallel.forRange(
        graph.nRows(),
        BLOCK,
        (from, to) -> {
          var mean = new Mean(graph, rows, true);
          for (int i = from; i < to; i++) {
            mean.load(i);
            out.setRow(i, mean.sums);
            mean.clear();
          }
        });
    return out;
  }

  private static Matrix sparse(CsrMatrix graph, Matrix values) {
    Rows rows = Rows.of(values);
    int blocks = Parallel.nBlocks(graph.nRows(), BLOCK);
    var parts =
        Parallel.map(
            blocks,
            b -> {
              var mean = new Mean(graph, rows, false);
              var part = new CsrBuilder(values.nCols(), DType.FLOAT64);
              for (int i = b * BLOCK; i < Math.min(graph.nRows(), (b + 1) * BLOCK); i++) {
                mean.load(i);
                mean.addTo(part);
                mean.clear();
              }
              return part.build();
            });
    var inPlace = new ArrayList<int[]>(Collections.nCopies(blocks, null));
    return RowStack.vstack(parts, inPlace, values.nCols(), DType.FLOAT64, 0);
  }

  /** The mean of one node and its neighbours, by the columns that any of them has. */
  private static final class Mean {
    private final CsrMatrix graph;
    private final RowReader reader;
    private final boolean isDense;
    private final double[] sums;
    private final boolean[] isTouched;
    private final int[] touched;
    private int nTouched;

    Mean(CsrMatrix graph, Rows rows, boolean isDense) {
      this.graph = graph;
      this.isDense = isDense;
      reader = rows.reader();
      sums = new double[rows.nCols()];
      isTouched = new boolean[isDense ? 0 : rows.nCols()];
      touched = new int[isTouched.length];
    }

    void load(int node) {
      var block = graph.blockOf(node);
      int count = 0;
      boolean self = false;
      for (int p = block.start(node); p < block.end(node); p++) {
        int neighbor = block.indices()[p];
        if (!self && neighbor >= node) {
          add(node);
          count++;
          self = true;
        }
        if (neighbor != node && block.value(p) > 0) {
          add(neighbor);
          count++;
        }
      }
      if (!self) {
        add(node);
        count++;
      }
      for (int j = 0; j < sums.length; j++) {
        sums[j] /= count;
      }
    }

    private void add(int node) {
      if (isDense) {
        reader.addTo(node, 1, sums);
        return;
      }
      int n = reader.load(node);
      int[] columns = reader.columns();
      double[] values = reader.values();
      for (int k = 0; k < n; k++) {
        int column = columns[reader.start() + k];
        if (!isTouched[column]) {
          isTouched[column] = true;
          touched[nTouched++] = column;
        }
        sums[column] += values[k];
      }
    }

    /** Adds the row of columns that were touched, which are put in order without a sort. */
    void addTo(CsrBuilder out) {
      double[] values = new double[nTouched];
      int n = 0;
      for (int j = 0; j < isTouched.length && n < nTouched; j++) {
        if (isTouched[j]) {
          touched[n] = j;
          values[n++] = sums[j];
        }
      }
      out.addRow(touched, values, n);
    }

    void clear() {
      Arrays.fill(sums, 0);
      Arrays.fill(isTouched, false);
      nTouched = 0;
    }
  }
}
