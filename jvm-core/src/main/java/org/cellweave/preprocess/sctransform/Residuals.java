package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.RowStack;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** Pearson residuals and corrected counts of one batch under its models. */
final class Residuals {
  private static final int ROWS_PER_BLOCK = 256;

  private final GeneModels models;
  private final double[] depth;
  private final int[] level;
  private final double minVariance;

  /**
   * @param depth of every cell
   * @param level of the covariate of every cell
   */
  Residuals(GeneModels models, double[] depth, int[] level) {
    this.models = models;
    this.depth = depth;
    this.level = level;
    this.minVariance = models.minVariance();
  }

  private double mean(int l, int gene, double x) {
    return Elementary.exp(models.intercept()[l][gene] + models.slope()[l][gene] * x);
  }

  /** Not clipped; 0 where nothing is expected and nothing seen. */
  private double residual(double count, double mean, double theta) {
    double variance = mean + mean * mean / theta;
    if (mean == 0 && count == 0) {
      return 0;
    }
    return (count - mean) / Math.sqrt(Math.max(variance, minVariance));
  }

  private static double clipped(double r, double clip) {
    return Math.max(-clip, Math.min(clip, r));
  }

  /**
   * Mean and variance of the clipped residuals of every gene, divided by one less than the number
   * of cells; NaN for genes without a model.
   *
   * @param counts genes by cells
   * @return means, then variances
   */
  double[][] moments(CsrMatrix counts, DepthNodes[] nodes, double clip) {
    int nGenes = counts.nRows();
    double[] means = new double[nGenes];
    double[] variances = new double[nGenes];
    Arrays.fill(means, Double.NaN);
    Arrays.fill(variances, Double.NaN);
    var rows = Rows.of(counts);
    Parallel.forRange(
        nGenes,
        GeneFacts.GENES_PER_BLOCK,
        (from, to) ->
            rows.visit(
                from,
                to,
                (g, at, start, v, n) -> {
                  if (!models.modelled()[g]) {
                    return;
                  }
                  double[] sums = new double[2];
                  for (int l = 0; l < nodes.length; l++) {
                    addZeros(sums, nodes[l], l, g, clip);
                  }
                  double theta = models.theta()[g];
                  for (int k = 0; k < n; k++) {
                    int cell = at[start + k];
                    double mean = mean(level[cell], g, depth[cell]);
                    double zero = clipped(residual(0, mean, theta), clip);
                    double r = clipped(residual(v[k], mean, theta), clip);
                    sums[0] += r - zero;
                    sums[1] += r * r - zero * zero;
                  }
                  int nCells = depth.length;
                  means[g] = sums[0] / nCells;
                  variances[g] = (sums[1] - nCells * means[g] * means[g]) / (nCells - 1);
                }));
    return new double[][] {means, variances};
  }

  /**
   * Sum and sum of squares of the residuals that the cells would have without counts. Where bounds
   * of residual or variance begin to hold the function has a kink, and a bin that holds one is
   * summed cell by cell.
   */
  private void addZeros(double[] sums, DepthNodes nodes, int l, int gene, double clip) {
    double theta = models.theta()[gene];
    for (int b = 0; b < nodes.nBins(); b++) {
      int from = nodes.firstCell(b);
      int to = nodes.firstCell(b + 1);
      if (from == to) {
        continue;
      }
      int low = piece(mean(l, gene, nodes.cells[from]), theta, clip);
      int high = piece(mean(l, gene, nodes.cells[to - 1]), theta, clip);
      if (low == high) {
        for (int k = nodes.firstNode(b); k < nodes.firstNode(b + 1); k++) {
          double r = clipped(residual(0, mean(l, gene, nodes.at[k]), theta), clip);
          sums[0] += nodes.weight[k] * r;
          sums[1] += nodes.weight[k] * r * r;
        }
      } else {
        for (int i = from; i < to; i++) {
          double r = clipped(residual(0, mean(l, gene, nodes.cells[i]), theta), clip);
          sums[0] += r;
          sums[1] += r * r;
        }
      }
    }
  }

  /** Which of the two bounds hold for a count of zero. */
  private int piece(double mean, double theta, double clip) {
    int floor = mean + mean * mean / theta < minVariance ? 1 : 0;
    return floor + (residual(0, mean, theta) < -clip ? 2 : 0);
  }

  /**
   * Writes the residuals of some genes.
   *
   * @param x cells by all genes
   * @param cells rows of {@code x} and {@code out}, one for each cell of the batch
   * @param genes columns of {@code out}
   * @param centre subtracts the mean of each gene after clipping
   */
  void write(Rows x, int[] cells, int[] genes, double clip, boolean centre, DenseMatrix out) {
    int[] column = new int[x.nCols()];
    Arrays.fill(column, -1);
    for (int c = 0; c < genes.length; c++) {
      column[genes[c]] = c;
    }
    double[][] sums = new double[Parallel.nBlocks(cells.length, ROWS_PER_BLOCK)][genes.length];
    Parallel.forRange(
        cells.length,
        ROWS_PER_BLOCK,
        (from, to) -> {
          double[] row = new double[genes.length];
          double[] sum = sums[from / ROWS_PER_BLOCK];
          int[] place = {from};
          x.visit(
              cells,
              from,
              to,
              (i, at, start, v, n) -> {
                fill(row, genes, column, place[0]++, at, start, v, n, clip);
                for (int c = 0; c < row.length; c++) {
                  sum[c] += row[c];
                }
                out.setRow(i, row);
              });
        });
    if (centre) {
      centre(cells, sums, out);
    }
  }

  private void fill(
      double[] row,
      int[] genes,
      int[] column,
      int cell,
      int[] at,
      int start,
      double[] v,
      int n,
      double clip) {
    int l = level[cell];
    for (int c = 0; c < row.length; c++) {
      int g = genes[c];
      row[c] =
          models.modelled()[g]
              ? clipped(residual(0, mean(l, g, depth[cell]), models.theta()[g]), clip)
              : 0;
    }
    for (int k = 0; k < n; k++) {
      int g = at[start + k];
      if (column[g] >= 0 && models.modelled()[g]) {
        row[column[g]] = clipped(residual(v[k], mean(l, g, depth[cell]), models.theta()[g]), clip);
      }
    }
  }

  private static void centre(int[] cells, double[][] sums, DenseMatrix out) {
    double[] mean = new double[out.nCols()];
    for (double[] part : sums) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += part[c] / cells.length;
      }
    }
    Parallel.forRange(
        cells.length,
        ROWS_PER_BLOCK,
        (from, to) -> {
          double[] row = new double[mean.length];
          for (int k = from; k < to; k++) {
            out.readRow(cells[k], row);
            for (int c = 0; c < row.length; c++) {
              row[c] -= mean[c];
            }
            out.setRow(cells[k], row);
          }
        });
  }

  /**
   * The counts that the cells would have with the batch's median depth: the residual under the
   * cell's own depth, laid at the median, rounded to whole numbers that are not negative.
   *
   * @param cells rows of {@code x}, one for each cell of the batch
   * @return one row for each cell; genes without a model have no counts
   */
  CsrMatrix corrected(Rows x, int[] cells, double median) {
    var targets = new Target[models.intercept().length];
    Arrays.setAll(targets, l -> Target.of(models, l, median));
    int nBlocks = Parallel.nBlocks(cells.length, ROWS_PER_BLOCK);
    List<CsrMatrix> parts =
        Parallel.map(
            nBlocks,
            b -> {
              var builder = new CsrBuilder(x.nCols(), DType.FLOAT32);
              int from = b * ROWS_PER_BLOCK;
              int[] place = {from};
              int[] columns = new int[x.nCols()];
              double[] values = new double[x.nCols()];
              x.visit(
                  cells,
                  from,
                  Math.min(cells.length, from + ROWS_PER_BLOCK),
                  (i, at, start, v, n) -> {
                    int cell = place[0]++;
                    int kept =
                        targets[level[cell]].correct(
                            models, level[cell], depth[cell], at, start, v, n, columns, values);
                    builder.addRow(columns, values, kept);
                  });
              return builder.build();
            });
    List<int[]> places = IntStream.range(0, nBlocks).mapToObj(b -> (int[]) null).toList();
    return RowStack.vstack(parts, places, x.nCols(), DType.FLOAT32, 0);
  }

  /**
   * Means and deviations at the depth to which counts are corrected.
   *
   * @param waking genes whose zeros become counts in shallow cells, ascending
   * @param limit depth below which they do, for each of them
   */
  private record Target(double[] mean, double[] deviation, int[] waking, double[] limit) {
    static Target of(GeneModels models, int l, double median) {
      int nGenes = models.modelled().length;
      double[] mean = new double[nGenes];
      double[] deviation = new double[nGenes];
      double[] limit = new double[nGenes];
      Arrays.fill(limit, Double.NEGATIVE_INFINITY);
      for (int g = 0; g < nGenes; g++) {
        if (models.modelled()[g]) {
          mean[g] = Elementary.exp(models.intercept()[l][g] + models.slope()[l][g] * median);
          deviation[g] = deviation(mean[g], models.theta()[g]);
          limit[g] = limit(models, l, g, mean[g], deviation[g]);
        }
      }
      int[] waking =
          IntStream.range(0, nGenes).filter(g -> limit[g] > Double.NEGATIVE_INFINITY).toArray();
      double[] limits = Arrays.stream(waking).mapToDouble(g -> limit[g]).toArray();
      return new Target(mean, deviation, waking, limits);
    }

    private static double deviation(double mean, double theta) {
      return Math.sqrt(mean + mean * mean / theta);
    }

    /** A zero becomes a count where its residual is above that of one half at the target. */
    private static double limit(GeneModels models, int l, int g, double mean, double deviation) {
      double gap = (mean - 0.5) / deviation;
      if (!(gap > 0)) {
        return Double.NEGATIVE_INFINITY;
      }
      double rest = 1 - gap * gap / models.theta()[g];
      if (!(rest > 0) || !(models.slope()[l][g] > 0)) {
        return Double.POSITIVE_INFINITY;
      }
      double least = Elementary.log(gap * gap / rest);
      // a little more than that, as the value itself is computed below
      return (least - models.intercept()[l][g]) / models.slope()[l][g] + 1e-9;
    }

    int correct(
        GeneModels models,
        int l,
        double x,
        int[] at,
        int start,
        double[] v,
        int n,
        int[] columns,
        double[] values) {
      int kept = 0;
      int w = 0;
      for (int k = 0; k <= n; k++) {
        int next = k < n ? at[start + k] : Integer.MAX_VALUE;
        for (; w < waking.length && waking[w] < next; w++) {
          if (x < limit[w]) {
            kept = put(corrected(models, l, x, waking[w], 0), waking[w], columns, values, kept);
          }
        }
        if (k < n && models.modelled()[next]) {
          kept = put(corrected(models, l, x, next, v[k]), next, columns, values, kept);
          w += w < waking.length && waking[w] == next ? 1 : 0;
        }
      }
      return kept;
    }

    private static int put(double count, int gene, int[] columns, double[] values, int kept) {
      if (count <= 0) {
        return kept;
      }
      columns[kept] = gene;
      values[kept] = count;
      return kept + 1;
    }

    private double corrected(GeneModels models, int l, double x, int g, double count) {
      double own = Elementary.exp(models.intercept()[l][g] + models.slope()[l][g] * x);
      if (own == 0) {
        return 0;
      }
      double residual = (count - own) / deviation(own, models.theta()[g]);
      return Math.rint(mean[g] + residual * deviation[g]);
    }
  }
}
