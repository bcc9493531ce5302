package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

/** What mudata 0.3.10 answers to the same calls, written out. */
class MuDataTest {
  private static AnnData modality(String cells, String... features) {
    String[] names = cells.isEmpty() ? new String[0] : cells.split("");
    double[] x = new double[names.length * features.length];
    Arrays.setAll(x, i -> i);
    return new AnnData(
        DenseMatrix.wrap(x, names.length, features.length),
        DataFrame.ofNames(names),
        DataFrame.ofNames(features));
  }

  private static AnnData rna() {
    AnnData rna = modality("cab", "g1", "g2", "x");
    rna.getObs().set("n", NumericColumn.of(1L, 2L, 3L));
    rna.getVar().set("hv", BooleanColumn.of(true, false, true));
    return rna;
  }

  private static AnnData adt() {
    AnnData adt = modality("bda", "p1", "x");
    adt.getObs().set("n", NumericColumn.of(5L, 6L, 7L));
    adt.getObs().set("only", BooleanColumn.of(true, false, true));
    adt.getVar().set("iso", StringColumn.of("a", "b"));
    adt.getVar().set("hv", BooleanColumn.of(true, true));
    return adt;
  }

  private static Map<String, AnnData> parts() {
    Map<String, AnnData> out = new LinkedHashMap<>();
    out.put("rna", rna());
    out.put("adt", adt());
    return out;
  }

  private static MuData both() {
    return new MuData(parts());
  }

  private static String[] texts(DataFrame table, String key) {
    return table.get(key).texts();
  }

  // ---------------------------------------------------------------------------- together

  @Test
  void cellsAreTheUnionInTheOrderOfTheModalities() {
    MuData mdata = both();
    assertThat(mdata.getObsNames()).containsExactly("c", "a", "b", "d");
    assertThat(mdata.getVarNames()).containsExactly("g1", "g2", "x", "p1", "x");
    assertThat(mdata.getObsmap().get("rna")).containsExactly(1, 2, 3, 0);
    assertThat(mdata.getObsmap().get("adt")).containsExactly(0, 3, 1, 2);
    assertThat(mdata.getVarmap().get("rna")).containsExactly(1, 2, 3, 0, 0);
    assertThat(mdata.getVarmap().get("adt")).containsExactly(0, 0, 0, 1, 2);
    assertThat(((Matrix) mdata.getObsm().get("rna")).toDense().doubleData())
        .containsExactly(1, 1, 1, 0);
    assertThat(mdata.getNMod()).isEqualTo(2);
  }

  @Test
  void columnsOfModalitiesAppearWithTheirNames() {
    MuData mdata = both();
    assertThat(mdata.getObs().getKeys()).containsExactly("rna:n", "adt:n", "adt:only");
    assertThat(mdata.getObs().get("rna:n").dtypeName()).isEqualTo("Int64");
    assertThat(texts(mdata.getObs(), "rna:n")).containsExactly("1", "2", "3", "NA");
    assertThat(texts(mdata.getObs(), "adt:n")).containsExactly("NA", "7", "5", "6");
    assertThat(mdata.getObs().get("adt:only").dtypeName()).isEqualTo("boolean");
    assertThat(mdata.getVar().getKeys()).containsExactly("rna:hv", "adt:iso", "adt:hv");
    assertThat(mdata.ownObsKeys()).isEmpty();
    assertThat(mdata.ownObs().getKeys()).isEmpty();
  }

  @Test
  void sharedFeaturesPutCellsBelowEachOther() {
    MuData mdata = new MuData(parts(), 1);
    assertThat(mdata.getObsNames()).containsExactly("c", "a", "b", "b", "d", "a");
    assertThat(mdata.getVarNames()).containsExactly("g1", "g2", "x", "p1");
    assertThat(mdata.getVarmap().get("adt")).containsExactly(0, 0, 2, 1);
    mdata.obsNamesMakeUnique("-");
    assertThat(mdata.getObsNames())
        .containsExactly("rna:c", "rna:a", "rna:b", "adt:b", "adt:d", "adt:a");
    assertThat(mdata.select(AxisIndex.ALL, AxisIndex.names(List.of("x"))).toString())
        .startsWith("View of MuData object with n_obs × n_vars = 6 × 1 (shared var)");
  }

  @Test
  void printsAsMudataDoes() {
    MuData mdata = both();
    mdata.getObs().set("age", NumericColumn.of(1.0, 2.0, 3.0, 4.0));
    mdata.getObsm().set("X_umap", DenseMatrix.wrap(new double[8], 4, 2));
    assertThat(mdata)
        .hasToString(
            """
            MuData object with n_obs × n_vars = 4 × 5
              obs:\t'age'
              obsm:\t'X_umap'
              2 modalities
                rna:\t3 × 3
                  obs:\t'n'
                  var:\t'hv'
                adt:\t3 × 2
                  obs:\t'n', 'only'
                  var:\t'iso', 'hv'\
            """);
  }

  // ------------------------------------------------------------------------------ update

  @Test
  void annotationFollowsItsCells() {
    MuData mdata = annotated();
    mdata
        .getMod()
        .set(
            "rna",
            mdata.get("rna").select(AxisIndex.names(List.of("b", "c")), AxisIndex.ALL).copy());
    mdata.update();
    assertThat(mdata.getObsNames()).containsExactly("b", "c", "d", "a");
    assertThat(mdata.getObs().get("z").toDoubles()).containsExactly(3, 1, 4, 2);
    assertThat(((Matrix) mdata.getObsm().get("X")).toDense().doubleData())
        .containsExactly(4, 5, 0, 1, 6, 7, 2, 3);
    assertThat(mdata.getObsp().get("P").toDense().doubleData())
        .containsExactly(10, 8, 11, 9, 2, 0, 3, 1, 14, 12, 15, 13, 6, 4, 7, 5);
    assertThat(mdata.getObsmap().get("rna")).containsExactly(1, 2, 0, 0);
  }

  private static MuData annotated() {
    MuData mdata = both();
    mdata.getObs().set("z", NumericColumn.of(1L, 2L, 3L, 4L));
    double[] x = new double[16];
    Arrays.setAll(x, i -> i);
    mdata.getObsm().set("X", DenseMatrix.wrap(Arrays.copyOf(x, 8), 4, 2));
    mdata.getObsp().set("P", DenseMatrix.wrap(x, 4, 4));
    mdata.getObsp().set("S", DenseMatrix.wrap(x.clone(), 4, 4).toCsr());
    mdata.getUns().put("k", 1L);
    return mdata;
  }

  @Test
  void newCellsHaveNoAnnotation() {
    MuData mdata = annotated();
    mdata.getMod().set("new", modality("ea", "q"));
    mdata.update();
    assertThat(mdata.getObsNames()).containsExactly("c", "a", "b", "d", "e");
    assertThat(texts(mdata.getObs(), "z")).containsExactly("1", "2", "3", "4", "NA");
    assertThat(((Matrix) mdata.getObsm().get("X")).get(4, 1)).isNaN();
    assertThat(mdata.getObsp().get("P").get(4, 0)).isNaN();
    assertThat(mdata.getObsp().get("S").get(4, 0)).isZero();
    assertThat(mdata.getObsp().get("S").get(3, 2)).isEqualTo(14);
    assertThat(mdata.getObsm().getKeys()).contains("new");
    assertThat(mdata.getUns()).containsEntry("k", 1L);
  }

  @Test
  void aLostModalityTakesItsCellsAlong() {
    MuData mdata = annotated();
    mdata.getMod().remove("adt");
    mdata.update();
    assertThat(mdata.getObsNames()).containsExactly("c", "a", "b");
    assertThat(mdata.getObsm().getKeys()).containsExactly("X", "rna");
    assertThat(mdata.getVarmap()).containsOnlyKeys("rna");
  }

  @Test
  void featuresAreKnownByTheirModality() {
    MuData mdata = both();
    mdata.getVar().set("z", NumericColumn.of(0L, 1L, 2L, 3L, 4L));
    mdata
        .getMod()
        .set(
            "rna",
            mdata.get("rna").select(AxisIndex.ALL, AxisIndex.names(List.of("x", "g2"))).copy());
    mdata.update();
    assertThat(mdata.getVarNames()).containsExactly("x", "g2", "p1", "x");
    assertThat(mdata.getVar().get("z").toDoubles()).containsExactly(2, 1, 3, 4);
  }

  @Test
  void updateOfWhatIsCurrentChangesNothing() {
    MuData mdata = annotated();
    MuData before = mdata.copy();
    mdata.update();
    assertThat(mdata.differenceTo(before)).isNull();
  }

  // ------------------------------------------------------------------------- pull, push

  @Test
  void pullJoinsWhatAllHaveWhereTheAxisIsNotShared() {
    MuData mdata = cleared();
    mdata.pullVar();
    assertThat(mdata.getVar().getKeys()).containsExactly("hv", "adt:iso");
    assertThat(mdata.getVar().get("hv").dtypeName()).isEqualTo("bool");
    assertThat(texts(mdata.getVar(), "hv"))
        .containsExactly("True", "False", "True", "True", "True");
    assertThat(texts(mdata.getVar(), "adt:iso")).containsExactly("NaN", "NaN", "NaN", "a", "b");
  }

  private static MuData cleared() {
    MuData mdata = both();
    List.copyOf(mdata.getObs().getKeys()).forEach(mdata.getObs()::remove);
    List.copyOf(mdata.getVar().getKeys()).forEach(mdata.getVar()::remove);
    return mdata;
  }

  @Test
  void pullTakesColumnsByEitherName() {
    MuData mdata = cleared();
    mdata.pullObs(Pull.DEFAULTS.withColumns(List.of("rna:n", "only")));
    assertThat(mdata.getObs().getKeys()).containsExactly("rna:n", "adt:only");
    mdata.pullObs(Pull.DEFAULTS.withMods(List.of("adt")));
    assertThat(mdata.getObs().getKeys()).containsExactly("rna:n", "adt:only", "adt:n");
  }

  @Test
  void pullNamesUniqueColumnsAsAskedAndDropsThem() {
    MuData mdata = cleared();
    mdata.pullObs(new Pull(null, null, false, null, true, false, true, false, true, false));
    assertThat(mdata.getObs().getKeys()).containsExactly("only");
    assertThat(mdata.get("adt").getObs().getKeys()).containsExactly("n");
    mdata.pullObs(new Pull(null, null, true, null, true, false, true, true, false, true));
    assertThat(mdata.getObs().getKeys()).containsExactly("only");
    assertThat(mdata.get("rna").getObs().getKeys()).isEmpty();
  }

  @Test
  void pushGoesToEveryModalityOrToTheOneItNames() {
    MuData mdata = both();
    mdata.getObs().set("z", NumericColumn.of(1L, 2L, 3L, 4L));
    mdata.getObs().set("rna:w", NumericColumn.of(9L, 8L, 7L, 6L));
    mdata.pushObs();
    assertThat(mdata.get("rna").getObs().getKeys()).containsExactly("n", "z", "w");
    assertThat(mdata.get("rna").getObs().get("n").dtypeName()).isEqualTo("int64");
    assertThat(mdata.get("rna").getObs().get("w").toDoubles()).containsExactly(9, 8, 7);
    assertThat(mdata.get("adt").getObs().getKeys()).containsExactly("n", "only", "z");
    assertThat(mdata.get("adt").getObs().get("z").toDoubles()).containsExactly(3, 4, 2);
    mdata.pushObs(new Push(List.of("z"), List.of("adt"), true, true, true, false));
    assertThat(mdata.getObs().getKeys()).doesNotContain("z");
  }

  // -------------------------------------------------------------------------- selections

  @Test
  void aViewHasItsCellsInEveryModality() {
    MuData mdata = annotated();
    MuData view = mdata.select(AxisIndex.names(List.of("d", "a")));
    assertThat(view.isView()).isTrue();
    assertThat(view.get("rna").getObsNames()).containsExactly("a");
    assertThat(view.get("adt").getObsNames()).containsExactly("d", "a");
    assertThat(view.getObsmap().get("rna")).containsExactly(0, 1);
    assertThat(view.getObsmap().get("adt")).containsExactly(1, 2);
    assertThat(((Matrix) view.getObsm().get("X")).toDense().doubleData())
        .containsExactly(6, 7, 2, 3);
    view.getObs().set("t", NumericColumn.of(1L, 2L));
    view.get("rna").getObs().set("t", NumericColumn.of(1L));
    assertThat(view.isView()).isFalse();
    assertThat(mdata.getObs().contains("t")).isFalse();
    assertThat(mdata.get("rna").getObs().contains("t")).isFalse();
    assertThat(view.copy().differenceTo(view)).isNull();
  }

  @Test
  void aViewOfFeatures() {
    MuData view = both().select(AxisIndex.ALL, AxisIndex.positions(3, 1));
    assertThat(view.getVarNames()).containsExactly("p1", "g2");
    assertThat(view.get("rna").getVarNames()).containsExactly("g2");
    assertThat(view.get("adt").getNObs()).isEqualTo(3);
  }

  @Test
  void filtersKeepTheOrderOfEveryModality() {
    MuData mdata = annotated();
    mdata.filterObs(AxisIndex.mask(false, true, true, true));
    assertThat(mdata.getObsNames()).containsExactly("a", "b", "d");
    assertThat(mdata.getObsmap().get("rna")).containsExactly(1, 2, 0);
    assertThat(mdata.getObsmap().get("adt")).containsExactly(3, 1, 2);
    assertThat(mdata.get("adt").getObsNames()).containsExactly("b", "d", "a");
    mdata.intersectObs();
    assertThat(mdata.getObsNames()).containsExactly("a", "b");
    assertThat(mdata.get("adt").getObsNames()).containsExactly("b", "a");
    assertThat(mdata.getObsmap().get("adt")).containsExactly(2, 1);
    mdata.filterVar(AxisIndex.mask(true, false, false, true, false));
    assertThat(mdata.getVarNames()).containsExactly("g1", "p1");
    MuData current = mdata.copy();
    current.update();
    assertThat(current.getObsNames()).isEqualTo(mdata.getObsNames());
  }

  @Test
  void namesOfFeaturesGetTheModalitysNameWhenTheyMeet() {
    MuData mdata = both();
    mdata.varNamesMakeUnique("-");
    assertThat(mdata.getVarNames()).containsExactly("rna:g1", "rna:g2", "rna:x", "adt:p1", "adt:x");
    assertThat(mdata.get("rna").getVarNames()).containsExactly("rna:g1", "rna:g2", "rna:x");
  }

  @Test
  void anEmptyModalityAndNone() {
    Map<String, AnnData> parts = parts();
    parts.put("none", modality("", "q"));
    MuData mdata = new MuData(parts);
    assertThat(mdata.getObsmap().get("none")).containsExactly(0, 0, 0, 0);
    assertThat(mdata.getNVars()).isEqualTo(6);
    assertThat(new MuData(Map.of()))
        .hasToString("MuData object with n_obs × n_vars = 0 × 0\n  0 modalities");
  }

  /** A view and a copy that was cut to the same cells hold the same, whatever the choice. */
  @Test
  void selectionsAgreeWithTheModalitiesTheyAreMadeOf() {
    Seeds.forEach(
        20,
        seed -> {
          int[] order = Seeds.permutation(4, seed);
          int[] some = Arrays.copyOf(order, 1 + (int) (seed % 4));
          MuData mdata = both();
          MuData view = mdata.select(AxisIndex.positions(some));
          view.getMod()
              .asMap()
              .forEach(
                  (name, part) -> {
                    int[] map = view.getObsmap().get(name);
                    for (int i = 0; i < some.length; i++) {
                      String cell = mdata.getObsNames().get(some[i]);
                      assertThat(map[i] > 0)
                          .isEqualTo(mdata.get(name).getObsNames().contains(cell));
                      if (map[i] > 0) {
                        assertThat(part.getObsNames().get(map[i] - 1)).isEqualTo(cell);
                      }
                    }
                  });
        });
  }

  // ------------------------------------------------------------------------------ errors

  @Test
  void refusesNamesThatRepeatOnASharedAxis() {
    assertThatThrownBy(() -> new MuData(Map.of("rna", modality("aab", "g"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("obs_names of modality 'rna' must differ")
        .hasMessageContaining("first 'a'")
        .hasMessageContaining("obsNamesMakeUnique()");
    assertThatThrownBy(() -> both().obsNamesMakeUnique("-"))
        .hasMessageContaining("obs_names say which cells the modalities share (axis is 0)");
    assertThatThrownBy(() -> new MuData(Map.of(), 2)).hasMessageContaining("axis must be 0");
  }

  @Test
  void namesNearModalities() {
    assertThatThrownBy(() -> both().get("rnaa"))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("mod['rnaa'] is missing; mod has [rna, adt]. Did you mean 'rna'?");
    assertThatThrownBy(() -> both().pullObs(Pull.DEFAULTS.withMods(List.of("atd"))))
        .isInstanceOf(MissingKeyException.class);
    assertThatThrownBy(() -> both().pullObs(Pull.DEFAULTS.withColumns(List.of("onyl"))))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("Did you mean 'only'?");
    assertThatThrownBy(() -> both().getMod().set("a/b", rna())).hasMessageContaining("'a/b'");
    assertThatThrownBy(() -> both().getMod().set("a", null)).hasMessageContaining("got null");
  }

  @Test
  void refusesWhatDoesNotFit() {
    MuData mdata = both();
    assertThatThrownBy(() -> mdata.setObs(DataFrame.ofNames("a", "b")))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("obs must have 4 rows, got a table of 2 x 0");
    assertThatThrownBy(() -> mdata.setObs(DataFrame.ofNames("a", "b", "c", "d")))
        .hasMessageContaining("obs must be named as the modalities are");
    assertThatThrownBy(() -> mdata.getObsm().set("q", DenseMatrix.wrap(new double[4], 2, 2)))
        .isInstanceOf(ShapeMismatchException.class);
    assertThatThrownBy(
            () ->
                mdata.pullObs(
                    new Pull(null, null, true, true, true, false, true, true, false, false)))
        .hasMessageContaining("columns cannot be joined on a shared axis");
    assertThatThrownBy(
            () -> new Pull(List.of("n"), null, false, null, true, false, true, true, false, false))
        .hasMessageContaining("cannot be false with columns = [n]");
    assertThatThrownBy(
            () -> new Pull(null, List.of("n"), true, true, true, false, true, true, false, false))
        .hasMessageContaining("with mods = [n]");
    assertThatThrownBy(() -> new Push(List.of("n"), null, false, true, false, false))
        .hasMessageContaining("cannot be false with columns = [n]");
    assertThatThrownBy(() -> mdata.pushObs(Push.DEFAULTS.withColumns(List.of("nope"))))
        .isInstanceOf(MissingKeyException.class);
  }

  @Test
  void asksForAnUpdateAfterChanges() {
    MuData mdata = both();
    mdata.get("rna").subset(AxisIndex.positions(0, 1), AxisIndex.ALL);
    assertThatThrownBy(() -> mdata.select(AxisIndex.positions(0)))
        .hasMessageContaining("cells of modality 'rna' (2) are not those that obsmap knows")
        .hasMessageContaining("call update()");
    mdata.getMod().remove("rna");
    assertThatThrownBy(mdata::intersectObs)
        .hasMessageContaining("modalities are [adt], but obsmap knows [rna, adt]");
    mdata.update();
    mdata.intersectObs();
    assertThat(mdata.getNObs()).isEqualTo(3);
  }

  @Test
  void aFailedUpdateChangesNothing() {
    MuData mdata = annotated();
    MuData before = mdata.copy();
    mdata
        .getObsm()
        .set("words", new NdArray(null, new int[] {4, 1}, new String[] {"a", "b", "c", "d"}));
    AnnData twice = modality("zz", "q");
    mdata.getMod().set("new", twice);
    assertThatThrownBy(mdata::update).hasMessageContaining("obs_names of modality 'new'");
    twice.obsNamesMakeUnique("-");
    assertThatThrownBy(mdata::update)
        .hasMessageContaining("obsm['words']: a text array of [4, 1] cannot be filled");
    assertThat(mdata.getObsNames()).isEqualTo(before.getObsNames());
    assertThat(mdata.getObsmap()).containsOnlyKeys("rna", "adt");
  }
}
