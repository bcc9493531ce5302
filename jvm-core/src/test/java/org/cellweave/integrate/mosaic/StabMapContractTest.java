package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import java.util.List;
import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

/** On batches that all have the same features: a mosaic of one kind of tile. */
class StabMapContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return StabMap.with(StabMap.Params.builder().nComps(10).build());
  }

  @Override
  protected IntegrationResult run(
      BatchIntegration<?> method, Matrix x, Categories batch, Progress progress) {
    String[] names = new String[x.nCols()];
    Arrays.setAll(names, j -> "g" + j);
    var block = new FeatureBlock("x", x, names, null);
    return method.run(new IntegrationInput(List.of(block), List.of(batch), List.of()), progress);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  @Override
  protected double tolerance() {
    return 1e-6;
  }

  @Override
  protected boolean draws() {
    return false;
  }

  /** Blocks of dimensions come in the order of the parts. */
  @Override
  protected boolean goesByOrderOfBatches() {
    return true;
  }
}
