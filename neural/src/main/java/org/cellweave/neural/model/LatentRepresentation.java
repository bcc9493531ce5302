package org.cellweave.neural.model;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/** Where cells lie in the latent space of a model. */
public final class LatentRepresentation {
  private static final int CELLS = 64;

  private LatentRepresentation() {}

  /**
   * @param giveMean the mean of a cell's distribution, instead of one draw from it
   * @param mcSamples draws that the mean is taken over where places lie on a simplex
   * @param seed of what is drawn
   */
  public record Params(boolean giveMean, int mcSamples, long seed) {
    public static final Params DEFAULTS = new Params(true, 5000, 0);

    public Params {
      Check.positive(mcSamples, "mcSamples");
    }
  }

  /**
   * Normal distributions of places; before the softmax where places lie on a simplex.
   *
   * @param mean cells by dimensions
   * @param variance as {@code mean}
   */
  public record Distribution(DenseMatrix mean, DenseMatrix variance) {}

  /**
   * @return cells by dimensions, float32
   */
  public static DenseMatrix run(CountModel model, CellData cells, Params params) {
    Places places = model.places(cells);
    int n = places.size();
    int latent = places.latent();
    if (params.giveMean() && !places.onSimplex()) {
      return DenseMatrix.wrap(places.mean(), n, latent);
    }
    float[] z = new float[n * latent];
    int draws = params.giveMean() ? params.mcSamples() : 1;
    Parallel.forRange(
        n,
        CELLS,
        (from, to) -> {
          float[] one = new float[latent];
          double[] sum = new double[latent];
          for (int i = from; i < to; i++) {
            java.util.Arrays.fill(sum, 0);
            for (int draw = 0; draw < draws; draw++) {
              places.draw(i, params.seed(), draw, one, 0);
              places.finish(one, 0);
              for (int d = 0; d < latent; d++) {
                sum[d] += one[d];
              }
            }
            for (int d = 0; d < latent; d++) {
              z[i * latent + d] = (float) (sum[d] / draws);
            }
          }
        });
    return DenseMatrix.wrap(z, n, latent);
  }

  /** The distributions themselves. */
  public static Distribution distribution(CountModel model, CellData cells) {
    Places places = model.places(cells);
    return new Distribution(
        DenseMatrix.wrap(places.mean(), places.size(), places.latent()),
        DenseMatrix.wrap(places.variance(), places.size(), places.latent()));
  }
}
