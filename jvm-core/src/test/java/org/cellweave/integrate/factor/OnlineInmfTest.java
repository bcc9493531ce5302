package org.cellweave.integrate.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class OnlineInmfTest {
  private static final int GENES = 40;

  /** Cells that mix four programmes; every set has a programme of its own besides. */
  private static DenseMatrix cells(int n, int sets, long seed) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[n * sets][GENES];
    for (int i = 0; i < x.length; i++) {
      int set = i / n;
      double[] mixture = random.doubles(4).map(v -> v * v * v).toArray();
      for (int j = 0; j < GENES; j++) {
        double value = mixture[j % 4] * (1 + j % 7) + (j % 5 == set ? 0.3 : 0);
        x[i][j] = random.nextDouble() < 0.3 ? 0 : value + 0.2 * random.nextDouble();
      }
    }
    return DenseMatrix.ofRows(x);
  }

  private static Categories sets(int n, String... names) {
    return new Categories(
        "set", IntStream.range(0, n * names.length).map(i -> i / n).toArray(), names);
  }

  private static String[] genes() {
    String[] out = new String[GENES];
    Arrays.setAll(out, j -> "g" + j);
    return out;
  }

  private static OnlineInmf.Input input(Matrix x, Categories sets, OnlineInmf.Base base) {
    return new OnlineInmf.Input(x::takeRows, genes(), sets, base);
  }

  private static OnlineInmf.Params.Builder four() {
    return OnlineInmf.Params.builder().k(4).lambda(1).nEpochs(8).minibatchSize(130);
  }

  private static OnlineInmf.Result run(OnlineInmf.Input input, OnlineInmf.Params params) {
    return OnlineInmf.run(input, params, Progress.NONE);
  }

  private static OnlineInmf.Base base(OnlineInmf.Result made) {
    return new OnlineInmf.Base(made.features(), made.w(), made.sets());
  }

  private static double last(double[] of) {
    return of[of.length - 1];
  }

  /** The objective by its definition. */
  private static double objective(
      Matrix x, Categories sets, OnlineInmf.Result made, double lambda) {
    double total = 0;
    int k = made.k();
    for (int s = 0; s < sets.nLevels(); s++) {
      FactorSet set = made.sets().get(s);
      int[] members = sets.members()[s];
      for (int j = 0; j < GENES; j++) {
        double squares = 0;
        for (int i : members) {
          squares += x.get(i, j) * x.get(i, j);
        }
        double scale = ScaledPart.factor(squares, members.length);
        for (int i : members) {
          double shared = 0;
          double own = 0;
          for (int f = 0; f < k; f++) {
            shared += made.h()[i * k + f] * made.w()[j * k + f];
            own += made.h()[i * k + f] * set.v()[j * k + f];
          }
          double rest = x.get(i, j) * scale - shared - own;
          total += rest * rest + lambda * own * own;
        }
      }
    }
    return total;
  }

  @Test
  void theObjectiveIsWhatItIsByDefinitionAndFallsFromTheFirstEpochOn() {
    Seeds.forEach(
        20,
        seed -> {
          var x = cells(300, 2, seed);
          var sets = sets(300, "a", "b");
          var made = run(input(x, sets, null), four().seed(seed).build());
          assertThat(made.objective()).hasSize(9);
          assertThat(last(made.objective()))
              .isCloseTo(objective(x, sets, made, 1), within(1e-8 * last(made.objective())));
          for (int e = 1; e < made.objective().length; e++) {
            assertThat(made.objective()[e])
                .isLessThanOrEqualTo(made.objective()[e - 1] * (1 + 1e-12));
          }
          assertThat(Arrays.stream(made.h()).min().orElseThrow()).isNotNegative();
          assertThat(Arrays.stream(made.w()).min().orElseThrow()).isNotNegative();
        });
  }

  @Test
  void comesNearToAllCellsAtOnce() {
    Seeds.forEach(
        10,
        seed -> {
          var x = cells(300, 2, seed);
          var sets = sets(300, "a", "b");
          var online = run(input(x, sets, null), four().nEpochs(20).nHals(3).seed(seed).build());
          var block = new FeatureBlock("X", x, genes(), null);
          var whole =
              Uinmf.run(
                  new IntegrationInput(List.of(block), List.of(sets), List.of()),
                  Uinmf.Params.builder().k(4).lambda(1).nStarts(3).maxIter(100).seed(seed).build(),
                  Progress.NONE);
          assertThat(last(online.objective())).isLessThan(1.05 * last(whole.objective()));
        });
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    var x = cells(700, 2, 1);
    var sets = sets(700, "a", "b");
    var params = four().nEpochs(3).build();
    var one = Seeds.withThreads(1, () -> run(input(x, sets, null), params));
    for (int threads : new int[] {2, 7}) {
      var many = Seeds.withThreads(threads, () -> run(input(x.toCsr(), sets, null), params));
      assertThat(many.h()).isEqualTo(one.h());
      assertThat(many.w()).isEqualTo(one.w());
      assertThat(many.objective()).isEqualTo(one.objective());
    }
  }

  @Test
  void noMoreThanAMinibatchIsRead() {
    var x = cells(700, 2, 1);
    List<Integer> read = new ArrayList<>();
    var sets = sets(700, "a", "b");
    var counting =
        new OnlineInmf.Input(
            at -> {
              read.add(at.length);
              assertThat(at).isSorted();
              return x.takeRows(at);
            },
            genes(),
            sets,
            null);
    run(counting, four().nEpochs(2).minibatchSize(200).build());
    assertThat(read).allMatch(n -> n <= 200 + OnlineModel.CHUNK);
    // once for the scale, once an epoch, once in the end, and k cells of every set to start from
    assertThat(read.stream().mapToInt(n -> n).sum()).isEqualTo(4 * 1400 + 2 * 4);
  }

  @Test
  void setsAreAddedWithoutTheOldCells() {
    var x = cells(300, 3, 4);
    int[] first = IntStream.range(0, 600).toArray();
    var learnt = run(input(x.takeRows(first), sets(300, "a", "b"), null), four().build());
    double[] before = learnt.w().clone();
    double[] hh = learnt.sets().get(0).hh()[0].clone();
    int[] rest = IntStream.range(600, 900).toArray();
    var more = run(input(x.takeRows(rest), sets(300, "c"), base(learnt)), four().build());
    assertThat(learnt.w()).isEqualTo(before);
    assertThat(learnt.sets().get(0).hh()[0]).isEqualTo(hh);
    assertThat(more.sets()).extracting(FactorSet::name).containsExactly("a", "b", "c");
    assertThat(more.h()).hasSize(1200);
    // old cells beside the new ones are not learnt from again, but get mixtures of the new factors
    var whole = run(input(x, sets(300, "a", "b", "c"), base(learnt)), four().build());
    assertThat(whole.w()).isEqualTo(more.w());
    assertThat(Arrays.copyOfRange(whole.h(), 2400, 3600)).isEqualTo(more.h());
    double fresh =
        last(run(input(x, sets(300, "a", "b", "c"), null), four().nEpochs(20).build()).objective());
    assertThat(objective(x, sets(300, "a", "b", "c"), whole, 1)).isLessThan(1.1 * fresh);
  }

  @Test
  void aProjectionLeavesTheFactorsAsTheyAre() {
    var x = cells(300, 2, 5);
    int[] first = IntStream.range(0, 300).toArray();
    int[] rest = IntStream.range(300, 600).toArray();
    var learnt = run(input(x.takeRows(first), sets(300, "a"), null), four().build());
    var made =
        run(input(x.takeRows(rest), sets(300, "b"), base(learnt)), four().project(true).build());
    assertThat(made.w()).isEqualTo(learnt.w());
    assertThat(made.sets()).extracting(FactorSet::name).containsExactly("a");
    assertThat(made.objective()).hasSize(1);
    var own = new FactorSet("b", 300, new double[GENES * 4], null, null, 0);
    var alone =
        new OnlineInmf.Result(4, made.h(), genes(), made.w(), List.of(own), made.objective());
    double residual = objective(x.takeRows(rest), sets(300, "b"), alone, 0);
    assertThat(made.objective()[0]).isCloseTo(residual, within(1e-8 * residual));
  }

  // messages --------------------------------------------------------------------------------------

  private static void refused(OnlineInmf.Input input, OnlineInmf.Params params, String... said) {
    assertThatThrownBy(() -> run(input, params))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  @Test
  void messages() {
    var x = cells(20, 2, 1);
    var sets = sets(20, "a", "b");
    refused(input(x, sets, null), four().k(21).build(), "'a'", "20 cells", "k = 20 or less");
    refused(input(x, sets, null), four().project(true).build(), "give base");
    var learnt = base(run(input(x, sets, null), four().build()));
    refused(input(x, sets, learnt), four().build(), "all sets of set already, [a, b]");
    assertThatThrownBy(() -> run(input(x, sets, learnt), four().k(3).project(true).build()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("Pass k = 4");
    var other = new OnlineInmf.Base(new String[] {"g1"}, new double[4], List.of());
    refused(input(x, sets, other), four().build(), "features of base", "got 40 for 1");
    x.set(33, 2, -1);
    refused(input(x, sets, null), four().build(), "-1.0", "in row 33, column 2");
    x.set(33, 2, Double.NaN);
    refused(input(x, sets, null), four().build(), "onlineInmf", "X[33, 2] is NaN");
    assertThatThrownBy(() -> four().minibatchSize(0).build()).hasMessageContaining("minibatchSize");
    assertThatThrownBy(() -> four().nEpochs(0).build()).hasMessageContaining("nEpochs");
    assertThatThrownBy(() -> four().nHals(0).build()).hasMessageContaining("nHals");
    assertThatThrownBy(() -> four().k(0).build()).hasMessageContaining("k must be positive");
    assertThatThrownBy(() -> four().lambda(-1).build()).hasMessageContaining("lambda");
  }
}
