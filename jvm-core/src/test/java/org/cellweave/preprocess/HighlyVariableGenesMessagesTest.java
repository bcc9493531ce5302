package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.preprocess.HighlyVariableGenes.Flavor;
import org.junit.jupiter.api.Test;

/** What HighlyVariableGenes refuses, and in which words. */
class HighlyVariableGenesMessagesTest {
  @Test
  void messagesSayWhatToDo() {
    var x = HighlyVariableGenesTest.counts(30, 20, 1).toDense();
    var p = HighlyVariableGenesTest.params(Flavor.SEURAT_V3, 5);
    assertThatThrownBy(() -> HighlyVariableGenesTest.params(Flavor.SEURAT, 0))
        .hasMessage("nTopGenes must be positive, got 0");
    assertThatThrownBy(() -> HighlyVariableGenes.run(x, HighlyVariableGenesTest.names(19), null, p))
        .hasMessage("geneNames has length 19, but number of genes is 20");
    int[] codes = new int[30];
    assertThatThrownBy(
            () ->
                HighlyVariableGenes.run(
                    x.takeRows(new int[] {0}), HighlyVariableGenesTest.names(20), null, p))
        .hasMessage("X has 1 cell, but a variance needs at least 2.");
    codes[7] = -1;
    assertThatThrownBy(
            () ->
                HighlyVariableGenes.run(
                    x,
                    HighlyVariableGenesTest.names(20),
                    new Categories("batch", codes, new String[] {"a"}),
                    p))
        .hasMessageStartingWith("batch has 1 missing label, for cell 7. Give every cell a label");
    String[] twice = HighlyVariableGenesTest.names(20);
    twice[4] = "g2";
    assertThatThrownBy(
            () -> HighlyVariableGenes.run(x, twice, HighlyVariableGenesTest.twoBatches(30), p))
        .hasMessageStartingWith("gene name 'g2' appears at 2 and 4");
    var negative = x.copy();
    negative.set(1, 2, -3);
    assertThatThrownBy(
            () -> HighlyVariableGenes.run(negative, HighlyVariableGenesTest.names(20), null, p))
        .hasMessageStartingWith("flavor 'seurat_v3' needs counts, but X[1, 2] is -3.0");
    var nan = x.copy();
    nan.set(3, 4, Double.NaN);
    for (Flavor flavor : Flavor.values()) {
      assertThatThrownBy(
              () ->
                  HighlyVariableGenes.run(
                      nan,
                      HighlyVariableGenesTest.names(20),
                      null,
                      HighlyVariableGenesTest.params(flavor, 5)))
          .hasMessageStartingWith("highlyVariableGenes needs finite values, but X[3, 4] is NaN");
    }
    var large = x.copy();
    large.set(0, 0, 4000);
    assertThatThrownBy(
            () ->
                HighlyVariableGenes.run(
                    large,
                    HighlyVariableGenesTest.names(20),
                    null,
                    HighlyVariableGenesTest.params(Flavor.SEURAT, 5)))
        .hasMessageContaining("Run normalizeTotal and log1p first");
    assertThatThrownBy(
            () ->
                HighlyVariableGenes.run(
                    DenseMatrix.zeros(5, 20, DType.FLOAT32),
                    HighlyVariableGenesTest.names(20),
                    null,
                    HighlyVariableGenesTest.params(Flavor.CELL_RANGER, 5)))
        .hasMessageContaining("the 10th and 15th percentiles are both");
    assertThatThrownBy(
            () ->
                HighlyVariableGenes.run(
                    DenseMatrix.zeros(5, 0, DType.FLOAT32),
                    HighlyVariableGenesTest.names(0),
                    null,
                    p))
        .hasMessageContaining("there are no genes to choose from");
  }
}
