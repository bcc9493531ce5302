package org.cellweave.graphdraw;

import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Coordinates of nodes whatever their edges: on a circle, in the rows of a square or at random.
 *
 * <p>They are those of igraph, but for the random numbers: the unit circle from {@code (1, 0)} on;
 * rows of {@code ceil(sqrt(n))} nodes one apart; the square from -1 to 1.
 */
public final class PlainLayout {
  private PlainLayout() {}

  /** Ways to place nodes. */
  public enum Kind {
    CIRCLE,
    GRID,
    RANDOM
  }

  /** Coordinates of {@code n} nodes, n times 2, float64; the seed is that of {@code RANDOM}. */
  public static DenseMatrix run(int n, Kind kind, long seed) {
    Check.nonNegative(n, "n");
    double[] position = new double[2 * n];
    var random = new SplittableRandom(seed);
    int width = (int) Math.ceil(Math.sqrt(n));
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * i / n;
      position[2 * i] =
          switch (kind) {
            case CIRCLE -> Elementary.cos(angle);
            case GRID -> i % width;
            case RANDOM -> 2 * random.nextDouble() - 1;
          };
      position[2 * i + 1] =
          switch (kind) {
            case CIRCLE -> Elementary.sin(angle);
            case GRID -> Math.floorDiv(i, width);
            case RANDOM -> 2 * random.nextDouble() - 1;
          };
    }
    return DenseMatrix.wrap(position, n, 2);
  }
}
