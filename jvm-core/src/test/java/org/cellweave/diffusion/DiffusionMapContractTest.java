package org.cellweave.diffusion;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Progress;

class DiffusionMapContractTest extends EmbeddingContract {
  @Override
  protected DenseMatrix embed(DenseMatrix x, long seed, Progress progress) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var params = DiffusionMap.Params.builder().nComps(dims()).seed(seed).build();
    return DiffusionMap.run(graph, params, progress).components();
  }

  @Override
  protected int dims() {
    return 6;
  }
}
