package org.cellweave.cluster;

import org.cellweave.contract.ClusteringContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

class KMeansContractTest extends ClusteringContract {
  @Override
  protected int[] cluster(DenseMatrix x, long seed, Progress progress) {
    var params = KMeans.Params.builder().nClusters(GROUPS).nInit(5).seed(seed).build();
    return KMeans.run(x, params, progress).labels();
  }
}
