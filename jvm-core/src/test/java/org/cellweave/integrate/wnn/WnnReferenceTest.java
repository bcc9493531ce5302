package org.cellweave.integrate.wnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.RankCorrelation;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.Test;

/** muon on 400 paired blood cells; {@code tools/reference/wnn.py} wrote its answers. */
class WnnReferenceTest {
  private static final String FILE = "jvm-core/src/test/resources/reference/wnn/paired.h5";
  private static final int K = 20;

  private static H5Reference reference() {
    return H5Reference.of(SharedData.projectRoot().resolve(FILE));
  }

  private static DenseMatrix columns(DenseMatrix x, int from, int to) {
    int[] cols = new int[to - from];
    Arrays.setAll(cols, c -> from + c);
    return x.takeCols(cols);
  }

  private static WeightedNearestNeighbors.Result run(H5Reference file, String name) {
    var rna = file.dense("rna");
    var adt = file.dense("adt");
    var input =
        name.equals("two")
            ? WeightedNearestNeighborsTest.of(rna, adt)
            : WeightedNearestNeighborsTest.of(columns(rna, 0, 12), columns(rna, 12, 30), adt);
    return WeightedNearestNeighbors.run(input, WeightedNearestNeighbors.Params.DEFAULTS);
  }

  @Test
  void twoModalitiesAreAsWithExactSearches() {
    try (var file = reference()) {
      assertExact(file, "two");
    }
  }

  @Test
  void threeModalitiesAreAsWithExactSearches() {
    try (var file = reference()) {
      assertExact(file, "three");
    }
  }

  private static void assertExact(H5Reference file, String name) {
    var result = run(file, name);
    assertThat(result.weights().doubleData())
        .containsExactly(file.doubles(name + "/exact/weights"), within(1e-9));
    int[] indices = file.ints(name + "/exact/indices");
    double[] distances = file.doubles(name + "/exact/distances");
    for (int i = 0; i < result.neighbors().nCells(); i++) {
      for (int c = 0; c < K; c++) {
        int at = i * (K + 1) + c + 1;
        assertThat(result.neighbors().indices()[at]).as("cell %d", i).isEqualTo(indices[i * K + c]);
        assertThat(result.neighbors().distances()[at])
            .isCloseTo(distances[i * K + c], within(1e-9));
      }
    }
  }

  /** muon looks for all neighbours by descent on a graph, and misses some. */
  @Test
  void asItIsItAgreesAsWithItself() {
    try (var file = reference()) {
      for (String name : new String[] {"two", "three"}) {
        var result = run(file, name);
        double[] weights = file.doubles(name + "/descent/weights");
        assertThat(RankCorrelation.spearman(result.weights().doubleData(), weights))
            .isGreaterThan(0.99);
        int[] indices = file.ints(name + "/descent/indices");
        int shared = 0;
        for (int i = 0; i < result.neighbors().nCells(); i++) {
          for (int c = 1; c <= K; c++) {
            int j = result.neighbors().indices()[i * (K + 1) + c];
            shared += Arrays.stream(indices, i * K, (i + 1) * K).anyMatch(o -> o == j) ? 1 : 0;
          }
        }
        assertThat((double) shared / indices.length).isGreaterThan(0.98);
      }
    }
  }
}
