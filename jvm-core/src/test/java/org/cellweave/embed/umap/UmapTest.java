package org.cellweave.embed.umap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.diffusion.SpectralLayout;
import org.cellweave.embed.Trustworthiness;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class UmapTest {
  /** Cells around {@code parts} far corners. */
  private static DenseMatrix corners(int n, int parts, double gap, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 6, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 6; j++) {
        double corner = j == i % parts % 6 ? gap * (1 + i % parts / 6) : 0;
        x.set(i, j, corner + random.nextGaussian());
      }
    }
    return x;
  }

  private static CsrMatrix graph(DenseMatrix x, int k) {
    return FuzzyGraph.run(
        NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(k).build()));
  }

  @Test
  void fitsTheCurve() {
    double[][] expected = {
      {0.5, 0.58303, 1.33417},
      {0.3, 0.99218, 1.11225},
      {0.1, 1.57694, 0.89506},
      {0.001, 1.92907, 0.7915}
    };
    for (double[] row : expected) {
      var curve = UmapCurve.fit(row[0], 1);
      assertThat(curve.a()).isCloseTo(row[1], within(1e-5));
      assertThat(curve.b()).isCloseTo(row[2], within(1e-5));
    }
  }

  @Test
  void tabulatesTheForces() {
    double a = 0.583;
    double b = 1.334;
    var forces = new UmapForces(a, b, 1);
    Seeds.forEach(
        50,
        seed -> {
          float d2 = (float) Math.exp(new SplittableRandom(seed).nextDouble(-10, 10));
          double p = a * Math.pow(d2, b);
          double pull = -2 * b * p / (d2 * (1 + p));
          double push = 2 * b / ((0.001 + d2) * (1 + p));
          assertThat(forces.attraction(d2)).isCloseTo((float) pull, within((float) -pull * 2e-5f));
          assertThat(forces.repulsion(d2)).isCloseTo((float) push, within((float) push * 2e-5f));
        });
  }

  @Test
  void drawsTwoJoinedCellsTogether() {
    var pair = DenseMatrix.wrap(new float[] {0, 1, 1, 0}, 2, 2).toCsr();
    var params =
        Umap.Params.builder().maxIter(50).negativeSampleRate(0).init(Umap.Init.RANDOM).build();
    float[] at = Umap.run(Umap.Input.of(pair), params).coordinates().floatData();
    assertThat(Math.hypot(at[0] - at[2], at[1] - at[3])).isLessThan(1);
  }

  @Test
  void doesNotDependOnThreads() {
    var g = graph(corners(1500, 3, 4, 1), 15);
    for (int dim : new int[] {2, 3}) {
      var params = Umap.Params.builder().maxIter(30).nComponents(dim).build();
      float[] one =
          Seeds.withThreads(1, () -> Umap.run(Umap.Input.of(g), params)).coordinates().floatData();
      for (int threads : new int[] {2, 7}) {
        float[] more =
            Seeds.withThreads(threads, () -> Umap.run(Umap.Input.of(g), params))
                .coordinates()
                .floatData();
        assertThat(more).isEqualTo(one);
      }
    }
  }

  /** A plane is moved by loops of its own, which must do what those for any number of axes do. */
  @Test
  void aPlaneIsASpaceWithoutDepth() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 700;
          var g = graph(corners(n, 3, 4, seed), 15);
          var random = new SplittableRandom(seed);
          float[] plane = new float[2 * n];
          float[] space = new float[3 * n];
          for (int i = 0; i < n; i++) {
            // some cells lie on others
            plane[2 * i] = space[3 * i] = (float) Math.floor(20 * random.nextDouble()) / 2;
            plane[2 * i + 1] = space[3 * i + 1] = (float) Math.floor(20 * random.nextDouble()) / 2;
          }
          var forces = new UmapForces(0.583, 1.334, 1);
          float[] flat =
              new UmapOptimizer(g, plane, 2, 20, forces, 5, seed).run(20, 1, Progress.NONE);
          float[] deep =
              new UmapOptimizer(g, space, 3, 20, forces, 5, seed).run(20, 1, Progress.NONE);
          for (int i = 0; i < n; i++) {
            assertThat(flat[2 * i]).isEqualTo(deep[3 * i]);
            assertThat(flat[2 * i + 1]).isEqualTo(deep[3 * i + 1]);
          }
        });
  }

  @Test
  void keepsPartsApart() {
    Seeds.forEach(
        20,
        seed -> {
          var x = corners(150, 3, 60, seed);
          var params = Umap.Params.builder().seed(seed).maxIter(100).build();
          var at = Umap.run(Umap.Input.of(graph(x, 8)), params).coordinates();
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
  void spectralLayoutOfARingIsACircle() {
    int n = 40;
    var ring = DenseMatrix.zeros(n, n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      ring.set(i, (i + 1) % n, 1);
      ring.set((i + 1) % n, i, 1);
    }
    var got = SpectralLayout.run(ring.toCsr(), SpectralLayout.Params.DEFAULTS);
    assertThat(got.components()).isEqualTo(1);
    for (int i = 0; i < n; i++) {
      double radius = Math.hypot(got.coordinates().get(i, 0), got.coordinates().get(i, 1));
      assertThat(radius).isCloseTo(Math.sqrt(2.0 / n), within(1e-3));
    }
  }

  @Test
  void spectralLayoutPlacesManyParts() {
    var x = corners(240, 12, 80, 4);
    var g = graph(x, 8);
    for (DenseMatrix representation : new DenseMatrix[] {x, null}) {
      var got = SpectralLayout.run(g, representation, SpectralLayout.Params.DEFAULTS);
      assertThat(got.components()).isEqualTo(12);
      assertThat(got.coordinates().doubleData()).doesNotContain(Double.NaN);
    }
  }

  @EachReference
  void keepsNeighboursAsWellAsUmapLearn(H5Reference kang) {
    try (kang) {
      var x = kang.dense("obsm/X_pca_harmony");
      var theirs = kang.dense("obsm/X_umap");
      var ours = Umap.run(Umap.Input.of(graph(x, 15)), Umap.Params.DEFAULTS).coordinates();
      // Five seeds of umap-learn spread by 0.0018 and 0.0011.
      assertThat(Trustworthiness.of(x, ours, 15))
          .isGreaterThan(
              Trustworthiness.of(x, theirs, 15)
                  - kang.overSeeds("umap_trustworthiness_range", 0.0018));
      assertThat(Trustworthiness.overlap(x, ours, 15))
          .isGreaterThan(
              Trustworthiness.overlap(x, theirs, 15)
                  - kang.overSeeds("umap_overlap_range", 0.0011));
    }
  }

  @Test
  void saysWhatIsWrong() {
    var g = graph(corners(30, 1, 0, 1), 5);
    assertThatThrownBy(() -> Umap.Params.builder().minDist(2).build())
        .hasMessage("minDist must not exceed spread, got minDist = 2.0, spread = 1.0");
    assertThatThrownBy(() -> Umap.Params.builder().a(1.0).build())
        .hasMessageContaining("a and b must be given together or not at all");
    assertThatThrownBy(() -> Umap.Params.builder().nComponents(0).build())
        .hasMessage("nComponents must be positive, got 0");
    var given = Umap.Params.builder().init(Umap.Init.COORDINATES).build();
    assertThatThrownBy(() -> Umap.run(Umap.Input.of(g), given))
        .hasMessage("init = coordinates needs start, got null");
    var narrow = DenseMatrix.zeros(30, 1, DType.FLOAT32);
    assertThatThrownBy(() -> Umap.run(new Umap.Input(g, null, narrow), given))
        .hasMessageContaining("start must have 30 rows and at least 2 columns");
    assertThatThrownBy(() -> Umap.run(new Umap.Input(g, null, narrow), Umap.Params.DEFAULTS))
        .hasMessageContaining("start is only used with init = coordinates");
    assertThatThrownBy(
            () ->
                Umap.run(Umap.Input.of(CsrMatrix.empty(5, 5, DType.FLOAT32)), Umap.Params.DEFAULTS))
        .hasMessage("graph has no edges");
    var negative = DenseMatrix.wrap(new float[] {0, -1, -1, 0}, 2, 2).toCsr();
    assertThatThrownBy(() -> Umap.run(Umap.Input.of(negative), Umap.Params.DEFAULTS))
        .hasMessageContaining("row 0, column 1 is -1.0");
    assertThatThrownBy(
            () ->
                SpectralLayout.run(
                    CsrMatrix.empty(5, 4, DType.FLOAT32), SpectralLayout.Params.DEFAULTS))
        .hasMessageContaining("graph must be square");
  }
}
