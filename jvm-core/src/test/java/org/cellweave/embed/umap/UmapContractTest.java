package org.cellweave.embed.umap;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Progress;

class UmapContractTest extends EmbeddingContract {
  @Override
  protected DenseMatrix embed(DenseMatrix x, long seed, Progress progress) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var params = Umap.Params.builder().maxIter(100).seed(seed).build();
    return Umap.run(Umap.Input.of(graph), params, progress).coordinates();
  }

  @Override
  protected int dims() {
    return 2;
  }
}
