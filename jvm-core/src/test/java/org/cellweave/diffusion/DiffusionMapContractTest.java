package org.cellweave.diffusion;

import org.cellweave.contract.EmbeddingContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;

class DiffusionMapContractTest extends EmbeddingContract {
  @Override
  protected Prepared<DenseMatrix> on(DenseMatrix x) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var params = DiffusionMap.Params.builder().nComps(dims());
    return new Prepared<>(
        graph,
        (seed, progress) ->
            DiffusionMap.run(graph, params.seed(seed).build(), progress).components());
  }

  @Override
  protected int dims() {
    return 6;
  }

  /** The solver begins somewhere and ends at the same eigenvectors. */
  @Override
  protected boolean draws() {
    return false;
  }
}
