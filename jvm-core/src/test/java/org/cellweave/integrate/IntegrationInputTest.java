package org.cellweave.integrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.NumericCovariate;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class IntegrationInputTest {
  private static final DenseMatrix X = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}, {5, 6}});
  private static final Categories BATCH = Categories.of("obs['batch']", 0, 1, 0);

  @Test
  void oneBlockOfAllCellsIsReadAsAMatrix() {
    var input = IntegrationInput.of("X", X, BATCH);
    assertThat(input.values("harmony")).isSameAs(X);
    assertThat(input.batch("combat")).isSameAs(BATCH);
    assertThat(input.nCells()).isEqualTo(3);
  }

  @Test
  void aMosaicHasBlocksOfSomeCells() {
    var rna = new FeatureBlock("rna", X, new String[] {"g1", "g2"}, new int[] {0, 2, 3});
    var protein = new FeatureBlock("protein", X.takeRows(new int[] {0, 1}), null, new int[] {1, 2});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    var mosaic = new IntegrationInput(List.of(rna, protein), List.of(batch), List.of());
    assertThat(mosaic.nCells()).isEqualTo(4);
    refuses(() -> mosaic.values("harmony"), "harmony reads one matrix, got [rna, protein]");
    var some = new IntegrationInput(List.of(rna), List.of(batch), List.of());
    refuses(() -> some.values("harmony"), "harmony needs values of all cells, but rna has some");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    refuses(() -> IntegrationInput.of("X", X), "batches is empty");
    refuses(
        () -> new IntegrationInput(List.of(), List.of(BATCH), List.of()), "blocks is empty; give");
    refuses(
        () -> IntegrationInput.of("X", X, Categories.of("batch", 0, 1)),
        "X has length 3, but the number of cells is 2");
    refuses(
        () -> IntegrationInput.of("X", X, BATCH, Categories.of("lane", 0, 1)),
        "lane has length 2, but the number of cells is 3");
    refuses(
        () -> IntegrationInput.of("X", X, Categories.of("batch", 0, -1, 1)),
        "batch has 1 missing label, for cell 1");
    refuses(
        () ->
            new IntegrationInput(
                List.of(FeatureBlock.of("X", X)),
                List.of(BATCH),
                List.of(new NumericCovariate("age", 1, 2))),
        "age has length 2, but the number of cells is 3");
    refuses(
        () -> IntegrationInput.of("X", X, BATCH, BATCH).batch("combat"),
        "combat integrates over one batch column, got [obs['batch'], obs['batch']]");
    refuses(
        () -> new FeatureBlock("rna", X, new String[] {"g"}, null),
        "features of rna has length 1, but the number of columns is 2");
    var twice = new FeatureBlock("rna", X, null, new int[] {0, 1, 1});
    refuses(
        () -> new IntegrationInput(List.of(twice), List.of(BATCH), List.of()),
        "cells of rna must differ, got 1 twice");
    refuses(
        () -> new Integrated.Expression(X, new int[] {0}),
        "features has length 1, but the number of columns is 2");
  }

  private static void refuses(Runnable body, String message) {
    assertThatThrownBy(body::run).hasMessageContaining(message);
  }
}
