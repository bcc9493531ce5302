package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cellweave.clonal.ClonalNeighbors.Cells;
import org.cellweave.clonal.ClonalNeighbors.Params;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Against clone2vec 0.1.1 on barcoded cells of days 4 and 6 (LARRY); skipped where they are not.
 */
class ClonalReferenceTest {
  /** All neighbours of day 4, and 99.86 % of those of day 6. */
  private static final double OVERLAP = 0.998;

  private static Matrix pca;
  private static CsrMatrix expression;
  private static Categories fates;
  private static Categories clones;

  /** Cells of the two days, and a clone as {@code day:barcode}, the first of a cell's barcodes. */
  @BeforeAll
  static void cells() {
    try (var file = H5Reference.of(SharedData.require("data/clonal/larry_subset.h5ad"))) {
      String[] days = file.strings("obs/__categories/time_info");
      int[] day = file.ints("obs/time_info");
      CsrMatrix barcodes = file.csr("obsm/X_clone");
      int[] kept = IntStream.range(0, day.length).filter(i -> !days[day[i]].equals("2")).toArray();
      String[] labels = new String[kept.length];
      for (int p = 0; p < kept.length; p++) {
        var block = barcodes.blockOf(kept[p]);
        int first = block.start(kept[p]);
        labels[p] =
            first == block.end(kept[p]) ? null : days[day[kept[p]]] + ":" + block.indices()[first];
      }
      pca = file.dense("obsm/X_pca").takeRows(kept);
      expression = file.csr("X").takeRows(kept);
      int[] state = file.ints("obs/state_info");
      fates =
          new Categories(
              "state_info",
              Arrays.stream(kept).map(i -> state[i]).toArray(),
              file.strings("obs/__categories/state_info"));
      clones = CloneTable.run(categories(labels), new CloneTable.Params(2)).clones();
    }
  }

  private static Categories categories(String[] labels) {
    List<String> names = Arrays.stream(labels).filter(Objects::nonNull).distinct().toList();
    int[] codes = Arrays.stream(labels).mapToInt(names::indexOf).toArray();
    return new Categories("clone", codes, names.toArray(String[]::new));
  }

  private static H5Reference day(String day) {
    return H5Reference.of(SharedData.require("reference/larry_clones_day" + day + ".h5ad"));
  }

  /** Places of the reference's clones among ours. */
  private static int[] places(H5Reference file) {
    List<String> ours = List.of(clones.levels());
    return Arrays.stream(file.strings("obs/_index")).mapToInt(ours::indexOf).toArray();
  }

  @Test
  void tablesAreThoseOfTheReference() {
    var composition = Composition.of(clones, fates);
    int[] perFate = composition.clonesPerFate();
    int found = 0;
    for (String day : List.of("4", "6")) {
      try (var file = day(day)) {
        int[] places = places(file);
        assertThat(places).doesNotContain(-1).doesNotHaveDuplicates();
        found += places.length;
        assertThat(Arrays.stream(places).map(clones::size).toArray())
            .isEqualTo(file.ints("obs/n_cells"));
        assertThat(Arrays.stream(places).map(c -> composition.fatesPerClone()[c]).toArray())
            .isEqualTo(file.ints("obs/n_fates"));
        int[] columns = columns(file);
        assertThat(Arrays.stream(columns).map(f -> perFate[f]).toArray())
            .isEqualTo(file.ints("var/n_clones"));
        assertThat(columns.length)
            .isEqualTo((int) Arrays.stream(perFate).filter(n -> n > 0).count());
        var counts = composition.countMatrix().toDense().take(places, columns);
        assertThat(counts.toDense().doubleData()).isEqualTo(file.doubles("layers/counts"));
        var shares = composition.proportions().take(places, columns);
        assertThat(shares.toDense().doubleData()).isEqualTo(file.doubles("X"));
      }
    }
    assertThat(found).isEqualTo(clones.nLevels());
  }

  private static int[] columns(H5Reference file) {
    List<String> ours = List.of(fates.levels());
    return Arrays.stream(file.strings("var/_index")).mapToInt(ours::indexOf).toArray();
  }

  /** Ours are those of the definition; of its own, found approximately, a few differ. */
  @Test
  void adjacencyIsThatOfTheDefinition() {
    for (String day : List.of("4", "6")) {
      try (var file = day(day)) {
        int[] places = places(file);
        int n = places.length;
        int[] codes = new int[clones.nCells()];
        for (int i = 0; i < codes.length; i++) {
          int clone = clones.code(i);
          codes[i] = clone < 0 ? -1 : Arrays.stream(places).boxed().toList().indexOf(clone);
        }
        var ofDay = new Categories("clone", codes, file.strings("obs/_index"));
        var result = ClonalNeighbors.run(Cells.of(pca, ofDay), Params.DEFAULTS);
        double[] ours = result.adjacency().toDense().doubleData();
        assertThat(ours).isEqualTo(DirectNeighbors.adjacency(pca, codes, n, 15));
        double[] theirs = file.csr("obsp/gex_adjacency").toDense().toFloat64().doubleData();
        double common = 0;
        for (int p = 0; p < ours.length; p++) {
          common += Math.min(ours[p], theirs[p]);
        }
        double total = Arrays.stream(theirs).sum();
        assertThat(total).isEqualTo(15.0 * Arrays.stream(ofDay.sizes()).sum());
        assertThat(common / total).as("overlap on day " + day).isGreaterThan(OVERLAP);
      }
    }
  }

  /** Its matrix was scaled over all clones and cut at 10, which is done to ours as well. */
  @Test
  void expressionIsThatOfTheReference() {
    try (var file = H5Reference.of(SharedData.require("reference/larry_clones.h5ad"))) {
      DenseMatrix theirs = file.dense("X");
      double[] mean = file.doubles("var/mean");
      double[] deviation = file.doubles("var/std");
      int[] places = places(file);
      var all = CloneExpression.run(expression, clones, CloneExpression.Params.DEFAULTS);
      Matrix ours = all.values().takeRows(places);
      assertThat(ours.isSparse()).isTrue();
      for (int c = 0; c < ours.nRows(); c++) {
        for (int g = 0; g < ours.nCols(); g++) {
          double scaled = (ours.get(c, g) - mean[g]) / (deviation[g] == 0 ? 1 : deviation[g]);
          assertThat(theirs.get(c, g))
              .isCloseTo(Math.max(-10, Math.min(10, scaled)), within(Tolerance.F32));
        }
      }
    }
  }
}
