/**
 * What is known about the cells besides their values, read in one way by every room: a column of
 * labels ({@link org.cellweave.design.Categories}), a column of numbers ({@link
 * org.cellweave.design.NumericCovariate}), and what regressions make of them ({@link
 * org.cellweave.design.DesignMatrix}, {@link org.cellweave.design.LevelCombinations}; from a
 * formula {@link org.cellweave.design.ModelFormula}, {@link org.cellweave.design.ModelMatrix}).
 *
 * <p>Every message about a batch, a label or a covariate is written here, so that the same fault is
 * told in the same words by every method. The room may import {@code util}, {@code matrix} and
 * {@code linalg}; every algorithm room may import it.
 */
package org.cellweave.design;
