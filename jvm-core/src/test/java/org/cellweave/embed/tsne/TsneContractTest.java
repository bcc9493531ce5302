package org.cellweave.embed.tsne;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

class TsneContractTest extends EmbeddingContract {
  @Override
  protected DenseMatrix embed(DenseMatrix x, long seed, Progress progress) {
    var params = Tsne.Params.builder().learningRate(75).maxIter(500).seed(seed).build();
    return Tsne.run(x, params, progress).coordinates();
  }

  @Override
  protected int dims() {
    return 2;
  }
}
