package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;

/**
 * The log likelihood of cells' counts with latent places integrated out, by importance sampling
 * from the cells' own distributions.
 *
 * <p>Departure from scvi-tools: where places lie on a simplex, densities are those of the normal
 * distributions before the softmax. The prior is standard normal, of scANVI too.
 */
public final class MarginalLikelihood {
  private static final double LOG_TWO_PI = Elementary.log(2 * Math.PI);

  private MarginalLikelihood() {}

  /**
   * @param nMcSamples draws per cell
   * @param seed of what is drawn
   */
  public record Params(int nMcSamples, long seed) {
    public static final Params DEFAULTS = new Params(1000, 0);

    public Params {
      Check.positive(nMcSamples, "nMcSamples");
    }
  }

  /**
   * @return one per cell; higher is better
   */
  public static double[] run(CountModel model, CellData cells, Params params, Progress progress) {
    CellData read = model.asked(cells);
    return run(model, read, CountModel.chosen(null, read.nCells()), params, progress);
  }

  /**
   * @param read cells that the model has read
   */
  static double[] run(
      CountModel model, CellData read, int[] which, Params params, Progress progress) {
    read.requireCounts("the marginal likelihood, which weights by importance are made of,");
    Places places = Places.of(model, read, which);
    RowDecoder decoder = new RowDecoder(model);
    var sums = new LogSum(which.length);
    for (int draw = 0; draw < params.nMcSamples(); draw++) {
      int s = draw;
      BlockRunner.forBlocks(
          read,
          which.length,
          (runner, first, count) -> {
            var block = new Block(model, read, places);
            var rows = places.rows(first, count, params.seed(), s, -1);
            block.add(
                decoder.decode(runner, rows, 0, count), runner, first, params.seed(), s, sums);
          });
      progress.step("marginal likelihood", draw + 1, params.nMcSamples(), Double.NaN);
    }
    return sums.means(params.nMcSamples());
  }

  /** Logarithms of sums of exponentials, one per cell, without overflow. */
  private static final class LogSum {
    private final double[] largest;
    private final double[] sum;

    LogSum(int n) {
      largest = new double[n];
      java.util.Arrays.fill(largest, Double.NEGATIVE_INFINITY);
      sum = new double[n];
    }

    void add(int i, double log) {
      if (log > largest[i]) {
        sum[i] = sum[i] * Elementary.exp(largest[i] - log) + 1;
        largest[i] = log;
      } else {
        sum[i] += Elementary.exp(log - largest[i]);
      }
    }

    double[] means(int n) {
      double[] out = new double[sum.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = largest[i] + Elementary.log(sum[i] / n);
      }
      return out;
    }
  }

  /** One draw of a block of cells. */
  private static final class Block {
    private final CountModel model;
    private final CellData cells;
    private final Places places;

    Block(CountModel model, CellData cells, Places places) {
      this.model = model;
      this.cells = cells;
      this.places = places;
    }

    void add(Decoded decoded, BlockRunner runner, int first, long seed, int draw, LogSum sums) {
      double[] means = new double[model.nGenes()];
      double[] theta = new double[model.nGenes()];
      float[] z = new float[places.latent()];
      for (int r = 0; r < decoded.count(); r++) {
        int i = first + r;
        decoded.means(r, means);
        decoded.dispersions(r, theta);
        double log = decoded.logLikelihood(r, runner.counts(), r, means, theta);
        double library = places.draw(i, seed, draw, z, 0);
        log += logPrior(z) - logPosterior(places, i, z, 0);
        if (!Double.isNaN(library)) {
          int batch = cells.categories(Registry.BATCH).code(places.cells()[i]);
          var prior = model.registry().logTotals();
          log +=
              logNormal(library, prior.means()[batch], prior.variances()[batch])
                  - logNormal(library, places.libraryMean()[i], places.libraryVariance()[i]);
        }
        sums.add(i, log);
      }
    }
  }

  static double logPrior(float[] z) {
    double sum = 0;
    for (float v : z) {
      sum += logNormal(v, 0, 1);
    }
    return sum;
  }

  /** Log density of the place {@code z[at ..]} under the distribution of the i-th cell. */
  static double logPosterior(Places places, int i, float[] z, int at) {
    double sum = 0;
    for (int d = 0; d < places.latent(); d++) {
      int k = i * places.latent() + d;
      sum += logNormal(z[at + d], places.mean()[k], places.variance()[k]);
    }
    return sum;
  }

  private static double logNormal(double x, double mean, double variance) {
    double d = x - mean;
    return -0.5 * (LOG_TWO_PI + Elementary.log(variance) + d * d / variance);
  }
}
