package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import java.util.TreeSet;
import org.cellweave.matrix.DenseMatrix;

/** What is predicted from the features of a part: numbers of its cells. */
sealed interface Target {
  int size();

  /** Mean of every number over the cells. */
  double[] means();

  /** Sum over cells and numbers of the squares around the means. */
  double squares();

  /**
   * Inner products of columns of the part with the numbers.
   *
   * @return columns by numbers, row-major
   */
  double[] cross(int[] columns);

  /** One array for every number. */
  double[][] dense();

  /** Coordinates of the cells. */
  record Scores(StandardisedFeatures values, DenseMatrix y) implements Target {
    @Override
    public int size() {
      return y.nCols();
    }

    @Override
    public double[] means() {
      double[] out = new double[size()];
      for (int r = 0; r < out.length; r++) {
        out[r] = Arrays.stream(y.column(r)).sum() / y.nRows();
      }
      return out;
    }

    @Override
    public double squares() {
      double[] means = means();
      double sum = 0;
      for (int r = 0; r < means.length; r++) {
        for (double v : y.column(r)) {
          sum += (v - means[r]) * (v - means[r]);
        }
      }
      return sum;
    }

    @Override
    public double[] cross(int[] columns) {
      return values.cross(columns, y);
    }

    @Override
    public double[][] dense() {
      double[][] out = new double[size()][];
      Arrays.setAll(out, y::column);
      return out;
    }
  }

  /** Standardised columns of the part itself. */
  record Features(StandardisedFeatures values, int[] of) implements Target {
    @Override
    public int size() {
      return of.length;
    }

    @Override
    public double[] means() {
      return new double[size()];
    }

    @Override
    public double squares() {
      return Arrays.stream(of).mapToDouble(values::squares).sum();
    }

    @Override
    public double[] cross(int[] columns) {
      var all = new TreeSet<Integer>();
      Arrays.stream(columns).forEach(all::add);
      Arrays.stream(of).forEach(all::add);
      int[] both = all.stream().mapToInt(Integer::intValue).toArray();
      double[][] gram = values.gram(both);
      double[] out = new double[columns.length * size()];
      for (int c = 0; c < columns.length; c++) {
        double[] row = gram[Arrays.binarySearch(both, columns[c])];
        for (int r = 0; r < size(); r++) {
          out[c * size() + r] = row[Arrays.binarySearch(both, of[r])];
        }
      }
      return out;
    }

    @Override
    public double[][] dense() {
      return values.dense(of);
    }
  }
}
