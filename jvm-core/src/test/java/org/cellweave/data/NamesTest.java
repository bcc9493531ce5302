package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void repeatedNamesGetTheFirstFreeNumber() {
    var obs = DataFrame.ofNames("a", "a", "a-1", "b", "a", "b", "b-1");
    var adata = new AnnData(DenseMatrix.wrap(new double[7], 7, 1), obs, DataFrame.ofNames("g"));
    adata.obsNamesMakeUnique("-");
    assertThat(adata.getObsNames()).containsExactly("a", "a-2", "a-1", "b", "a-3", "b-2", "b-1");
  }
}
