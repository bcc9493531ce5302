package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class AnnDataViewTest {
  private static AnnData small() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}});
    var adata =
        new AnnData(x, DataFrame.ofNames("a", "b", "c", "d"), DataFrame.ofNames("g0", "g1", "g2"));
    adata.getObs().set("kind", CategoricalColumn.ofTexts("x", "y", "x", "z"));
    adata.getUns().put("kind_colors", NdArray.of("#111111", "#222222", "#333333"));
    adata.getObsm().set("X_pca", DenseMatrix.ofRows(new double[][] {{1}, {2}, {3}, {4}}));
    adata.getLayers().set("counts", x.copy());
    return adata;
  }

  @Test
  void aViewSelectsEverySlotAndDropsUnusedCategories() {
    AnnData view =
        small().select(AxisIndex.names(List.of("d", "a")), AxisIndex.mask(true, false, true));
    assertThat(view.isView()).isTrue();
    assertThat(view.getObsNames()).containsExactly("d", "a");
    assertThat(view.getX().get(0, 1)).isEqualTo(12);
    assertThat(view.getLayers().get("counts").get(1, 1)).isEqualTo(3);
    assertThat(view.getObsm().matrix("X_pca", "").get(0, 0)).isEqualTo(4);
    var kind = (CategoricalColumn) view.getObs().get("kind");
    assertThat(kind.categoryNames()).containsExactly("x", "z");
    assertThat(((NdArray) view.getUns().get("kind_colors")).texts())
        .containsExactly("#111111", "#333333");
  }

  @Test
  void writingToAViewLeavesTheOriginalAlone() {
    AnnData whole = small();
    AnnData view = whole.select(AxisIndex.range(0, 2, 1), AxisIndex.ALL);
    view.getObs().set("new", NumericColumn.of(1.0, 2.0));
    assertThat(view.isView()).isFalse();
    ((DenseMatrix) view.getX()).set(0, 0, -5);
    assertThat(whole.getX().get(0, 0)).isEqualTo(1);
    assertThat(whole.getObs().contains("new")).isFalse();
  }

  @Test
  void aViewOfAViewComposesPositions() {
    AnnData whole = small();
    AnnData inner =
        whole
            .select(AxisIndex.positions(3, 1, 0), AxisIndex.ALL)
            .select(AxisIndex.positions(2, 0), AxisIndex.positions(-1));
    assertThat(inner.getX().get(0, 0)).isEqualTo(3);
    assertThat(inner.getX().get(1, 0)).isEqualTo(12);
    assertThat(inner.getObsNames()).containsExactly("a", "d");
  }

  @Test
  void peekingCarriesNoSelectionOut() {
    AnnData whole = small();
    whole.setRaw(whole);
    AnnData view =
        whole
            .select(AxisIndex.positions(3, 1), AxisIndex.ALL)
            .select(AxisIndex.range(0, 1, 1), AxisIndex.ALL);
    assertThat(view.peekX()).isSameAs(whole.getX());
    assertThat(view.getLayers().peek("counts")).isSameAs(whole.getLayers().get("counts"));
    assertThat(view.getLayers().peek("none")).isNull();
    assertThat(view.peekRaw()).isSameAs(whole.getRaw());
    assertThat(view.isView()).isTrue();
    Matrix selected = view.getX();
    assertThat(view.peekX()).isSameAs(selected).isNotSameAs(whole.getX());
    assertThat(view.getRaw().getX().nRows()).isEqualTo(1);
  }

  @Test
  void subsetChangesTheObjectButNotEarlierViews() {
    AnnData whole = small();
    AnnData before = whole.select(AxisIndex.positions(3), AxisIndex.ALL);
    whole.subset(AxisIndex.mask(false, true, true, false), AxisIndex.ALL);
    assertThat(whole.getNObs()).isEqualTo(2);
    assertThat(whole.isView()).isFalse();
    assertThat(whole.getX().get(0, 0)).isEqualTo(4);
    assertThat(before.getX().get(0, 0)).isEqualTo(10);
  }

  @Test
  void selectionOfSparseEqualsSelectionOfDense() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = Seeds.counts(30, 12, 0.3, seed);
          int[] rows = Seeds.permutation(30, seed);
          int[] cols = Seeds.permutation(12, seed + 1);
          DenseMatrix sparse = x.take(rows, cols).toDense();
          DenseMatrix dense = x.toDense().take(rows, cols).toDense();
          DenseMatrix csc = x.transposeToCsr().transpose().take(rows, cols).toDense();
          assertThat(sparse.floatData()).isEqualTo(dense.floatData()).isEqualTo(csc.floatData());
        });
  }

  @Test
  void messagesNameWhatIsThere() {
    AnnData adata = small();
    assertThatThrownBy(() -> adata.getObs().get("knd"))
        .isInstanceOf(MissingKeyException.class)
        .hasMessage("obs['knd'] is missing; obs has [kind]. Did you mean 'kind'?");
    assertThatThrownBy(() -> adata.select(AxisIndex.mask(true), AxisIndex.ALL))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("a mask for obs must have 4 entries, got 1");
    assertThatThrownBy(() -> adata.getObsm().set("X", DenseMatrix.ofRows(new double[][] {{1}})))
        .hasMessage("obsm['X'] must have 4 rows, got a float64 array of 1 x 1");
    assertThatThrownBy(() -> adata.select(AxisIndex.ALL, AxisIndex.names(List.of("g9"))).getX())
        .hasMessageStartingWith("var_names['g9'] is missing; var_names has [g0, g1, g2].");
  }
}
