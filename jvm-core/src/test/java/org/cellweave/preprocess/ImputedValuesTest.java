package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.ImputedValues.Summary;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Median;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ImputedValuesTest {
  private static Matrix run(DenseMatrix reference, DenseMatrix query, Matrix values, Summary how) {
    var params = ImputedValues.Params.builder().nNeighbors(3).summary(how).build();
    var near = NeighborImputation.run(reference, query, params.search(), Progress.NONE);
    return ImputedValues.run(near, values, how);
  }

  private static DenseMatrix rows(double[]... rows) {
    return DenseMatrix.ofRows(rows);
  }

  /** Reference cells at 0, 1, 3 and 9; a query at 0.5 and one upon a reference cell. */
  @Test
  void byHand() {
    var reference = rows(new double[] {0}, new double[] {1}, new double[] {3}, new double[] {9});
    var query = rows(new double[] {0.25}, new double[] {1});
    var values =
        rows(new double[] {3, 0}, new double[] {6, 0}, new double[] {0, 5}, new double[] {99, 99});
    var mean = run(reference, query, values, Summary.MEAN);
    assertThat(mean.get(0, 0)).isCloseTo(3, within(1e-12));
    assertThat(mean.get(0, 1)).isCloseTo(5 / 3.0, within(1e-12));
    var median = run(reference, query, values, Summary.MEDIAN);
    assertThat(median.get(0, 0)).isEqualTo(3);
    assertThat(median.get(0, 1)).isZero();
    // distances 0.25, 0.75 and 2.75: weights 1, 1/3 and 1/11
    var weighted = run(reference, query, values, Summary.WEIGHTED);
    assertThat(weighted.get(0, 0)).isCloseTo((3 + 2) / (1 + 1 / 3.0 + 1 / 11.0), within(1e-6));
    assertThat(weighted.get(1, 0)).as("a cell at distance 0 alone").isCloseTo(6, within(1e-6));
  }

  @Test
  void asBruteForceHasIt() {
    Seeds.forEach(
        20,
        seed -> {
          var places = Seeds.counts(60, 4, 0.9, seed).withDType(DType.FLOAT64).toDense();
          var other = Seeds.counts(20, 4, 0.9, seed + 100).withDType(DType.FLOAT64).toDense();
          var values = Seeds.counts(60, 7, 0.2, seed + 200).withDType(DType.FLOAT64);
          for (var how : Summary.values()) {
            var made = run(places, other, values, how);
            for (int i = 0; i < 20; i++) {
              int[] near = nearest(places, other, i);
              for (int j = 0; j < 7; j++) {
                int feature = j;
                double[] own =
                    Arrays.stream(near).mapToDouble(c -> values.get(c, feature)).toArray();
                double[] far =
                    Arrays.stream(near).mapToDouble(distance(places, other, i)).toArray();
                assertThat(made.get(i, j)).isCloseTo(expected(own, far, how), within(1e-6));
              }
            }
          }
        });
  }

  private static java.util.function.IntToDoubleFunction distance(
      DenseMatrix reference, DenseMatrix query, int i) {
    return c ->
        Math.sqrt(
            IntStream.range(0, reference.nCols())
                .mapToDouble(d -> Math.pow(reference.get(c, d) - query.get(i, d), 2))
                .sum());
  }

  private static int[] nearest(DenseMatrix reference, DenseMatrix query, int i) {
    var of = distance(reference, query, i);
    return IntStream.range(0, reference.nRows())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> of.applyAsDouble(c)))
        .limit(3)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double expected(double[] own, double[] far, Summary how) {
    if (how == Summary.MEDIAN) {
      return Median.of(own);
    }
    double[] weights = new double[own.length];
    boolean met = Arrays.stream(far).anyMatch(d -> d == 0);
    Arrays.setAll(weights, q -> how == Summary.MEAN ? 1 : met ? (far[q] == 0 ? 1 : 0) : 1 / far[q]);
    double sum = 0;
    for (int q = 0; q < own.length; q++) {
      sum += weights[q] * own[q];
    }
    return sum / Arrays.stream(weights).sum();
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    var places = Seeds.counts(700, 5, 0.9, 1).toDense();
    var other = Seeds.counts(600, 5, 0.9, 2).toDense();
    var values = Seeds.counts(700, 40, 0.05, 3);
    for (var how : Summary.values()) {
      var one = Seeds.withThreads(1, () -> run(places, other, values, how));
      assertThat(one.isSparse()).isTrue();
      double[] bits = one.toDense().toFloat64().doubleData();
      for (int threads : new int[] {2, 7}) {
        var many = Seeds.withThreads(threads, () -> run(places, other, values, how));
        assertThat(many.toDense().toFloat64().doubleData()).isEqualTo(bits);
      }
      var dense = run(places, other, values.toDense(), how);
      assertThat(dense.isSparse()).isFalse();
      assertThat(dense.toDense().toFloat64().doubleData()).isEqualTo(bits);
    }
  }

  @Test
  void whatIsMostlyNotZeroIsDense() {
    var places = Seeds.counts(50, 3, 0.9, 1).toDense();
    var full = Seeds.counts(50, 10, 0.9, 2);
    assertThat(run(places, places, full, Summary.MEAN).isSparse()).isFalse();
    assertThat(run(places, places, full, Summary.MEAN).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(run(places, rowsOf(0), full, Summary.MEAN).nRows()).isZero();
  }

  private static DenseMatrix rowsOf(int n) {
    return DenseMatrix.zeros(n, 3, DType.FLOAT64);
  }

  /** Proteins of cells from their genes: the other half of the paired cells is the reference. */
  @Test
  void realProteinsAreMet() {
    var cells = new MosaicCells();
    var genes = cells.pairedGenes().toDense();
    var proteins = cells.pairedProteins();
    int[] half = IntStream.range(0, 200).toArray();
    int[] other = IntStream.range(200, 400).toArray();
    var made =
        run(genes.takeRows(half), genes.takeRows(other), proteins.takeRows(half), Summary.MEAN);
    double sum = 0;
    for (int j = 0; j < proteins.nCols(); j++) {
      sum += correlation(made.toDense().column(j), proteins.takeRows(other).toDense().column(j));
    }
    assertThat(sum / proteins.nCols()).isGreaterThan(0.2);
  }

  private static double correlation(double[] a, double[] b) {
    double shared = products(a, b);
    return shared == 0 ? 0 : shared / Math.sqrt(products(a, a) * products(b, b));
  }

  private static double products(double[] a, double[] b) {
    double mean = Arrays.stream(b).average().orElseThrow();
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * (b[i] - mean)).sum();
  }

  @Test
  void messages() {
    var places = Seeds.counts(50, 3, 0.9, 1).toDense();
    var near =
        NeighborImputation.run(
            places, places, ImputedValues.Params.DEFAULTS.search(), Progress.NONE);
    var few = places.takeRows(new int[] {0, 1});
    assertThatThrownBy(() -> ImputedValues.run(near, few, Summary.MEAN))
        .hasMessageContaining("a donor");
    assertThatThrownBy(() -> run(few, places, few, Summary.MEAN))
        .hasMessageContaining("k must be at most the number of cells that have a value, 2, got 3");
    assertThatThrownBy(() -> ImputedValues.Params.builder().nNeighbors(0).build())
        .hasMessageContaining("nNeighbors must be positive, got 0");
  }
}
