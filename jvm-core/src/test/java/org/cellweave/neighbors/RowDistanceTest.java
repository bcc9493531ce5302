package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class RowDistanceTest {
  private static final DenseMatrix PAIR =
      DenseMatrix.ofRows(new double[][] {{1, 0, 3, 0}, {2, 2, 0, 0}});

  private static double distance(DenseMatrix x, Metric metric, MetricArguments arguments) {
    var params = NearestNeighbors.Params.builder().nNeighbors(2).metric(metric).build();
    return NearestNeighbors.run(x, params, arguments, Progress.NONE).distances()[1];
  }

  private static void is(Metric metric, double expected) {
    assertThat(distance(PAIR, metric, MetricArguments.NONE))
        .as(metric.name())
        .isCloseTo(expected, within(Tolerance.EXACT));
  }

  /** Differences 1, 2, 3, 0; one column in both, one in each alone, one in none. */
  @Test
  void byHand() {
    is(Metric.MANHATTAN, 6);
    is(Metric.CHEBYSHEV, 3);
    is(Metric.SQEUCLIDEAN, 14);
    is(Metric.MINKOWSKI, Math.sqrt(14));
    is(Metric.BRAYCURTIS, 6.0 / 8);
    is(Metric.CANBERRA, 1 / 3.0 + 1 + 1);
    is(Metric.HAMMING, 3 / 4.0);
    is(Metric.JACCARD, 2 / 3.0);
    is(Metric.DICE, 2 / 4.0);
    is(Metric.SOKALSNEATH, 4 / 5.0);
    is(Metric.ROGERSTANIMOTO, 4 / 6.0);
    is(Metric.SOKALMICHENER, 4 / 6.0);
    is(Metric.RUSSELLRAO, 3 / 4.0);
    is(Metric.YULE, 2 / 2.0);
  }

  @Test
  void argumentsAreHeeded() {
    double cube = distance(PAIR, Metric.MINKOWSKI, new MetricArguments(3.0, null, null, null));
    assertThat(cube).isCloseTo(Math.cbrt(1 + 8 + 27), within(Tolerance.EXACT));
    double[] w = {1, 0, 2, 1};
    double weighted = distance(PAIR, Metric.MINKOWSKI, new MetricArguments(1.0, w, null, null));
    assertThat(weighted).isCloseTo(7, within(Tolerance.EXACT));
    double[] v = {1, 4, 9, 1};
    double standard = distance(PAIR, Metric.SEUCLIDEAN, new MetricArguments(null, null, v, null));
    assertThat(standard).isCloseTo(Math.sqrt(3), within(Tolerance.EXACT));
    var plane = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 2}});
    double[][] vi = {{2, 1}, {1, 1}};
    double oblique = distance(plane, Metric.MAHALANOBIS, new MetricArguments(null, null, null, vi));
    assertThat(oblique).isCloseTo(Math.sqrt(2 + 2 * 2 + 4), within(Tolerance.EXACT));
  }

  /** Cells (0, 0), (2, 0), (0, 2), (2, 2): variances 4 / 3, no covariance. */
  @Test
  void variancesComeFromTheDataWhereNotGiven() {
    var square = DenseMatrix.ofRows(new double[][] {{0, 0}, {2, 0}, {0, 2}, {2, 2}});
    for (Metric metric : new Metric[] {Metric.SEUCLIDEAN, Metric.MAHALANOBIS}) {
      assertThat(distance(square, metric, MetricArguments.NONE))
          .isCloseTo(Math.sqrt(3), within(Tolerance.EXACT));
    }
  }

  @Test
  void distancesMayBeGiven() {
    var given = DenseMatrix.ofRows(new double[][] {{0, 5, 2}, {5, 0, 7}, {2, 7, 0}});
    var params = NearestNeighbors.Params.builder().nNeighbors(2).metric(Metric.PRECOMPUTED).build();
    var lists = NearestNeighbors.run(given, params);
    assertThat(lists.indices()).containsExactly(0, 2, 1, 0, 2, 0);
    assertThat(lists.distances()).containsExactly(0, 2, 0, 5, 0, 2);
    // a quarter turn on the unit sphere
    var sphere = DenseMatrix.ofRows(new double[][] {{0, 0}, {0, Math.PI / 2}});
    assertThat(distance(sphere, Metric.HAVERSINE, MetricArguments.NONE))
        .isCloseTo(Math.PI / 2, within(Tolerance.EXACT));
  }

  @Test
  void mistakesAreNamed() {
    var p = new MetricArguments(3.0, null, null, null);
    assertThatThrownBy(() -> distance(PAIR, Metric.JACCARD, p))
        .hasMessage("p is no argument of metric jaccard; leave it out");
    var w = new MetricArguments(null, new double[] {1}, null, null);
    assertThatThrownBy(() -> distance(PAIR, Metric.MINKOWSKI, w))
        .hasMessage("w must have one value for each of 4 columns, got 1");
    assertThatThrownBy(() -> distance(PAIR, Metric.PRECOMPUTED, MetricArguments.NONE))
        .hasMessageContaining("metric precomputed needs the distances of all pairs of cells");
    assertThatThrownBy(() -> distance(PAIR, Metric.HAVERSINE, MetricArguments.NONE))
        .hasMessageContaining("metric haversine needs 2 columns");
    assertThatThrownBy(() -> distance(PAIR, Metric.MAHALANOBIS, MetricArguments.NONE))
        .hasMessageContaining("the covariance of the columns has no inverse");
    var far = DenseMatrix.ofRows(new double[][] {{0}, {1e200}});
    assertThatThrownBy(() -> distance(far, Metric.MANHATTAN, MetricArguments.NONE))
        .hasMessage(
            "the distance between rows 0 and 1 of x is 1.0E200, which float32 cannot hold; rescale the"
                + " values first");
  }
}
