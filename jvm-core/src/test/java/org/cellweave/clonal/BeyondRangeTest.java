package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.cellweave.clonal.alignment.AnchorAlignment;
import org.cellweave.clonal.alignment.AnchorSearch;
import org.cellweave.clonal.association.Correlation;
import org.cellweave.clonal.association.EigenvalueTest;
import org.cellweave.clonal.association.Response;
import org.cellweave.clonal.association.SplineModel;
import org.cellweave.clonal.embedding.Clone2vec;
import org.cellweave.clonal.embedding.PoissonFactors;
import org.cellweave.clonal.embedding.PoissonProjection;
import org.cellweave.clonal.prediction.BoostedTrees;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.preprocess.NeighborImputation;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;
import org.junit.jupiter.api.Test;

/** Arguments and values so large or small that rooms must refuse them, or still be right. */
class BeyondRangeTest {
  private static final Clone2vec.Input COUNTS =
      new Clone2vec.Input(Seeds.counts(12, 12, 0.8, 1).toCsr());

  private static Clone2vec.Params.Builder sgd() {
    return Clone2vec.Params.builder().zDim(3).solver(Clone2vec.Solver.SGD).maxIter(3);
  }

  private static DenseMatrix filled(int n, int d, double value) {
    double[] all = new double[n * d];
    Arrays.fill(all, value);
    for (int k = 0; k < all.length; k++) {
      all[k] *= 1 + k;
    }
    return DenseMatrix.wrap(all, n, d);
  }

  @Test
  void aBatchIsNeverLargerThanThePairs() {
    var all = Clone2vec.run(COUNTS, sgd().batchSize(Integer.MAX_VALUE).build());
    int pairs = (int) Arrays.stream(COUNTS.counts().rowSums()).sum();
    var same = Clone2vec.run(COUNTS, sgd().batchSize(pairs).build());
    assertThat(all.embedding().floatData()).isEqualTo(same.embedding().floatData());
    var wide = DenseMatrix.zeros(12, 12, DType.FLOAT64);
    wide.set(0, 1, 3e7);
    assertThatThrownBy(
            () ->
                Clone2vec.run(
                    new Clone2vec.Input(wide.toCsr()), sgd().batchSize(Integer.MAX_VALUE).build()))
        .hasMessage(
            "batchSize must be at most 22369621 with zDim = 3, as a gradient is kept for each pair of"
                + " a batch, got 30000000");
  }

  @Test
  void numbersOfStepsAllocateNothing() {
    var soon = sgd().maxIter(Integer.MAX_VALUE).tol(1e9).patience(1).build();
    assertThat(Clone2vec.run(COUNTS, soon).lossHistory()).hasSize(2);
    var poisson =
        PoissonFactors.run(
            new PoissonFactors.Input(COUNTS.counts(), "counts"),
            PoissonFactors.Params.builder().zDim(2).maxIter(2).build());
    var input =
        new PoissonProjection.Input(
            COUNTS.counts(),
            "counts",
            poisson.context(),
            poisson.lengths(),
            poisson.columnOffset());
    var many = PoissonProjection.Params.builder().maxIter(Integer.MAX_VALUE).tol(1e-3).build();
    assertThat(PoissonProjection.run(input, many).history()).hasSizeLessThan(100);
  }

  @Test
  void aFitThatLeavesTheRangeOfNumbersSaysWhy() {
    assertThatThrownBy(() -> Clone2vec.run(COUNTS, sgd().learningRate(1e200).build()))
        .isInstanceOf(ConvergenceException.class)
        .hasMessageContaining("learningRate = 1.0E200 is too large; lower it");
    var far = new Clone2vec.Input(COUNTS.counts(), "counts", filled(12, 3, 1e200));
    var custom = Clone2vec.Params.builder().zDim(3).start(Clone2vec.Start.CUSTOM).build();
    assertThatThrownBy(() -> Clone2vec.run(far, custom))
        .hasMessageContaining("start[0, 0] is 1.0E200")
        .hasMessageContaining("needs values up to 1.0E15");
    var many = DenseMatrix.zeros(12, 12, DType.FLOAT64);
    many.set(0, 1, 1e12);
    assertThatThrownBy(
            () ->
                Clone2vec.run(
                    new Clone2vec.Input(many.toCsr()),
                    Clone2vec.Params.builder().zDim(3).heldOut(0.1).build()))
        .hasMessageContaining("heldOut draws the counts one by one");
  }

  @Test
  void argumentsThatNoRunCouldUse() {
    double inf = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> sgd().learningRate(inf).build())
        .hasMessage("learningRate must be a finite number, got Infinity");
    assertThatThrownBy(() -> Clone2vec.Params.builder().ridge(inf).build())
        .hasMessage("ridge must be a finite number, got Infinity");
    assertThatThrownBy(() -> PoissonFactors.Params.builder().ridge(inf).build())
        .hasMessage("ridge must be a finite number, got Infinity");
    assertThatThrownBy(() -> AnchorAlignment.Params.builder().ridge(Double.MAX_VALUE).build())
        .hasMessage("ridge must lie in [0.0, 1.0E50], got 1.7976931348623157E308");
    assertThatThrownBy(() -> SplineModel.Params.builder().splineDf(100_000_000).build())
        .hasMessage("splineDf must be at most 1000, got 100000000");
    assertThatThrownBy(
            () -> EigenvalueTest.Params.builder().nSimulations(Integer.MAX_VALUE).build())
        .hasMessage("nSimulations must be at most 10000000, got 2147483647");
    assertThatThrownBy(() -> BoostedTrees.Params.builder().nTrees(Integer.MAX_VALUE).build())
        .hasMessage("nTrees must be at most 1000000, got 2147483647");
    assertThatThrownBy(() -> BoostedTrees.Params.builder().maxDepth(31).build())
        .hasMessage("maxDepth must be at most 30, got 31");
  }

  @Test
  void rowsOfPartsAreToldByTheirPlaceAmongAll() {
    var x = DenseMatrix.zeros(12, 2, DType.FLOAT64);
    for (int i = 0; i < 12; i++) {
      x.setRow(i, i == 9 ? new double[2] : new double[] {1 + i, 2});
    }
    int[] halves = {-1, -1, -1, -1, 0, 1, 0, 1, 0, 1, 0, 1};
    var clones = new Categories("clone", halves, new String[] {"a", "b"});
    var params = ClonalNeighbors.Params.builder().k(2).metric(Metric.COSINE).build();
    var cells = ClonalNeighbors.Cells.of(x, clones);
    var split = new Categories("well", halves, new String[] {"w", "v"});
    for (var some : List.of(cells, cells.splitBy(split))) {
      assertThatThrownBy(() -> ClonalNeighbors.run(some, params))
          .isInstanceOf(RefusedRowException.class)
          .hasMessageStartingWith("row 9 of x is all zero");
    }
    var reference = x.takeRows(new int[] {0, 1, 2});
    var theirs = new Categories("clone", new int[] {0, 0, 0}, new String[] {"a"});
    assertThatThrownBy(
            () -> ClonalNeighbors.against(cells, reference, theirs, params, Progress.NONE))
        .hasMessageStartingWith("row 9 of x is all zero");
    int[] wells = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    var batches = new Categories("well", wells, new String[] {"w", "v"});
    var cosine = AnchorSearch.Params.builder().k(2).metric(Metric.COSINE).build();
    assertThatThrownBy(() -> AnchorSearch.run(x, batches, cosine, Progress.NONE))
        .hasMessageStartingWith("row 9 of x is all zero");
    x.setRow(9, new double[] {1e300, -1e300});
    var euclidean = AnchorSearch.Params.builder().k(2).build();
    assertThatThrownBy(() -> AnchorSearch.run(x, batches, euclidean, Progress.NONE))
        .hasMessage("row 9 of x lies Infinity away from the other set; rescale the values first");
  }

  @Test
  void alignmentRefusesWhatItCannotMultiply() {
    var x = filled(8, 2, 1);
    var batches =
        new Categories("well", new int[] {0, 0, 0, 0, 1, 1, 1, 1}, new String[] {"a", "b"});
    var anchors =
        AnchorSearch.run(x, batches, AnchorSearch.Params.builder().k(4).build(), Progress.NONE)
            .anchors();
    assertThatThrownBy(
            () ->
                AnchorAlignment.run(
                    filled(8, 2, 1e200),
                    anchors,
                    anchors.order(),
                    AnchorAlignment.Params.DEFAULTS,
                    Progress.NONE))
        .isInstanceOf(RefusedValueException.class)
        .hasMessage(
            "the alignment multiplies values and needs them up to 1.0E50, but embedding has 1.0E200"
                + " in row 0, column 0; rescale it first");
  }

  @Test
  void correlationsDoNotDependOnTheScale() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(20, 4, 0.7, seed).toDense().toFloat64();
          var y = Seeds.counts(20, 2, 0.7, seed + 100).toDense().toFloat64();
          for (var method : Correlation.Method.values()) {
            var params = new Correlation.Params(method);
            var plain = Correlation.run(x, Response.of(y), params);
            for (int power : new int[] {-900, 600, 1000}) {
              var scaled = x.copy();
              for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 4; j++) {
                  scaled.set(i, j, Math.scalb(x.get(i, j), power));
                }
              }
              var large = Correlation.run(scaled, Response.of(y), params);
              for (int k = 0; k < 8; k++) {
                double r = plain.r().doubleData()[k];
                assertThat(Math.abs(large.r().doubleData()[k] - r)).isLessThan(1e-12);
              }
            }
          }
        });
  }

  @Test
  void aNarrowKernelTakesTheNearest() {
    var donors = DenseMatrix.wrap(new double[] {0, 1, 3}, 3, 1);
    var target = DenseMatrix.wrap(new double[] {0.9}, 1, 1);
    for (double sigma : new double[] {1e-200, Double.MIN_VALUE}) {
      var params = new NeighborImputation.Params(3, NeighborImputation.Weights.GAUSSIAN, sigma);
      var found = NeighborImputation.run(donors, target, params, Progress.NONE);
      assertThat(found.weights()).containsExactly(1, 0, 0);
    }
  }
}
