package org.cellweave.neighbors;

import org.cellweave.contract.KnnContract;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.util.Progress;

class ExactSearchContractTest extends KnnContract {
  @Override
  protected NearestNeighbors.Result search(DenseMatrix x, int k, long seed, Progress progress) {
    var params =
        NearestNeighbors.Params.builder()
            .nNeighbors(k)
            .search(search())
            .seed(seed)
            .recall(leastRecall())
            .build();
    return NearestNeighbors.run(x, params, progress);
  }

  Search search() {
    return Search.EXACT;
  }

  @Override
  protected double leastRecall() {
    return 1;
  }

  @Override
  protected boolean draws() {
    return false;
  }
}
