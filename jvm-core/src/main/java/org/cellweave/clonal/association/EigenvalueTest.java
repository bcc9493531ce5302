package org.cellweave.clonal.association;

import java.util.Arrays;
import org.cellweave.linalg.LargestEigenvalue;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.random.CountDistributions;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Whether the columns of an embedding share more than noise would: Johnstone's test of the largest
 * eigenvalue.
 *
 * <p>The null distribution is simulated: the crossproducts of n centred rows of noise follow
 * Wishart's distribution, which Bartlett's triangular factor draws in p^2 numbers whatever n is, so
 * that ten thousand draws take less than a second. The p-value counts the data among the draws, so
 * that it is never zero: {@code (1 + hits) / (1 + draws)}. {@link Flavor#ASYMPTOTIC} takes {@link
 * TracyWidom} instead, which the scaling by an estimated variance makes approximate for few
 * columns.
 *
 * <p>Draw k depends on the seed and k alone.
 *
 * @see <a href="https://doi.org/10.1214/aos/1009210544">Johnstone 2001</a>
 */
public final class EigenvalueTest {
  private static final int BLOCK = 64;

  private static final int MOST_DRAWS = 10_000_000;

  private EigenvalueTest() {}

  /** Where the null distribution comes from. */
  public enum Flavor {
    SYNTHETIC,
    ASYMPTOTIC
  }

  /**
   * @param nSimulations draws of the null distribution
   * @param seed of the draws
   */
  public record Params(Flavor flavor, int nSimulations, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.atMost(Check.positive(nSimulations, "nSimulations"), MOST_DRAWS, "nSimulations");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.SYNTHETIC;
      private int nSimulations = 10_000;
      private long seed = 0;

      private Builder() {}

      public Builder flavor(Flavor value) {
        flavor = value;
        return this;
      }

      public Builder nSimulations(int value) {
        nSimulations = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(flavor, nSimulations, seed);
      }
    }
  }

  /**
   * @param statistic largest eigenvalue, centred and scaled
   * @param pValue that noise has one as large
   * @param nullDistribution statistics of noise in the order drawn; empty when none was drawn
   */
  public record Result(double statistic, double pValue, double[] nullDistribution) {}

  /**
   * @param x clones by columns, at least 3 by 2, no column constant
   */
  public static Result run(Matrix x, Params params) {
    double statistic = statistic(x);
    if (params.flavor() == Flavor.ASYMPTOTIC) {
      return new Result(statistic, TracyWidom.above(statistic), new double[0]);
    }
    double[] drawn = new double[params.nSimulations()];
    Parallel.forRange(
        drawn.length,
        BLOCK,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            drawn[k] = noise(x.nRows(), x.nCols(), Streams.of(params.seed(), k));
          }
        });
    return against(statistic, drawn);
  }

  /**
   * Against statistics of noise that were drawn before, for a matrix of this shape.
   *
   * @param nullDistribution not copied
   */
  public static Result run(Matrix x, double[] nullDistribution) {
    if (nullDistribution.length == 0) {
      throw new IllegalArgumentException(
          "nullDistribution must hold a statistic, got none; leave it out to have it drawn");
    }
    var place = Finite.first(nullDistribution);
    if (place != null) {
      throw new IllegalArgumentException(
          "nullDistribution must be finite, got "
              + place.value()
              + " at "
              + place.row()
              + "; leave it out to have it drawn");
    }
    return against(statistic(x), nullDistribution);
  }

  private static Result against(double statistic, double[] drawn) {
    long hits = Arrays.stream(drawn).filter(v -> v >= statistic).count();
    return new Result(statistic, (1.0 + hits) / (1.0 + drawn.length), drawn);
  }

  private static double statistic(Matrix x) {
    if (x.nRows() < 3 || x.nCols() < 2) {
      throw new IllegalArgumentException(
          "eigenvalueTest needs at least 3 clones and 2 columns, got " + x.shape());
    }
    Finite.require(x, "x", "eigenvalueTest");
    DenseMatrix dense = x.toDense();
    int p = x.nCols();
    double[][] columns = new double[p][];
    for (int c = 0; c < p; c++) {
      columns[c] = dense.column(c);
      double mean = Arrays.stream(columns[c]).sum() / x.nRows();
      boolean constant = true;
      for (int i = 0; i < columns[c].length; i++) {
        constant &= columns[c][i] == columns[c][0] || i == 0;
      }
      for (int i = 0; i < columns[c].length; i++) {
        columns[c][i] -= mean;
      }
      if (constant) {
        throw new IllegalArgumentException(
            "eigenvalueTest needs columns that vary, but column " + c + " is constant. Remove it");
      }
    }
    double[] products = new double[p * p];
    for (int a = 0; a < p; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = 0;
        for (int i = 0; i < x.nRows(); i++) {
          sum += columns[a][i] * columns[b][i];
        }
        products[b * p + a] = sum;
      }
    }
    double statistic = ofProducts(products, x.nRows(), p);
    if (!Double.isFinite(statistic)) {
      throw Finite.sumsRefused(x, "x", "eigenvalueTest");
    }
    return statistic;
  }

  /** The statistic of noise, from Bartlett's factor of its centred crossproducts. */
  private static double noise(int n, int p, java.util.SplittableRandom random) {
    int rows = Math.min(n - 1, p);
    double[] r = new double[rows * p];
    for (int i = 0; i < rows; i++) {
      int degrees = n - 1 - i;
      double one = random.nextGaussian();
      r[i * p + i] =
          degrees == 1
              ? Math.abs(one)
              : Math.sqrt(2 * CountDistributions.gamma(degrees / 2.0, random));
      for (int j = i + 1; j < p; j++) {
        r[i * p + j] = random.nextGaussian();
      }
    }
    double[] products = new double[p * p];
    for (int a = 0; a < p; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = 0;
        for (int i = 0; i <= Math.min(b, rows - 1); i++) {
          sum += r[i * p + a] * r[i * p + b];
        }
        products[b * p + a] = sum;
      }
    }
    return ofProducts(products, n, p);
  }

  /**
   * @param products of centred columns: entry {@code (a, b)}, {@code a >= b}, at {@code b p + a}
   */
  private static double ofProducts(double[] products, int n, int p) {
    double[] scale = new double[p];
    for (int c = 0; c < p; c++) {
      scale[c] = Math.sqrt(n / products[c * p + c]);
    }
    for (int b = 0; b < p; b++) {
      for (int a = b; a < p; a++) {
        products[b * p + a] *= scale[a] * scale[b];
      }
    }
    double largest = LargestEigenvalue.of(p, products);
    double others = ((double) n * p - largest) / (Math.min(n, p) - 1);
    double rootN = Math.sqrt(n - 1.0);
    double rootP = Math.sqrt(p);
    double centre = (rootN + rootP) * (rootN + rootP);
    double width = (rootN + rootP) * Elementary.cbrt(1 / rootN + 1 / rootP);
    return (largest / (others / (n - 1)) - centre) / width;
  }
}
