package org.cellweave.neural.model;

import java.util.Arrays;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Counts;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;

/**
 * How much drawn places count for when they stand for a group of cells: a place weighs more the
 * more likely it makes the group's cells, relative to how likely it was to be drawn.
 *
 * @see <a href="https://doi.org/10.1073/pnas.2209124120">Boyeau et al. 2023</a>
 */
public final class ImportanceWeights {
  /** Apart from the streams of the cells' own draws. */
  private static final int ANCHORS = -3;

  private ImportanceWeights() {}

  /**
   * @param maxCells most cells that the likelihood is asked of
   * @param nMcSamples draws for the marginal likelihood of each
   * @param truncation whether small weights are raised to their mean, which lowers the variance
   */
  public record Params(int maxCells, int nMcSamples, boolean truncation) {
    public static final Params DEFAULTS = new Params(1024, 500, false);

    public Params {
      Check.positive(maxCells, "maxCells");
      Check.positive(nMcSamples, "nMcSamples");
    }
  }

  /**
   * @param read cells that the model has read
   * @param which cells of the group
   * @param draws of every cell
   * @return one per draw and cell, draw after draw; they add up to one
   */
  static double[] run(
      CountModel model, CellData read, int[] which, int draws, NormalizedExpression.Params params) {
    Params own = params.importance();
    int batch = model.batches(params.transformBatch())[0];
    Places places = Places.of(model, read, which);
    Anchors anchors = Anchors.of(model, read, places, own, params.seed());
    RowDecoder decoder = new RowDecoder(model);
    double[] logs = new double[Math.multiplyExact(draws, which.length)];
    for (int draw = 0; draw < draws; draw++) {
      int s = draw;
      BlockRunner.forBlocks(
          read,
          which.length,
          (runner, first, count) -> {
            var rows = places.rows(first, count, params.seed(), s, batch);
            Decoded decoded = decoder.decode(runner, rows, 0, count);
            float[] z = new float[places.latent()];
            for (int r = 0; r < count; r++) {
              places.draw(first + r, params.seed(), s, z, 0);
              logs[s * which.length + first + r] = anchors.logWeight(decoded, r, z);
            }
          });
    }
    return normalised(logs, own.truncation());
  }

  static double[] normalised(double[] logs, boolean truncation) {
    double sum = logSum(logs);
    double least = truncation ? sum - Elementary.log(logs.length) : Double.NEGATIVE_INFINITY;
    double[] raised = Arrays.stream(logs).map(log -> Math.max(log, least)).toArray();
    double total = logSum(raised);
    return Arrays.stream(raised).map(log -> Elementary.exp(log - total)).toArray();
  }

  static double logSum(double[] logs) {
    double largest = Arrays.stream(logs).max().orElse(Double.NEGATIVE_INFINITY);
    double sum = 0;
    for (double log : logs) {
      sum += Elementary.exp(log - largest);
    }
    return largest + Elementary.log(sum);
  }

  /**
   * The cells that likelihoods are asked of.
   *
   * @param places of the whole group
   * @param at positions of the anchors in it
   * @param counts of the anchors
   * @param totals sums of their counts
   * @param marginals log likelihoods of their counts
   */
  private record Anchors(
      Places places, int[] at, Counts counts, double[] totals, double[] marginals) {

    static Anchors of(CountModel model, CellData read, Places places, Params params, long seed) {
      int n = places.size();
      int[] at =
          n > params.maxCells()
              ? Shuffle.sample(n, params.maxCells(), Streams.of(seed, ANCHORS))
              : CountModel.chosen(null, n);
      int[] cells = Arrays.stream(at).map(i -> places.cells()[i]).toArray();
      var marginal = new MarginalLikelihood.Params(params.nMcSamples(), seed);
      return new Anchors(
          places,
          at,
          read.counts(cells),
          Arrays.stream(cells).mapToDouble(i -> read.totals()[i]).toArray(),
          MarginalLikelihood.run(model, read, cells, marginal, Progress.NONE));
    }

    double logWeight(Decoded decoded, int row, float[] z) {
      int genes = counts.genes();
      double[] shares = new double[genes];
      double[] means = new double[genes];
      double[] theta = new double[genes];
      decoded.shares(row, shares);
      decoded.dispersions(row, theta);
      double[] ratios = new double[at.length];
      double[] drawn = new double[at.length];
      for (int a = 0; a < at.length; a++) {
        for (int g = 0; g < genes; g++) {
          means[g] = shares[g] * totals[a];
        }
        ratios[a] = decoded.logLikelihood(row, counts, a, means, theta) - marginals[a];
        drawn[a] = MarginalLikelihood.logPosterior(places, at[a], z, 0);
      }
      return MarginalLikelihood.logPrior(z) + logSum(ratios) - logSum(drawn);
    }
  }
}
