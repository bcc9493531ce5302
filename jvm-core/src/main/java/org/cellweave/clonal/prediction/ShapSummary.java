package org.cellweave.clonal.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;

/** SHAP values by feature: how large they are, and whether they rise with what they are of. */
public final class ShapSummary {
  private ShapSummary() {}

  /**
   * @param features columns of the table that some tree uses, ascending
   * @param norms clones by those features: length of the SHAP values over responses, float32
   * @param layers SHAP values of every response, clones by those features, float32
   * @param meanShap features by responses: mean magnitude over clones
   * @param correlation features by responses: Pearson's, of SHAP values and the feature; NaN where
   *     either does not vary, and for labels
   */
  public record Result(
      int[] features,
      CsrMatrix norms,
      List<CsrMatrix> layers,
      DenseMatrix meanShap,
      DenseMatrix correlation) {}

  /**
   * @param shap clones by all features, of every response
   */
  public static Result of(FeatureTable table, List<CsrMatrix> shap) {
    int[] features = used(shap);
    List<CsrMatrix> layers = new ArrayList<>();
    shap.forEach(values -> layers.add(values.takeCols(features)));
    var mean = DenseMatrix.zeros(features.length, shap.size(), DType.FLOAT64);
    var correlation = DenseMatrix.zeros(features.length, shap.size(), DType.FLOAT64);
    FeatureTable.RowsOfColumns seen = table.of(features);
    for (int r = 0; r < layers.size(); r++) {
      var moments = new Moments(features.length, table.nRows());
      RowReader reader = Rows.of(layers.get(r)).reader();
      moments.read(reader::read, seen);
      for (int j = 0; j < features.length; j++) {
        mean.set(j, r, moments.magnitude[j] / table.nRows());
        correlation.set(j, r, moments.correlation(j));
      }
    }
    return new Result(features, norms(layers), layers, mean, correlation);
  }

  private static int[] used(List<CsrMatrix> shap) {
    boolean[] used = new boolean[shap.get(0).nCols()];
    for (CsrMatrix values : shap) {
      for (int b = 0; b < values.blockCount(); b++) {
        CsrMatrix.Block block = values.block(b);
        for (int at = 0; at < block.nnz(); at++) {
          used[block.indices()[at]] |= block.value(at) != 0;
        }
      }
    }
    return IntStream.range(0, used.length).filter(j -> used[j]).toArray();
  }

  private static CsrMatrix norms(List<CsrMatrix> layers) {
    int p = layers.get(0).nCols();
    List<RowReader> readers = new ArrayList<>();
    layers.forEach(layer -> readers.add(Rows.of(layer).reader()));
    var out = new CsrBuilder(p, DType.FLOAT32);
    double[] row = new double[p];
    double[] values = new double[p];
    int[] at = new int[p];
    for (int i = 0; i < layers.get(0).nRows(); i++) {
      double[] squares = new double[p];
      for (RowReader reader : readers) {
        reader.read(i, row);
        for (int j = 0; j < p; j++) {
          squares[j] += row[j] * row[j];
        }
      }
      int n = 0;
      for (int j = 0; j < p; j++) {
        if (squares[j] > 0) {
          at[n] = j;
          values[n++] = Math.sqrt(squares[j]);
        }
      }
      out.addRow(at, values, n);
    }
    return out.build();
  }

  /** Of columns in pairs, in two passes over the rows: means first. */
  private static final class Moments {
    private final int n;
    private final double[] a;
    private final double[] b;
    private final double[] meanA;
    private final double[] meanB;
    private final double[] magnitude;
    private final double[] products;
    private final double[] squaresA;
    private final double[] squaresB;

    Moments(int nCols, int nRows) {
      n = nRows;
      a = new double[nCols];
      b = new double[nCols];
      meanA = new double[nCols];
      meanB = new double[nCols];
      magnitude = new double[nCols];
      products = new double[nCols];
      squaresA = new double[nCols];
      squaresB = new double[nCols];
    }

    void read(FeatureTable.RowsOfColumns first, FeatureTable.RowsOfColumns second) {
      for (int i = 0; i < n; i++) {
        first.read(i, a);
        second.read(i, b);
        for (int j = 0; j < a.length; j++) {
          meanA[j] += a[j] / n;
          meanB[j] += b[j] / n;
          magnitude[j] += Math.abs(a[j]);
        }
      }
      for (int i = 0; i < n; i++) {
        first.read(i, a);
        second.read(i, b);
        for (int j = 0; j < a.length; j++) {
          double fromA = a[j] - meanA[j];
          double fromB = b[j] - meanB[j];
          products[j] += fromA * fromB;
          squaresA[j] += fromA * fromA;
          squaresB[j] += fromB * fromB;
        }
      }
    }

    double correlation(int j) {
      boolean varies = squaresA[j] > 0 && squaresB[j] > 0;
      return varies ? products[j] / Math.sqrt(squaresA[j] * squaresB[j]) : Double.NaN;
    }
  }
}
