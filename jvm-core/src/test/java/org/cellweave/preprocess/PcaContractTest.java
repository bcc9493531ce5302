package org.cellweave.preprocess;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

class PcaContractTest extends EmbeddingContract {
  @Override
  protected DenseMatrix embed(DenseMatrix x, long seed, Progress progress) {
    var params = Pca.Params.builder().nComps(dims()).seed(seed).build();
    return Pca.run(x, null, params, progress).scores();
  }

  @Override
  protected int dims() {
    return 3;
  }
}
