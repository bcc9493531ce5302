package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.neighbors.KernelWidth;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;

/**
 * Local inverse Simpson's index: the effective number of labels around each cell, from 1 to the
 * number of labels.
 *
 * <p>Neighbours are weighted by {@code exp(-beta d)} with the distance itself, not its square;
 * {@code beta} gives each cell the same perplexity. The cell itself does not count. With the lists
 * of {@code 3 * perplexity} neighbours of {@link NearestNeighbors}, whose first entry is the cell,
 * this is the definition of the R package and of scib-metrics.
 *
 * <p>Cost {@code n k}. A cell whose weights all vanish has no index: NaN, as it is left out of the
 * medians; the originals give -1 there.
 *
 * @see <a href="https://doi.org/10.1038/s41592-019-0619-0">Korsunsky et al. 2019</a>
 */
public final class Lisi {
  private static final int BLOCK = 256;
  private static final int STEPS = 50;

  private Lisi() {}

  /**
   * @param perplexity effective number of neighbours; the lists should hold three times as many
   * @param tolerance of the entropy, in nats
   */
  public record Params(double perplexity, double tolerance) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(perplexity, "perplexity");
      Check.positive(tolerance, "tolerance");
    }

    /** The number of neighbours to search, the cell itself included. */
    public int nNeighbors() {
      return (int) Math.ceil(3 * perplexity);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private double perplexity = 30;
      private double tolerance = 1e-5;

      private Builder() {}

      public Builder perplexity(double value) {
        perplexity = value;
        return this;
      }

      public Builder tolerance(double value) {
        tolerance = value;
        return this;
      }

      public Params build() {
        return new Params(perplexity, tolerance);
      }
    }
  }

  /**
   * @param values one index per cell
   * @param median over the cells that have an index
   * @param nLabels labels that have a cell
   */
  public record Result(double[] values, double median, int nLabels) {
    /** 0 when every neighbourhood holds one batch, 1 when all batches are evenly mixed. */
    public double integration() {
      return (median - 1) / (nLabels - 1);
    }

    /** 1 when every neighbourhood holds one label, 0 when all labels are evenly mixed. */
    public double conservation() {
      return (nLabels - median) / (nLabels - 1);
    }
  }

  /**
   * Computes the index of one labeling.
   *
   * @param lists neighbours, the cell itself first
   * @param labels one code per cell
   * @throws IllegalArgumentException when a label is missing, there are fewer than two labels, or
   *     the lists are not longer than the perplexity
   */
  public static Result run(NearestNeighbors.Result lists, int[] labels, Params params) {
    var groups = Categories.complete("labels", labels, lists.nCells());
    groups.atLeastTwo("one label cannot mix.");
    if (lists.nNeighbors() - 1 <= params.perplexity()) {
      throw new IllegalArgumentException(
          "perplexity must be smaller than the number of neighbours, got "
              + params.perplexity()
              + " for "
              + (lists.nNeighbors() - 1)
              + ". Search for about three times the perplexity.");
    }
    int n = lists.nCells();
    double[] values = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var row = new Neighbourhood(lists, groups, params);
          for (int i = from; i < to; i++) {
            values[i] = row.index(i);
          }
        });
    return new Result(values, median(values), groups.used());
  }

  /** Median of the finite values; NaN when there is none. */
  static double median(double[] values) {
    return Median.of(Arrays.stream(values).filter(Double::isFinite).toArray());
  }

  /** One cell's neighbours and their weights. */
  private static final class Neighbourhood {
    private final NearestNeighbors.Result lists;
    private final Categories labels;
    private final Params params;
    private final double[] weights;
    private final double[] shares;
    private double sum;
    private double weighted;

    Neighbourhood(NearestNeighbors.Result lists, Categories labels, Params params) {
      this.lists = lists;
      this.labels = labels;
      this.params = params;
      this.weights = new double[lists.nNeighbors()];
      this.shares = new double[labels.sizes().length];
    }

    double index(int i) {
      int first = i * lists.nNeighbors();
      if (!calibrate(first)) {
        return Double.NaN;
      }
      Arrays.fill(shares, 0);
      for (int c = 1; c < weights.length; c++) {
        shares[labels.codes()[lists.indices()[first + c]]] += weights[c] / sum;
      }
      double simpson = 0;
      for (double share : shares) {
        simpson += share * share;
      }
      return 1 / simpson;
    }

    private boolean calibrate(int first) {
      double target = Elementary.log(params.perplexity());
      var inverseWidth = new KernelWidth(1);
      double entropy = entropy(first, inverseWidth.value());
      for (int step = 0; step < STEPS; step++) {
        double excess = entropy - target;
        if (Math.abs(excess) < params.tolerance()) {
          break;
        }
        if (excess > 0) {
          inverseWidth.raise();
        } else {
          inverseWidth.lower();
        }
        entropy = entropy(first, inverseWidth.value());
      }
      return entropy != 0;
    }

    private double entropy(int first, double beta) {
      sum = 0;
      weighted = 0;
      for (int c = 1; c < weights.length; c++) {
        double distance = lists.distances()[first + c];
        double weight = Elementary.exp(-beta * distance);
        weights[c] = weight;
        sum += weight;
        weighted += distance * weight;
      }
      return sum == 0 ? 0 : Elementary.log(sum) + beta * weighted / sum;
    }
  }
}
