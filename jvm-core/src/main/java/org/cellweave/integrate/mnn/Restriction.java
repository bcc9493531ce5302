package org.cellweave.integrate.mnn;

import org.cellweave.design.Categories;
import org.cellweave.util.Check;

/** The cells of every batch that a method learns from, where it does not learn from all. */
final class Restriction {
  private Restriction() {}

  /**
   * The batches with no label for cells that are left out.
   *
   * @param restrict null for all cells
   * @param least cells that must be left in each
   * @param step that needs them
   */
  static Categories codes(Categories batches, boolean[] restrict, int least, String step) {
    if (restrict == null) {
      return batches;
    }
    Check.sameLength(restrict.length, batches.nCells(), "restrict", "the number of cells");
    int[] codes = batches.codes().clone();
    for (int i = 0; i < codes.length; i++) {
      codes[i] = restrict[i] ? codes[i] : Categories.MISSING;
    }
    var left = new Categories(batches.name(), codes, batches.levels());
    for (int b = 0; b < left.nLevels(); b++) {
      if (left.size(b) < least) {
        throw new IllegalArgumentException(
            "restrict leaves "
                + left.size(b)
                + (left.size(b) == 1 ? " cell" : " cells")
                + " of level '"
                + left.level(b)
                + "' of "
                + left.name()
                + ", but "
                + step
                + " needs at least "
                + least
                + " in each. Mark more cells");
      }
    }
    return left;
  }
}
