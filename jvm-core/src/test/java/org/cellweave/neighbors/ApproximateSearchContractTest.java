package org.cellweave.neighbors;

import org.cellweave.neighbors.NearestNeighbors.Search;

class ApproximateSearchContractTest extends ExactSearchContractTest {
  @Override
  Search search() {
    return Search.APPROXIMATE;
  }

  @Override
  protected double leastRecall() {
    return 0.95;
  }

  @Override
  protected boolean draws() {
    return true;
  }
}
