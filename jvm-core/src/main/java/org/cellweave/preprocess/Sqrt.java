package org.cellweave.preprocess;

import java.util.List;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.StoredValues;
import org.cellweave.util.Parallel;

/**
 * Replaces every value by its square root, in place. NaN, infinite and negative values are refused
 * before anything is changed. Cost: one pass to check, one to change.
 */
public final class Sqrt {
  private Sqrt() {}

  /**
   * @param x changed in place, stored values only (a zero stays zero)
   */
  public static void run(Matrix x) {
    ValueFacts.of(x).requireCounts("sqrt");
    List<StoredValues.Segment> segments = StoredValues.of(x);
    Parallel.forBlocks(segments.size(), s -> change(segments.get(s)));
  }

  private static void change(StoredValues.Segment segment) {
    if (segment.narrow() != null) {
      float[] values = segment.narrow();
      for (int p = segment.from(); p < segment.to(); p++) {
        values[p] = (float) Math.sqrt(values[p]);
      }
    } else {
      double[] values = segment.wide();
      for (int p = segment.from(); p < segment.to(); p++) {
        values[p] = Math.sqrt(values[p]);
      }
    }
  }
}
