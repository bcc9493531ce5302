package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class CrossNeighborsTest {
  @Test
  void byHandWithATie() {
    var reference = DenseMatrix.ofRows(new double[][] {{0}, {4}, {2}, {10}});
    var query = DenseMatrix.ofRows(new double[][] {{3}, {10}});
    var result = CrossNeighbors.run(reference, query, 2, Metric.EUCLIDEAN, Progress.NONE);
    assertThat(result.indices()).containsExactly(1, 2, 3, 1);
    assertThat(result.distances()).containsExactly(1, 1, 0, 6);
  }

  @Test
  void aReferenceAskedForItselfGivesItsOwnLists() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(700, 12, 0.9, seed).toDense();
          for (Metric metric : new Metric[] {Metric.EUCLIDEAN, Metric.COSINE, Metric.MANHATTAN}) {
            var cross = CrossNeighbors.run(x, x, 6, metric, Progress.NONE);
            var params = NearestNeighbors.Params.builder().nNeighbors(6).metric(metric).build();
            var own = NearestNeighbors.run(x, params);
            assertThat(cross.distances()).containsExactly(own.distances(), within(Tolerance.EXACT));
          }
        });
  }

  @Test
  void doesNotDependOnThreads() {
    var x = Seeds.counts(300, 12, 0.9, 1);
    var y = Seeds.counts(200, 12, 0.9, 2);
    int[] one = Seeds.withThreads(1, () -> indices(x, y));
    assertThat(Seeds.withThreads(2, () -> indices(x, y))).isEqualTo(one);
    assertThat(Seeds.withThreads(7, () -> indices(x, y))).isEqualTo(one);
  }

  private static int[] indices(
      org.cellweave.matrix.Matrix reference, org.cellweave.matrix.Matrix query) {
    return CrossNeighbors.run(reference, query, 9, Metric.EUCLIDEAN, Progress.NONE).indices();
  }

  @Test
  void messages() {
    var three = DenseMatrix.ofRows(new double[][] {{0, 1}, {1, 2}, {2, 2}});
    var narrow = DenseMatrix.ofRows(new double[][] {{0}});
    assertThatThrownBy(() -> CrossNeighbors.run(three, narrow, 2, Metric.EUCLIDEAN, Progress.NONE))
        .hasMessage("reference and query must have the same columns, got 2 and 1");
    assertThatThrownBy(() -> CrossNeighbors.run(three, three, 4, Metric.EUCLIDEAN, Progress.NONE))
        .hasMessageContaining("got nNeighbors = 4 for 3 cells");
  }
}
