package org.cellweave.neural.scmodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScmodalTest {
  private static final int TYPES = 3;

  /** Of cells, over and over: types of unlike size, or any type could take another's place. */
  private static final int[] TYPE = {0, 0, 0, 0, 1, 1, 2};

  private static int type(int cell) {
    return TYPE[cell % TYPE.length];
  }

  /** Cells of three types; the first features go up and down together in all sets. */
  private static DenseMatrix cells(int n, int features, long seed) {
    var random = new SplittableRandom(seed);
    var out = DenseMatrix.zeros(n, features, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < features; j++) {
        double level = j % TYPES == type(i) ? 3 : 0.3;
        double v = level * random.nextDouble() - 0.1;
        out.set(i, j, Math.max(0, v));
      }
    }
    return out;
  }

  private static final int[] LINKED = {0, 1, 2, 3, 4, 5};

  private static Scmodal.Input input(Matrix... sets) {
    List<Scmodal.DataSet> all = new ArrayList<>();
    List<Scmodal.Links> links = new ArrayList<>();
    for (int s = 0; s < sets.length; s++) {
      all.add(new Scmodal.DataSet("set" + s, sets[s]));
      if (s > 0) {
        links.add(new Scmodal.Links(sets[s - 1].takeCols(LINKED), sets[s].takeCols(LINKED)));
      }
    }
    return new Scmodal.Input(all, links);
  }

  private static Scmodal.Params.Builder small() {
    return Scmodal.Params.builder()
        .batchSize(40)
        .trainingSteps(5)
        .nLatent(4)
        .nHidden(32)
        .nNeighbors(5);
  }

  private static float[] bits(Scmodal.Result result) {
    float[] first = result.latent().get(0).floatData();
    float[] second = result.latent().get(1).floatData();
    float[] out = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, out, first.length, second.length);
    return out;
  }

  @Test
  void sameBitsForAnyThreadsAndStorage() {
    var x = cells(150, 20, 1);
    var y = cells(120, 300, 2);
    var params = small().batchSize(130).nHidden(300).build();
    float[] one = Seeds.withThreads(1, () -> bits(Scmodal.run(input(x, y), params)));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> bits(Scmodal.run(input(x, y), params))))
          .isEqualTo(one);
    }
    assertThat(bits(Scmodal.run(input(x.toCsr(), y.toCsr()), params))).isEqualTo(one);
    assertThat(bits(Scmodal.run(input(x, y), small().seed(1).build()))).isNotEqualTo(one);
  }

  @Test
  void typesMeetInAChainOfThree() {
    var sets = new Matrix[] {cells(150, 12, 3), cells(120, 9, 4), cells(90, 15, 5)};
    var wide = small().batchSize(120).nLatent(20).nHidden(128);
    var params = wide.lambdaMnn(10).trainingSteps(600).build();
    var result = Scmodal.run(input(sets), params);
    for (int s = 1; s < sets.length; s++) {
      assertThat(agreement(result.latent().get(0), result.latent().get(s))).isGreaterThan(0.9);
    }
    double[] before = result.losses().reconstruction();
    assertThat(before[599]).isLessThan(before[0] / 3);
    assertThat(result.losses().byName().keySet())
        .containsExactly("d", "gan", "ae", "la", "mnn", "geo");
    assertThat(result.losses().geometry()[599]).isBetween(-3 * 0.976, -1.5);
  }

  /** Share of cells whose nearest cell of the other set is of their type. */
  private static double agreement(DenseMatrix a, DenseMatrix b) {
    int met = 0;
    double[] row = new double[a.nCols()];
    double[] other = new double[a.nCols()];
    for (int i = 0; i < a.nRows(); i++) {
      a.readRow(i, row);
      int nearest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < b.nRows(); j++) {
        b.readRow(j, other);
        double sum = 0;
        for (int d = 0; d < row.length; d++) {
          sum += (row[d] - other[d]) * (row[d] - other[d]);
        }
        if (sum < least) {
          least = sum;
          nearest = j;
        }
      }
      met += type(nearest) == type(i) ? 1 : 0;
    }
    return met / (double) a.nRows();
  }

  @Test
  void imputesBothWaysInBothScales() {
    var x = cells(150, 12, 3);
    var y = cells(120, 9, 4);
    var model = Scmodal.run(input(x, y), small().trainingSteps(300).build()).model();
    var log = model.imputed("set0", x, "set1", ScmodalModel.Scale.LOG);
    assertThat(log.nRows()).isEqualTo(150);
    assertThat(log.nCols()).isEqualTo(9);
    // a cell of type 0 has much of features 0, 3 and 6
    assertThat(mean(log, 0, 0)).isGreaterThan(mean(log, 1, 0) + 0.5);
    assertThat(mean(log, 1, 1)).isGreaterThan(mean(log, 0, 1) + 0.5);
    var scaled = model.imputed("set0", x, "set1", ScmodalModel.Scale.SCALED);
    var moments = y.colMoments(1);
    assertThat(scaled.get(7, 2) * Math.sqrt(moments.variance()[2]) + moments.mean()[2])
        .isCloseTo(log.get(7, 2), within(1e-4));
    assertThat(model.imputed("set1", y, "set0", ScmodalModel.Scale.LOG).nCols()).isEqualTo(12);
    assertThat(model.imputed("set1", y, "set1", ScmodalModel.Scale.LOG).nCols()).isEqualTo(9);
  }

  private static double mean(DenseMatrix x, int type, int feature) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < x.nRows(); i++) {
      sum += type(i) == type ? x.get(i, feature) : 0;
      n += type(i) == type ? 1 : 0;
    }
    return sum / n;
  }

  @Test
  void termsMayBeLeftOutAndFeaturesMayBeConstant() {
    var x = cells(60, 12, 3);
    var y = cells(60, 9, 4);
    for (int i = 0; i < 60; i++) {
      x.set(i, 7, 0.1);
    }
    var params = small().lambdaGan(0).lambdaGeo(0).lambdaLa(0).lambdaMnn(0).scale(false).build();
    var result = Scmodal.run(input(x, y), params);
    assertThat(result.losses().discriminator()).containsOnly(0);
    assertThat(result.losses().reconstruction()[0]).isPositive();
    var scaled = Scmodal.run(input(x, y), small().build());
    for (float v : bits(scaled)) {
      assertThat(v).isBetween(-1e3f, 1e3f);
    }
    assertThatThrownBy(() -> result.model().imputed("set0", x, "set1", ScmodalModel.Scale.LOG))
        .hasMessageContaining("trained with scale = false");
  }

  @Test
  void progressToldAndTrainingStopped() {
    var in = input(cells(60, 12, 3), cells(60, 9, 4));
    int[] told = {0};
    double[] last = {0};
    Progress progress =
        (stage, step, total, objective) -> {
          told[0] = step;
          last[0] = objective;
          assertThat(total).isEqualTo(5);
        };
    var result = Scmodal.run(in, small().build(), progress);
    assertThat(told[0]).isEqualTo(5);
    Losses of = result.losses();
    double expected =
        of.adversarial()[4]
            + 10 * of.reconstruction()[4]
            + 10 * of.cycle()[4]
            + of.neighbors()[4]
            + 10 * of.geometry()[4];
    assertThat(last[0]).isCloseTo(expected, within(1e-6));
    assertThatThrownBy(
            () ->
                Scmodal.run(
                    in,
                    small().build(),
                    (stage, step, total, objective) -> Thread.currentThread().interrupt()))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void networksAreSavedAndLoaded(@TempDir Path folder) throws Exception {
    var x = cells(60, 12, 3);
    var result = Scmodal.run(input(x, cells(60, 9, 4)), small().build());
    Path file = folder.resolve("networks.safetensors");
    result.model().save(file);
    var again = ScmodalModel.load(file);
    assertThat(again.params()).isEqualTo(result.model().params());
    assertThat(again.latent("set0", x).floatData()).isEqualTo(bits(result, 0));
    assertThat(again.features("set1")).isEqualTo(9);

    Map<String, Tensor> tensors = new LinkedHashMap<>(result.model().tensors());
    tensors.remove("decoder.1.1.bias");
    var texts = TensorFile.read(file).metadata();
    new TensorFile(texts, tensors).write(file);
    assertThatThrownBy(() -> ScmodalModel.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is damaged: tensor 'decoder.1.1.bias' expected");
    tensors.put("encoder.0.0.weight", Tensor.row(new float[3]));
    new TensorFile(texts, tensors).write(file);
    assertThatThrownBy(() -> ScmodalModel.load(file))
        .hasMessageContaining("'encoder.0.0.weight' of 384 weights expected, got 3");
    new TensorFile(Map.of(), tensors).write(file);
    assertThatThrownBy(() -> ScmodalModel.load(file))
        .hasMessageContaining("no networks of scmodal");
    new TensorFile(Map.of("format", "cellweave scmodal", "version", "9"), tensors).write(file);
    assertThatThrownBy(() -> ScmodalModel.load(file)).hasMessageContaining("has version 9");
    Files.delete(file);
    assertThatThrownBy(() -> ScmodalModel.load(file)).isInstanceOf(FormatException.class);
  }

  private static float[] bits(Scmodal.Result result, int set) {
    return result.latent().get(set).floatData();
  }

  // messages ------------------------------------------------------------------------------------

  @Test
  void refusesWhatItCannotUse() {
    var x = cells(60, 12, 3);
    var y = cells(60, 9, 4);
    assertThatThrownBy(() -> input(x)).hasMessageContaining("at least two sets of cells, got 1");
    var sets = List.of(new Scmodal.DataSet("a", x), new Scmodal.DataSet("b", y));
    assertThatThrownBy(() -> new Scmodal.Input(sets, List.of()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("links has length 0");
    int[] none = {};
    assertThatThrownBy(
            () ->
                new Scmodal.Input(
                    sets, List.of(new Scmodal.Links(x.takeCols(none), y.takeCols(none)))))
        .hasMessageContaining("'a' and 'b' share no feature; give links between them");
    assertThatThrownBy(() -> new Scmodal.Input(sets, List.of(new Scmodal.Links(x, y))))
        .hasMessageContaining("'a' has 12 linked features and 'b' has 9");
    assertThatThrownBy(
            () ->
                new Scmodal.Input(
                    sets, List.of(new Scmodal.Links(cells(5, 3, 1), y.takeCols(LINKED)))))
        .hasMessageContaining("linked features of 'a' have 5 rows, but it has 60 cells");
    assertThatThrownBy(
            () ->
                new Scmodal.Input(
                    List.of(sets.get(0), sets.get(0)), List.of(new Scmodal.Links(x, x))))
        .hasMessageContaining("two sets are called 'a'");
    assertThatThrownBy(() -> Scmodal.run(input(x, cells(5, 9, 4)), small().build()))
        .hasMessageContaining("got 5, but 'set1' has 5");
    assertThatThrownBy(() -> Scmodal.run(input(x, cells(1, 9, 4)), small().build()))
        .hasMessageContaining("'set1' has 1");
    assertThatThrownBy(() -> small().nNeighbors(41).build())
        .hasMessageContaining("nNeighbors must be at most batchSize, 40");
    y.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> Scmodal.run(input(x, y), small().build()))
        .hasMessageContaining("scmodal needs finite values, but set1[3, 2] is NaN");
  }

  @Test
  void refusesOtherCells() {
    var x = cells(60, 12, 3);
    var model = Scmodal.run(input(x, cells(60, 9, 4)), small().build()).model();
    assertThatThrownBy(() -> model.latent("set1", x))
        .hasMessageContaining("'set1' has 9 features, but the cells have 12");
    assertThatThrownBy(() -> model.latent("set2", x))
        .hasMessageContaining("no set is called 'set2'; there are [set0, set1]");
  }

  @Test
  void saysWhenLossesAreNoNumbers() {
    var x = cells(60, 12, 3);
    for (int i = 0; i < 60; i++) {
      x.set(i, 0, 1e30 * i);
    }
    assertThatThrownBy(() -> Scmodal.run(input(x, cells(60, 9, 4)), small().scale(false).build()))
        .isInstanceOf(ConvergenceException.class)
        .hasMessageContaining("in step 1; lower learningRate");
  }
}
