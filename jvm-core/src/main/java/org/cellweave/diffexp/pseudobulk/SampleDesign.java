package org.cellweave.diffexp.pseudobulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.linalg.SmallCholesky;

/** What the fits of all genes share: the design, row by row, and the samples' size factors. */
final class SampleDesign {
  final int n;
  final int p;

  /** Samples by coefficients. */
  final double[] x;

  final double[] sizeFactors;

  /** Coefficients by samples: turns values of samples into least-squares coefficients. */
  final double[] projection;

  /** Samples that have the same row, each group in order. */
  final int[][] replicates;

  /**
   * @param columns of full rank, one value per sample each
   */
  SampleDesign(double[][] columns, double[] sizeFactors) {
    this.n = sizeFactors.length;
    this.p = columns.length;
    this.sizeFactors = sizeFactors;
    this.x = new double[n * p];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < p; c++) {
        x[i * p + c] = columns[c][i];
      }
    }
    this.projection = projection();
    this.replicates = replicates();
  }

  private double[] projection() {
    double[] gram = new double[p * p];
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    gram(ones, gram);
    SmallCholesky.factor(gram, p);
    double[] out = new double[p * n];
    double[] b = new double[p];
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, i * p, b, 0, p);
      SmallCholesky.solve(gram, p, b);
      for (int c = 0; c < p; c++) {
        out[c * n + i] = b[c];
      }
    }
    return out;
  }

  private int[][] replicates() {
    Map<List<Double>, List<Integer>> groups = new HashMap<>();
    List<List<Integer>> order = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      var row = Arrays.stream(x, i * p, (i + 1) * p).boxed().toList();
      groups
          .computeIfAbsent(
              row,
              key -> {
                List<Integer> made = new ArrayList<>();
                order.add(made);
                return made;
              })
          .add(i);
    }
    return order.stream()
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /** {@code X' W X}, whole. */
  void gram(double[] weights, double[] out) {
    Arrays.fill(out, 0, p * p, 0);
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < p; r++) {
        double left = weights[i] * x[i * p + r];
        for (int c = 0; left != 0 && c <= r; c++) {
          out[r * p + c] += left * x[i * p + c];
        }
      }
    }
    for (int r = 0; r < p; r++) {
      for (int c = 0; c < r; c++) {
        out[c * p + r] = out[r * p + c];
      }
    }
  }

  /** The linear predictor of sample {@code i}. */
  double predictor(int i, double[] beta) {
    double sum = 0;
    for (int c = 0; c < p; c++) {
      sum += x[i * p + c] * beta[c];
    }
    return sum;
  }

  /** Least-squares coefficients of {@code values}. */
  void leastSquares(double[] values, double[] beta) {
    for (int c = 0; c < p; c++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += projection[c * n + i] * values[i];
      }
      beta[c] = sum;
    }
  }

  /** Whether the design is one of groups alone, so that least squares gives the groups' means. */
  boolean isGroups() {
    return replicates.length == p;
  }
}
