package org.cellweave.embed.tsne;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.cellweave.embed.Trustworthiness;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.ConvergenceException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TsneTest {
  /** Cells around {@code parts} far corners. */
  private static DenseMatrix corners(int n, int parts, double gap, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 6, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 6; j++) {
        x.set(i, j, (j == i % parts ? gap : 0) + random.nextGaussian());
      }
    }
    return x;
  }

  private static TsneAffinities pairs(DenseMatrix x, double perplexity) {
    int k = (int) (3 * perplexity) + 2;
    var params = NearestNeighbors.Params.builder().nNeighbors(k).build();
    return TsneAffinities.of(NearestNeighbors.run(x, params), perplexity);
  }

  /** Divergence of a layout from the pairs, without any approximation. */
  private static double divergence(TsneAffinities pairs, DenseMatrix layout) {
    double z = 0;
    double sum = 0;
    double total = 0;
    double[][] at = new double[pairs.n][2];
    for (int i = 0; i < pairs.n; i++) {
      layout.readRow(i, at[i]);
    }
    for (int i = 0; i < pairs.n; i++) {
      for (int j = 0; j < i; j++) {
        z += 2 * similarity(at[i], at[j]);
      }
    }
    for (int i = 0; i < pairs.n; i++) {
      for (int e = pairs.starts[i]; e < pairs.starts[i + 1]; e++) {
        double p = pairs.p[e];
        sum += p > 0 ? p * Math.log(p / similarity(at[i], at[pairs.others[e]])) : 0;
        total += p;
      }
    }
    return sum + total * Math.log(z);
  }

  private static double similarity(double[] a, double[] b) {
    double dx = a[0] - b[0];
    double dy = a[1] - b[1];
    return 1 / (1 + dx * dx + dy * dy);
  }

  @Test
  void calibratesToThePerplexity() {
    double[] equal = {4, 4, 4, 4};
    double[] given = new double[4];
    TsneAffinities.calibrate(equal, Math.log(4), given);
    assertThat(given).containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(1e-12));
    // Half and half at distance 0 and the rest far away: perplexity 2.
    TsneAffinities.calibrate(new double[] {0, 0, 1e6, 1e6}, Math.log(2), given);
    assertThat(given).containsExactly(new double[] {0.5, 0.5, 0, 0}, within(1e-4));
    Seeds.forEach(
        50,
        seed -> {
          var random = new SplittableRandom(seed);
          double scale = Math.exp(random.nextDouble(-20, 20));
          double[] d2 = random.doubles(91).map(v -> scale * v).toArray();
          double[] p = new double[91];
          TsneAffinities.calibrate(d2, Math.log(30), p);
          double entropy = 0;
          for (double v : p) {
            entropy -= v > 0 ? v * Math.log(v) : 0;
          }
          assertThat(entropy).isCloseTo(Math.log(30), within(2e-5));
        });
  }

  @Test
  void pairsAreSymmetricAndSumToOne() {
    Seeds.forEach(
        20,
        seed -> {
          var x = corners(80, 3, 4, seed);
          var pairs = pairs(x, 5);
          double total = 0;
          double[][] full = new double[80][80];
          for (int i = 0; i < 80; i++) {
            for (int e = pairs.starts[i]; e < pairs.starts[i + 1]; e++) {
              assertThat(e == pairs.starts[i] || pairs.others[e] > pairs.others[e - 1]).isTrue();
              full[i][pairs.others[e]] = pairs.p[e];
              total += pairs.p[e];
            }
          }
          assertThat(total).isCloseTo(1, within(1e-5));
          for (int i = 0; i < 80; i++) {
            assertThat(full[i][i]).isZero();
            for (int j = 0; j < i; j++) {
              assertThat(full[i][j]).isEqualTo(full[j][i]);
            }
          }
        });
  }

  @Test
  void pushesAsTheSumOverAllPairs() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 700;
          var random = new SplittableRandom(seed);
          double scale = Math.exp(random.nextDouble(-9, 3.5));
          float[] place = new float[2 * n];
          for (int c = 0; c < 2 * n; c++) {
            double centre = random.nextInt(4) * (1 + c % 2);
            place[c] = (float) (scale * (centre + 0.3 * random.nextGaussian()));
          }
          double[] exact = new double[2 * n];
          double z = 0;
          double norm = 0;
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              double dx = place[2 * i] - (double) place[2 * j];
              double dy = place[2 * i + 1] - (double) place[2 * j + 1];
              double w = 1 / (1 + dx * dx + dy * dy);
              z += i == j ? 0 : w;
              exact[2 * i] += w * w * dx;
              exact[2 * i + 1] += w * w * dy;
            }
            norm += exact[2 * i] * exact[2 * i] + exact[2 * i + 1] * exact[2 * i + 1];
          }
          TsneRepulsion[] ways = {
            new BarnesHut(n, 0), new BarnesHut(n, 0.5), new GridRepulsion(n, new BarnesHut(n, 0.5))
          };
          double[] bounds = {1e-5, 0.03, 0.03};
          for (int way = 0; way < ways.length; way++) {
            float[] push = new float[2 * n];
            assertThat(ways[way].push(place, push)).isCloseTo(z, within(bounds[way] * z));
            double error = 0;
            for (int c = 0; c < 2 * n; c++) {
              error += (push[c] - exact[c]) * (push[c] - exact[c]);
            }
            assertThat(Math.sqrt(error / norm))
                .as("%s at scale %s", ways[way].getClass().getSimpleName(), scale)
                .isLessThan(bounds[way]);
          }
        });
  }

  @Test
  void treeKeepsManyCellsAtOnePlace() {
    int n = 500;
    float[] place = new float[2 * n];
    place[0] = 3;
    float[] push = new float[2 * n];
    double z = new BarnesHut(n, 0.5).push(place, push);
    assertThat(z).isCloseTo(499.0 * 498 + 2 * 499 / 10.0, within(0.1));
    assertThat(push[0]).isCloseTo(499 * 3 / 100f, within(1e-3f));
    assertThat(push[2]).isCloseTo(-3 / 100f, within(1e-4f));
  }

  @Test
  void doesNotDependOnThreads() {
    var x = corners(1500, 3, 4, 1);
    for (var method : new Tsne.Method[] {Tsne.Method.BARNES_HUT, Tsne.Method.INTERPOLATION}) {
      var params = Tsne.Params.builder().maxIter(60).method(method).build();
      float[] one = Seeds.withThreads(1, () -> Tsne.run(x, params)).coordinates().floatData();
      for (int threads : new int[] {2, 7}) {
        assertThat(Seeds.withThreads(threads, () -> Tsne.run(x, params)).coordinates().floatData())
            .isEqualTo(one);
      }
    }
  }

  @Test
  void keepsPartsApart() {
    Seeds.forEach(
        20,
        seed -> {
          var x = corners(90, 3, 40, seed);
          var method = seed % 2 == 0 ? Tsne.Method.BARNES_HUT : Tsne.Method.INTERPOLATION;
          var init = seed % 4 < 2 ? Tsne.Init.PCA : Tsne.Init.RANDOM;
          var params =
              Tsne.Params.builder()
                  .seed(seed)
                  .perplexity(8)
                  .learningRate(50)
                  .method(method)
                  .init(init)
                  .build();
          var at = Tsne.run(x, params).coordinates();
          int[] lists =
              NearestNeighbors.run(at, NearestNeighbors.Params.builder().nNeighbors(4).build())
                  .indices();
          int strangers = 0;
          for (int p = 0; p < lists.length; p++) {
            strangers += lists[p] % 3 == p / 4 % 3 ? 0 : 1;
          }
          assertThat(strangers).isLessThan(lists.length / 50);
        });
  }

  @Test
  void sparseCellsGiveTheSameAsDenseOnes() {
    var sparse = Seeds.counts(200, 30, 0.2, 5);
    var params = Tsne.Params.builder().perplexity(10).maxIter(5).build();
    float[] a = Tsne.run(sparse, params).coordinates().floatData();
    float[] b = Tsne.run(sparse.toDense(), params).coordinates().floatData();
    for (int c = 0; c < a.length; c++) {
      assertThat((double) a[c]).isCloseTo(b[c], within(Tolerance.F32 * 1e-3));
    }
  }

  @Test
  void reportsEveryFiftyIterationsWhatItReturns() {
    var x = corners(120, 3, 6, 2);
    var seen = new java.util.ArrayList<Double>();
    var params = Tsne.Params.builder().perplexity(10).maxIter(310).learningRate(50).build();
    var result =
        Tsne.run(
            x,
            params,
            (stage, step, total, kl) -> {
              if (stage.equals("tsne") && !Double.isNaN(kl)) {
                assertThat(step % 50).isZero();
                assertThat(total).isEqualTo(310);
                seen.add(kl);
              }
            });
    assertThat(result.iterations()).isEqualTo(310);
    assertThat(result.objectives()).hasSize(7);
    assertThat(seen).hasSize(6);
    assertThat(result.klDivergence()).isEqualTo(result.objectives()[6]).isLessThan(seen.get(0));
    assertThat(result.klDivergence())
        .isCloseTo(divergence(pairs(x, 10), result.coordinates()), within(0.01));
  }

  @Test
  void canBeInterrupted() {
    var x = corners(100, 3, 6, 2);
    var params = Tsne.Params.builder().perplexity(10).build();
    assertThatThrownBy(
            () ->
                Tsne.run(
                    x,
                    params,
                    (stage, step, total, kl) -> {
                      if (stage.equals("tsne") && step == 20) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void choosesTheMethodByTheNumberOfCells() {
    var params = Tsne.Params.builder().perplexity(3).maxIter(1).build();
    assertThat(Tsne.run(corners(999, 3, 6, 1), params).method()).isEqualTo(Tsne.Method.BARNES_HUT);
    assertThat(Tsne.run(corners(1_000, 3, 6, 1), params).method())
        .isEqualTo(Tsne.Method.INTERPOLATION);
  }

  @EachReference
  void keepsNeighboursAsScikitLearn(H5Reference kang) {
    comparesWithScikitLearn(kang, Tsne.Method.BARNES_HUT);
  }

  @EachReference
  @Tag("slow")
  void keepsNeighboursAsScikitLearnWithInterpolation(H5Reference kang) {
    comparesWithScikitLearn(kang, Tsne.Method.INTERPOLATION);
  }

  /**
   * Five starts of scikit-learn: trustworthiness 0.9541 to 0.9578, overlap 0.3490 to 0.3506. Six of
   * ours: 0.9529 to 0.9565 and 0.3451 to 0.3544 (Barnes-Hut), 0.9538 to 0.9567 and 0.3480 to 0.3516
   * (interpolation). The margins are the ranges of trustworthiness and, ours, of overlap.
   */
  private static void comparesWithScikitLearn(H5Reference kang, Tsne.Method method) {
    try (kang) {
      var x = kang.dense("obsm/X_pca_harmony");
      var theirs = kang.dense("obsm/X_tsne");
      var pairs = pairs(x, 30);
      var ours = Tsne.run(x, Tsne.Params.builder().method(method).build()).coordinates();
      assertThat(Trustworthiness.of(x, ours, 15))
          .isGreaterThan(
              Trustworthiness.of(x, theirs, 15)
                  - kang.overSeeds("tsne_trustworthiness_range", 0.0037));
      assertThat(Trustworthiness.overlap(x, ours, 15))
          .isGreaterThan(
              Trustworthiness.overlap(x, theirs, 15) - kang.overSeeds("tsne_overlap_range", 0.009));
      // of a few hundred cells it hangs on the start
      if (kang.isKang()) {
        assertThat(divergence(pairs, ours)).isLessThan(divergence(pairs, theirs) + 0.02);
      }
    }
  }

  /**
   * All of them stay in one point, which the pairs pull together while the others are driven off.
   */
  @Test
  void manyIdenticalCellsLeaveTheGrid() {
    int n = 1100;
    var random = new java.util.SplittableRandom(1);
    var x = DenseMatrix.zeros(n, 5, DType.FLOAT32);
    for (int i = 700; i < n; i++) {
      for (int j = 0; j < 5; j++) {
        x.set(i, j, random.nextGaussian());
      }
    }
    var params = Tsne.Params.builder().method(Tsne.Method.INTERPOLATION).maxIter(50).build();
    var result = Tsne.run(x, params);
    assertThat(result.method()).isEqualTo(Tsne.Method.BARNES_HUT);
    assertThat(result.klDivergence()).isFinite();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Tsne.Params.builder().nComponents(3).build())
        .hasMessageContaining("nComponents must be 2")
        .hasMessageContaining("got 3");
    assertThatThrownBy(() -> Tsne.Params.builder().perplexity(0.5).build())
        .hasMessage("perplexity must be at least 1, got 0.5");
    assertThatThrownBy(() -> Tsne.Params.builder().learningRate(0).build())
        .hasMessage("learningRate must be positive, got 0.0");
    assertThatThrownBy(() -> Tsne.Params.builder().theta(2).build())
        .hasMessageContaining("theta must lie in [0.0, 1.0], got 2.0");
    assertThatThrownBy(() -> Tsne.run(corners(30, 3, 1, 1), Tsne.Params.DEFAULTS))
        .hasMessageContaining("perplexity must be smaller than the number of cells less 2")
        .hasMessageContaining("perplexity = 30.0 for 30 cells");
    var few = Tsne.Params.builder().perplexity(5).build();
    var x = corners(60, 3, 1, 1);
    x.set(7, 2, Double.NaN);
    assertThatThrownBy(() -> Tsne.run(x, few))
        .hasMessageContaining("a distance needs finite values, but x[7, 2] is NaN");
    assertThatThrownBy(() -> Tsne.run(DenseMatrix.zeros(60, 3, DType.FLOAT32), few))
        .hasMessageContaining("all cells are equal");
    assertThatThrownBy(() -> Tsne.run(corners(60, 3, 1, 1).takeCols(new int[] {0}), few))
        .hasMessageContaining("init = pca needs at least 2 columns");
    var wild = Tsne.Params.builder().perplexity(5).learningRate(1e30).build();
    assertThatThrownBy(() -> Tsne.run(corners(60, 3, 1, 1), wild))
        .isInstanceOf(ConvergenceException.class)
        .hasMessageContaining("t-SNE diverged at iteration");
  }
}
