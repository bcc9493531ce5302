package org.cellweave.metrics;

import org.cellweave.util.Check;

/**
 * For cells measured in two modalities, the share whose own partner is among their {@code k}
 * nearest cells of the other modality, for {@code k = 1, 2, ...}; 1 is best, {@code k / n} is
 * chance.
 *
 * <p>Partners that lie as far away as others come first, as in {@link Foscttm}, whose counts these
 * are. Cost {@code n + k}.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01935-0">Chen et al. 2023</a>
 */
public final class KnnAlignment {
  private KnnAlignment() {}

  /** How many neighbours to ask, at most. */
  public record Params(int maxNeighbors) {
    public static final Params DEFAULTS = new Params(50);

    public Params {
      Check.positive(maxNeighbors, "maxNeighbors");
    }
  }

  /**
   * @param forward of the cells of the first set among the second, from {@code k = 1} on
   * @param backward of the cells of the second among the first
   */
  public record Result(double[] forward, double[] backward) {
    /** Of both directions, over all {@code k}. */
    public double mean() {
      double sum = 0;
      for (int k = 0; k < forward.length; k++) {
        sum += forward[k] + backward[k];
      }
      return sum / (2 * forward.length);
    }
  }

  /**
   * @param shares of the same cells
   * @throws IllegalArgumentException when there are fewer pairs than neighbours
   */
  public static Result run(Foscttm.Result shares, Params params) {
    int n = shares.byCellOfX().length;
    if (params.maxNeighbors() > n) {
      throw new IllegalArgumentException(
          "maxNeighbors must not exceed the number of pairs, got "
              + params.maxNeighbors()
              + " for "
              + n
              + ". Pass maxNeighbors = "
              + n
              + " or less");
    }
    return new Result(
        curve(shares.byCellOfX(), params.maxNeighbors()),
        curve(shares.byCellOfY(), params.maxNeighbors()));
  }

  private static double[] curve(double[] nearer, int most) {
    double[] out = new double[most];
    for (double share : nearer) {
      long rank = Math.round(share * nearer.length);
      if (rank < most) {
        out[(int) rank]++;
      }
    }
    double found = 0;
    for (int k = 0; k < most; k++) {
      found += out[k];
      out[k] = found / nearer.length;
    }
    return out;
  }
}
