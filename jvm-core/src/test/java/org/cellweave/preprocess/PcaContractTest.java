package org.cellweave.preprocess;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;

class PcaContractTest extends EmbeddingContract {
  @Override
  protected Prepared<DenseMatrix> on(DenseMatrix x) {
    var params = Pca.Params.builder().nComps(dims());
    return new Prepared<>(
        x, (seed, progress) -> Pca.run(x, null, params.seed(seed).build(), progress).scores());
  }

  @Override
  protected int dims() {
    return 3;
  }

  /** So few genes are decomposed whole. */
  @Override
  protected boolean draws() {
    return false;
  }
}
