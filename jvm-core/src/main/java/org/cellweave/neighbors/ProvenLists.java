package org.cellweave.neighbors;

/**
 * Float64 lists from candidates that float32 found: a bound on the rounding error proves that none
 * was missed, and a query without that proof is searched in float64.
 *
 * <p>Not for several threads at once.
 */
final class ProvenLists {
  private static final double HALF_ULP = 0x1p-24;

  /** Below what no product of two rows overflows float32. */
  private static final double LARGEST = 1e37;

  private final PointSet queries;
  private final PointSet base;
  private final double[] self;
  private final double[] other;
  private int query = -1;
  private double norm;

  ProvenLists(PointSet queries, PointSet base) {
    this.queries = queries;
    this.base = base;
    this.self = new double[base.d];
    this.other = new double[base.d];
  }

  /**
   * Fills the list of a query.
   *
   * @param among rows of the base that may be neighbours; null for all
   * @param itself the row that is none; negative when all may be
   */
  void fill(int i, Candidates found, int from, int[] among, int itself, NearestList list) {
    read(i);
    found.sort(from);
    int others = (among == null ? base.n : among.length) - (itself >= 0 ? 1 : 0);
    int first = from * found.capacity;
    int count = 0;
    while (count < found.capacity && found.ids[first + count] != Candidates.NOBODY) {
      // negated, so that NaN is looked at
      if (!(Float.intBitsToFloat(found.bits[first + count]) > within(list.worst()))) {
        offer(found.ids[first + count], list);
      }
      count++;
    }
    if (count < others && !isProven(found.bits[first + found.capacity - 1], list)) {
      searchAll(among, itself, list);
    }
  }

  /** Whether what lies at or beyond the farthest candidate is no neighbour. */
  private boolean isProven(int farthest, NearestList list) {
    return farthest >= 0 && within(list.worst()) < Float.intBitsToFloat(farthest);
  }

  private void read(int i) {
    if (i == query) {
      return;
    }
    query = i;
    queries.read(i, self);
    double sum = 0;
    for (double v : self) {
      sum += v * v;
    }
    norm = Math.sqrt(sum);
    queries.readForDistance(i, self);
  }

  private void offer(int j, NearestList list) {
    base.readForDistance(j, other);
    list.offer(base.distance(self, other), j);
  }

  /**
   * Half the square that float32 may give a row no farther away than a distance. Such a row is no
   * longer than {@code reach}, which bounds the error.
   */
  private double within(double distance) {
    double length = base.length(distance);
    double reach = norm + length;
    return length * length / 2 + error(base.d, norm, reach);
  }

  /**
   * How far rounding takes half a squared distance of rows of these lengths; infinite where float32
   * may overflow.
   */
  static double error(int d, double norm, double reach) {
    double square = (norm + reach) * (norm + reach);
    return square < LARGEST ? (Math.sqrt(d) + 4) * HALF_ULP * square : Double.POSITIVE_INFINITY;
  }

  private void searchAll(int[] among, int itself, NearestList list) {
    list.clear();
    int count = among == null ? base.n : among.length;
    for (int c = 0; c < count; c++) {
      int j = among == null ? c : among[c];
      if (j != itself) {
        offer(j, list);
      }
    }
  }
}
