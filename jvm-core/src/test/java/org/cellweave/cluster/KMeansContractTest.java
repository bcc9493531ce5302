package org.cellweave.cluster;

import org.cellweave.contract.ClusteringContract;
import org.cellweave.contract.Prepared;
import org.cellweave.matrix.DenseMatrix;

class KMeansContractTest extends ClusteringContract {
  @Override
  protected Prepared<int[]> on(DenseMatrix x) {
    var params = KMeans.Params.builder().nClusters(GROUPS).nInit(5);
    return new Prepared<>(
        x, (seed, progress) -> KMeans.run(x, params.seed(seed).build(), progress).labels());
  }
}
