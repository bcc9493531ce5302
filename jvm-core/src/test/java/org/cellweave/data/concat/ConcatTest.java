package org.cellweave.data.concat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.ContentEquality;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.RowStack;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Expected values are what anndata 0.12 gives for the same input. */
class ConcatTest {
  private static AnnData adata(boolean sparse, String cells, String genes) {
    String[] rows = cells.split(" ");
    String[] cols = genes.split(" ");
    double[][] values = new double[rows.length][cols.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < cols.length; j++) {
        values[i][j] = i * cols.length + j;
      }
    }
    var x = DenseMatrix.ofRows(values).toFloat32();
    return new AnnData(sparse ? x.toCsr() : x, DataFrame.ofNames(rows), DataFrame.ofNames(cols));
  }

  private static AnnData first(boolean sparse) {
    return adata(sparse, "a b", "g2 g1 g3");
  }

  private static AnnData second(boolean sparse) {
    return adata(sparse, "b c", "g3 g0 g2");
  }

  private static Concat.Params.Builder outer() {
    return Concat.Params.builder().join(Concat.Join.OUTER);
  }

  private static double[] dense(AnnData adata) {
    return adata.getX().toDense().toFloat64().doubleData();
  }

  @Test
  void innerKeepsCommonGenesInTheOrderOfTheFirst() {
    var params =
        Concat.Params.builder().label("batch").keys(List.of("A", "B")).indexUnique("-").build();
    AnnData out = Concat.run(List.of(first(true), second(true)), params).adata();
    assertThat(out.getVarNames()).containsExactly("g2", "g3");
    assertThat(out.getObsNames()).containsExactly("a-A", "b-A", "b-B", "c-B");
    assertThat(dense(out)).containsExactly(0, 2, 3, 5, 2, 0, 5, 3);
    assertThat(out.getX().isSparse()).isTrue();
    assertThat(out.getObs().get("batch").texts()).containsExactly("A", "A", "B", "B");
  }

  @Test
  void outerSortsGenesAndFillsZeroWhenAnyIsSparse() {
    double[] zeros = {0, 1, 0, 2, 0, 4, 3, 5, 1, 0, 2, 0, 4, 0, 5, 3};
    double nan = Double.NaN;
    double[] nans = {nan, 1, 0, 2, nan, 4, 3, 5, 1, nan, 2, 0, 4, nan, 5, 3};
    AnnData mixed = Concat.run(List.of(first(false), second(true)), outer().build()).adata();
    assertThat(mixed.getVarNames()).containsExactly("g0", "g1", "g2", "g3");
    assertThat(dense(mixed)).containsExactly(zeros);
    assertThat(mixed.getX().isSparse()).isTrue();
    AnnData dense = Concat.run(List.of(first(false), second(false)), outer().build()).adata();
    assertThat(dense(dense)).containsExactly(nans);
  }

  private static Column joined(Column a, Column b) {
    AnnData x = first(true);
    AnnData y = second(true);
    if (a != null) {
      x.getObs().set("k", a);
    }
    if (b != null) {
      y.getObs().set("k", b);
    }
    return Concat.run(List.of(x, y), outer().build()).adata().getObs().get("k");
  }

  private static CategoricalColumn category(boolean ordered, String... values) {
    return CategoricalColumn.ofTexts(values, values, ordered);
  }

  @Test
  void columnTypesFollowPandas() {
    var ints = NumericColumn.of(1L, 2L);
    var bools = BooleanColumn.of(true, false);
    assertThat(joined(ints, NumericColumn.of(1.5, 2)).dtypeName()).isEqualTo("float64");
    assertThat(joined(ints, null).texts()).containsExactly("1.0", "2.0", "NaN", "NaN");
    assertThat(joined(NumericColumn.of(1f, 2f), null).dtypeName()).isEqualTo("float32");
    assertThat(joined(bools, null).dtypeName()).isEqualTo("boolean");
    assertThat(joined(bools, null).texts()).containsExactly("True", "False", "NA", "NA");
    assertThat(joined(bools, ints).texts()).containsExactly("1", "0", "1", "2");
    assertThat(joined(ints, StringColumn.of("q", "r")).dtypeName()).isEqualTo("object");
  }

  @Test
  void categoriesAreJoinedInNaturalOrderAndOrderedOnlyIfIdentical() {
    var union =
        (CategoricalColumn) joined(category(false, "x2", "x10"), category(false, "x1", "x2"));
    assertThat(union.categoryNames()).containsExactly("x1", "x2", "x10");
    var kept = (CategoricalColumn) joined(category(false, "b", "a"), category(false, "b", "a"));
    assertThat(kept.categoryNames()).containsExactly("b", "a");
    var covering =
        (CategoricalColumn) joined(category(false, "x10", "x2"), category(false, "x2", "x10"));
    assertThat(covering.categoryNames()).containsExactly("x10", "x2");
    var alone = (CategoricalColumn) joined(category(false, "x10", "x2"), null);
    assertThat(alone.categoryNames()).containsExactly("x10", "x2");
    var ordered = (CategoricalColumn) joined(category(true, "b", "a"), null);
    assertThat(ordered.isOrdered()).isTrue();
    assertThat(ordered.categoryNames()).containsExactly("b", "a");
    assertThat(joined(category(true, "a", "b"), category(true, "b", "c")).dtypeName())
        .isEqualTo("object");
  }

  @Test
  void aLayerThatSomeLackIsFilledWithZeros() {
    AnnData x = first(true);
    x.getLayers().set("counts", x.getX().copy());
    AnnData joined = Concat.run(List.of(x, second(true)), outer().build()).adata();
    var layer = joined.getLayers().get("counts").toDense();
    assertThat(layer.nCols()).isEqualTo(4);
    assertThat(layer.takeRows(new int[] {2, 3}).rowSums()).containsExactly(0, 0);
    assertThat(layer.takeRows(new int[] {0, 1}).rowSums()).containsExactly(x.getX().rowSums());
  }

  @Test
  void unsIsMergedByEveryRule() {
    AnnData x = first(true);
    AnnData y = second(true);
    x.setUns(Map.of("a", 1L, "n", Map.of("x", 1L, "y", 2L), "z", 3L));
    y.setUns(Map.of("a", 1L, "n", Map.of("x", 1L, "y", 3L), "w", 4L));
    assertThat(uns(x, y, Concat.Merge.NONE)).isEmpty();
    assertThat(uns(x, y, Concat.Merge.SAME)).isEqualTo(Map.of("a", 1L, "n", Map.of("x", 1L)));
    assertThat(uns(x, y, Concat.Merge.UNIQUE))
        .isEqualTo(Map.of("a", 1L, "n", Map.of("x", 1L), "z", 3L, "w", 4L));
    assertThat(uns(x, y, Concat.Merge.ONLY)).isEqualTo(Map.of("z", 3L, "w", 4L));
    assertThat(uns(x, y, Concat.Merge.FIRST))
        .isEqualTo(Map.of("a", 1L, "n", Map.of("x", 1L, "y", 2L), "z", 3L, "w", 4L));
  }

  private static Map<String, Object> uns(AnnData x, AnnData y, Concat.Merge rule) {
    return Concat.run(List.of(x, y), outer().unsMerge(rule).build()).adata().getUns();
  }

  @Test
  void joiningAlongGenesIsJoiningTransposes() {
    var params = Concat.Params.builder().axis(Concat.Axis.VAR).build();
    AnnData out = Concat.run(List.of(first(true), second(true)), params).adata();
    assertThat(out.getObsNames()).containsExactly("b");
    assertThat(out.getVarNames()).containsExactly("g2", "g1", "g3", "g3", "g0", "g2");
    assertThat(dense(out)).containsExactly(3, 4, 5, 0, 1, 2);
  }

  @Test
  void pairwiseArraysBecomeABlockDiagonalAndPartialRawWarns() {
    AnnData x = first(true);
    AnnData y = second(true);
    var square = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}}).toCsr();
    x.getObsp().set("d", square);
    y.getObsp().set("d", square);
    x.setRaw(x);
    var result = Concat.run(List.of(x, y), outer().pairwise(true).build());
    assertThat(result.adata().getObsp().get("d").toDense().doubleData())
        .containsExactly(1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4);
    assertThat(result.warnings()).containsExactly("raw is left out: only 1 of 2 objects have one.");
  }

  @Test
  void sameBitsForAnyNumberOfThreadsAndEveryValueInItsPlace() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix a = Seeds.counts(30, 40, 0.3, seed);
          CsrMatrix b = Seeds.counts(20, 40, 0.3, seed + 1000);
          int[] map = Seeds.permutation(40, seed);
          List<int[]> maps = Arrays.asList(null, map);
          var one =
              Seeds.withThreads(1, () -> RowStack.vstack(List.of(a, b), maps, 40, a.dtype(), 0));
          var many =
              Seeds.withThreads(7, () -> RowStack.vstack(List.of(a, b), maps, 40, a.dtype(), 0));
          assertThat(ContentEquality.difference(one, many, "X")).isNull();
          for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 40; j++) {
              assertThat(one.get(30 + i, map[j])).isEqualTo(b.get(i, j));
            }
          }
        });
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> Concat.run(List.of(), Concat.Params.DEFAULTS))
        .hasMessageContaining("at least one object");
    AnnData twice = adata(true, "a", "g g");
    assertThatThrownBy(() -> Concat.run(List.of(twice, first(true)), Concat.Params.DEFAULTS))
        .hasMessageContaining("var names must be unique")
        .hasMessageContaining("varNamesMakeUnique");
    assertThatThrownBy(() -> outer().keys(List.of("A", "A")).build())
        .hasMessageContaining("keys must differ");
  }
}
