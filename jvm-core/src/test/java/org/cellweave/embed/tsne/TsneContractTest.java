package org.cellweave.embed.tsne;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;

class TsneContractTest extends EmbeddingContract {
  private static Tsne.Params.Builder params() {
    return Tsne.Params.builder().learningRate(75).maxIter(500);
  }

  private static Prepared<DenseMatrix> on(DenseMatrix x, Tsne.Params.Builder params) {
    return new Prepared<>(
        x, (seed, progress) -> Tsne.run(x, params.seed(seed).build(), progress).coordinates());
  }

  @Override
  protected Prepared<DenseMatrix> on(DenseMatrix x) {
    return on(x, params());
  }

  /** From principal components nothing is drawn but where their solver begins. */
  @Override
  protected Prepared<DenseMatrix> onCellsWithoutGroups(DenseMatrix x) {
    return on(x, params().maxIter(50).init(Tsne.Init.RANDOM));
  }

  @Override
  protected int dims() {
    return 2;
  }
}
