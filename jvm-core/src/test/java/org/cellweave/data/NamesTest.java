package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.cellweave.data.concat.Concat;
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

  @Test
  void onlyTextThatRepeatsBecomesCategorical() {
    var adata = new AnnData(DenseMatrix.wrap(new double[2], 2, 1));
    adata.getObs().set("same", StringColumn.of("x", "x"));
    adata.getObs().set("different", StringColumn.of("x", "y"));
    adata.stringsToCategoricals();
    assertThat(adata.getObs().get("same")).isInstanceOf(CategoricalColumn.class);
    assertThat(adata.getObs().get("different")).isInstanceOf(StringColumn.class);
  }

  @Test
  void joinedTablesCarryTheJoinedNames() {
    var adata = new AnnData(DenseMatrix.wrap(new double[2], 2, 1));
    var table = DataFrame.ofNames("0", "1");
    table.set("v", NumericColumn.of(1L, 2L));
    adata.getObsm().set("t", table);
    var params = Concat.Params.builder().indexUnique("-").build();
    AnnData out = Concat.run(java.util.List.of(adata, adata), params).adata();
    assertThat(((DataFrame) out.getObsm().get("t")).getNames())
        .containsExactly("0-0", "1-0", "0-1", "1-1");
    assertThat(adata.differenceTo(adata.copy())).isNull();
  }
}
