package org.cellweave.clonal.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.clonal.alignment.AnchorAlignment.Params;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.integrate.anchors.Anchors;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Anchors that do not determine a map, and those that are refused. */
class FewAnchorsTest {
  /** Four places in three columns, and the same turned by a right angle and moved. */
  private static final DenseMatrix TURNED =
      DenseMatrix.ofRows(
          new double[][] {
            {0, 0, 0},
            {1, 0, 0},
            {0, 2, 0},
            {0, 0, 3},
            {5, 5, 5},
            {7, 7, 7},
            {7, 8, 7},
            {5, 7, 7},
            {7, 7, 10}
          });

  private static final int[][] PAIRS = {{0, 5}, {1, 6}, {2, 7}, {3, 8}};

  private static Anchors anchors(int n, double... weights) {
    var batches = ClonalBatches.named(new int[] {0, 0, 0, 0, 0, 1, 1, 1, 1}, 2);
    int[][] pairs = java.util.Arrays.copyOf(PAIRS, n);
    return new Anchors("obsp['mnn']", ClonalBatches.graph(9, pairs, weights), batches);
  }

  private static AnchorAlignment.Step step(Anchors anchors, Params params) {
    var result = AnchorAlignment.run(TURNED, anchors, anchors.order(), params, Progress.NONE);
    return result.steps().get(0);
  }

  private static Params.Builder params() {
    return Params.builder().minAnchors(1);
  }

  @Test
  void fourAnchorsDetermineAMapOfThreeColumns() {
    var step = step(anchors(4), Params.DEFAULTS);
    assertThat(step.rank()).isEqualTo(4);
    assertThat(step.drawn()).isFalse();
    assertThat(step.queryShare()).isEqualTo(1);
    assertThat(step.referenceShare()).isCloseTo(0.8, within(Tolerance.EXACT));
    assertThat(step.map().apply(new double[] {7, 7, 10}))
        .containsExactly(new double[] {0, 0, 3}, within(Tolerance.F64));
  }

  @Test
  void fewerKeepTheDirectionsThatTheyDoNotTellOf() {
    for (boolean symmetric : new boolean[] {false, true}) {
      var step = step(anchors(3), params().symmetric(symmetric).build());
      assertThat(step.drawn()).isTrue();
      assertThat(step.rank()).isEqualTo(3);
      // a rotation explains them, and the third direction is free: it stays as it is
      assertThat(step.map().apply(new double[] {7, 8, 7}))
          .containsExactly(new double[] {1, 0, 0}, within(1e-6));
      assertThat(step.map().apply(new double[] {7, 7, 10}))
          .containsExactly(new double[] {0, 0, 3}, within(1e-6));
      var one = step(anchors(1), params().symmetric(symmetric).build());
      assertThat(one.map().apply(new double[] {8, 7, 9}))
          .containsExactly(new double[] {1, 0, 2}, within(1e-6));
      assertThat(one.explained()).isNaN();
    }
  }

  @Test
  void withoutARidgeTheSolutionOfLeastNormCollapsesThem() {
    var step = step(anchors(3), params().ridge(0).build());
    assertThat(step.drawn()).isFalse();
    assertThat(step.rank()).isEqualTo(3);
    assertThat(step.explained()).isCloseTo(1, within(Tolerance.F64));
    // numpy 2: lstsq of the three equations, whose third column stands for the constant, too
    assertThat(step.map().apply(new double[] {7, 7, 10}))
        .containsExactly(new double[] {-2.94, 2.94, 0}, within(Tolerance.F64));
    assertThat(step.map().translation())
        .containsExactly(new double[] {-0.14, 0.14, 0}, within(Tolerance.F64));
  }

  @Test
  void moreAnchorsMayBeWantedForEachRowOfTheMap() {
    assertThat(step(anchors(4), params().anchorsPerUnknown(2).build()).drawn()).isTrue();
    assertThat(step(anchors(4), params().rankTolerance(0.5).build()).drawn()).isTrue();
    var zero = anchors(4, 1, 1, 1, 0);
    assertThat(step(zero, params().build()).drawn()).isTrue();
    assertThat(step(zero, params().weighted(false).build()).drawn()).isFalse();
  }

  private static Anchors of(CsrMatrix graph) {
    return new Anchors("obsp['mnn']", graph, ClonalBatches.named(new int[] {0, 0, 1}, 2));
  }

  @Test
  void refusesGraphsThatAreNone() {
    var float32 = org.cellweave.matrix.DType.FLOAT32;
    assertThatThrownBy(() -> of(CsrMatrix.empty(2, 2, float32)))
        .hasMessage("obsp['mnn'] has length 2, but the number of labels of obs['well'] is 3");
    assertThatThrownBy(
            () -> of(CsrMatrix.of(3, 3, new int[] {0, 1, 1, 1}, new int[] {2}, new float[] {0.5f})))
        .hasMessage("obsp['mnn'] must be symmetric, but its entry [0, 2] is 0.5 and [2, 0] is 0.0");
    assertThatThrownBy(() -> of(ClonalBatches.graph(3, new int[][] {{0, 2}}, -1)))
        .hasMessage("obsp['mnn'][0, 2] must be finite and not negative, got -1.0");
    assertThatThrownBy(() -> of(ClonalBatches.graph(3, new int[][] {{0, 2}}, Double.NaN)))
        .hasMessage("obsp['mnn'][0, 2] must be finite and not negative, got NaN");
    assertThatThrownBy(
            () -> of(CsrMatrix.of(3, 3, new int[] {0, 1, 1, 1}, new int[] {2}, new float[] {0})))
        .hasMessage("obsp['mnn'] must be symmetric, but row 0 has other entries than column 0");
  }

  @Test
  void saysWhatItCannotAlign() {
    var few = anchors(2);
    assertThatThrownBy(() -> step(few, Params.DEFAULTS))
        .hasMessage(
            "an alignment needs at least minAnchors = 3 anchors of a weight above 0 between the two"
                + " sides of a step, but 'well 1' and 'well 0' have 2 in obsp['mnn']; search for"
                + " anchors with a larger k");
    assertThatThrownBy(() -> step(anchors(4, 0, 0, 0, 1), Params.DEFAULTS))
        .hasMessageContaining("have 1 in obsp['mnn']");
    var hole = TURNED.copy();
    hole.set(3, 1, Double.POSITIVE_INFINITY);
    var order = few.order();
    assertThatThrownBy(() -> AnchorAlignment.run(hole, few, order, Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining("the alignment needs finite values, but embedding[3, 1] is Infinity");
    assertThatThrownBy(
            () ->
                AnchorAlignment.run(
                    TURNED.takeRows(new int[] {0}), few, order, Params.DEFAULTS, Progress.NONE))
        .hasMessage("embedding has length 1, but the number of clones is 9");
    var three = new MergeOrder(List.of(new MergeOrder.Step(0, 1), new MergeOrder.Step(2, 3)));
    assertThatThrownBy(
            () -> AnchorAlignment.run(TURNED, few, three, Params.DEFAULTS, Progress.NONE))
        .hasMessage("the merge order has length 3, but the number of batches is 2");
    assertThatThrownBy(
            () ->
                AnchorAlignment.run(
                    TURNED.takeCols(new int[0]), few, order, Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining("embedding must have a column");
    assertThatThrownBy(() -> params().robustCut(0).build()).hasMessageContaining("robustCut");
    assertThatThrownBy(() -> params().robustRounds(-1).build())
        .hasMessageContaining("robustRounds");
    assertThatThrownBy(() -> params().ridge(-1).build()).hasMessageContaining("ridge");
    assertThatThrownBy(() -> params().rankTolerance(2).build())
        .hasMessage("rankTolerance must lie in [0.0, 1.0], got 2.0");
    assertThatThrownBy(() -> params().minAnchors(0).build()).hasMessageContaining("minAnchors");
    assertThatThrownBy(() -> params().anchorsPerUnknown(0).build())
        .hasMessage("anchorsPerUnknown must be positive, got 0");
  }
}
