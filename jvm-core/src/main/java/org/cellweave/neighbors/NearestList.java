package org.cellweave.neighbors;

/** One row of a result, kept in order of distance, then index. */
public final class NearestList {
  private final int[] indices;
  private final double[] distances;
  private final int start;
  private final int end;
  private int filled;

  private NearestList(int[] indices, double[] distances, int start, int end) {
    this.indices = indices;
    this.distances = distances;
    this.start = start;
    this.end = end;
    filled = start;
  }

  /** The {@code k} entries of a row. */
  static NearestList of(int[] indices, double[] distances, int row, int k) {
    return new NearestList(indices, distances, row * k, (row + 1) * k);
  }

  /**
   * The {@code k} entries of a row, with the cell itself as the first, which stays.
   *
   * @param indices filled at {@code row * k}, as {@code distances} are
   */
  public static NearestList afterItself(int[] indices, double[] distances, int row, int k) {
    return after(row, indices, distances, row, k);
  }

  /** As {@link #of}, with a cell as the first entry, at distance 0, which stays. */
  static NearestList after(int itself, int[] indices, double[] distances, int row, int k) {
    indices[row * k] = itself;
    distances[row * k] = 0;
    return new NearestList(indices, distances, row * k + 1, (row + 1) * k);
  }

  void clear() {
    filled = start;
  }

  /** The distance beyond which nothing is taken; infinite until the list is full. */
  double worst() {
    return filled < end ? Double.POSITIVE_INFINITY : distances[end - 1];
  }

  /** Takes an entry unless the list is full of nearer ones. */
  public void offer(double distance, int id) {
    int at = filled;
    if (filled == end) {
      if (distance > distances[end - 1]
          || (distance == distances[end - 1] && id > indices[end - 1])) {
        return;
      }
      at = end - 1;
    } else {
      filled++;
    }
    while (at > start
        && (distances[at - 1] > distance
            || (distances[at - 1] == distance && indices[at - 1] > id))) {
      distances[at] = distances[at - 1];
      indices[at] = indices[at - 1];
      at--;
    }
    distances[at] = distance;
    indices[at] = id;
  }
}
