package org.cellweave.design;

/**
 * A number for every cell.
 *
 * @param name what messages call it, such as {@code obs['age']}
 * @param values one per cell, finite, not copied
 */
public record NumericCovariate(String name, double... values) implements Covariate {
  /**
   * @throws IllegalArgumentException names the first cell whose value is NaN or infinite
   */
  public NumericCovariate {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name
                + " is "
                + values[i]
                + " for cell "
                + i
                + ". Give every cell a finite value, or subset to the cells that have one");
      }
    }
  }

  @Override
  public int nCells() {
    return values.length;
  }
}
