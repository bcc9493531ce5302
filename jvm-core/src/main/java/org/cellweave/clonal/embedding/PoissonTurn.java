package org.cellweave.clonal.embedding;

import java.util.Arrays;
import org.cellweave.linalg.FastExponential;
import org.cellweave.linalg.PositiveSystem;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** One turn of a Poisson model: every row takes a Newton step while the columns stay. */
final class PoissonTurn {
  private static final int BLOCK = 16;
  private static final int MAX_HALVINGS = 30;

  /** Linear predictors are kept within this, so that no rate overflows. */
  private static final double LARGEST = 20;

  private final ContextCounts data;
  private final int d;
  private final int m;

  /** Factors of the columns, dimension after dimension. */
  private final double[] fixed;

  private final double[] columnOffset;
  private final double ridge;
  private final double[] rates;
  private final double[] weighted;
  private final double[] gradient;
  private final double[] hessian;

  private PoissonTurn(
      ContextCounts data, int d, double[] fixed, double[] columnOffset, double ridge) {
    this.data = data;
    this.d = d;
    this.m = data.nCols;
    this.fixed = fixed;
    this.columnOffset = columnOffset;
    this.ridge = ridge;
    this.rates = new double[m];
    this.weighted = new double[m];
    this.gradient = new double[d];
    this.hessian = new double[d * d];
  }

  /**
   * @param moving factors of the rows, rows of d; replaced
   * @param staying factors of the columns, rows of d
   * @return the log-likelihood after the turn, without its ridge
   */
  static double run(
      ContextCounts data,
      double[] moving,
      double[] staying,
      double[] rowOffset,
      double[] columnOffset,
      PoissonFactors.Params params) {
    int d = params.zDim();
    double[] fixed = RowKernels.byDimension(staying, d);
    Parallel.checkInterrupted();
    return Parallel.sum(
        data.nRows,
        BLOCK,
        (from, to) -> {
          var turn = new PoissonTurn(data, d, fixed, columnOffset, params.ridge());
          double sum = 0;
          for (int i = from; i < to; i++) {
            sum += turn.step(i, moving, rowOffset[i]);
          }
          return sum;
        });
  }

  /** The log-likelihood at these factors, where none moves. */
  static double likelihood(
      ContextCounts data,
      double[] rows,
      double[] columns,
      PoissonFactors.Offsets offsets,
      PoissonFactors.Params params) {
    int d = params.zDim();
    double[] fixed = RowKernels.byDimension(columns, d);
    return Parallel.sum(
        data.nRows,
        BLOCK,
        (from, to) -> {
          var turn = new PoissonTurn(data, d, fixed, offsets.column(), 0);
          double sum = 0;
          for (int i = from; i < to; i++) {
            double[] at = Arrays.copyOfRange(rows, i * d, (i + 1) * d);
            sum += turn.evaluate(i, at, offsets.row()[i]);
          }
          return sum;
        });
  }

  /** Moves row i; its log-likelihood. */
  private double step(int i, double[] moving, double offset) {
    double[] at = Arrays.copyOfRange(moving, i * d, (i + 1) * d);
    double before = evaluate(i, at, offset);
    derivatives(i, at);
    double[] step = gradient.clone();
    if (!PositiveSystem.solve(d, hessian, step)) {
      return before + penalty(at);
    }
    double[] tried = new double[d];
    double t = 1;
    for (int k = 0; k < MAX_HALVINGS; k++) {
      for (int c = 0; c < d; c++) {
        tried[c] = at[c] + t * step[c];
      }
      double there = evaluate(i, tried, offset);
      if (there >= before) {
        System.arraycopy(tried, 0, moving, i * d, d);
        return there + penalty(tried);
      }
      t /= 2;
    }
    return before + penalty(at);
  }

  private double penalty(double[] at) {
    return ridge / 2 * RowKernels.dot(at, at, 0, d);
  }

  /** The penalised log-likelihood of row i at these factors; leaves the rates. */
  private double evaluate(int i, double[] at, double offset) {
    System.arraycopy(columnOffset, 0, rates, 0, m);
    for (int c = 0; c < d; c++) {
      RowKernels.plus(rates, at[c], fixed, c * m, m);
    }
    for (int j = 0; j < m; j++) {
      rates[j] = Math.min(rates[j] + offset, LARGEST);
    }
    double value = -penalty(at);
    for (int p = data.start[i]; p < data.start[i + 1]; p++) {
      value += data.counts[p] * rates[data.at[p]];
    }
    FastExponential.ofShifted(rates, m, LARGEST);
    RowKernels.scale(rates, Elementary.exp(LARGEST), m);
    return value - RowKernels.sum(rates, m);
  }

  private void derivatives(int i, double[] at) {
    for (int a = 0; a < d; a++) {
      for (int j = 0; j < m; j++) {
        weighted[j] = rates[j] * fixed[a * m + j];
      }
      for (int b = a; b < d; b++) {
        double value = RowKernels.dot(weighted, fixed, b * m, m);
        hessian[a * d + b] = a == b ? value + ridge : value;
      }
      gradient[a] = -RowKernels.sum(weighted, m) - ridge * at[a];
    }
    for (int p = data.start[i]; p < data.start[i + 1]; p++) {
      for (int a = 0; a < d; a++) {
        gradient[a] += data.counts[p] * fixed[a * m + data.at[p]];
      }
    }
  }
}
