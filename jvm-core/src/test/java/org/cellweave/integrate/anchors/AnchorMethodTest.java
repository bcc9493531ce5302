package org.cellweave.integrate.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.cellweave.contract.SimulatedBatches;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration.Values;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Orders, references and what is refused. */
class AnchorMethodTest {
  private static final AnchorSearchParams SMALL =
      AnchorSearchParams.builder().dims(10).kScore(20).build();

  private static SimulatedBatches cells(int n, int nBatches) {
    return SimulatedBatches.of(Values.LOG_EXPRESSION, n, nBatches, 3);
  }

  private static int[] all(Matrix x) {
    int[] at = new int[x.nCols()];
    Arrays.setAll(at, j -> j);
    return at;
  }

  private static Anchors anchors(SimulatedBatches data, int... reference) {
    var params =
        IntegrationAnchors.Params.builder()
            .search(SMALL)
            .reference(reference.length == 0 ? null : reference)
            .build();
    return IntegrationAnchors.run(data.x(), null, data.batch(), params, Progress.NONE).anchors();
  }

  private static AnchorIntegration.Result integrated(
      SimulatedBatches data, Anchors anchors, int[] reference, MergeOrder order, boolean keep) {
    var params = AnchorIntegration.Params.builder().dims(10).preserveOrder(keep).build();
    return AnchorIntegration.run(
        data.x(), all(data.x()), null, anchors, reference, order, params, Progress.NONE);
  }

  @Test
  void aGivenOrderIsKept() {
    var data = cells(600, 3);
    var anchors = anchors(data);
    var order = new MergeOrder(List.of(new MergeOrder.Step(2, 0), new MergeOrder.Step(1, 3)));
    var result = integrated(data, anchors, null, order, true);
    assertThat(result.steps().get(0).reference()).containsExactly(2);
    assertThat(result.steps().get(0).query()).containsExactly(0);
    assertThat(result.steps().get(1).reference()).containsExactly(1);
    assertThat(result.steps().get(1).query()).containsExactly(0, 2);
    // the batch that stays in all steps is as it was
    for (int i : data.batch().members()[1]) {
      for (int j = 0; j < data.x().nCols(); j++) {
        assertThat(result.x().get(i, j)).isEqualTo((float) data.x().get(i, j));
      }
    }
  }

  @Test
  void othersAreMappedToTheReferenceAlone() {
    var data = cells(800, 4);
    var anchors = anchors(data, 1, 3);
    int[][] counts = anchors.counts();
    assertThat(counts[0][2]).isZero();
    assertThat(counts[0][1]).isPositive();
    var result = integrated(data, anchors, new int[] {1, 3}, null, false);
    assertThat(result.steps()).hasSize(3);
    assertThat(result.steps().get(1).query()).containsExactly(0);
    assertThat(result.steps().get(1).reference()).containsExactlyInAnyOrder(1, 3);
    assertThat(result.steps().get(2).query()).containsExactly(2);
  }

  @Test
  void fewerAnchoredCellsThanKWeightAreToldOf() {
    var data = cells(300, 2);
    var many = AnchorIntegration.Params.builder().dims(10).kWeight(200).build();
    var result =
        AnchorIntegration.run(
            data.x(), all(data.x()), null, anchors(data), null, null, many, Progress.NONE);
    assertThat(result.warnings())
        .singleElement()
        .asString()
        .matches(
            "'[01]' has \\d+ cells with anchors to '[01]', below kWeight = 200: that many were used");
    assertThat(result.steps().get(0).kWeight()).isLessThan(200);
  }

  @Test
  void moreGenesThanWereComparedAreCorrectedAlike() {
    var data = cells(400, 2);
    int[] some = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28};
    var params = IntegrationAnchors.Params.builder().search(SMALL).build();
    var anchors =
        IntegrationAnchors.run(data.x(), some, data.batch(), params, Progress.NONE).anchors();
    var settings = AnchorIntegration.Params.builder().dims(10).build();
    var few =
        AnchorIntegration.run(data.x(), some, null, anchors, null, null, settings, Progress.NONE);
    var more =
        AnchorIntegration.run(
            data.x(), some, new int[] {4, 59}, anchors, null, null, settings, Progress.NONE);
    assertThat(more.features()).containsExactly(4, 59);
    assertThat(more.x().column(0)).isEqualTo(few.x().column(2));
    assertThat(more.integrated().get(0)).isInstanceOf(Integrated.Expression.class);
  }

  @Test
  void coordinatesAreCorrectedInTheirOwnSpace() {
    var data = SimulatedBatches.of(Values.EMBEDDING, 400, 2, 3);
    var search = AnchorSearchParams.builder().dims(5).kScore(20).build();
    var params =
        IntegrationAnchors.Params.builder()
            .search(search)
            .reduction(IntegrationAnchors.Reduction.RPCA)
            .build();
    var anchors =
        IntegrationAnchors.run(data.x(), null, data.batch(), params, Progress.NONE).anchors();
    var result =
        AnchorIntegration.onEmbedding(
            data.x(), anchors, null, null, AnchorIntegration.Params.DEFAULTS, Progress.NONE);
    assertThat(gap(result.x(), data)).isLessThan(0.5 * gap(data.x(), data));
    assertThat(result.integrated().get(0)).isInstanceOf(Integrated.Embedding.class);
  }

  /** Mean distance between the centres of the batches, over the types. */
  private static double gap(Matrix x, SimulatedBatches data) {
    double sum = 0;
    for (int type = 0; type < 4; type++) {
      double[][] centre = new double[2][x.nCols()];
      int[] n = new int[2];
      for (int i = 0; i < x.nRows(); i++) {
        if (data.type().code(i) == type) {
          n[data.batch().code(i)]++;
          for (int j = 0; j < x.nCols(); j++) {
            centre[data.batch().code(i)][j] += x.get(i, j);
          }
        }
      }
      double squares = 0;
      for (int j = 0; j < x.nCols(); j++) {
        squares += Math.pow(centre[0][j] / n[0] - centre[1][j] / n[1], 2);
      }
      sum += Math.sqrt(squares);
    }
    return sum;
  }

  @Test
  void batchesWithoutAnchorsJoinLast() {
    int[][] counts = {{0, 0, 5}, {0, 0, 9}, {5, 9, 0}};
    var order = SimilarityOrder.byAnchors(counts, new int[] {50, 50, 50});
    assertThat(order.steps().get(0)).isEqualTo(new MergeOrder.Step(1, 2));
    assertThat(order.steps().get(1)).isEqualTo(new MergeOrder.Step(0, 3));
  }

  @Test
  void saysWhatItCannotJoin() {
    var data = cells(300, 2);
    var nothing =
        new Anchors("the anchors", CsrMatrix.empty(300, 300, DType.FLOAT64), data.batch());
    assertThatThrownBy(() -> integrated(data, nothing, null, null, false))
        .hasMessageContaining("of batch have no anchors in the anchors, so nothing says how")
        .hasMessageContaining("Search with a larger kAnchor or without kFilter");
    var three = new MergeOrder(List.of(new MergeOrder.Step(0, 1), new MergeOrder.Step(2, 3)));
    assertThatThrownBy(() -> integrated(data, anchors(data), null, three, false))
        .hasMessage("the sample tree has length 3, but the number of batches to join is 2");
  }

  @Test
  void saysWhatItCannotSearch() {
    var data = cells(60, 3);
    assertThatThrownBy(() -> anchors(data))
        .hasMessageContaining("of batch has")
        .hasMessageContaining(
            "a search for anchors with dims = 10, kAnchor = 5, kScore = 20 needs");
    var one = Categories.of("obs['lane']", new int[300]);
    var x = cells(300, 1).x();
    assertThatThrownBy(
            () ->
                IntegrationAnchors.run(
                    x, null, one, IntegrationAnchors.Params.DEFAULTS, Progress.NONE))
        .hasMessage(
            "obs['lane'] must have at least two levels, got 1: anchors join different batches");
    var two = cells(300, 2);
    assertThatThrownBy(
            () ->
                IntegrationAnchors.run(
                    two.x(),
                    new int[] {1, 2},
                    two.batch(),
                    IntegrationAnchors.Params.DEFAULTS,
                    Progress.NONE))
        .hasMessage(
            "dims must be below the number of genes that anchors are found by, got dims = 30 for 2"
                + " genes. Take fewer dims or more genes");
    assertThatThrownBy(() -> anchors(two, 7))
        .hasMessage("a level of the reference must lie in [0, 2), got 7");
    var constant = DenseMatrix.zeros(300, 60, DType.FLOAT32);
    assertThatThrownBy(
            () ->
                IntegrationAnchors.run(
                    constant, null, two.batch(), IntegrationAnchors.Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining(
            "needs more genes than that which vary in both of two batches, got 0");
  }

  @Test
  void manyGenesMustBeChosenFirst() {
    var x = CsrMatrix.empty(10, 9000, DType.FLOAT32);
    var batch = Categories.of("batch", 0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    assertThatThrownBy(
            () ->
                AnchorMethod.with(AnchorMethod.Params.DEFAULTS)
                    .run(IntegrationInput.of("x", x, batch), Progress.NONE))
        .hasMessage(
            "cca compares at most 8000 genes, got 9000. Choose some, as"
                + " pp.selectIntegrationFeatures does");
  }

  @Test
  void transferSaysWhatIsMissing() {
    var data = cells(300, 1);
    var few = data.x().takeRows(new int[] {1, 2, 3});
    var params = TransferAnchors.Params.DEFAULTS;
    assertThatThrownBy(() -> TransferAnchors.run(data.x(), few, params, Progress.NONE))
        .hasMessage(
            "the query has 3 cells, but a search for anchors with dims = 30, kAnchor = 5, kScore ="
                + " 30 needs at least 31");
    assertThatThrownBy(
            () ->
                TransferAnchors.run(
                    data.x().takeCols(new int[] {0, 1}),
                    data.x().takeCols(new int[] {0, 1}),
                    params,
                    Progress.NONE))
        .hasMessageContaining("30 dimensions need more genes and reference cells than that, got 2");
    assertThatThrownBy(() -> TransferAnchors.Params.builder().npcs(20).build())
        .hasMessage("npcs must be at least dims, got npcs = 20 and dims = 30");
  }

  @Test
  void cellsGetTheirOwnLabelAndExpressionBack() {
    var data = cells(400, 1);
    var found =
        TransferAnchors.run(data.x(), data.x(), TransferAnchors.Params.DEFAULTS, Progress.NONE);
    var labels = AnchorTransfer.run(found, data.type(), AnchorTransfer.Params.DEFAULTS);
    int same = 0;
    for (int i = 0; i < 400; i++) {
      same += labels.predicted()[i] == data.type().code(i) ? 1 : 0;
    }
    assertThat(same).isGreaterThan(395);
    var expression = AnchorTransfer.expression(found, data.x(), AnchorTransfer.Params.DEFAULTS);
    assertThat(expression.x().nRows()).isEqualTo(400);
    assertThat(expression.kWeight()).isEqualTo(50);
  }
}
