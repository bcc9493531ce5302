package org.cellweave.clonal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.design.Categories;
import org.cellweave.util.Check;

/** What all cells of a clone have in common: a label that becomes the clone's own. */
public final class CloneAnnotation {
  private static final int SHOWN = 6;

  private CloneAnnotation() {}

  /**
   * @param clones of the cells
   * @param labels of the same cells; missing ones say nothing
   * @return the label of every clone, {@link Categories#MISSING} where no cell has one
   * @throws IllegalArgumentException names the first clone whose cells differ, and how
   */
  public static int[] of(Categories clones, Categories labels) {
    Check.sameLength(labels.nCells(), clones.nCells(), "the cells of labels", "those of clones");
    int[] shared = new int[clones.nLevels()];
    Arrays.fill(shared, Categories.MISSING);
    boolean[] differ = new boolean[shared.length];
    for (int i = 0; i < clones.nCells(); i++) {
      int c = clones.code(i);
      int label = labels.code(i);
      if (c >= 0 && label >= 0) {
        differ[c] |= shared[c] >= 0 && shared[c] != label;
        shared[c] = shared[c] < 0 ? label : shared[c];
      }
    }
    for (int c = 0; c < shared.length; c++) {
      if (differ[c]) {
        throw new IllegalArgumentException(refusal(clones, labels, c, differ));
      }
    }
    return shared;
  }

  private static String refusal(Categories clones, Categories labels, int clone, boolean[] differ) {
    Set<String> values = new LinkedHashSet<>();
    for (int i = 0; i < clones.nCells(); i++) {
      if (clones.code(i) == clone && labels.code(i) >= 0) {
        values.add("'" + labels.level(labels.code(i)) + "'");
      }
    }
    int others = -1;
    for (boolean d : differ) {
      others += d ? 1 : 0;
    }
    List<String> shown = new ArrayList<>(values).subList(0, Math.min(SHOWN, values.size()));
    return "clone '"
        + clones.level(clone)
        + "' of "
        + clones.name()
        + " has "
        + values.size()
        + " values of "
        + labels.name()
        + ": "
        + String.join(", ", shown)
        + (values.size() > SHOWN ? ", ..." : "")
        + (others > 0 ? ", and " + others + " more clones have several" : "")
        + ". A clone takes a label that all of its cells share; count them as fates otherwise";
  }
}
