package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.cellweave.data.concat.Concat;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.MissingKeyException;
import org.junit.jupiter.api.Test;

/** Values checked against anndata 0.12.19, but for the orders that it leaves to the user. */
class CategoriesTest {
  private static AnnData six() {
    var adata = new AnnData(DenseMatrix.zeros(6, 3, DType.FLOAT32));
    adata.getObs().set("g", CategoricalColumn.ofTexts("a", "a", "b", "b", "c", "c"));
    adata.getUns().put("g_colors", List.of("r", "g", "b"));
    String[] x = {"x", "x", "x", "x", "x", "x"};
    adata.getObs().set("u", CategoricalColumn.ofTexts(x, new String[] {"w", "x"}, false));
    adata.getUns().put("u_colors", new String[] {"1", "2"});
    adata.getVar().set("vg", CategoricalColumn.ofTexts("k", "l", "l"));
    adata.getUns().put("vg_colors", NdArray.of("x1", "x2"));
    return adata;
  }

  private static String[] colors(AnnData adata, String key) {
    return ((NdArray) adata.getUns().get(key + "_colors")).texts();
  }

  private static List<String> names(AnnData adata, String key) {
    return ((CategoricalColumn) adata.getObs().get(key)).categoryNames();
  }

  @Test
  void coloursOfEveryFormFollowASelection() {
    AnnData whole = six();
    AnnData view = whole.select(AxisIndex.positions(4, 5), AxisIndex.ALL);
    assertThat(colors(view, "g")).containsExactly("b");
    assertThat(colors(view, "u")).containsExactly("2");
    assertThat(names(view, "u")).containsExactly("x");
    assertThat(colors(view.copy(), "g")).containsExactly("b");
    assertThat(whole.getUns().get("g_colors")).isEqualTo(List.of("r", "g", "b"));
  }

  @Test
  void aSelectionOfGenesPrunesBothAxes() {
    AnnData some = six().select(AxisIndex.ALL, AxisIndex.positions(1));
    assertThat(colors(some, "g")).containsExactly("r", "g", "b");
    assertThat(colors(some, "u")).containsExactly("2");
    assertThat(colors(some, "vg")).containsExactly("x2");
  }

  @Test
  void aCopyKeepsUnusedCategories() {
    assertThat(names(six().copy(), "u")).containsExactly("w", "x");
  }

  @Test
  void coloursThatAreNotOneForEachCategoryAreDropped() {
    AnnData adata = six();
    adata.getUns().put("g_colors", List.of("r", "g"));
    AnnData view = adata.select(AxisIndex.positions(0, 5), AxisIndex.ALL);
    assertThat(view.getUns()).doesNotContainKey("g_colors");
    adata.getUns().put("g_colors", new NdArray(DType.FLOAT64, new int[] {3, 2}, new double[6]));
    assertThat(
            ((NdArray) adata.select(AxisIndex.positions(0), AxisIndex.ALL).getUns().get("g_colors"))
                .shape())
        .containsExactly(1, 2);
  }

  @Test
  void subsetAndRemoveUnusedCategories() {
    AnnData adata = six();
    adata.removeUnusedCategories();
    assertThat(colors(adata, "u")).containsExactly("2");
    adata.subset(AxisIndex.positions(0, 2), AxisIndex.ALL);
    assertThat(colors(adata, "g")).containsExactly("r", "g");
  }

  @Test
  void renamingKeepsColoursAndRenamesRankings() {
    AnnData adata = six();
    var scores = new RecordArray(1);
    for (String name : List.of("a", "b", "c")) {
      scores.with(name, NdArray.of(name.charAt(0)));
    }
    adata.getUns().put("rank", Map.of("params", Map.of("groupby", "g"), "scores", scores));
    adata.renameCategories("g", List.of("A", "B", "C"));
    assertThat(names(adata, "g")).containsExactly("A", "B", "C");
    assertThat(adata.getUns().get("g_colors")).isEqualTo(List.of("r", "g", "b"));
    var ranked = (RecordArray) ((Map<?, ?>) adata.getUns().get("rank")).get("scores");
    assertThat(ranked.fields().keySet()).containsExactly("A", "B", "C");
    assertThat(ranked.get("B").number(0)).isEqualTo('b');
    assertThatIllegalArgumentException()
        .isThrownBy(() -> adata.renameCategories("g", List.of("A", "B")))
        .withMessage("names must be as many as the categories [A, B, C], got 2: [A, B]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> adata.renameCategories("g", List.of("A", "B", "A")))
        .withMessage("categories must differ, but [A] repeat");
    assertThatThrownBy(() -> adata.renameCategories("zz", List.of("A")))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("It is not in var either.");
  }

  @Test
  void coloursFollowAnotherOrderAndAChoiceOfCategories() {
    AnnData adata = six();
    adata.reorderCategories("g", List.of("c", "a", "b"));
    assertThat(colors(adata, "g")).containsExactly("b", "r", "g");
    assertThat(adata.getObs().get("g").texts()).containsExactly("a", "a", "b", "b", "c", "c");
    adata.setCategories("g", List.of("b", "c"));
    assertThat(colors(adata, "g")).containsExactly("g", "b");
    assertThat(adata.getObs().get("g").texts()).containsExactly("NaN", "NaN", "b", "b", "c", "c");
    adata.setCategories("g", List.of("b", "new"));
    assertThat(adata.getUns()).doesNotContainKey("g_colors");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> adata.reorderCategories("g", List.of("b")))
        .withMessageContaining("which are [b, new], got [b]");
  }

  @Test
  void joinedObjectsKeepEveryCategorysColour() {
    AnnData whole = six();
    var first = Concat.Params.builder().unsMerge(Concat.Merge.FIRST).build();
    AnnData back = whole.select(AxisIndex.positions(4, 5), AxisIndex.ALL);
    AnnData front = whole.select(AxisIndex.positions(0, 1, 2, 3), AxisIndex.ALL);
    AnnData joined = Concat.run(List.of(back, front), first).adata();
    assertThat(names(joined, "g")).containsExactly("a", "b", "c");
    assertThat(colors(joined, "g")).containsExactly("r", "g", "b");
    front.getUns().remove("g_colors");
    assertThat(Concat.run(List.of(back, front), first).adata().getUns())
        .doesNotContainKey("g_colors");
  }
}
