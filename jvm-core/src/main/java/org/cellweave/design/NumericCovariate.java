package org.cellweave.design;

import org.cellweave.matrix.Finite;

/**
 * A number for every cell.
 *
 * @param name what messages call it, such as {@code obs['age']}
 * @param values one per cell, finite, not copied
 */
public record NumericCovariate(String name, double... values) implements Covariate {
  /**
   * @throws org.cellweave.util.NonFiniteException names the first cell whose value is NaN or
   *     infinite
   */
  public NumericCovariate {
    var place = Finite.first(values);
    if (place != null) {
      throw place.refusal(
          name
              + " is "
              + place.value()
              + " for cell "
              + place.row()
              + ". Give every cell a finite value, or subset to the cells that have one",
          name);
    }
  }

  @Override
  public int nCells() {
    return values.length;
  }
}
