package org.cellweave.cluster;

import org.cellweave.contract.ClusteringContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;

class LeidenContractTest extends ClusteringContract {
  @Override
  protected Prepared<int[]> on(DenseMatrix x) {
    return on(x, 0.1);
  }

  /** At the resolution above these cells are one community. */
  @Override
  protected Prepared<int[]> onCellsWithoutGroups(DenseMatrix x) {
    return on(x, 1);
  }

  private static Prepared<int[]> on(DenseMatrix x, double resolution) {
    var graph = FuzzyGraph.run(NearestNeighbors.run(x, NearestNeighbors.Params.DEFAULTS));
    var params = Leiden.Params.builder().resolution(resolution);
    return new Prepared<>(
        graph, (seed, progress) -> Leiden.run(graph, params.seed(seed).build(), progress).labels());
  }
}
