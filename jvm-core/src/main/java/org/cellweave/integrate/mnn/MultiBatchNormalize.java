package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;
import org.cellweave.util.Progress;

/**
 * Logarithms of counts on one scale for all batches: size factors of every batch are raised until
 * its coverage is down to that of the batch with the lowest, by the median ratio of the genes that
 * are expressed enough.
 *
 * <p>Without size factors those of the cells' totals are taken. Cost: three passes over the values;
 * sparse stays sparse.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class MultiBatchNormalize {
  private MultiBatchNormalize() {}

  /**
   * @param minMean lowest average of a gene over two batches for their ratio to count
   * @param logBase base of the logarithm
   * @param pseudoCount added before the logarithm
   */
  public record Params(double minMean, double logBase, double pseudoCount) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(minMean, "minMean");
      new RescaleBatches.Params(logBase, pseudoCount);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double minMean = 1;
      private double logBase = RescaleBatches.Params.DEFAULTS.logBase();
      private double pseudoCount = RescaleBatches.Params.DEFAULTS.pseudoCount();

      public Builder minMean(double value) {
        this.minMean = value;
        return this;
      }

      public Builder logBase(double value) {
        this.logBase = value;
        return this;
      }

      public Builder pseudoCount(double value) {
        this.pseudoCount = value;
        return this;
      }

      public Params build() {
        return new Params(minMean, logBase, pseudoCount);
      }
    }
  }

  /**
   * @param x logarithms; float32 unless the input is float64
   * @param sizeFactors what every cell was divided by
   * @param reference the batch with the lowest coverage, by level
   * @param coverage of every batch over that of the reference
   */
  public record Result(Matrix x, double[] sizeFactors, int reference, double[] coverage) {}

  /**
   * @param counts cells by genes, counts; not changed
   * @param batch of every cell
   * @param sizeFactors positive, one for every cell; null for totals
   */
  public static Result run(
      Matrix counts, Categories batch, double[] sizeFactors, Params params, Progress progress) {
    Finite.require(counts, "X", "multiBatchNormalize");
    var batches = batch.forCells(counts.nRows()).complete().withoutUnused();
    double[] factors = centred(sizeFactors == null ? counts.rowSums() : sizeFactors, batches);
    double[][] averages = averages(counts, batches, factors);
    progress.step("multiBatchNormalize", 1, 2, Double.NaN);
    int n = batches.nLevels();
    double[][] ratios = new double[n][n];
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        ratios[a][b] = a == b ? 1 : ratio(averages, a, b, batches, params);
      }
    }
    int reference = lowest(ratios);
    double[] coverage = new double[n];
    for (int b = 0; b < n; b++) {
      coverage[b] = 1 / ratios[reference][b];
    }
    for (int i = 0; i < factors.length; i++) {
      factors[i] *= coverage[batches.code(i)];
    }
    double unit = Elementary.log(params.logBase());
    double pseudo = params.pseudoCount();
    var from = pseudo == 1 ? counts : counts.toDense();
    var x = StoredMap.run(from, (i, j, v) -> Elementary.log(v / factors[i] + pseudo) / unit);
    progress.step("multiBatchNormalize", 2, 2, Double.NaN);
    return new Result(x, factors, reference, coverage);
  }

  private static double[] centred(double[] sizes, Categories batches) {
    Check.sameLength(sizes.length, batches.nCells(), "sizeFactors", "the number of cells");
    double[] mean = new double[batches.nLevels()];
    for (int i = 0; i < sizes.length; i++) {
      if (!(sizes[i] > 0 && sizes[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "multiBatchNormalize divides every cell by its size, which must be positive, got "
                + sizes[i]
                + " for cell "
                + i
                + ". Remove cells without counts first");
      }
      mean[batches.code(i)] += sizes[i] / batches.size(batches.code(i));
    }
    double[] out = new double[sizes.length];
    Arrays.setAll(out, i -> sizes[i] / mean[batches.code(i)]);
    return out;
  }

  private static double[][] averages(Matrix counts, Categories batches, double[] factors) {
    var scaled = StoredMap.run(counts, (i, j, v) -> v / factors[i]);
    var sums = GroupSums.byGroup(Rows.of(scaled), batches.codes(), batches.nLevels());
    var collected = sums.collect(GroupSums.PLAIN);
    double[][] out = new double[batches.nLevels()][counts.nCols()];
    for (int b = 0; b < out.length; b++) {
      for (int j = 0; j < out[b].length; j++) {
        out[b][j] = collected[b].mean(j, batches.size(b));
      }
    }
    return out;
  }

  /** The median over genes of the average in {@code a} by that in {@code b}. */
  private static double ratio(
      double[][] averages, int a, int b, Categories batches, Params params) {
    double totalA = Arrays.stream(averages[a]).sum();
    double totalB = Arrays.stream(averages[b]).sum();
    double[] ratios = new double[averages[a].length];
    int n = 0;
    for (int j = 0; j < ratios.length; j++) {
      double one = averages[a][j];
      double two = averages[b][j];
      double grand = (one / totalA + two / totalB) / 2 * (totalA + totalB) / 2;
      if (grand >= params.minMean()) {
        ratios[n++] = one / two;
      }
    }
    double median = Median.of(Arrays.copyOf(ratios, n));
    if (!(median > 0 && median < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "levels '"
              + batches.level(a)
              + "' and '"
              + batches.level(b)
              + "' of "
              + batches.name()
              + (n == 0
                  ? " have no gene whose average is at least minMean = " + params.minMean()
                  : " share too few genes: the median ratio of their averages is " + median)
              + ". Lower minMean, or check that X holds the counts");
    }
    return median;
  }

  /** The batch whose smallest ratio over another is the lowest of all. */
  private static int lowest(double[][] ratios) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < ratios.length; a++) {
      for (int b = 0; b < ratios.length; b++) {
        if (a != b && ratios[a][b] < least) {
          least = ratios[a][b];
          best = a;
        }
      }
    }
    return best;
  }
}
