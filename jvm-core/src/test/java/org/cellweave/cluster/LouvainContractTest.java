package org.cellweave.cluster;

import org.cellweave.contract.ClusteringContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Progress;

class LouvainContractTest extends ClusteringContract {
  @Override
  protected int[] cluster(DenseMatrix x, long seed, Progress progress) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var params = Louvain.Params.builder().resolution(0.1).seed(seed).build();
    return Louvain.run(graph, params, progress).labels();
  }
}
