package org.cellweave.neighbors;

/** Float64 lists from candidates that are places of an index. Not for several threads at once. */
final class MeasuredLists {
  private final PointSet queries;
  private final PointSet base;
  private final int[] order;
  private final double[] self;
  private final double[] other;

  /**
   * @param order row of the base by place
   */
  MeasuredLists(PointSet queries, PointSet base, int[] order) {
    this.queries = queries;
    this.base = base;
    this.order = order;
    this.self = new double[base.d];
    this.other = new double[base.d];
  }

  /**
   * Offers candidates.
   *
   * @param i row of the query
   * @return how many there were
   */
  int offer(int i, Candidates found, int from, NearestList list) {
    queries.readForDistance(i, self);
    int count = 0;
    for (int at = from * found.capacity; at < (from + 1) * found.capacity; at++) {
      if (found.ids[at] != Candidates.NOBODY) {
        offer(order[found.ids[at]], list);
        count++;
      }
    }
    return count;
  }

  /**
   * Fills a list, from all rows where there are too few candidates.
   *
   * @param wanted entries besides the query itself
   * @param itself the row that is none; negative when all may be
   */
  void fill(int i, Candidates found, int from, int wanted, int itself, NearestList list) {
    if (offer(i, found, from, list) >= wanted) {
      return;
    }
    list.clear();
    for (int j = 0; j < base.n; j++) {
      if (j != itself) {
        offer(j, list);
      }
    }
  }

  private void offer(int j, NearestList list) {
    base.readForDistance(j, other);
    list.offer(base.distance(self, other), j);
  }
}
