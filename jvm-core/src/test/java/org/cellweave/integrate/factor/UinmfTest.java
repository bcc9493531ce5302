package org.cellweave.integrate.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class UinmfTest {
  private static final int K = 20;

  private static MosaicPart part(String name, int[] own) {
    DenseMatrix x;
    try (var file = H5Reference.of(SharedData.require("data/mosaic/inmf_" + name + ".h5"))) {
      x = file.dense("scaleData");
    }
    int[] columns = IntStream.concat(IntStream.range(0, x.nCols()), Arrays.stream(own)).toArray();
    String[] features = new String[columns.length];
    Arrays.setAll(features, j -> (j < x.nCols() ? "g" : name) + columns[j]);
    int[] cells = IntStream.range(0, x.nRows()).toArray();
    return new MosaicPart(name, cells, x.takeCols(columns), features);
  }

  private static ScaledPart values(MosaicPart part, int nOwn) {
    int p = part.features().length - nOwn;
    return ScaledPart.of(
        part, IntStream.range(0, p).toArray(), IntStream.range(p, p + nOwn).toArray(), false);
  }

  /** The updates from a start without random numbers, computed apart by Lawson and Hanson. */
  @Test
  void theObjectiveFallsAsAnIndependentProgramHasIt() {
    var ctrl = values(part("ctrl", IntStream.range(0, 10).toArray()), 10);
    var stim = values(part("stim", IntStream.range(10, 30).toArray()), 20);
    double[] w = new double[173 * K];
    for (int j = 0; j < 173; j++) {
      for (int f = 0; f < K; f++) {
        w[j * K + f] = (7 * j + 13 * f) % 20 / 10.0;
      }
    }
    List<double[]> v = new ArrayList<>();
    List<double[]> u = new ArrayList<>();
    for (var x : List.of(ctrl, stim)) {
      v.add(new double[173 * K]);
      u.add(new double[x.nOwn() * K]);
      FactorModel.startFrom(
          x, IntStream.range(0, K).toArray(), K, v.get(v.size() - 1), u.get(u.size() - 1));
    }
    var params = Uinmf.Params.builder().tol(0).build();
    var model = new FactorModel(List.of(ctrl, stim), params, w, v, u);
    model.run(Progress.NONE, 0);
    double[] trace = model.trace();
    assertThat(trace[0]).isCloseTo(64391.425064, within(64391 * 1e-8));
    assertThat(trace[1]).isCloseTo(50998.358005, within(50998 * 1e-8));
    assertThat(trace[2]).isCloseTo(47528.938290, within(47528 * 1e-8));
    assertThat(trace[4]).isCloseTo(45683.211315, within(45683 * 1e-5));
    assertThat(trace[9]).isCloseTo(44509.685648, within(44509 * 1e-5));
    assertThat(trace[19]).isCloseTo(44171.992434, within(44171 * 1e-5));
    assertThat(trace[29]).isCloseTo(44104.550449, within(44104 * 1e-5));
    double[][] sums = {
      {8971.436201, Arrays.stream(model.w()).sum()},
      {54.058638, Arrays.stream(model.h(0)).sum()},
      {58.855914, Arrays.stream(model.h(1)).sum()},
      {164.652833, Arrays.stream(model.learnt(0, "").v()).sum()},
      {158.912148, Arrays.stream(model.learnt(1, "").v()).sum()},
      {85.770093, Arrays.stream(model.u(0)).sum()},
      {178.673145, Arrays.stream(model.u(1)).sum()}
    };
    for (double[] pair : sums) {
      assertThat(pair[1]).isCloseTo(pair[0], within(pair[0] * 1e-3));
    }
  }

  // simulated programmes -------------------------------------------------------------------------

  /** Two sets of cells that mix the same three programmes; set b has features of its own. */
  private static IntegrationInput programmes(int n, long seed, boolean sparse) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[2 * n][24];
    double[][] y = new double[n][9];
    for (int i = 0; i < 2 * n; i++) {
      int programme = i % 3;
      for (int j = 0; j < 24; j++) {
        double weight = j % 3 == programme ? 4 : 0;
        x[i][j] = random.nextDouble() < 0.2 ? 0 : weight + 0.5 * random.nextDouble();
      }
      for (int j = 0; i >= n && j < 9; j++) {
        y[i - n][j] = j / 3 == programme ? 3 + random.nextDouble() : 0;
      }
    }
    Matrix shared = DenseMatrix.ofRows(x);
    Matrix own = DenseMatrix.ofRows(y);
    var blocks =
        List.of(
            new FeatureBlock("rna", sparse ? shared.toCsr() : shared, names("g", 24), null),
            new FeatureBlock(
                "peaks",
                sparse ? own.toCsr() : own,
                names("p", 9),
                IntStream.range(n, 2 * n).toArray()));
    int[] codes = IntStream.range(0, 2 * n).map(i -> i / n).toArray();
    return new IntegrationInput(
        blocks, List.of(new Categories("batch", codes, new String[] {"a", "b"})), List.of());
  }

  private static String[] names(String prefix, int n) {
    String[] out = new String[n];
    Arrays.setAll(out, j -> prefix + j);
    return out;
  }

  private static Uinmf.Params.Builder three() {
    return Uinmf.Params.builder().k(3).lambda(1).nStarts(3).maxIter(200).tol(1e-6);
  }

  @Test
  void programmesAreFoundAgain() {
    Seeds.forEach(
        10,
        seed -> {
          var made =
              Uinmf.run(programmes(60, seed, false), three().seed(seed).build(), Progress.NONE);
          assertThat(made.converged()).isTrue();
          for (int i = 0; i < 120; i++) {
            int like = i % 3;
            assertThat(strongest(made, i)).isEqualTo(strongest(made, like));
          }
          assertThat(List.of(strongest(made, 0), strongest(made, 1), strongest(made, 2)))
              .doesNotHaveDuplicates();
        });
  }

  /**
   * Factors are as large as their weights are small: each is measured by its own root mean square.
   */
  private static int strongest(Uinmf.Result made, int cell) {
    int k = made.k();
    double[] squares = new double[k];
    for (int c = 0; c < made.h().length; c++) {
      squares[c % k] += made.h()[c] * made.h()[c];
    }
    return IntStream.range(0, k)
        .boxed()
        .max(Comparator.comparingDouble(f -> made.h()[cell * k + f] / Math.sqrt(squares[f])))
        .orElseThrow();
  }

  @Test
  void theObjectiveNeverRisesAndNothingIsNegative() {
    Seeds.forEach(
        20,
        seed -> {
          var params = three().tol(0).maxIter(15).nStarts(1).seed(seed).build();
          var made = Uinmf.run(programmes(40, seed, false), params, Progress.NONE);
          for (int s = 1; s < made.objective().length; s++) {
            assertThat(made.objective()[s])
                .isLessThanOrEqualTo(made.objective()[s - 1] * (1 + 1e-12));
          }
          assertThat(Arrays.stream(made.h()).min().orElseThrow()).isNotNegative();
          assertThat(Arrays.stream(made.w()).min().orElseThrow()).isNotNegative();
          assertThat(made.parts().get(0).features()).isEmpty();
          assertThat(made.parts().get(1).features()).hasSize(9);
        });
  }

  @Test
  void sparseIsAsDenseAndThreadsDoNotMatter() {
    var params = three().tol(0).maxIter(5).build();
    double[] dense = Uinmf.run(programmes(400, 2, false), params, Progress.NONE).h();
    for (int threads : new int[] {1, 2, 7}) {
      double[] sparse =
          Seeds.withThreads(
              threads, () -> Uinmf.run(programmes(400, 2, true), params, Progress.NONE).h());
      assertThat(sparse).isEqualTo(dense);
    }
  }

  @Test
  void ofSeveralStartsTheBestIsKept() {
    var input = programmes(40, 3, false);
    double one =
        last(Uinmf.run(input, three().nStarts(1).maxIter(3).build(), Progress.NONE).objective());
    double five =
        last(Uinmf.run(input, three().nStarts(5).maxIter(3).build(), Progress.NONE).objective());
    assertThat(five).isLessThanOrEqualTo(one);
  }

  private static double last(double[] of) {
    return of[of.length - 1];
  }

  // messages --------------------------------------------------------------------------------------

  private static void refused(IntegrationInput input, Uinmf.Params params, String... parts) {
    assertThatThrownBy(() -> Uinmf.run(input, params, Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void negativeValuesAreNamed() {
    double[][] rows = new double[8][4];
    Arrays.stream(rows).forEach(row -> Arrays.fill(row, 1));
    rows[5][2] = -0.5;
    var block = new FeatureBlock("rna", DenseMatrix.ofRows(rows), names("g", 4), null);
    var batch = Categories.of("batch", 0, 0, 0, 0, 1, 1, 1, 1);
    refused(
        new IntegrationInput(List.of(block), List.of(batch), List.of()),
        three().build(),
        "-0.5",
        "g2",
        "cell 5");
  }

  @Test
  void moreFactorsThanCellsAreRefused() {
    refused(programmes(10, 1, false), three().k(11).build(), "'a'", "10 cells", "k = 10 or less");
  }

  @Test
  void setsWithoutSharedFeaturesAreNamed() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {2, 1}, {1, 1}});
    var blocks =
        List.of(
            new FeatureBlock("rna", x, names("g", 2), new int[] {0, 1, 2}),
            new FeatureBlock("adt", x, names("g", 2), new int[] {3, 4, 5}));
    var batch = new Categories("batch", new int[] {0, 0, 0, 1, 1, 1}, new String[] {"a", "b"});
    refused(
        new IntegrationInput(blocks, List.of(batch), List.of()),
        three().build(),
        "[a, b] have none in common");
  }
}
