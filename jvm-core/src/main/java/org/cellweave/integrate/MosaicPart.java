package org.cellweave.integrate;

import java.util.HashMap;
import java.util.Map;
import org.cellweave.matrix.Matrix;

/**
 * Cells that have the same features: one data set of a mosaic.
 *
 * @param name of its batch, and of its blocks where cells of a batch differ in those
 * @param cells rows of the whole input
 * @param x these cells by features
 * @param features one key for every column; blocks of another name never share one
 */
public record MosaicPart(String name, int[] cells, Matrix x, String[] features) {

  /** Column of every feature. */
  public Map<String, Integer> columns() {
    Map<String, Integer> out = new HashMap<>();
    for (int j = 0; j < features.length; j++) {
      out.put(features[j], j);
    }
    return out;
  }
}
