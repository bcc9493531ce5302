package org.cellweave.integrate.mosaic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.Foscttm;
import org.cellweave.metrics.LabelTransfer;
import org.cellweave.metrics.PairMetric;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.RTable;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Held to StabMap 1.1.0 in R, and to the truth of paired cells. */
class StabMapReferenceTest {
  private static StabMap.Params.Builder asInR(int components, String... references) {
    return StabMap.Params.builder()
        .references(List.of(references))
        .nComps(components)
        .nCompsSubset(components)
        .solver(StabMap.Solver.SEQUENTIAL)
        .paths(MosaicTopology.Paths.FEWEST)
        .reweight(false);
  }

  private static void isAsInR(String table, int nGenes, int nProteins, StabMap.Params params) {
    var theirs = RTable.numbers(table);
    String[] theirNames = RTable.rowNames(table);
    var cells = new MosaicCells();
    var ours = StabMap.run(cells.sets(nGenes, nProteins), null, params, Progress.NONE);
    assertThat(ours.dimensions()).isEqualTo(List.of(RTable.columnNames(table)));
    Map<String, Integer> row = new HashMap<>();
    for (int i = 0; i < theirNames.length; i++) {
      row.put(theirNames[i], i);
    }
    int[] order = Arrays.stream(cells.names()).mapToInt(row::get).toArray();
    DenseMatrix expected = theirs.takeRows(order);
    for (int d = 0; d < expected.nCols(); d++) {
      double[] a = ours.embedding().column(d);
      double[] b = expected.column(d);
      double along = 0;
      double size = 0;
      for (int i = 0; i < a.length; i++) {
        along += a[i] * b[i];
        size = Math.max(size, Math.abs(b[i]));
      }
      double sign = Math.signum(along);
      double apart = 0;
      for (int i = 0; i < a.length; i++) {
        apart = Math.max(apart, Math.abs(sign * a[i] - b[i]) / size);
      }
      assertThat(apart).as(table + ", dimension " + d).isLessThan(1e-6);
    }
  }

  @Test
  void oneReference() {
    isAsInR("stabmap_reference_p3_30", 500, 224, asInR(30, "p3").build());
  }

  @Test
  void allReferencesOverTwoSteps() {
    isAsInR("stabmap_all_references_20", 500, 224, asInR(20).build());
  }

  @Test
  void fewerFeaturesThanCells() {
    isAsInR("stabmap_100_features_15", 60, 40, asInR(15, "p3").build());
  }

  /** Cells whose RNA and proteins are placed apart lie where they belong. */
  @Test
  void ridgeRegressionFindsThePairsThatLeastSquaresMisses() {
    var cells = new MosaicCells();
    var ridge = scores(cells, StabMap.Params.builder().references(List.of("both")).build());
    var least = scores(cells, asInR(50, "both").build());
    assertThat(ridge.foscttm).isLessThan(0.16).isLessThan(least.foscttm - 0.1);
    assertThat(ridge.toAdt).isGreaterThan(0.85).isGreaterThan(least.toAdt);
    assertThat(ridge.toRna).isGreaterThan(0.85).isGreaterThan(least.toRna);
  }

  private record Scores(double foscttm, double toAdt, double toRna) {}

  private static Scores scores(MosaicCells cells, StabMap.Params params) {
    var made = StabMap.run(cells.bridge(), null, params, Progress.NONE).embedding();
    DenseMatrix rna = made.takeRows(MosaicCells.range(200, 400));
    DenseMatrix adt = made.takeRows(MosaicCells.range(400, 600));
    var types = cells.bridgeTypes();
    var transfer =
        LabelTransfer.both(rna, types.codes(), adt, types.codes(), LabelTransfer.Params.DEFAULTS);
    return new Scores(
        Foscttm.run(rna, adt, PairMetric.EUCLIDEAN).mean(),
        transfer.forward().accuracy(),
        transfer.backward().accuracy());
  }
}
