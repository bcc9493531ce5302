package org.cellweave.neighbors;

/** One row of a result, kept in order of distance, then index; the cell itself stays first. */
final class NearestList {
  private final int[] indices;
  private final double[] distances;
  private final int start;
  private final int end;
  private int filled;

  NearestList(int[] indices, double[] distances, int row, int k) {
    this.indices = indices;
    this.distances = distances;
    this.start = row * k + 1;
    this.end = (row + 1) * k;
    indices[start - 1] = row;
    distances[start - 1] = 0;
    filled = start;
  }

  void clear() {
    filled = start;
  }

  /** The distance beyond which nothing is taken; infinite until the list is full. */
  double worst() {
    return filled < end ? Double.POSITIVE_INFINITY : distances[end - 1];
  }

  void offer(double distance, int id) {
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
