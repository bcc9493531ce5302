package org.cellweave.integrate;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;

/**
 * Cells to integrate. Most methods read one block of values of all cells ({@link #values(String)})
 * and one batch column ({@link #batch(String)}); those for mosaics take several blocks of which a
 * cell need not have all.
 *
 * @param blocks at least one
 * @param batches what to integrate over, at least one column, every cell with a label
 * @param kept what is known about the cells besides, and is to be kept; may be empty
 */
public record IntegrationInput(
    List<FeatureBlock> blocks, List<Categories> batches, List<Covariate> kept) {
  /**
   * @throws IllegalArgumentException for a missing label, by column and cell
   * @throws org.cellweave.util.ShapeMismatchException for columns or blocks of other cells
   */
  public IntegrationInput {
    blocks = List.copyOf(blocks);
    batches = List.copyOf(batches);
    kept = List.copyOf(kept);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("blocks is empty; give at least one matrix");
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("batches is empty; name at least one batch label");
    }
    int nCells = batches.get(0).nCells();
    for (var block : blocks) {
      block.checkCells(nCells);
    }
    for (var batch : batches) {
      batch.forCells(nCells).complete();
    }
    for (var covariate : kept) {
      Check.sameLength(covariate.nCells(), nCells, covariate.name(), "the number of cells");
    }
  }

  /** One block of all cells. */
  public static IntegrationInput of(String name, Matrix x, Categories... batches) {
    return new IntegrationInput(List.of(FeatureBlock.of(name, x)), List.of(batches), List.of());
  }

  public int nCells() {
    return batches.get(0).nCells();
  }

  /**
   * The only block, which all cells have.
   *
   * @param method that cannot read several
   */
  public Matrix values(String method) {
    if (blocks.size() > 1) {
      throw new IllegalArgumentException(
          method + " reads one matrix, got " + blocks.stream().map(FeatureBlock::name).toList());
    }
    if (blocks.get(0).cells() != null) {
      throw new IllegalArgumentException(
          method + " needs values of all cells, but " + blocks.get(0).name() + " has some");
    }
    return blocks.get(0).x();
  }

  /**
   * The only batch column.
   *
   * @param method that cannot integrate over several
   */
  public Categories batch(String method) {
    if (batches.size() > 1) {
      throw new IllegalArgumentException(
          method
              + " integrates over one batch column, got "
              + batches.stream().map(Categories::name).toList());
    }
    return batches.get(0);
  }
}
