package org.cellweave.integrate.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.linalg.SingularValues;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

/** The parts of a search and of a correction, by hand and by definition. */
class AnchorStepsTest {
  private static DenseMatrix line(double... places) {
    return DenseMatrix.wrap(places.clone(), places.length, 1);
  }

  @Test
  void mutualNeighboursOfALineAndTheirScores() {
    // 0-1-2 lie beside 0.1-1.1-2.2; the cell at 9 has nobody who would have it
    var first = line(0, 1, 2, 9);
    var second = line(0.1, 1.1, 2.2);
    var spaces = NeighborSpaces.shared(first, second);
    var found = PairAnchors.find(spaces, 1, 2, PairAnchors::all);
    assertThat(found.first()).containsExactly(0, 1, 2);
    assertThat(found.second()).containsExactly(0, 1, 2);
    // lists of two agree in both sets, but for 1 in the first: {1, 0} of its own, since ties go to
    // the lower index, and {1, 2} of its partner; overlaps 4, 3 and 4
    assertThat(found.scores()).containsExactly(1, 0, 1);
  }

  @Test
  void scoresAreTheOverlapBetweenTwoPercentiles() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          var a = DenseMatrix.wrap(random.doubles(300, 0, 1).toArray(), 100, 3);
          var b = DenseMatrix.wrap(random.doubles(240, 0, 1).toArray(), 80, 3);
          var found = PairAnchors.find(NeighborSpaces.shared(a, b), 5, 20, PairAnchors::all);
          var turned = PairAnchors.find(NeighborSpaces.shared(b, a), 5, 20, PairAnchors::all);
          assertThat(found.size()).isEqualTo(turned.size()).isPositive();
          for (double score : found.scores()) {
            assertThat(score).isBetween(0.0, 1.0);
          }
          double[] one = found.scores().clone();
          double[] two = turned.scores().clone();
          Arrays.sort(one);
          Arrays.sort(two);
          assertThat(one).isEqualTo(two);
        });
  }

  @Test
  void weightsByHand() {
    // cells at 0, 1, 3; anchors at 0 (score 1) and at 3 (score 0.5)
    var weights = AnchorWeights.of(line(0, 1, 3), new int[] {0, 2}, new double[] {1, 0.5}, 100, 1);
    assertThat(weights.kWeight()).isEqualTo(2);
    // the cell at 1: distances 1 and 2, so that 1 - 1/2 and 0: only the first weighs
    assertThat(weights.anchors()).containsExactly(0, 1, 0, 1, 1, 0);
    assertThat(weights.weights()).containsExactly(1, 0, 1, 0, 1, 0);
    var wider =
        AnchorWeights.of(line(0, 1, 3, 5), new int[] {0, 2, 3}, new double[] {1, 0.5, 1}, 100, 1);
    double near = 1 - Math.exp(-(1 - 1 / 4.0) / 4);
    double far = 1 - Math.exp(-(1 - 2 / 4.0) * 0.5 / 4);
    int from = wider.start()[1];
    assertThat(wider.weights()[from]).isCloseTo(near / (near + far), within(Tolerance.EXACT));
    assertThat(wider.weights()[from + 1]).isCloseTo(far / (near + far), within(Tolerance.EXACT));
    assertThat(wider.weights()[from + 2]).isZero();
  }

  @Test
  void cellsWhoseAnchorsWeighNothingTakeThemAlike() {
    var weights = AnchorWeights.of(line(0, 1), new int[] {0, 0}, new double[] {0, 0}, 5, 1);
    assertThat(weights.weights()).containsExactly(0.5, 0.5, 0.5, 0.5);
    assertThatThrownBy(() -> AnchorWeights.of(line(0), new int[] {0}, new double[] {1}, 0, 1))
        .hasMessage("kWeight must be positive, got 0");
  }

  @Test
  void genesOfLargestLoadings() {
    // two dimensions of six genes; one from each end of each is {0, 5} and {1, 4}
    double[] loadings = {5, 0, 1, 6, 0.5, 1, 0, 2, -1, -4, -6, 0.5};
    assertThat(AnchorFilter.topGenes(loadings, 2, 5)).containsExactly(0, 1, 4, 5);
    // below four only the largest of each
    assertThat(AnchorFilter.topGenes(loadings, 2, 3)).containsExactly(1, 5);
  }

  @Test
  void aFilterKeepsPairsNearInExpression() {
    var first = DenseMatrix.ofRows(new double[][] {{1, 0}, {0, 1}});
    var second = DenseMatrix.ofRows(new double[][] {{2, 0}, {0, 3}, {1, 1}});
    var filter = new AnchorFilter(first, second, new int[] {0, 1}, 1);
    assertThat(filter.stay(new int[] {0, 0, 1}, new int[] {0, 1, 1})).containsExactly(0, 2);
    assertThat(filter.stay(new int[0], new int[0])).isEmpty();
  }

  /** The matrix of all pairs is written out here, which the method never does. */
  @Test
  void canonicalCorrelationIsThatOfAllPairs() {
    Seeds.forEach(
        10,
        seed -> {
          // found among the genes, and among the cells where they are few
          int n = seed % 2 == 0 ? 40 : 12;
          var x = Seeds.counts(n, 25, 0.6, seed);
          var y = Seeds.counts(n, 25, 0.6, seed + 1000);
          var one = ScaledGenes.of(x);
          var two = ScaledGenes.of(y);
          double[][] a = rows(one.standardised(), n);
          double[][] b = rows(two.standardised(), n);
          double[][] product = new double[n][n];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              for (int g = 0; g < 25; g++) {
                product[i][j] += a[i][g] * b[j][g];
              }
            }
          }
          var expected = SingularValues.of(product);
          var found = GeneSpace.canonical(one, two, 5);
          for (int c = 0; c < 5; c++) {
            assertThat(found.values()[c])
                .isCloseTo(expected.s()[c], within(1e-7 * expected.s()[0]));
            double sign = expected.u()[0][c] < 0 ? -1 : 1;
            for (int i = 0; i < n; i++) {
              assertThat(found.first()[i * 5 + c])
                  .isCloseTo(sign * expected.u()[i][c], within(1e-5));
              assertThat(found.second()[i * 5 + c])
                  .isCloseTo(sign * expected.v()[i][c], within(1e-5));
            }
          }
        });
  }

  @Test
  void principalComponentsAreThoseOfTheScaledValues() {
    Seeds.forEach(
        10,
        seed -> {
          int n = seed % 2 == 0 ? 40 : 12;
          var cells = ScaledGenes.of(Seeds.counts(n, 25, 0.6, seed));
          double[][] products = new double[25][25];
          for (double[] row : rows(cells, n)) {
            for (int i = 0; i < 25; i++) {
              for (int j = 0; j < 25; j++) {
                products[i][j] += row[i] * row[j];
              }
            }
          }
          var expected = SingularValues.of(products);
          double[] found = GeneSpace.principal(cells, 5);
          for (int c = 0; c < 5; c++) {
            double along = 0;
            for (int g = 0; g < 25; g++) {
              along += found[g * 5 + c] * expected.u()[g][c];
            }
            assertThat(Math.abs(along)).isCloseTo(1, within(1e-9));
          }
        });
  }

  /** By stored entries, and with a gene that hardly varies, which has to go another way. */
  @Test
  void sparseCellsGiveWhatDenseOnesDo() {
    Seeds.forEach(
        10,
        seed -> {
          boolean steady = seed % 2 == 0;
          var random = new SplittableRandom(seed);
          var counts = Seeds.counts(60, 25, 0.15, seed).toDense();
          double[][] values = new double[60][25];
          for (int i = 0; i < 60; i++) {
            counts.readRow(i, values[i]);
            if (steady) {
              values[i][7] = 3 + 1e-5 * random.nextDouble();
            }
          }
          var dense = DenseMatrix.ofRows(values);
          var ofDense = ScaledGenes.of(dense).standardised();
          var ofSparse = ScaledGenes.of(dense.toCsr()).standardised();
          double[][] expected = rows(ofDense, 60);
          double[][] found = rows(ofSparse, 60);
          double[] expectedProducts = new double[25 * 25];
          double[] products = new double[25 * 25];
          try (var a = ofDense.gram();
              var b = ofSparse.gram()) {
            a.get(expectedProducts);
            b.get(products);
          }
          for (int i = 0; i < 60; i++) {
            for (int g = 0; g < 25; g++) {
              assertThat(found[i][g]).isCloseTo(expected[i][g], within(1e-10));
            }
          }
          for (int i = 0; i < 25; i++) {
            for (int j = i; j < 25; j++) {
              assertThat(products[i * 25 + j])
                  .isCloseTo(expectedProducts[i * 25 + j], within(1e-9));
            }
          }
        });
  }

  private static double[][] rows(ScaledGenes cells, int n) {
    int p = cells.nGenes();
    double[] identity = new double[p * p];
    for (int g = 0; g < p; g++) {
      identity[g * p + g] = 1;
    }
    double[] flat = cells.times(identity, p);
    double[][] out = new double[n][];
    Arrays.setAll(out, i -> Arrays.copyOfRange(flat, i * p, (i + 1) * p));
    return out;
  }
}
