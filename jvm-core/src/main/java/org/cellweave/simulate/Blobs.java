package org.cellweave.simulate;

import java.util.Random;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Isotropic Gaussian blobs, as scikit-learn's {@code make_blobs} draws them: centres uniform in
 * [-10, 10], the same number of points around each (the first centres take what is left over), and
 * the points in random order.
 *
 * <p>The numbers come from our own streams, so that a seed does not give scikit-learn's points.
 * Every block of points has a stream of its own; results do not depend on the number of threads.
 * Cost: O(nObservations * nVariables).
 */
public final class Blobs {
  private static final double BOX = 10;
  private static final int POINTS_PER_BLOCK = 1024;

  private Blobs() {}

  /**
   * @param nVariables dimensions
   * @param nCenters blobs
   * @param clusterStd standard deviation of a blob in every dimension
   * @param nObservations points in all blobs together
   * @param seed seeds everything
   */
  public record Params(
      int nVariables, int nCenters, double clusterStd, int nObservations, long seed) {
    public static final Params DEFAULTS = new Params(11, 5, 1.0, 640, 0);

    public Params {
      Check.positive(nVariables, "nVariables");
      Check.positive(nCenters, "nCenters");
      Check.nonNegative(clusterStd, "clusterStd");
      Check.positive(nObservations, "nObservations");
    }
  }

  /**
   * @param x points in rows, float32
   * @param labels blob of every point
   * @param centers one row per blob
   */
  public record Result(DenseMatrix x, int[] labels, double[][] centers) {}

  public static Result run(Params params) {
    var random = new SplittableRandom(params.seed());
    double[][] centers = new double[params.nCenters()][params.nVariables()];
    for (double[] center : centers) {
      for (int j = 0; j < center.length; j++) {
        center[j] = random.nextDouble(-BOX, BOX);
      }
    }
    int n = params.nObservations();
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % params.nCenters();
    }
    Shuffle.inPlace(labels, random);
    int d = params.nVariables();
    float[] x = new float[Math.multiplyExact(n, d)];
    long[] seeds = random.longs(Parallel.nBlocks(n, POINTS_PER_BLOCK)).toArray();
    Parallel.forRange(
        n,
        POINTS_PER_BLOCK,
        (from, to) -> {
          var normal = new Random(seeds[from / POINTS_PER_BLOCK]);
          for (int i = from; i < to; i++) {
            double[] center = centers[labels[i]];
            for (int j = 0; j < d; j++) {
              x[i * d + j] = (float) (center[j] + params.clusterStd() * normal.nextGaussian());
            }
          }
        });
    return new Result(DenseMatrix.wrap(x, n, d), labels, centers);
  }
}
