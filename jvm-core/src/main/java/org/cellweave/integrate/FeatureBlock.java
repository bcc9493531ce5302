package org.cellweave.integrate;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;

/**
 * Values of one set of features in the cells that have them: all cells by genes, one batch by its
 * own genes, or one modality of a mosaic.
 *
 * @param name for messages, such as {@code obsm['X_pca']} or {@code rna}
 * @param x cells by features
 * @param features names of the columns, by which blocks are matched; null where there is nothing to
 *     match
 * @param cells rows of the whole input that the rows of {@code x} are; null for all in order
 */
public record FeatureBlock(String name, Matrix x, String[] features, int[] cells) {
  public FeatureBlock {
    if (features != null) {
      Check.sameLength(features.length, x.nCols(), "features of " + name, "the number of columns");
    }
    if (cells != null) {
      Check.sameLength(cells.length, x.nRows(), "cells of " + name, "the number of rows");
    }
  }

  /** Values of all cells. */
  public static FeatureBlock of(String name, Matrix x) {
    return new FeatureBlock(name, x, null, null);
  }

  void checkCells(int nCells) {
    if (cells == null) {
      Check.sameLength(x.nRows(), nCells, name, "the number of cells");
      return;
    }
    boolean[] seen = new boolean[nCells];
    for (int cell : cells) {
      if (seen[Check.index(cell, nCells, "cells of " + name)]) {
        throw new IllegalArgumentException(
            "cells of " + name + " must differ, got " + cell + " twice");
      }
      seen[cell] = true;
    }
  }
}
