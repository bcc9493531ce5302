package org.cellweave.embed.umap;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;

class UmapContractTest extends EmbeddingContract {
  @Override
  protected Prepared<DenseMatrix> on(DenseMatrix x) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var input = Umap.Input.of(graph);
    var params = Umap.Params.builder().maxIter(100);
    return new Prepared<>(
        graph,
        (seed, progress) -> Umap.run(input, params.seed(seed).build(), progress).coordinates());
  }

  @Override
  protected int dims() {
    return 2;
  }
}
