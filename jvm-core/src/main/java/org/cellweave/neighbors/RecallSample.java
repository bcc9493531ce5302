package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Some queries whose true neighbours are known, by a search of all lists. Any that is as near as
 * the farthest true one counts as found.
 */
final class RecallSample {
  private static final int QUERIES = 1000;
  private static final int LEAST_QUERIES = 200;
  private static final int BLOCK = 128;

  /** Rows of the queries. */
  final int[] rows;

  private final PointSet queries;
  private final PointSet base;
  private final InvertedLists lists;
  private final int wanted;

  /** Places of the queries in the lists; null where they are others. */
  final int[] places;

  /** The distance of the farthest true neighbour of each. */
  private final double[] reach;

  /**
   * @param wanted neighbours besides the query itself
   */
  RecallSample(InvertedLists lists, PointSet queries, PointSet base, int wanted, long seed) {
    this.lists = lists;
    this.queries = queries;
    this.base = base;
    this.wanted = wanted;
    int[] drawn = Centroids.spread(queries.n, size(queries.n, base.n), seed, 2);
    boolean own = queries == base;
    this.places = own ? drawn : null;
    this.rows = own ? Arrays.stream(drawn).map(p -> lists.order[p]).toArray() : drawn;
    this.reach = new double[rows.length];
    var found = Candidates.proving(rows.length, wanted);
    each(
        (from, to) -> {
          try (var probe = probe(from, to, found)) {
            probe.lookThroughAll();
          }
          var measured = new MeasuredLists(queries, base, lists.order);
          double[] nearest = new double[wanted];
          for (int s = from; s < to; s++) {
            var list = NearestList.of(new int[wanted], nearest, 0, wanted);
            measured.offer(rows[s], found, s, list);
            reach[s] = list.worst();
          }
        });
  }

  /** How many queries: fewer where so many would cost much beside the search of all. */
  static int size(int queries, int base) {
    long most = Math.max(LEAST_QUERIES, (long) QUERIES * queries / base);
    return (int) Math.min(queries, Math.min(QUERIES, most));
  }

  /** Runs a body over the queries, some at a time. */
  void each(Parallel.RangeBody body) {
    Parallel.forRange(rows.length, BLOCK, body);
  }

  /** Queries {@code from} to before {@code to}, whose lists are of the same number. */
  ListProbe probe(int from, int to, Candidates found) {
    int[] part = Arrays.copyOfRange(rows, from, to);
    int[] itself = places == null ? null : Arrays.copyOfRange(places, from, to);
    return new ListProbe(lists, queries, part, itself, found, from);
  }

  /** The share of true neighbours among candidates whose lists are by number of the query. */
  double recall(Candidates found) {
    return hits((measured, s, list) -> measured.offer(rows[s], found, s, list));
  }

  /**
   * The share of true neighbours in the lists that come of candidates, which are by place.
   *
   * <p>For queries that are places themselves.
   */
  double recallByPlace(Candidates found) {
    return hits(
        (measured, s, list) -> measured.fill(rows[s], found, places[s], wanted, rows[s], list));
  }

  /** Fills the list of a query of the sample. */
  @FunctionalInterface
  private interface Filling {
    void fill(MeasuredLists measured, int query, NearestList list);
  }

  private double hits(Filling filling) {
    double hits =
        Parallel.sum(
            rows.length,
            BLOCK,
            (from, to) -> {
              var measured = new MeasuredLists(queries, base, lists.order);
              double[] nearest = new double[wanted];
              int sum = 0;
              for (int s = from; s < to; s++) {
                Arrays.fill(nearest, Double.POSITIVE_INFINITY);
                filling.fill(measured, s, NearestList.of(new int[wanted], nearest, 0, wanted));
                for (double distance : nearest) {
                  sum += distance <= reach[s] && distance < Double.POSITIVE_INFINITY ? 1 : 0;
                }
              }
              return sum;
            });
    return hits / ((double) rows.length * wanted);
  }
}
