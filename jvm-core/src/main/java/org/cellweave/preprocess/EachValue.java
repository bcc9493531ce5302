package org.cellweave.preprocess;

import java.util.List;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.StoredValues;
import org.cellweave.util.Parallel;

/** New values in the place of those that are not zero, each of its own row and column. */
final class EachValue {
  private EachValue() {}

  /** The new value at a place. */
  @FunctionalInterface
  interface Change {
    double of(int row, int col, double value);
  }

  /** Changes {@code x} in place, in parallel. */
  static void change(Matrix x, Change change) {
    List<StoredValues.Segment> segments = StoredValues.of(x);
    Parallel.forBlocks(segments.size(), s -> change(segments.get(s), change));
  }

  private static void change(StoredValues.Segment segment, Change change) {
    for (int p = segment.from(); p < segment.to(); p++) {
      double v = segment.value(p);
      if (v != 0) {
        StoredValues.Place place = segment.place(p);
        double next = change.of(place.row(), place.col(), v);
        if (segment.narrow() != null) {
          segment.narrow()[p] = (float) next;
        } else {
          segment.wide()[p] = next;
        }
      }
    }
  }
}
