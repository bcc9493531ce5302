package org.cellweave.neighbors;

import org.cellweave.neighbors.NearestNeighbors.Search;

class ApproximateSearchContractTest extends ExactSearchContractTest {
  @Override
  Search search() {
    return Search.APPROXIMATE;
  }

  /** What is asked for: so little that another seed misses others. */
  @Override
  protected double leastRecall() {
    return 0.9;
  }

  @Override
  protected boolean draws() {
    return true;
  }
}
