package org.cellweave.preprocess;

import java.io.Serializable;
import java.util.Arrays;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;

/**
 * The number of positive entries and the total of every cell or gene, and the filters of scanpy's
 * {@code filter_cells} and {@code filter_genes} built on them.
 *
 * <p>One pass, O(nnz). Bounds are inclusive; exactly one may be given per call, as in scanpy.
 */
public final class Counts {
  private Counts() {}

  /**
   * Exactly one of the four is set.
   *
   * @param minCounts smallest total to keep, or null
   * @param minPositive smallest number of positive entries to keep ({@code minGenes} of a cell,
   *     {@code minCells} of a gene), or null
   * @param maxCounts largest total to keep, or null
   * @param maxPositive largest number of positive entries to keep, or null
   */
  public record Criterion(
      Double minCounts, Integer minPositive, Double maxCounts, Integer maxPositive) {
    public Criterion {
      int given = 0;
      for (Object bound : new Object[] {minCounts, minPositive, maxCounts, maxPositive}) {
        given += bound == null ? 0 : 1;
      }
      if (given != 1) {
        throw new IllegalArgumentException(
            "exactly one of the bounds minCounts, min number, maxCounts, max number must be given"
                + " per call, got "
                + given
                + ". Call the filter once per bound");
      }
    }

    boolean byTotal() {
      return minCounts != null || maxCounts != null;
    }

    boolean keeps(double number) {
      if (minCounts != null) {
        return number >= minCounts;
      }
      if (minPositive != null) {
        return number >= minPositive;
      }
      return number <= (maxCounts != null ? maxCounts : maxPositive);
    }
  }

  /**
   * @param positive number of entries above zero
   * @param totals sums in float64
   */
  public record Result(int[] positive, double[] totals) implements Serializable {}

  /**
   * @param keep true where the criterion holds
   * @param numbers what was compared: totals, or numbers of positive entries
   * @param removed how many are not kept
   */
  public record Filter(boolean[] keep, double[] numbers, int removed) {}

  public static Result ofCells(Matrix x) {
    double[][] numbers =
        Rows.of(x)
            .numbers(
                2,
                (at, start, v, n, out) -> {
                  int count = 0;
                  double sum = 0;
                  for (int k = 0; k < n; k++) {
                    count += v[k] > 0 ? 1 : 0;
                    sum += v[k];
                  }
                  out[0] = count;
                  out[1] = sum;
                });
    return new Result(Arrays.stream(numbers[0]).mapToInt(v -> (int) v).toArray(), numbers[1]);
  }

  public static Result ofGenes(Matrix x) {
    int nCols = x.nCols();
    return Rows.of(x)
        .collect(
            () -> new Result(new int[nCols], new double[nCols]),
            part ->
                (i, at, start, v, n) -> {
                  for (int k = 0; k < n; k++) {
                    int j = at[start + k];
                    part.positive[j] += v[k] > 0 ? 1 : 0;
                    part.totals[j] += v[k];
                  }
                },
            (all, part) -> {
              for (int j = 0; j < nCols; j++) {
                all.positive[j] += part.positive[j];
                all.totals[j] += part.totals[j];
              }
            });
  }

  public static Filter filterCells(Matrix x, Criterion criterion) {
    return filter(ofCells(x), criterion);
  }

  public static Filter filterGenes(Matrix x, Criterion criterion) {
    return filter(ofGenes(x), criterion);
  }

  private static Filter filter(Result counts, Criterion criterion) {
    int n = counts.positive.length;
    boolean[] keep = new boolean[n];
    double[] numbers = new double[n];
    int removed = 0;
    for (int i = 0; i < n; i++) {
      numbers[i] = criterion.byTotal() ? counts.totals[i] : counts.positive[i];
      keep[i] = criterion.keeps(numbers[i]);
      removed += keep[i] ? 0 : 1;
    }
    return new Filter(keep, numbers, removed);
  }
}
