package org.cellweave.integrate.anchors;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.util.Parallel;

/**
 * Products with scaled genes from the stored entries of sparse cells alone. A cell is {@code c (s +
 * b - m)} with b, what a zero becomes, s, what an entry has beyond that, and the cell's own mean m
 * and factor c; what b and m add to a product is of low rank.
 */
final class SparseScaled {
  /** Below this share of its square a cell has no deviation, but rounding. */
  private static final double NO_DEVIATION = 1e-13;

  private static final int BLOCK = 64;

  private final Rows rows;
  private final int[] position;
  private final double[] mean;
  private final double[] deviation;
  private final double clip;

  /** What a zero becomes. */
  private final double[] zero;

  /**
   * @param genes columns of the matrix, ascending
   * @param position their places, -1 for other columns
   */
  SparseScaled(Rows rows, int[] genes, int[] position, ScaledGenes.Scaling scaling, double clip) {
    this.rows = rows;
    this.position = position;
    this.mean = Arrays.stream(genes).mapToDouble(j -> scaling.mean()[j]).toArray();
    this.deviation = Arrays.stream(genes).mapToDouble(j -> scaling.deviation()[j]).toArray();
    this.clip = clip;
    this.zero = new double[genes.length];
    Arrays.setAll(zero, g -> scaled(g, 0));
  }

  /** Mean and factor of every cell; both null where cells are as they are. */
  record Cells(double[] mean, double[] scale) {
    double mean(int i) {
      return mean == null ? 0 : mean[i];
    }

    double scale(int i) {
      return scale == null ? 1 : scale[i];
    }
  }

  private double scaled(int g, double v) {
    return Math.min(clip, (v - mean[g]) / deviation[g]);
  }

  private double beyond(int g, double v) {
    return scaled(g, v) - zero[g];
  }

  /** What gives every cell the mean 0 and the deviation 1 over the genes. */
  Cells standardising() {
    int p = zero.length;
    double sum = Arrays.stream(zero).sum();
    double square = Arrays.stream(zero).map(z -> z * z).sum();
    var out = new Cells(new double[rows.nRows()], new double[rows.nRows()]);
    rows.forEach(
        (i, at, start, v, n) -> {
          double own = sum;
          double squares = square;
          for (int q = 0; q < n; q++) {
            int g = position[at[start + q]];
            if (g >= 0) {
              double s = beyond(g, v[q]);
              own += s;
              squares += s * (s + 2 * zero[g]);
            }
          }
          double around = squares - own * own / p;
          out.mean[i] = own / p;
          out.scale[i] = around > NO_DEVIATION * squares ? Math.sqrt((p - 1) / around) : 0;
        });
    return out;
  }

  /** Genes by genes, the upper triangle; the caller closes it. */
  DoublePointer gram(Cells cells) {
    int p = zero.length;
    var out =
        new CrossProduct(rows, position, p)
            .sparse(
                new double[p],
                (i, places, values, n) -> {
                  for (int q = 0; q < n; q++) {
                    values[q] = cells.scale(i) * beyond(places[q], values[q]);
                  }
                });
    double[] sums = sums(cells);
    double[] squares = squares(cells);
    Parallel.forRange(
        p,
        BLOCK,
        (from, to) -> {
          double[] row = new double[p];
          for (int i = from; i < to; i++) {
            // a view, which has no memory of its own
            DoublePointer own = out.getPointer((long) i * p);
            own.get(row);
            addLow(i, row, sums, squares);
            own.put(row);
          }
        });
    return out;
  }

  private void addLow(int i, double[] row, double[] sums, double[] squares) {
    int p = row.length;
    double b = zero[i];
    double ofZero = sums[i] + squares[0] * b - squares[1];
    double constant = squares[2] - sums[p + i] - squares[1] * b;
    for (int j = i; j < p; j++) {
      row[j] += ofZero * zero[j] + b * sums[j] - sums[p + j] + constant;
    }
  }

  /** Sums over the cells of {@code c^2 s}, and behind them of {@code c^2 m s}. */
  private double[] sums(Cells cells) {
    int p = zero.length;
    return rows.sums(
        2 * p,
        sum ->
            (i, at, start, v, n) -> {
              double square = cells.scale(i) * cells.scale(i);
              for (int q = 0; q < n; q++) {
                int g = position[at[start + q]];
                if (g >= 0) {
                  double s = square * beyond(g, v[q]);
                  sum[g] += s;
                  sum[p + g] += cells.mean(i) * s;
                }
              }
            });
  }

  /** Sums over the cells of {@code c^2}, {@code c^2 m} and {@code c^2 m^2}. */
  private double[] squares(Cells cells) {
    double[] out = new double[3];
    for (int i = 0; i < rows.nRows(); i++) {
      double square = cells.scale(i) * cells.scale(i);
      out[0] += square;
      out[1] += square * cells.mean(i);
      out[2] += square * cells.mean(i) * cells.mean(i);
    }
    return out;
  }

  /**
   * @param w genes by k, row by row
   * @return cells by k
   */
  double[] times(double[] w, int k, Cells cells) {
    double[] ofZero = new double[k];
    double[] ofOne = new double[k];
    for (int g = 0; g < zero.length; g++) {
      add(zero[g], w, g * k, ofZero, 0, k);
      add(1, w, g * k, ofOne, 0, k);
    }
    double[] out = new double[Math.multiplyExact(rows.nRows(), k)];
    rows.forEach(
        (i, at, start, v, n) -> {
          double factor = cells.scale(i);
          add(factor, ofZero, 0, out, i * k, k);
          add(-factor * cells.mean(i), ofOne, 0, out, i * k, k);
          for (int q = 0; q < n; q++) {
            int g = position[at[start + q]];
            if (g >= 0) {
              add(factor * beyond(g, v[q]), w, g * k, out, i * k, k);
            }
          }
        });
    return out;
  }

  /**
   * @param e cells by k, row by row
   * @return genes by k, sums over the cells
   */
  double[] transposedTimes(double[] e, int k, Cells cells) {
    int p = zero.length;
    double[] sums =
        rows.sums(
            (p + 2) * k,
            sum ->
                (i, at, start, v, n) -> {
                  double factor = cells.scale(i);
                  add(factor, e, i * k, sum, p * k, k);
                  add(factor * cells.mean(i), e, i * k, sum, (p + 1) * k, k);
                  for (int q = 0; q < n; q++) {
                    int g = position[at[start + q]];
                    if (g >= 0) {
                      add(factor * beyond(g, v[q]), e, i * k, sum, g * k, k);
                    }
                  }
                });
    double[] out = Arrays.copyOf(sums, p * k);
    for (int g = 0; g < p; g++) {
      add(zero[g], sums, p * k, out, g * k, k);
      add(-1, sums, (p + 1) * k, out, g * k, k);
    }
    return out;
  }

  private static void add(double factor, double[] from, int at, double[] to, int start, int n) {
    for (int c = 0; c < n; c++) {
      to[start + c] += factor * from[at + c];
    }
  }
}
