package org.cellweave.clonal.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.clonal.alignment.AnchorAlignment.Params;
import org.cellweave.clonal.alignment.AnchorAlignment.Scale;
import org.cellweave.design.Categories;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.integrate.anchors.Anchors;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class AnchorAlignmentTest {
  private static AnchorAlignment.Result align(DenseMatrix x, Anchors anchors, Params params) {
    return AnchorAlignment.run(x, anchors, anchors.order(), params, Progress.NONE);
  }

  private static double farthest(DenseMatrix a, DenseMatrix b) {
    double most = 0;
    for (int i = 0; i < a.nRows(); i++) {
      for (int j = 0; j < a.nCols(); j++) {
        most = Math.max(most, Math.abs(a.get(i, j) - b.get(i, j)));
      }
    }
    return most;
  }

  /** Clones of four batches of which each has the first so many of the same places. */
  private static ClonalBatches chain(long seed) {
    int[] sizes = {60, 50, 40, 20};
    var clones = ClonalBatches.simulated(3, 0, seed, sizes);
    double[][] embedding = new double[170][];
    double[][] latent = new double[170][];
    int i = 0;
    for (int b = 0; b < sizes.length; b++) {
      var shear =
          new AffineMap(
              new double[][] {{1, b, 0}, {0, 1 + b, 0}, {0.5 * b, 0, 1}}, new double[] {b, 0, 9});
      for (int c = 0; c < sizes[b]; c++) {
        latent[i] = clones.latent()[c];
        embedding[i++] = shear.apply(latent[i - 1]);
      }
    }
    return new ClonalBatches(clones.x(), DenseMatrix.ofRows(embedding), latent, clones.batches());
  }

  private static Anchors samePlaces(ClonalBatches clones) {
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < clones.latent().length; i++) {
      for (int j = 0; j < i; j++) {
        if (clones.latent()[i] == clones.latent()[j]) {
          pairs.add(new int[] {i, j});
        }
      }
    }
    int n = clones.latent().length;
    return new Anchors(
        "anchors", ClonalBatches.graph(n, pairs.toArray(int[][]::new)), clones.batches());
  }

  /** In the Python package whole batches stay where they are, since it misreads nested names. */
  @Test
  void chainOfFourBatches() {
    Seeds.forEach(
        5,
        seed -> {
          var clones = chain(seed);
          var anchors = samePlaces(clones);
          assertThat(anchors.counts()[0]).containsExactly(0, 50, 40, 20);
          assertThat(anchors.order().steps())
              .containsExactly(
                  new MergeOrder.Step(0, 1), new MergeOrder.Step(2, 4), new MergeOrder.Step(3, 5));
          for (boolean symmetric : new boolean[] {false, true}) {
            var params = Params.builder().symmetric(symmetric).build();
            var result = align(clones.embedding(), anchors, params);
            int i = 0;
            for (int size : new int[] {60, 50, 40, 20}) {
              for (int c = 0; c < size; c++, i++) {
                for (int j = 0; j < 3; j++) {
                  assertThat(result.aligned().get(i, j))
                      .isCloseTo(clones.embedding().get(c, j), within(Tolerance.F64));
                }
              }
            }
            assertThat(result.steps()).extracting(s -> s.reference()).containsExactly(0, 4, 5);
            assertThat(result.steps()).extracting(s -> s.query()).containsExactly(1, 2, 3);
            assertThat(result.steps()).extracting(s -> s.anchors()).containsExactly(50, 80, 60);
            for (var step : result.steps()) {
              assertThat(step.explained()).isCloseTo(1, within(Tolerance.F64));
            }
          }
        });
  }

  @Test
  void equalsTheDefinition() {
    Seeds.forEach(
        5,
        seed -> {
          var clones = ClonalBatches.simulated(5, 0.5, seed, 90, 60, 70);
          var anchors = clones.anchors(8, 3);
          for (boolean weighted : new boolean[] {true, false}) {
            var params = Params.builder().weighted(weighted).build();
            var ours = align(clones.embedding(), anchors, params).aligned();
            double[][] x = ClonalBatches.rows(clones.embedding());
            for (var step : anchors.order().steps()) {
              joinByDefinition(x, anchors, anchors.order(), step, weighted);
            }
            assertThat(farthest(ours, DenseMatrix.ofRows(x))).isLessThan(Tolerance.F64);
          }
        });
  }

  private static void joinByDefinition(
      double[][] x, Anchors anchors, MergeOrder order, MergeOrder.Step step, boolean weighted) {
    var left = clones(anchors, order.batches(step.left()));
    var right = clones(anchors, order.batches(step.right()));
    var reference = left.size() >= right.size() ? left : right;
    var query = left.size() >= right.size() ? right : left;
    List<double[]> from = new ArrayList<>();
    List<double[]> to = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int i : query) {
      for (int j : reference) {
        if (isStored(anchors, i, j)) {
          from.add(x[i]);
          to.add(x[j]);
          weights.add(weighted ? anchors.graph().get(i, j) : 1.0);
        }
      }
    }
    double[][] map =
        ByDefinition.leastSquares(
            from.toArray(double[][]::new),
            to.toArray(double[][]::new),
            weights.stream().mapToDouble(w -> w).toArray());
    for (int i : query) {
      double[] moved = map[x[i].length].clone();
      for (int r = 0; r < x[i].length; r++) {
        for (int j = 0; j < moved.length; j++) {
          moved[j] += x[i][r] * map[r][j];
        }
      }
      x[i] = moved;
    }
  }

  private static boolean isStored(Anchors anchors, int i, int j) {
    var row = anchors.graph().blockOf(i);
    return Arrays.stream(row.indices(), row.start(i), row.end(i)).anyMatch(c -> c == j);
  }

  private static List<Integer> clones(Anchors anchors, int[] levels) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < anchors.batches().nCells(); i++) {
      int batch = anchors.batches().code(i);
      if (Arrays.stream(levels).anyMatch(level -> level == batch)) {
        found.add(i);
      }
    }
    return found;
  }

  /** clone2vec 0.1.1 on the same anchors. */
  @Test
  void alignsRealClonesAsThePythonPackage() {
    try (var file = H5Reference.of(SharedData.require("reference/larry_clones.h5ad"))) {
      var days = new Categories("obs['day']", file.codes("/obs/day"), file.categories("/obs/day"));
      var anchors = new Anchors("obsp['mnn']", file.csr("/obsp/mnn"), days);
      var x = file.dense("/obsm/clone2vec").withDType(DType.FLOAT32);
      var result = align(x, anchors, Params.DEFAULTS);
      double apart = farthest(result.aligned(), file.dense("/obsm/clone2vec_pa"));
      assertThat(apart).isLessThan(1e-6);
      assertThat(result.aligned().dtype()).isEqualTo(DType.FLOAT32);
      var step = result.steps().get(0);
      assertThat(step.reference()).as("day 6 has more clones").isEqualTo(1);
      assertThat(step.rank()).isEqualTo(11);
      assertThat(step.varianceRatio()).as("least squares shrink").isLessThan(0.9);
      var restored = align(x, anchors, Params.builder().scale(Scale.RESTORE).build());
      assertThat(restored.steps().get(0).varianceRatio()).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void restoredCovarianceIsThatOfTheReference() {
    Seeds.forEach(
        5,
        seed -> {
          var clones = ClonalBatches.simulated(5, 1.5, seed, 90, 60);
          var anchors = clones.anchors(8, 3);
          var plain = align(clones.embedding(), anchors, Params.DEFAULTS);
          assertThat(plain.steps().get(0).varianceRatio()).isLessThan(0.9);
          for (boolean symmetric : new boolean[] {false, true}) {
            var params = Params.builder().scale(Scale.RESTORE).symmetric(symmetric).build();
            var result = align(clones.embedding(), anchors, params);
            assertThat(result.steps().get(0).varianceRatio()).isCloseTo(1, within(1e-6));
            double[][] moved = rows(result.aligned(), clones(anchors, new int[] {1}));
            double[][] stays = rows(result.aligned(), clones(anchors, new int[] {0}));
            double[][] covariance = SideCovariance.of(moved);
            double[][] expected = SideCovariance.of(stays);
            for (int j = 0; j < 5; j++) {
              assertThat(covariance[j])
                  .containsExactly(expected[j], within(1e-6 * SideCovariance.total(expected)));
            }
          }
        });
  }

  private static double[][] rows(DenseMatrix x, List<Integer> at) {
    return ClonalBatches.rows(x.takeRows(at.stream().mapToInt(i -> i).toArray()));
  }

  /** Which side is the reference decides where the others go, not how they lie to each other. */
  @Test
  void theSymmetricMapOfTheOtherDirectionIsTheInverse() {
    var clones = ClonalBatches.simulated(4, 1, 7, 80, 80);
    var anchors = clones.anchors(8, 3);
    var there = new MergeOrder(List.of(new MergeOrder.Step(0, 1)));
    var back = new MergeOrder(List.of(new MergeOrder.Step(1, 0)));
    var params = Params.builder().symmetric(true).build();
    var x = clones.embedding();
    var map = AnchorAlignment.run(x, anchors, there, params, Progress.NONE).steps().get(0).map();
    var inverse = AnchorAlignment.run(x, anchors, back, params, Progress.NONE).steps().get(0).map();
    for (double[] row : ClonalBatches.rows(x)) {
      assertThat(inverse.apply(map.apply(row))).containsExactly(row, within(Tolerance.F64));
    }
    var oneSided =
        AnchorAlignment.run(x, anchors, there, Params.DEFAULTS, Progress.NONE).steps().get(0);
    double[][] covered = rows(x, clones(anchors, new int[] {1}));
    double shrunken = SideCovariance.total(SideCovariance.of(moved(covered, oneSided.map())));
    assertThat(SideCovariance.total(SideCovariance.of(moved(covered, map))))
        .isGreaterThan(shrunken);
  }

  private static double[][] moved(double[][] rows, AffineMap map) {
    return Arrays.stream(rows).map(map::apply).toArray(double[][]::new);
  }

  @Test
  void rowsLabelsAndThreadsDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          var clones = ClonalBatches.simulated(4, 0.5, seed, 80, 60, 70);
          var params = Params.builder().scale(Scale.RESTORE).robustRounds(2).build();
          var one =
              Seeds.withThreads(
                  1, () -> align(clones.embedding(), clones.anchors(8, 3), params).aligned());
          for (int threads : new int[] {2, 7}) {
            var more =
                Seeds.withThreads(
                    threads,
                    () -> align(clones.embedding(), clones.anchors(8, 3), params).aligned());
            assertThat(more.doubleData()).isEqualTo(one.doubleData());
          }
          int[] rows = Seeds.permutation(210, seed);
          var taken = clones.taken(rows);
          var moved = align(taken.embedding(), taken.anchors(8, 3), params).aligned();
          assertThat(farthest(moved, one.takeRows(rows))).isLessThan(Tolerance.F64);
          int[] other = Arrays.stream(clones.batches().codes()).map(b -> 2 - b).toArray();
          var named =
              new Anchors("anchors", clones.anchors(8, 3).graph(), ClonalBatches.named(other, 3));
          var renamed = align(clones.embedding(), named, params).aligned();
          assertThat(farthest(renamed, one)).isLessThan(Tolerance.F64);
        });
  }

  @Test
  void robustWeightsTurnFromWrongAnchors() {
    var clones = chain(4);
    List<int[]> pairs = new ArrayList<>();
    for (int i = 60; i < 110; i++) {
      pairs.add(new int[] {i, i - 60});
      if (i % 4 == 0) {
        pairs.add(new int[] {i, (7 * i) % 60});
      }
    }
    var batches = clones.batches().subset(java.util.stream.IntStream.range(0, 110).toArray());
    var wrong =
        new Anchors("anchors", ClonalBatches.graph(110, pairs.toArray(int[][]::new)), batches);
    var x = clones.embedding().takeRows(java.util.stream.IntStream.range(0, 110).toArray());
    double[] apart = new double[2];
    for (int r = 0; r < 2; r++) {
      var params = Params.builder().robustRounds(10 * r).build();
      var result = align(x, wrong, params).aligned();
      for (int c = 0; c < 50; c++) {
        apart[r] += Math.abs(result.get(60 + c, 0) - x.get(c, 0)) / 50;
      }
    }
    assertThat(apart[1]).isLessThan(0.5 * apart[0]);
  }
}
