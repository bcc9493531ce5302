package org.cellweave.clonal.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.clonal.prediction.BoostedTrees.Model;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.NumericCovariate;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.RefusedValueException;
import org.junit.jupiter.api.Test;

class BoostedTreesTest {
  private static final int CLONES = 120;

  private static BoostedTrees.Params.Builder few(Model model) {
    return BoostedTrees.Params.builder().model(model).nTrees(25).maxDepth(4);
  }

  private static BoostedTrees.Input input(
      Matrix x, DenseMatrix y, boolean[] validation, Covariate... covariates) {
    return new BoostedTrees.Input(
        new FeatureTable(x, List.of(covariates)), y, y, "obsm['p']", validation);
  }

  private static boolean[] everyThird(int n) {
    boolean[] held = new boolean[n];
    for (int i = 0; i < n; i += 3) {
      held[i] = true;
    }
    return held;
  }

  /** Shares of three fates that depend on the first genes. */
  private static DenseMatrix shares(Matrix x, long seed) {
    var random = new SplittableRandom(seed);
    double[][] rows = new double[x.nRows()][3];
    for (int i = 0; i < rows.length; i++) {
      double total = 0;
      for (int r = 0; r < 3; r++) {
        rows[i][r] = Math.exp(0.3 * x.get(i, r)) + random.nextDouble();
        total += rows[i][r];
      }
      for (int r = 0; r < 3; r++) {
        rows[i][r] /= total;
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  @Test
  void aStumpGivesGroupMeansAndTheirDifferenceIsTheFeatures() {
    double[][] x = new double[12][2];
    double[][] y = new double[12][1];
    for (int i = 0; i < 12; i++) {
      x[i][0] = i % 2;
      x[i][1] = 1;
      y[i][0] = i % 2 == 1 ? 5 : 2;
    }
    var params =
        BoostedTrees.Params.builder()
            .nTrees(1)
            .maxDepth(1)
            .learningRate(1)
            .ridge(0)
            .rowShare(1)
            .build();
    boolean[] held = new boolean[12];
    held[0] = held[1] = held[2] = held[3] = true;
    var result =
        BoostedTrees.run(input(DenseMatrix.ofRows(x), DenseMatrix.ofRows(y), held), params);
    assertThat(result.predictions().get(0, 0)).isCloseTo(2, within(1e-6));
    assertThat(result.predictions().get(1, 0)).isCloseTo(5, within(1e-6));
    assertThat(result.bias()[0]).isCloseTo(3.5, within(1e-6));
    assertThat(result.shap().get(0).get(0, 0)).isCloseTo(-1.5, within(1e-6));
    assertThat(result.shap().get(0).get(1, 0)).isCloseTo(1.5, within(1e-6));
    assertThat(result.shap().get(0).get(1, 1)).isZero();
    assertThat(result.trainLoss()).containsExactly(new double[] {0}, within(1e-6));
    assertThat(result.stopped()).isFalse();
  }

  @Test
  void contributionsAddUpAndThreadsDoNotMatter() {
    Seeds.forEach(
        8,
        seed -> {
          var x = Seeds.counts(CLONES, 40, 0.4, seed);
          var batch = Categories.of("batch", Seeds.permutation(CLONES, seed));
          var age = new NumericCovariate("age", x.toDense().column(0));
          var input = input(x, shares(x, seed), everyThird(CLONES), batch, age);
          for (Model model : Model.values()) {
            var params = few(model).seed(seed).build();
            var one = Seeds.withThreads(1, () -> BoostedTrees.run(input, params));
            for (int r = 0; r < 3; r++) {
              double[] sums = one.shap().get(r).rowSums();
              for (int i = 0; i < CLONES; i++) {
                assertThat(sums[i] + one.bias()[r])
                    .isCloseTo(one.margins().get(i, r), within(Tolerance.F32));
              }
            }
            for (int threads : new int[] {2, 4}) {
              var more = Seeds.withThreads(threads, () -> BoostedTrees.run(input, params));
              assertThat(Arrays.equals(more.margins().doubleData(), one.margins().doubleData()))
                  .isTrue();
              assertThat(more.validationLoss()).isEqualTo(one.validationLoss());
              for (int r = 0; r < 3; r++) {
                assertThat(more.shap().get(r).toDense().floatData())
                    .isEqualTo(one.shap().get(r).toDense().floatData());
              }
            }
          }
        });
  }

  @Test
  void storageAndTheOrderOfResponsesDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Seeds.counts(CLONES, 15, 0.4, seed);
          var y = shares(x, seed);
          for (Model model : Model.values()) {
            var params = few(model).rowShare(1).build();
            var plain = BoostedTrees.run(input(x, y, everyThird(CLONES)), params);
            var dense = BoostedTrees.run(input(x.toDense(), y, everyThird(CLONES)), params);
            assertThat(dense.margins().doubleData()).isEqualTo(plain.margins().doubleData());
            var swapped = y.takeCols(new int[] {2, 0, 1});
            var other = BoostedTrees.run(input(x, swapped, everyThird(CLONES)), params);
            for (int i = 0; i < CLONES; i++) {
              assertThat(other.predictions().get(i, 0))
                  .isCloseTo(plain.predictions().get(i, 2), within(Tolerance.F32));
            }
          }
        });
  }

  @Test
  void chancesAddUpToOneAndBeatAGuess() {
    var x = Seeds.counts(300, 15, 0.4, 3);
    var input = input(x, shares(x, 3), everyThird(300));
    var result =
        BoostedTrees.run(
            input, BoostedTrees.Params.builder().model(Model.CLASSIFIER).nTrees(300).build());
    for (int i = 0; i < 300; i++) {
      double sum = 0;
      for (int r = 0; r < 3; r++) {
        sum += result.predictions().get(i, r);
      }
      assertThat(sum).isCloseTo(1, within(Tolerance.EXACT));
    }
    double lowest = result.validationLoss()[result.nTrees() - 1];
    assertThat(lowest).isLessThan(Math.log(3));
    assertThat(Arrays.stream(result.validationLoss()).min()).hasValue(lowest);
  }

  @Test
  void growthEndsWhenValidationClonesGainNoMore() {
    var x = Seeds.counts(90, 10, 0.5, 1);
    var noise = shares(Seeds.counts(90, 10, 0.5, 2), 9);
    var params = BoostedTrees.Params.builder().nTrees(500).earlyStoppingRounds(10).build();
    var result = BoostedTrees.run(input(x, noise, everyThird(90)), params);
    assertThat(result.stopped()).isTrue();
    assertThat(result.validationLoss()).hasSize(result.nTrees() + 10);
    assertThat(result.trainLoss()).hasSameSizeAs(result.validationLoss());
    assertThat(result.trainLoss()[result.nTrees() + 9]).isLessThan(result.trainLoss()[0]);
  }

  @Test
  void labelsAreSplitByNameNotByCode() {
    // only the middle code of five differs, which a split by order needs two cuts for
    int n = 100;
    int[] codes = new int[n];
    double[][] y = new double[n][1];
    double[][] x = new double[n][1];
    for (int i = 0; i < n; i++) {
      codes[i] = i % 5;
      y[i][0] = codes[i] == 2 ? 10 : 1;
      x[i][0] = i % 7;
    }
    var params =
        BoostedTrees.Params.builder().nTrees(1).maxDepth(1).learningRate(1).ridge(0).rowShare(1);
    var input =
        input(
            DenseMatrix.ofRows(x),
            DenseMatrix.ofRows(y),
            everyThird(n),
            Categories.of("obs['layer']", codes));
    var result = BoostedTrees.run(input, params.build());
    for (int i = 0; i < n; i++) {
      assertThat(result.predictions().get(i, 0)).isCloseTo(y[i][0], within(1e-4));
    }
  }

  @Test
  void smallFatesAreLeftOut() {
    var x = Seeds.counts(60, 10, 0.5, 1);
    var y = shares(x, 1);
    for (int i = 0; i < 60; i++) {
      // among validation clones only two are not zero
      y.set(i, 1, i == 0 || i == 3 || i == 1 || i == 2 || i == 4 ? 0.5 : 0);
    }
    var result = BoostedTrees.run(input(x, y, everyThird(60)), few(Model.REGRESSOR).build());
    assertThat(result.responses()).containsExactly(0, 2);
    assertThat(result.predictions().nCols()).isEqualTo(2);
    var all = few(Model.REGRESSOR).minSize(2).build();
    assertThat(BoostedTrees.run(input(x, y, everyThird(60)), all).responses()).hasSize(3);
  }

  @Test
  void summary() {
    double[][] values = {{1, 3, 0}, {2, 3, 5}, {4, 3, 1}};
    var table =
        new FeatureTable(
            DenseMatrix.ofRows(values),
            List.of(new NumericCovariate("age", 3, 2, 1), Categories.of("batch", 0, 1, 0)));
    CsrMatrix first =
        DenseMatrix.ofRows(new double[][] {{3, 1, 0, 2, 1}, {2, 1, 0, 1, 0}, {0, 1, 0, 0, 1}})
            .toFloat32()
            .toCsr();
    CsrMatrix second =
        DenseMatrix.ofRows(new double[][] {{4, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {-1, 0, 0, 0, 0}})
            .toFloat32()
            .toCsr();
    var summary = ShapSummary.of(table, List.of(first, second));
    assertThat(summary.features()).containsExactly(0, 1, 3, 4);
    assertThat(summary.norms().get(0, 0)).isEqualTo(5);
    assertThat(summary.norms().get(2, 0)).isEqualTo(1);
    assertThat(summary.layers().get(1).get(2, 0)).isEqualTo(-1);
    assertThat(summary.meanShap().get(0, 0)).isCloseTo(5 / 3.0, within(1e-12));
    assertThat(summary.meanShap().get(0, 1)).isCloseTo(5 / 3.0, within(1e-12));
    assertThat(summary.correlation().get(0, 0)).isCloseTo(-1, within(1e-12));
    assertThat(summary.correlation().get(1, 0)).isNaN();
    assertThat(summary.correlation().get(2, 0)).isCloseTo(1, within(1e-12));
    assertThat(summary.correlation().get(3, 0)).isNaN();
  }

  @Test
  void whatIsWrongIsNamed() {
    var x = Seeds.counts(30, 5, 0.5, 1);
    var y = shares(x, 1);
    boolean[] held = everyThird(30);
    assertThatThrownBy(() -> input(x, y, new boolean[30]))
        .hasMessage(
            "boostedTrees needs clones for training and for validation, got 30 and 0. Draw a"
                + " validation set with c2v.utils.gs(), or name another one");
    assertThatThrownBy(() -> input(x, y, new boolean[3]))
        .hasMessageContaining("validation has length 3, but the number of clones is 30");
    assertThatThrownBy(() -> input(x, y, held, Categories.of("batch", 0)))
        .hasMessageContaining("batch has length 1, but the number of clones is 30");
    var broken = y.copy();
    broken.set(2, 1, Double.NaN);
    assertThatThrownBy(() -> input(x, broken, held)).hasMessageContaining("obsm['p'][2, 1] is NaN");
    var dense = x.toDense();
    dense.set(4, 0, Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> input(dense, y, held)).hasMessageContaining("X[4, 0] is Infinity");
    var large = few(Model.REGRESSOR).minSize(11).build();
    assertThatThrownBy(() -> BoostedTrees.run(input(x, y, held), large))
        .hasMessage(
            "minSize must be at most 10, the clones of the best of 3 columns of obsm['p'] in"
                + " training or validation, got 11");
    var zero = DenseMatrix.zeros(30, 3, DType.FLOAT64);
    assertThatThrownBy(() -> BoostedTrees.run(input(x, zero, held), large))
        .hasMessage(
            "obsm['p'] is zero for all 30 clones, which leaves nothing to foretell. Take a response"
                + " that more clones have, or another validation set, as c2v.utils.gs() draws one");
    zero.set(3, 0, 1);
    zero.set(4, 1, 1);
    assertThatThrownBy(() -> BoostedTrees.run(input(x, zero, held), large))
        .as("one fate of a validation clone, the other of a training clone")
        .hasMessageContaining(
            "obsm['p'] has no column that is other than zero both for a training and a validation"
                + " clone");
    var classifier = few(Model.CLASSIFIER).build();
    var negative = y.copy();
    negative.set(5, 2, -0.1);
    assertThatThrownBy(() -> BoostedTrees.run(input(x, negative, held), classifier))
        .hasMessageContaining("model = 'classifier' needs shares or counts of fates, but")
        .isInstanceOf(RefusedValueException.class)
        .hasMessageContaining("obsm['p'] has -0.1 in row 5, column 2");
    assertThatThrownBy(
            () -> BoostedTrees.run(input(x, y.takeCols(new int[] {0}), held), classifier))
        .hasMessageContaining("model = 'classifier' needs at least two fates, got 1 of obsm['p']");
    assertThatThrownBy(() -> few(Model.REGRESSOR).learningRate(0).build())
        .hasMessage("learningRate must be positive, got 0.0");
    assertThatThrownBy(() -> few(Model.REGRESSOR).rowShare(1.5).build())
        .hasMessageContaining("rowShare must lie in [0.0, 1.0]");
  }
}
