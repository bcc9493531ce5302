package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.data.concat.Concat;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

/** Tables of obsm and varm bear the names of the axis, as in anndata. */
class AxisTablesTest {
  private static AnnData two() {
    return new AnnData(DenseMatrix.zeros(2, 2, DType.FLOAT32));
  }

  private static DataFrame table(String... names) {
    DataFrame out = DataFrame.ofNames(names);
    out.set("CD3", NumericColumn.of(new double[names.length]));
    return out;
  }

  private static List<String> rows(AxisSlots<?> slots, String key) {
    return ((DataFrame) slots.get(key)).getNames();
  }

  @Test
  void tablesAreRenamedWithTheAxis() {
    AnnData adata = two();
    adata.getObs().setNames(List.of("x", "x"));
    DataFrame given = table("x", "x");
    adata.getObsm().set("protein", given);
    adata.obsNamesMakeUnique("-");
    assertThat(rows(adata.getObsm(), "protein")).containsExactly("x", "x-1");
    assertThat(given.getNames()).containsExactly("x", "x");
    adata.getVarm().set("t", table("0", "1"));
    adata.setVarNames(List.of("g", "h"));
    assertThat(rows(adata.getVarm(), "t")).containsExactly("g", "h");
    adata.setObs(DataFrame.ofNames("k", "l"));
    assertThat(rows(adata.getObsm(), "protein")).containsExactly("k", "l");
    adata.subset(AxisIndex.positions(1), AxisIndex.ALL);
    adata.setObsNames(List.of("m"));
    assertThat(rows(adata.getObsm(), "protein")).containsExactly("m");
  }

  @Test
  void anArrayInOneDimensionIsAColumn() {
    AnnData adata = two();
    adata.getObsm().set("real", NdArray.of(1.5, 2));
    adata.getObsm().set("whole", NdArray.of(1L << 60, 2));
    adata.getVarm().set("text", NdArray.of("a", "b"));
    DenseMatrix real = (DenseMatrix) adata.getObsm().get("real");
    assertThat(real.nCols()).isEqualTo(1);
    assertThat(real.doubleData()).containsExactly(1.5, 2);
    assertThat(((NdArray) adata.getObsm().get("whole")).shape()).containsExactly(2, 1);
    assertThat(((NdArray) adata.getVarm().get("text")).shape()).containsExactly(2, 1);
  }

  @Test
  void viewsKeepTheirOwnNames() {
    AnnData adata = two();
    adata.getObsm().set("protein", table("0", "1"));
    AnnData view = adata.select(AxisIndex.positions(1), AxisIndex.ALL);
    adata.setObsNames(List.of("a", "b"));
    assertThat(view.getObsNames()).containsExactly("1");
    assertThat(rows(view.getObsm(), "protein")).containsExactly("1");
    view.setObsNames(List.of("z"));
    assertThat(rows(view.getObsm(), "protein")).containsExactly("z");
    assertThat(rows(adata.getObsm(), "protein")).containsExactly("a", "b");
  }

  @Test
  void tablesOfOtherRowsAreRefused() {
    AnnData adata = two();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> adata.getObsm().set("protein", table("1", "0")))
        .withMessage(
            "rows of obsm['protein'] must be named as obs_names, but row 0 is '1' where obs_names"
                + " has '0'. Sort the rows, or call table.setNames(adata.obsNames) when they are in"
                + " that order");
    adata.setRaw(adata);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> adata.getRaw().getVarm().set("t", table("p", "1")))
        .withMessageContaining("rows of raw.varm['t'] must be named as raw.var_names");
  }

  @Test
  void joinedTablesAreNamedAsTheJoinedCells() {
    AnnData adata = two();
    adata.getObsm().set("protein", table("0", "1"));
    var params = Concat.Params.builder().keys(List.of("a", "b")).indexUnique("-").build();
    AnnData joined = Concat.run(List.of(adata, adata.copy()), params).adata();
    assertThat(rows(joined.getObsm(), "protein")).containsExactly("0-a", "1-a", "0-b", "1-b");
  }

  @Test
  void rawBecomesAnObjectOfItsOwn() {
    AnnData adata = two();
    adata.getObsm().set("X_pca", DenseMatrix.ofRows(new double[][] {{1}, {2}}));
    adata.setRaw(adata);
    adata.subset(AxisIndex.positions(1), AxisIndex.positions(0));
    AnnData whole = adata.getRaw().toAdata();
    assertThat(whole.getVarNames()).containsExactly("0", "1");
    assertThat(whole.getObsNames()).containsExactly("1");
    assertThat(whole.getObsm().matrix("X_pca", "").get(0, 0)).isEqualTo(2);
    ((DenseMatrix) whole.getX()).set(0, 0, 5);
    assertThat(adata.getRaw().getX().get(0, 0)).isZero();
    assertThatThrownBy(() -> Raw.of(adata.getX(), adata.getVar()).toAdata())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("set adata.raw first");
  }

  @Test
  void numbersAreSpelledAsPythonDoes() {
    var wide = NumericColumn.of(1e-5, 0.1, 2.0, 1e16, Double.NaN, Double.NEGATIVE_INFINITY);
    assertThat(wide.texts()).containsExactly("1e-05", "0.1", "2.0", "1e+16", "NaN", "-inf");
    // The JDK would write 0.115722656, with a digit more than tells it from its neighbours.
    assertThat(NumericColumn.of(0.11572266f, 0.1f).texts()).containsExactly("0.11572266", "0.1");
  }

  @Test
  void narrowIntegersDoNotWrap() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NumericColumn.integers(DType.UINT16, new long[] {65535, 65536}, null))
        .withMessage("values of type uint16 must lie in [0, 65535], got 65536; use int64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NumericColumn.integers(DType.INT8, new long[] {-129}, null))
        .withMessageContaining("must lie in [-128, 127], got -129");
    assertThat(NumericColumn.integers(DType.INT8, new long[] {-128, 127}, null).get(0))
        .isEqualTo(-128);
  }
}
