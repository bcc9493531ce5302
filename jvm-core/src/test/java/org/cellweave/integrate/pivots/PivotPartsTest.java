package org.cellweave.integrate.pivots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

/** Metacells, weights of linked features and the penalty of canonical directions, one by one. */
class PivotPartsTest {
  private static DenseMatrix column(double... values) {
    return DenseMatrix.ofRows(
        Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
  }

  @Test
  void nearestCellsComeTogetherUpToTheSize() {
    // 0 and .1, then 1 and 1.2; 5 is nearest to 1.2, whose pair is full
    var pairs = Metacells.of(column(1, 0, 5, 0.1, 1.2), 2);
    assertThat(pairs.group()).containsExactly(0, 1, 2, 1, 0);
    assertThat(pairs.members()).isDeepEqualTo(new int[][] {{0, 4}, {1, 3}, {2}});
    var means = pairs.means(column(1, 0, 5, 0.1, 1.2));
    assertThat(means.column(0)).containsExactly(new double[] {1.1, 0.05, 5}, within(1e-12));
    assertThat(Metacells.of(column(1, 0, 5, 0.1, 1.2), 1).group()).containsExactly(0, 1, 2, 3, 4);
    // .1 between the second and the first, .8 between both pairs, so that three are too few
    assertThat(Metacells.of(column(1, 0, 5, 0.1, 1.2), 4).group()).containsExactly(0, 0, 1, 0, 0);
  }

  @Test
  void groupsHoldTheirSizeAndDoNotDependOnTheOrderOfCells() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[][] cells = new double[200][3];
          for (double[] row : cells) {
            Arrays.setAll(row, j -> random.nextGaussian());
          }
          int[] order = Seeds.permutation(200, seed);
          var made = Metacells.of(DenseMatrix.ofRows(cells), 4);
          var other = Metacells.of(DenseMatrix.ofRows(cells).takeRows(order), 4);
          assertThat(Arrays.stream(made.members()).mapToInt(m -> m.length).toArray())
              .matches(sizes -> Arrays.stream(sizes).allMatch(n -> n >= 1 && n <= 4));
          assertThat(made.size()).isEqualTo(other.size()).isBetween(50, 100);
          for (int i = 1; i < 200; i++) {
            boolean together = made.group()[order[i]] == made.group()[order[i - 1]];
            assertThat(other.group()[i] == other.group()[i - 1]).isEqualTo(together);
          }
        });
  }

  @Test
  void noiseOfSingleCellsIsNotReliable() {
    var random = new SplittableRandom(1);
    double[][] places = new double[300][1];
    double[][] linked = new double[300][3];
    for (int i = 0; i < 300; i++) {
      places[i][0] = i / 30.0;
      linked[i] = new double[] {Math.sin(i / 30.0), random.nextGaussian(), 4};
    }
    var smoothing =
        Smoothing.of(DenseMatrix.ofRows(places), PivotMatching.Params.builder().build());
    double[] found = smoothing.reliability(DenseMatrix.ofRows(linked));
    assertThat(found[0]).isGreaterThan(0.99);
    assertThat(found[1]).isLessThan(0.2);
    assertThat(found[2]).isZero();
    var alone =
        Smoothing.of(
            DenseMatrix.ofRows(places), PivotMatching.Params.builder().nNeighbors(1).build());
    assertThat(alone.reliability(DenseMatrix.ofRows(linked))).containsExactly(1, 1, 1);
  }

  @Test
  void aPenaltyShrinksCorrelationsAsTheFormulaSays() {
    // one component each, y is three times x: 1 without a penalty, 1 / (1 + g) with g
    var x = column(1, 2, 4, 7);
    var y = column(3, 6, 12, 21);
    int[] all = {0, 1, 2, 3};
    var moments = PairedMoments.of(x, y, all, all);
    assertThat(moments.map(0, 5).correlations()).hasSize(1);
    assertThat(moments.map(0, 5).correlations()[0]).isCloseTo(1, within(Tolerance.F64));
    assertThat(moments.map(0.25, 5).correlations()[0]).isCloseTo(0.8, within(Tolerance.F64));
  }

  /** One shared component of thirty. */
  @Test
  void componentsOfNoiseAskForAPenalty() {
    Seeds.forEach(
        5,
        seed -> {
          var random = new SplittableRandom(seed);
          double[][] x = new double[120][30];
          double[][] y = new double[120][30];
          for (int i = 0; i < 120; i++) {
            double shared = 3 * random.nextGaussian();
            for (int j = 0; j < 30; j++) {
              x[i][j] = (j == 0 ? shared : 0) + random.nextGaussian();
              y[i][j] = (j == 1 ? shared : 0) + random.nextGaussian();
            }
          }
          int[] all = IntStream.range(0, 120).toArray();
          var pairs = new PivotMatching.Matches(all, all, new double[120]);
          double noisy =
              CanonicalPenalty.of(DenseMatrix.ofRows(x), DenseMatrix.ofRows(y), pairs, 20);
          assertThat(noisy).isGreaterThanOrEqualTo(0.3);
        });
    int[] few = {0, 1, 2, 3};
    var pairs = new PivotMatching.Matches(few, few, new double[4]);
    assertThat(CanonicalPenalty.of(column(1, 2, 4, 7), column(1, 2, 4, 7), pairs, 5)).isEqualTo(1);
  }
}
