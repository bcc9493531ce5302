package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.RowProjection;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Principal components of several batches in which each counts by a weight, not by its number of
 * cells: the centre is the mean of the batches' means, and every batch adds its mean square around
 * it.
 *
 * <p>Departure from batchelor: variances are divided by the sum of the weights, not by the number
 * of batches, which is the same where every batch weighs one. Cost: the product of the genes with
 * themselves, O(sum of squared row lengths); sparse stays sparse. Signs: the loading of largest
 * magnitude is positive. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class MultiBatchPca {
  /** Components that share the array of a pass over the cells. */
  private static final int COMPONENTS = 8;

  private MultiBatchPca() {}

  /**
   * @param d number of components
   * @param weights how much every batch counts
   * @param correctAll gives loadings to genes that were not chosen, too
   */
  public record Params(int d, BatchWeights weights, boolean correctAll) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(d, "d");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int d = 50;
      private BatchWeights weights = BatchWeights.EQUAL;
      private boolean correctAll = false;

      public Builder d(int value) {
        this.d = value;
        return this;
      }

      public Builder weights(BatchWeights value) {
        this.weights = value;
        return this;
      }

      public Builder correctAll(boolean value) {
        this.correctAll = value;
        return this;
      }

      public Params build() {
        return new Params(d, weights, correctAll);
      }
    }
  }

  /**
   * @param scores cells by components, of the unscaled cells around the common centre
   * @param loadings all genes by components; zero for genes that have none
   * @param center of every gene, the weighted mean of the batches' means
   * @param explained variance of every component, batches weighted
   * @param total variance of the genes chosen, batches weighted
   */
  public record Result(
      DenseMatrix scores,
      DenseMatrix loadings,
      double[] center,
      double[] explained,
      double total) {}

  /**
   * @param x cells by genes, logarithms of normalised expression; not changed
   * @param batch of every cell; one is enough
   * @param genes to use; null for all
   */
  public static Result run(
      Matrix x, Categories batch, boolean[] genes, Params params, Progress progress) {
    Finite.require(x, "X", "multiBatchPca");
    var used = batch.forCells(x.nRows()).complete().withoutUnused();
    return run(x, null, used, ChosenGenes.of(genes, x.nCols()), params, progress);
  }

  /**
   * @param scale a factor for every cell; null for one
   * @param batch without unused levels
   */
  static Result run(
      Matrix x,
      double[] scale,
      Categories batch,
      ChosenGenes genes,
      Params params,
      Progress progress) {
    requireComponents(params.d(), x.nRows(), genes.size());
    double[] weights = params.weights().of(batch);
    double sum = Arrays.stream(weights).sum();
    double[] share = new double[x.nRows()];
    double[] factors = new double[x.nRows()];
    for (int i = 0; i < share.length; i++) {
      double own = scale == null ? 1 : scale[i];
      double weight = weights[batch.code(i)] / batch.size(batch.code(i));
      share[i] = weight * own / sum;
      factors[i] = Math.sqrt(weight) * own;
    }
    var rows = Rows.of(x);
    double[] center = center(rows, share);
    double total = total(rows, genes, factors, center, sum);
    progress.step("multiBatchPca", 1, 2, Double.NaN);
    var pairs = new WeightedDirections(x, genes, factors, center, sum).leading(params.d());
    progress.step("multiBatchPca", 2, 2, Double.NaN);
    Parallel.checkInterrupted();
    double[] offset = new double[params.d()];
    for (int g = 0; g < genes.size(); g++) {
      for (int c = 0; c < offset.length; c++) {
        offset[c] += center[genes.columns()[g]] * pairs.vectors()[g * offset.length + c];
      }
    }
    var scores =
        new RowProjection(rows, genes.place(), pairs.vectors(), offset).run(scale, DType.FLOAT64);
    var loadings = loadings(pairs.vectors(), genes, params.d());
    if (params.correctAll() && !genes.isAll()) {
      addOthers(loadings, rows, genes, share, scores, pairs.values(), sum);
    }
    double[] explained = Arrays.stream(pairs.values()).map(v -> Math.max(0, v) / sum).toArray();
    return new Result(scores, loadings, center, explained, total / sum);
  }

  private static void requireComponents(int d, int nCells, int nGenes) {
    if (d > Math.min(nCells, nGenes)) {
      throw new IllegalArgumentException(
          "d must be at most the number of cells and of genes used, got d = "
              + d
              + " for "
              + nCells
              + " cells and "
              + nGenes
              + " genes. Pass d = "
              + Math.min(nCells, nGenes)
              + " or less");
    }
  }

  private static double[] center(Rows rows, double[] share) {
    return rows.sums(
        rows.nCols(),
        sum ->
            (i, at, start, v, n) -> {
              for (int k = 0; k < n; k++) {
                sum[at[start + k]] += share[i] * v[k];
              }
            });
  }

  private static double total(
      Rows rows, ChosenGenes genes, double[] factors, double[] center, double sum) {
    int[] place = genes.place();
    double total =
        rows.sums(
                1,
                squares ->
                    (i, at, start, v, n) -> {
                      double own = 0;
                      for (int k = 0; k < n; k++) {
                        own += place[at[start + k]] < 0 ? 0 : v[k] * v[k];
                      }
                      squares[0] += own * factors[i] * factors[i];
                    })[0];
    double around = total;
    for (int g : genes.columns()) {
      around -= sum * center[g] * center[g];
    }
    if (!(around > 1e-13 * total)) {
      throw new IllegalArgumentException(
          "all "
              + genes.size()
              + " genes used are constant, so there is no direction of variance; choose others");
    }
    return around;
  }

  private static DenseMatrix loadings(double[] vectors, ChosenGenes genes, int k) {
    var out = DenseMatrix.zeros(genes.place().length, k, DType.FLOAT64);
    for (int g = 0; g < genes.size(); g++) {
      out.setRow(genes.columns()[g], Arrays.copyOfRange(vectors, g * k, (g + 1) * k));
    }
    return out;
  }

  /** Genes that were not chosen go by the right vectors; scores have no weighted mean. */
  private static void addOthers(
      DenseMatrix loadings,
      Rows rows,
      ChosenGenes genes,
      double[] share,
      DenseMatrix scores,
      double[] values,
      double sum) {
    int k = values.length;
    Parallel.forRange(
        k,
        COMPONENTS,
        (from, to) -> {
          int width = to - from;
          double[] sums = new double[rows.nCols() * width];
          double[] own = new double[width];
          rows.visit(
              0,
              rows.nRows(),
              (i, at, start, v, n) -> {
                scores.readRow(i, from, width, own);
                for (int q = 0; q < n; q++) {
                  double value = share[i] * sum * v[q];
                  for (int c = 0; c < width; c++) {
                    sums[at[start + q] * width + c] += value * own[c];
                  }
                }
              });
          for (int j = 0; j < rows.nCols(); j++) {
            for (int c = 0; c < width && genes.place()[j] < 0; c++) {
              boolean some = values[from + c] > 1e-12 * values[0];
              own[c] = some ? sums[j * width + c] / values[from + c] : 0;
            }
            if (genes.place()[j] < 0) {
              loadings.setRow(j, from, width, own);
            }
          }
        });
  }
}
