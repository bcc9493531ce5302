package org.cellweave.design;

/** One value per cell of something that is known about the cells: a label, or a number. */
public sealed interface Covariate permits Categories, NumericCovariate {
  /** What messages call it, such as {@code obs['batch']}. */
  String name();

  int nCells();
}
