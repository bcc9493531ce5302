package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.MosaicCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class AdaptiveVotesTest {
  /**
   * Left of 0, two labels that overlap and of which one is more frequent at every place: many
   * voters serve best. Right of 100, islands of three cells each, with labels in turn: one voter.
   */
  private record Land(DenseMatrix x, Categories labels) {
    static Land of(int n, long seed) {
      var random = new SplittableRandom(seed);
      double[][] x = new double[2 * n][1];
      int[] codes = new int[2 * n];
      for (int i = 0; i < n; i++) {
        x[i][0] = -10 * random.nextDouble();
        codes[i] = random.nextDouble() < 0.75 ? 0 : 1;
        x[n + i][0] = 100 + 10 * (i / 6) + 0.01 * random.nextDouble();
        codes[n + i] = 2 + i / 6 % 2;
      }
      return new Land(
          DenseMatrix.ofRows(x), new Categories("type", codes, new String[] {"a", "b", "c", "d"}));
    }
  }

  private static AdaptiveVotes.Params.Builder of(AdaptiveVotes.Type type, Integer... ks) {
    return AdaptiveVotes.Params.builder().type(type).kValues(List.of(ks));
  }

  private static AdaptiveVotes.Result run(Land land, DenseMatrix query, AdaptiveVotes.Params p) {
    return AdaptiveVotes.run(land.x, land.labels, query, p, Progress.NONE);
  }

  private static final DenseMatrix LEFT_AND_RIGHT =
      DenseMatrix.ofRows(new double[][] {{-5}, {-3}, {100.001}, {110.001}});

  @Test
  void aFixedNumberIsThePlainVote() {
    var land = Land.of(60, 1);
    var made = run(land, land.x, of(AdaptiveVotes.Type.UNIFORM_FIXED, 7).build());
    var lists = CrossNeighbors.run(land.x, land.x, 7, Metric.EUCLIDEAN, Progress.NONE);
    var plain = NeighborVotes.run(lists, land.labels, new NeighborVotes.Params(7));
    assertThat(made.votes().predicted()).isEqualTo(plain.predicted());
    assertThat(made.votes().score()).isEqualTo(plain.score());
    assertThat(made.k()).containsOnly(7);
    assertThat(made.errors()).isEmpty();
    assertThat(AdaptiveVotes.Params.DEFAULTS.kValues()).containsExactly(5);
  }

  @Test
  void placesAndLabelsGetTheNumberThatServesThem() {
    Seeds.forEach(
        20,
        seed -> {
          var land = Land.of(240, seed);
          var local =
              run(land, LEFT_AND_RIGHT, of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 1, 25).build());
          assertThat(local.k()[0]).isGreaterThan(15);
          assertThat(local.k()[1]).isGreaterThan(15);
          assertThat(local.k()[2]).isEqualTo(1);
          assertThat(local.k()[3]).isEqualTo(1);
          assertThat(local.votes().predicted()).containsExactly(0, 0, 2, 3);
          var labels =
              run(land, LEFT_AND_RIGHT, of(AdaptiveVotes.Type.ADAPTIVE_LABELS, 1, 25).build());
          assertThat(labels.k()[2]).isEqualTo(1);
          assertThat(labels.k()[3]).isEqualTo(1);
          assertThat(labels.votes().predicted()).endsWith(2, 3);
        });
  }

  /** By hand: errors of a tiny reference whose every cell has its nearest of the same label. */
  @Test
  void errorsAreSharesOfRepeats() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {0}, {0}, {0}, {9}, {9}, {9}, {9}});
    var labels = new Categories("t", new int[] {0, 0, 0, 0, 1, 1, 1, 1}, new String[] {"p", "q"});
    var params = of(AdaptiveVotes.Type.UNIFORM_OPTIMISED, 1, 2).nFolds(8).build();
    var made = AdaptiveVotes.run(x, labels, x, params, Progress.NONE);
    assertThat(made.errors()).containsExactly(0, 0);
    assertThat(made.k()).as("of equal ones the smallest").containsOnly(1);
    var wrong = new Categories("t", new int[] {0, 0, 0, 0, 1, 1, 1, 0}, new String[] {"p", "q"});
    var one =
        AdaptiveVotes.run(
            x,
            wrong,
            x,
            of(AdaptiveVotes.Type.UNIFORM_OPTIMISED, 1, 3).nFolds(8).build(),
            Progress.NONE);
    // the odd cell is always wrong; with three voters it never misleads another
    assertThat(one.errors()[1]).isCloseTo(1 / 8.0, within(1e-12));
  }

  @Test
  void aBalancedErrorHearsRareLabels() {
    // 12 cells of one label; among them 2 of another, next to each other
    double[][] x = new double[14][1];
    int[] codes = new int[14];
    for (int i = 0; i < 12; i++) {
      x[i][0] = i;
    }
    x[12][0] = 40;
    x[13][0] = 40.1;
    codes[12] = 1;
    codes[13] = 1;
    var labels = new Categories("t", codes, new String[] {"many", "rare"});
    var params = of(AdaptiveVotes.Type.UNIFORM_OPTIMISED, 1, 5).nFolds(14).build();
    var made =
        AdaptiveVotes.run(
            DenseMatrix.ofRows(x), labels, DenseMatrix.ofRows(x), params, Progress.NONE);
    assertThat(made.errors()[0]).isZero();
    assertThat(made.errors()[1]).isCloseTo(2 / 14.0, within(1e-12));
    assertThat(made.k()).containsOnly(1);
  }

  @Test
  void sameForAnyNumberOfThreadsAndForOneSeed() {
    var land = Land.of(700, 3);
    for (var type : AdaptiveVotes.Type.values()) {
      var params =
          (type == AdaptiveVotes.Type.UNIFORM_FIXED ? of(type, 5) : of(type, 1, 5, 15)).build();
      var one = Seeds.withThreads(1, () -> run(land, land.x, params));
      for (int threads : new int[] {2, 7}) {
        var many = Seeds.withThreads(threads, () -> run(land, land.x, params));
        assertThat(many.k()).isEqualTo(one.k());
        assertThat(many.errors()).isEqualTo(one.errors());
        assertThat(many.votes().predicted()).isEqualTo(one.votes().predicted());
        assertThat(many.votes().score()).isEqualTo(one.votes().score());
      }
    }
  }

  @Test
  void cellsWithoutALabelTeachNothing() {
    var land = Land.of(60, 2);
    int[] codes = land.labels.codes().clone();
    Arrays.fill(codes, 0, 30, Categories.MISSING);
    int[] rest = IntStream.range(30, 120).toArray();
    var params = of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 1, 5).build();
    var holes = new Land(land.x, new Categories("type", codes, land.labels.levels()));
    var without = new Land(land.x.takeRows(rest), land.labels.subset(rest));
    assertThat(run(holes, land.x, params).votes().predicted())
        .isEqualTo(run(without, land.x, params).votes().predicted());
  }

  /** Genes give types to the other half of the cells. */
  @Test
  void realTypesAreMet() {
    var cells = new MosaicCells();
    var x = cells.pairedProteins().toDense();
    var types = cells.pairedTypes();
    int[] half = IntStream.range(0, 200).toArray();
    int[] other = IntStream.range(200, 400).toArray();
    for (var type : AdaptiveVotes.Type.values()) {
      var params =
          (type == AdaptiveVotes.Type.UNIFORM_FIXED ? of(type, 5) : of(type, 1, 3, 5, 10, 15))
              .build();
      var made =
          AdaptiveVotes.run(
              x.takeRows(half), types.subset(half), x.takeRows(other), params, Progress.NONE);
      long met =
          IntStream.range(0, 200)
              .filter(i -> made.votes().predicted()[i] == types.code(other[i]))
              .count();
      assertThat(met / 200.0).as(type.toString()).isGreaterThan(0.88);
    }
  }

  @Test
  void messages() {
    var land = Land.of(6, 1);
    assertThatThrownBy(() -> run(land, land.x, of(AdaptiveVotes.Type.UNIFORM_FIXED, 50).build()))
        .hasMessageContaining("at least as many cells with a label as the largest of kValues")
        .hasMessageContaining("got 12 for k = 50");
    assertThatThrownBy(
            () -> run(land, land.x, of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 1, 10).build()))
        .hasMessageContaining("in 1 of 2 folds, got 6 for k = 10");
    assertThatThrownBy(() -> of(AdaptiveVotes.Type.UNIFORM_FIXED, 1, 2).build())
        .hasMessageContaining("uniform_fixed takes one number of neighbours, got kValues = [1, 2]");
    assertThatThrownBy(() -> of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 5, 2).build())
        .hasMessageContaining("kValues must ascend, got [5, 2]");
    assertThatThrownBy(() -> of(AdaptiveVotes.Type.ADAPTIVE_LOCAL).build())
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 0).build())
        .hasMessageContaining("kValues must be positive, got 0");
    assertThatThrownBy(() -> of(AdaptiveVotes.Type.ADAPTIVE_LOCAL, 1).nFolds(1).build())
        .hasMessageContaining("nFolds must be at least 2, got 1");
    assertThat(AdaptiveVotes.usualValues(30, 2)).containsExactly(1, 3, 5, 10, 15);
  }
}
