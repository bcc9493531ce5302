package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.model.NormalizedExpression.Weights;
import org.cellweave.random.Streams;

/**
 * Rows taken with replacement from all draws of some cells: which cell, and which of its draws.
 * Only the cells that come up are encoded.
 */
final class PosteriorRows {
  /** Apart from the streams of the cells' own draws. */
  private static final int CHOICE = -2;

  private final Places places;

  /** Of every row: the place of its cell in {@link #places}. */
  private final int[] at;

  private final int[] draws;
  private final long seed;

  private PosteriorRows(Places places, int[] at, int[] draws, long seed) {
    this.places = places;
    this.at = at;
    this.draws = draws;
    this.seed = seed;
  }

  /**
   * @param params whose overall number of samples is positive
   */
  static PosteriorRows of(
      CountModel model, CellData cells, int[] which, NormalizedExpression.Params params) {
    int n = params.nSamplesOverall();
    int perCell = n / which.length + 1;
    SplittableRandom random = Streams.of(params.seed(), CHOICE);
    long pool = (long) perCell * which.length;
    double[] cumulative = null;
    if (params.weights() == Weights.IMPORTANCE) {
      double[] p = ImportanceWeights.run(model, cells, which, perCell, params);
      for (int k = 1; k < p.length; k++) {
        p[k] += p[k - 1];
      }
      cumulative = p;
    }
    int[] chosen = new int[n];
    int[] draws = new int[n];
    for (int r = 0; r < n; r++) {
      long row = cumulative == null ? random.nextLong(pool) : weighted(cumulative, random);
      chosen[r] = (int) (row % which.length);
      draws[r] = (int) (row / which.length);
    }
    int[] unique = Arrays.stream(chosen).distinct().sorted().toArray();
    int[] encoded = Arrays.stream(unique).map(i -> which[i]).toArray();
    int[] at = Arrays.stream(chosen).map(i -> Arrays.binarySearch(unique, i)).toArray();
    return new PosteriorRows(Places.of(model, cells, encoded), at, draws, params.seed());
  }

  private static int weighted(double[] cumulative, SplittableRandom random) {
    double u = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, u);
    int at = found < 0 ? -found - 1 : found + 1;
    return Math.min(at, cumulative.length - 1);
  }

  int size() {
    return at.length;
  }

  /** The cell of every row. */
  int[] cells() {
    return Arrays.stream(at).map(i -> places.cells()[i]).toArray();
  }

  /** Rows to decode; {@code batch} as of {@link Places#rows}. */
  RowDecoder.Rows rows(int first, int count, int batch) {
    var rows =
        RowDecoder.Rows.allocate(count, places.latent(), places.libraryMean() != null, batch >= 0);
    for (int r = 0; r < count; r++) {
      places.set(rows, r, at[first + r], seed, draws[first + r], batch);
    }
    return rows;
  }
}
