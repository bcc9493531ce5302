package org.cellweave.preprocess;

import java.util.List;
import org.cellweave.matrix.CsrMatrix;
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
   * @param x changed in place, stored values only (a zero stays zero), unless its rows lie
   *     elsewhere
   * @return {@code x}, or the matrix whose rows are changed whenever they are read
   */
  public static Matrix run(Matrix x) {
    ValueFacts.of(x).requireCounts("sqrt");
    if (x instanceof CsrMatrix csr) {
      return csr.changed(
          () -> (row, block, from, to) -> roots(block.values(), block.wideValues(), from, to));
    }
    List<StoredValues.Segment> segments = StoredValues.of(x);
    Parallel.forBlocks(
        segments.size(),
        s -> {
          StoredValues.Segment segment = segments.get(s);
          roots(segment.narrow(), segment.wide(), segment.from(), segment.to());
        });
    return x;
  }

  private static void roots(float[] narrow, double[] wide, int from, int to) {
    if (narrow != null) {
      for (int p = from; p < to; p++) {
        narrow[p] = (float) Math.sqrt(narrow[p]);
      }
    } else {
      for (int p = from; p < to; p++) {
        wide[p] = Math.sqrt(wide[p]);
      }
    }
  }
}
