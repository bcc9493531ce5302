package org.cellweave.integrate.wnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.wnn.WeightedNearestNeighbors.Params;
import org.cellweave.integrate.wnn.WeightedNearestNeighbors.Result;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class WeightedNearestNeighborsTest {
  private static final double EPSILON = 1e-4;

  static IntegrationInput input(int n, FeatureBlock... blocks) {
    var one = new Categories("batch", new int[n], new String[] {"all"});
    return new IntegrationInput(List.of(blocks), List.of(one), List.of());
  }

  static IntegrationInput of(Matrix... x) {
    var blocks = new FeatureBlock[x.length];
    Arrays.setAll(blocks, m -> FeatureBlock.of("m" + m, x[m]));
    return input(x[0].nRows(), blocks);
  }

  private static Params.Builder small(int k) {
    return Params.builder().k(k).knnRange(3 * k);
  }

  /**
   * Cells of three types; the first modality parts the first from the others, the second the last.
   */
  private static DenseMatrix[] cells(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] a = new double[n][4];
    double[][] b = new double[n][3];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 4; j++) {
        a[i][j] = random.nextDouble() + (j == 0 && i % 3 == 0 ? 3 : 0);
      }
      for (int j = 0; j < 3; j++) {
        b[i][j] = random.nextDouble() + (j == 0 && i % 3 == 2 ? 3 : 0);
      }
    }
    return new DenseMatrix[] {DenseMatrix.ofRows(a), DenseMatrix.ofRows(b)};
  }

  private static DenseMatrix line(double... x) {
    return DenseMatrix.ofRows(
        Arrays.stream(x).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
  }

  private static double weight(double own, double other) {
    return 1 / (1 + Math.exp(1 / (other + EPSILON) - 1 / (own + EPSILON)));
  }

  /** One neighbour each, so that everything can be told from two lines of points. */
  @Test
  void byHand() {
    // nearest: b of a, a of b, b of c, c of d; and c of a, c of b, a of c, b of d
    var input = of(line(0, 1, 3, 7), line(0, 2.5, 1, 8));
    var params = Params.builder().k(1).knnRange(2).l2Norm(false).sdScale(2).build();
    var result = WeightedNearestNeighbors.run(input, params);

    // a and c have b in common in the first modality, a and b have c in the second
    double firstA = Math.exp(-(3 - 1) / (2 * 3 - 1.0));
    double secondA = Math.exp(-(2.5 - 1) / (2 * 2.5 - 1));
    double ofA = weight(firstA, secondA);
    assertThat(result.scores().get(0, 0)).isCloseTo(1 / (firstA + EPSILON), within(1e-12));
    assertThat(result.weights().get(0, 0)).isCloseTo(ofA, within(1e-12));
    assertThat(result.weights().get(0, 1)).isCloseTo(1 - ofA, within(1e-12));

    // nobody shares a neighbour with c in the second, whose width is the distance to a
    double firstC = Math.exp(-(3 - 2) / (2 * 3 - 2.0));
    double secondC = Math.exp(-(1.5 - 1) / (2 * 1 - 1.0));
    assertThat(result.weights().get(2, 0)).isCloseTo(weight(firstC, secondC), within(1e-12));

    double toB = ofA * Math.exp(-1 / 6.0) + (1 - ofA) * Math.exp(-2.5 / 5);
    double toC = ofA * Math.exp(-3 / 6.0) + (1 - ofA) * Math.exp(-1 / 5.0);
    assertThat(toC).isGreaterThan(toB - 0.1);
    int nearest = toC > toB ? 2 : 1;
    var lists = result.neighbors();
    assertThat(lists.indices()[0]).isZero();
    assertThat(lists.distances()[0]).isZero();
    assertThat(lists.indices()[1]).isEqualTo(nearest);
    assertThat(lists.distances()[1])
        .isCloseTo(Math.sqrt((1 - Math.max(toB, toC)) / 2), within(1e-12));
  }

  @Test
  void smoothScoresAreMeansOverNeighbours() {
    var x = cells(60, 1);
    var plain = WeightedNearestNeighbors.run(of(x), small(5).build());
    var smooth = WeightedNearestNeighbors.run(of(x), small(5).smooth(true).build());
    for (int m = 0; m < 2; m++) {
      var unit = DenseMatrix.ofRows(unit(x[m]));
      var search = NearestNeighbors.Params.builder().nNeighbors(6).build();
      int[] near = NearestNeighbors.run(unit, search).indices();
      for (int i = 0; i < 60; i++) {
        double sum = 0;
        for (int c = 0; c < 6; c++) {
          sum += plain.scores().get(near[i * 6 + c], m);
        }
        assertThat(smooth.scores().get(i, m)).isCloseTo(sum / 6, within(1e-9 * sum));
      }
    }
  }

  static double[][] unit(Matrix x) {
    double[][] out = new double[x.nRows()][x.nCols()];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int j = 0; j < out[i].length; j++) {
        out[i][j] = x.get(i, j);
        sum += out[i][j] * out[i][j];
      }
      for (int j = 0; j < out[i].length; j++) {
        out[i][j] /= Math.sqrt(sum);
      }
    }
    return out;
  }

  @Test
  void threadsAndStorageDoNotMatter() {
    Seeds.forEach(
        3,
        seed -> {
          var x = cells(700, seed);
          var one =
              Seeds.withThreads(1, () -> WeightedNearestNeighbors.run(of(x), small(10).build()));
          for (int threads : new int[] {2, 7}) {
            assertSame(
                one,
                Seeds.withThreads(
                    threads, () -> WeightedNearestNeighbors.run(of(x), small(10).build())));
          }
          assertSame(
              one, WeightedNearestNeighbors.run(of(x[0].toCsr(), x[1].toCsr()), small(10).build()));
        });
  }

  private static void assertSame(Result a, Result b) {
    assertThat(b.weights().doubleData()).isEqualTo(a.weights().doubleData());
    assertThat(b.neighbors().indices()).isEqualTo(a.neighbors().indices());
    assertThat(b.neighbors().distances()).isEqualTo(a.neighbors().distances());
    assertThat(b.connectivities().toDense().floatData())
        .isEqualTo(a.connectivities().toDense().floatData());
  }

  @Test
  void orderOfCellsAndModalitiesAndLengthsOfRowsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 90;
          var x = cells(n, seed);
          var plain = WeightedNearestNeighbors.run(of(x), small(6).build());
          int[] order = Seeds.permutation(n, seed);
          var scaled = x[0].takeRows(order);
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < 4; j++) {
              scaled.set(i, j, scaled.get(i, j) * (1 + i));
            }
          }
          var other =
              WeightedNearestNeighbors.run(of(x[1].takeRows(order), scaled), small(6).build());
          for (int i = 0; i < n; i++) {
            assertThat(other.weights().get(i, 0) + other.weights().get(i, 1))
                .isCloseTo(1, within(Tolerance.EXACT));
            assertThat(other.weights().get(i, 1))
                .isCloseTo(plain.weights().get(order[i], 0), within(1e-9));
            for (int c = 0; c <= 6; c++) {
              assertThat(other.neighbors().distances()[i * 7 + c])
                  .isCloseTo(plain.neighbors().distances()[order[i] * 7 + c], within(1e-9));
            }
          }
        });
  }

  @Test
  void aModalityOfNoiseWeighsLess() {
    var random = new SplittableRandom(3);
    var x = cells(600, 4);
    double[][] noise = new double[600][8];
    for (double[] row : noise) {
      Arrays.setAll(row, j -> random.nextDouble() - 0.5);
    }
    var result = WeightedNearestNeighbors.run(of(x[0], DenseMatrix.ofRows(noise)), Params.DEFAULTS);
    double mean = Arrays.stream(result.weights().column(0)).average().orElseThrow();
    assertThat(mean).isGreaterThan(0.6);
  }

  /**
   * Each type is told from one of the others by either modality alone, and by both from both. They
   * lie so far apart that the constant decides how hard the weights are.
   */
  @Test
  void typesThatNeitherModalityTellsAlone() {
    var params = Params.builder().l2Norm(false).crossConstant(0.5).build();
    var result = WeightedNearestNeighbors.run(of(cells(600, 5)), params);
    var lists = result.neighbors();
    int same = 0;
    for (int p = 0; p < lists.indices().length; p++) {
      same += lists.indices()[p] % 3 == p / 21 % 3 ? 1 : 0;
    }
    assertThat((double) same / lists.indices().length).isGreaterThan(0.97);
  }

  @Test
  void copiesOfCellsHaveFiniteWeights() {
    var x = cells(40, 6);
    int[] twice = new int[400];
    Arrays.setAll(twice, i -> i % 40);
    var copies =
        WeightedNearestNeighbors.run(
            of(x[0].takeRows(twice), x[1].takeRows(twice)), small(5).build());
    assertFinite(copies);
    for (int i = 0; i < 400; i++) {
      assertThat(copies.neighbors().indices()[i * 6 + 5] % 40).isEqualTo(i % 40);
      assertThat(copies.neighbors().distances()[i * 6 + 5]).isZero();
    }
  }

  @Test
  void cellsThatAreAllAlikeWeighHalf() {
    var all = line(new double[30]);
    var result = WeightedNearestNeighbors.run(of(all, all), small(5).l2Norm(false).build());
    assertFinite(result);
    assertThat(result.weights().doubleData()).containsOnly(0.5);
  }

  private static void assertFinite(Result result) {
    assertThat(Arrays.stream(result.weights().doubleData()).allMatch(Double::isFinite)).isTrue();
    assertThat(Arrays.stream(result.neighbors().distances()).allMatch(Double::isFinite)).isTrue();
    assertThat(
            Arrays.stream(result.connectivities().toDense().toFloat64().doubleData())
                .allMatch(Double::isFinite))
        .isTrue();
  }

  @Test
  void aModalityThatACellLacksHasNoWeight() {
    var x = cells(120, 7);
    int[] first = new int[80];
    Arrays.setAll(first, i -> i);
    int[] second = new int[80];
    Arrays.setAll(second, i -> 119 - i);
    var result =
        WeightedNearestNeighbors.run(
            input(
                120,
                new FeatureBlock("rna", x[0].takeRows(first), null, first),
                new FeatureBlock("adt", x[1].takeRows(second), null, second)),
            small(6).build());
    assertFinite(result);
    var unit = DenseMatrix.ofRows(unit(x[0].takeRows(first)));
    var search = NearestNeighbors.Params.builder().nNeighbors(7).build();
    int[] near = NearestNeighbors.run(unit, search).indices();
    int both = 0;
    for (int i = 0; i < 120; i++) {
      double w = result.weights().get(i, 0);
      assertThat(w + result.weights().get(i, 1)).isCloseTo(1, within(Tolerance.EXACT));
      if (i < 40) {
        assertThat(w).isEqualTo(1);
        assertThat(result.scores().get(i, 0)).isNaN();
        // neighbours in its only modality, as they are there
        assertThat(Arrays.copyOfRange(result.neighbors().indices(), i * 7, i * 7 + 7))
            .isEqualTo(Arrays.copyOfRange(near, i * 7, i * 7 + 7));
      } else if (i >= 80) {
        assertThat(w).isZero();
      } else {
        both += w > 0 && w < 1 ? 1 : 0;
      }
    }
    assertThat(both).isGreaterThan(20);
    assertFinite(
        WeightedNearestNeighbors.run(
            input(
                120,
                new FeatureBlock("rna", x[0].takeRows(first), null, first),
                new FeatureBlock("adt", x[1].takeRows(second), null, second)),
            small(6).smooth(true).build()));
  }

  @Test
  void nearestInEveryModalityAreAllWhereThereAreFewCells() {
    var x = cells(30, 8);
    var few = WeightedNearestNeighbors.run(of(x), Params.builder().k(5).knnRange(29).build());
    var more = WeightedNearestNeighbors.run(of(x), Params.builder().k(5).build());
    assertSame(few, more);
    assertThat(WeightedNearestNeighbors.run(of(x), Params.builder().k(29).build()).neighbors())
        .isNotNull();
  }

  @Test
  void refusesWhatItCannotTake() {
    var x = cells(30, 9);
    assertThatThrownBy(() -> WeightedNearestNeighbors.run(of(x[0]), Params.DEFAULTS))
        .hasMessageContaining("two or more representations, got m0 alone")
        .hasMessageContaining("sc.pp.neighbors");
    assertThatThrownBy(() -> WeightedNearestNeighbors.run(of(x), Params.builder().k(30).build()))
        .hasMessageContaining("k = 30")
        .hasMessageContaining("m0 has 30. Lower k");
    assertThatThrownBy(() -> of(x[0], x[1].takeRows(new int[] {0, 1})))
        .isInstanceOf(ShapeMismatchException.class);
    var zero = x[1].copy();
    zero.setRow(4, new double[3]);
    assertThatThrownBy(() -> WeightedNearestNeighbors.run(of(x[0], zero), small(5).build()))
        .hasMessage(
            "wnn scales every row to length one, but row 4 of m1 is all zero; leave that cell out,"
                + " or pass l2Norm = false");
    WeightedNearestNeighbors.run(of(x[0], zero), small(5).l2Norm(false).build());
    var nan = x[1].copy();
    nan.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> WeightedNearestNeighbors.run(of(x[0], nan), small(5).build()))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("wnn needs finite values, but m1[3, 2] is NaN");
    int[] some = {0, 1, 2, 3, 4, 5, 7, 8};
    assertThatThrownBy(
            () ->
                WeightedNearestNeighbors.run(
                    input(
                        30,
                        new FeatureBlock("rna", x[0].takeRows(some), null, some),
                        new FeatureBlock("adt", x[1].takeRows(some), null, some)),
                    small(5).build()))
        .hasMessage(
            "wnn needs a representation of every cell, but row 6 of the input is in none of [rna,"
                + " adt]");
    assertThatThrownBy(() -> Params.builder().k(0).build()).hasMessageContaining("k must be");
    assertThatThrownBy(() -> Params.builder().knnRange(19).build())
        .hasMessageContaining("knnRange = 19 for k = 20");
    assertThatThrownBy(() -> Params.builder().sdScale(0).build()).hasMessageContaining("sdScale");
    assertThatThrownBy(() -> Params.builder().crossConstant(0).build())
        .hasMessageContaining("crossConstant");
  }
}
