package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.internal.Mask;
import org.cellweave.util.Check;

/**
 * The genes that a method computes with.
 *
 * @param columns of the matrix, ascending
 * @param place of every column of the matrix among them, -1 for one that is not chosen
 */
record ChosenGenes(int[] columns, int[] place) {
  /**
   * @param mask null for all
   */
  static ChosenGenes of(boolean[] mask, int nGenes) {
    int[] columns = new int[nGenes];
    Arrays.setAll(columns, j -> j);
    if (mask != null) {
      Check.sameLength(mask.length, nGenes, "genes", "the number of genes");
      columns = Mask.indicesOf(mask);
    }
    if (columns.length == 0) {
      throw new IllegalArgumentException(
          "no gene is chosen, of " + nGenes + " that there are; batches need genes in common");
    }
    int[] place = new int[nGenes];
    Arrays.fill(place, -1);
    for (int g = 0; g < columns.length; g++) {
      place[columns[g]] = g;
    }
    return new ChosenGenes(columns, place);
  }

  int size() {
    return columns.length;
  }

  boolean isAll() {
    return columns.length == place.length;
  }
}
