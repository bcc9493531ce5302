package org.cellweave.integrate.mnn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.contract.SimulatedBatches;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

class ClusterMnnContractTest extends BatchIntegrationContract {
  /** Of this many cells, whose types the clauses ask for in any order. */
  private static final Categories ANY = Categories.of("type");

  @Override
  protected BatchIntegration<?> method(long seed) {
    return ClusterMnn.with(ClusterMnn.Params.DEFAULTS, ANY);
  }

  /** With the types of the cells, wherever they have moved to, as clusters. */
  @Override
  protected IntegrationResult run(
      BatchIntegration<?> method, Matrix x, Categories batch, Progress progress) {
    int nBatches = batch.withoutUnused().nLevels();
    var data = SimulatedBatches.of(method.reads(), x.nRows(), nBatches, 7);
    Map<String, Integer> types = new HashMap<>();
    for (int i = 0; i < x.nRows(); i++) {
      types.put(row(data.x().toDense(), i), data.type().code(i));
    }
    int[] type = new int[x.nRows()];
    Arrays.setAll(type, i -> types.getOrDefault(row(x.toDense(), i), 0));
    return super.run(
        ClusterMnn.with(ClusterMnn.Params.DEFAULTS, Categories.of("type", type)),
        x,
        batch,
        progress);
  }

  private static String row(DenseMatrix x, int i) {
    double[] row = new double[x.nCols()];
    x.readRow(i, row);
    return Arrays.toString(row);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Sums in another order round otherwise. */
  @Override
  protected double tolerance() {
    return 1e-5;
  }

  @Override
  protected boolean draws() {
    return false;
  }

  @Override
  protected boolean goesByOrderOfBatches() {
    return true;
  }
}
