package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.util.Check;

/**
 * How good partners are that a method has named for cells: how often it is the cell's true other
 * half, and how often a cell of the same label.
 *
 * <p>Cells without a partner or without a label do not count; cells whose other half is unknown
 * count for labels alone. Cost {@code n}.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01935-0">Chen et al. 2023</a>
 */
public final class MatchingAccuracy {
  /** No partner. */
  public static final int NONE = -1;

  private MatchingAccuracy() {}

  /**
   * @param exact share of cells whose partner is their other half; NaN where no half is known
   * @param label share of cells whose partner has their label
   * @param matched cells that have a partner
   */
  public record Result(double exact, double label, int matched) {}

  /**
   * @param partners row of the other set for every cell, {@link #NONE} for none
   * @param truth row that is the same cell, {@link #NONE} where that is unknown
   * @param labels of the cells
   * @param otherLabels of the other set, codes of the same labels
   * @throws IllegalArgumentException when no cell has a partner
   */
  public static Result run(int[] partners, int[] truth, Categories labels, Categories otherLabels) {
    Check.sameLength(truth.length, partners.length, "truth", "the number of partners");
    labels.forCells(partners.length);
    int matched = 0;
    int known = 0;
    int exact = 0;
    int labelled = 0;
    int alike = 0;
    for (int i = 0; i < partners.length; i++) {
      int partner = partners[i];
      if (partner == NONE) {
        continue;
      }
      Check.index(partner, otherLabels.nCells(), "partners");
      matched++;
      known += truth[i] == NONE ? 0 : 1;
      exact += partner == truth[i] ? 1 : 0;
      if (labels.code(i) != Categories.MISSING && otherLabels.code(partner) != Categories.MISSING) {
        labelled++;
        alike += labels.code(i) == otherLabels.code(partner) ? 1 : 0;
      }
    }
    if (matched == 0) {
      throw new IllegalArgumentException("no cell has a partner; match the two sets first");
    }
    return new Result((double) exact / known, (double) alike / labelled, matched);
  }
}
