package org.cellweave.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.nn.View;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class CellDataTest {
  private static final double[][] X = {{1, 0, 3}, {0, 2, 0}, {5, 5, 5}, {1, 1, 0}};

  private static double[][] with(int cell, int gene, double value) {
    double[][] out = Arrays.stream(X).map(double[]::clone).toArray(double[][]::new);
    out[cell][gene] = value;
    return out;
  }

  private static CellData cells(double[][] x, Covariates covariates) {
    return new CellData(new MatrixRows(DenseMatrix.ofRows(x)), covariates);
  }

  private static CellData plain(double[][] x) {
    return cells(x, Covariates.of(null));
  }

  private static Covariates covariates(
      Categories labels, List<Categories> categories, List<double[]> numbers, double[] factors) {
    return new Covariates("layers['counts']", null, labels, categories, numbers, factors);
  }

  @Test
  void countsThatChangeAfterTheyWereCheckedAreRefused() {
    var x = DenseMatrix.ofRows(X);
    var cells = new CellData(new MatrixRows(x), Covariates.of(null));
    var into = new Minibatch(3);
    cells.feed(new int[] {1, 2}, 0, 2, View.CELLS, into);
    x.set(2, 1, Math.log(5));
    assertThatThrownBy(() -> cells.feed(new int[] {1, 2}, 0, 2, View.CELLS, into))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "X has changed since its counts were checked: those of cell 2 add up to 11.6094, and"
                + " did to 15.0000. Make the model anew, from a layer that is left as it is");
  }

  @Test
  void feedsWhatACellHas() {
    var batch = new Categories("batch", new int[] {0, 1, 1, 0}, new String[] {"a", "b"});
    var labels = Categories.of("kind", 2, 0, 1, 2);
    var third = Categories.of("donor", 1, 1, 0, 2);
    List<double[]> numbers = List.of(new double[] {1, 2, 3, 4}, new double[] {-1, -2, -3, -4});
    var cells = cells(X, new Covariates("X", batch, labels, List.of(third), numbers, null));
    var into = new Minibatch(3);
    cells.feed(new int[] {9, 2, 0, 3}, 1, 4, View.CELLS, into);
    assertThat(into.codes(View.CELLS, "batch")).containsExactly(1, 0, 0);
    assertThat(into.codes(View.THINNED, "labels")).containsExactly(1, 2, 2);
    assertThat(into.codes(View.CELLS, "category_0")).containsExactly(0, 1, 2);
    assertThat(into.numbers(View.CELLS, "continuous")).containsExactly(3, -3, 1, -1, 4, -4);
    assertThat(into.numbers(View.CELLS, "library"))
        .containsExactly((float) Math.log(15), (float) Math.log(4), (float) Math.log(2));
    Counts counts = into.counts(View.CELLS);
    assertThat(counts.cells()).isEqualTo(3);
    assertThat(Arrays.copyOf(counts.gene(), counts.size())).containsExactly(0, 1, 2, 0, 2, 0, 1);
    assertThat(Arrays.copyOf(counts.value(), counts.size())).containsExactly(5, 5, 5, 1, 3, 1, 1);
  }

  @Test
  void priorsOfTotalsAreThoseOfTheBatch() {
    var batch = Categories.of("batch", 0, 1, 1, 0);
    var into = new Minibatch(3);
    cells(X, Covariates.of(batch)).feed(new int[] {0, 1}, 0, 2, View.CELLS, into);
    double mean = (Math.log(4) + Math.log(2)) / 2;
    assertThat(into.numbers(View.CELLS, "library_mean")[0]).isCloseTo((float) mean, within(1e-6f));
    double half = (Math.log(4) - Math.log(2)) / 2;
    assertThat(into.numbers(View.CELLS, "library_variance")[0])
        .isCloseTo((float) (half * half), within(1e-6f));
    half = (Math.log(15) - Math.log(2)) / 2;
    assertThat(into.numbers(View.CELLS, "library_variance")[1])
        .isCloseTo((float) (half * half), within(1e-6f));
  }

  @Test
  void aBatchOfOneTotalStillHasAWidth() {
    var into = new Minibatch(3);
    cells(new double[][] {{2, 0, 0}, {0, 2, 0}}, Covariates.of(null))
        .feed(new int[] {0}, 0, 1, View.CELLS, into);
    assertThat(into.numbers(View.CELLS, "library_variance")[0]).isPositive();
  }

  @Test
  void sizeFactorsTakeThePlaceOfTotals() {
    var into = new Minibatch(3);
    double[] factors = {1, 2, 0.5, 4};
    CellData cells = cells(X, covariates(null, List.of(), List.of(), factors));
    assertThat(cells.hasSizeFactors()).isTrue();
    cells.feed(new int[] {1, 2}, 0, 2, View.CELLS, into);
    assertThat(into.numbers(View.CELLS, "library"))
        .containsExactly((float) Math.log(2), (float) Math.log(0.5));
  }

  @Test
  void refusesWhatIsNoCount() {
    assertThatThrownBy(() -> plain(with(1, 2, 1e300)))
        .hasMessageStartingWith("X must hold counts, but [1, 2] is 1.0E300.");
    assertThatThrownBy(() -> plain(with(1, 2, -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("X must hold counts, but [1, 2] is -1.0. Give the layer with raw");
    assertThatThrownBy(() -> plain(with(2, 0, 0.5))).hasMessageContaining("[2, 0] is 0.5");
    assertThatThrownBy(() -> plain(with(3, 1, Double.NaN))).hasMessageContaining("[3, 1] is NaN");
    assertThatThrownBy(() -> plain(with(0, 0, Double.POSITIVE_INFINITY)))
        .hasMessageContaining("[0, 0] is Infinity");
  }

  @Test
  void refusesACellWithoutCounts() {
    assertThatThrownBy(() -> plain(with(1, 1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cell 1 of X has no counts")
        .hasMessageContaining("sc.pp.filterCells(minCounts = 1)");
  }

  @Test
  void refusesAMissingLabelOrCategory() {
    var missing = new Categories("obs['kind']", new int[] {0, -1, 1, 0}, new String[] {"a", "b"});
    assertThatThrownBy(() -> cells(X, covariates(missing, List.of(), List.of(), null)))
        .hasMessageContaining("obs['kind'] has 1 missing label, for cell 1");
    assertThatThrownBy(() -> cells(X, covariates(null, List.of(missing), List.of(), null)))
        .hasMessageContaining("for cell 1");
    assertThatThrownBy(() -> cells(X, Covariates.of(missing))).hasMessageContaining("for cell 1");
  }

  @Test
  void refusesANumberThatIsNone() {
    double[] numbers = {0, 1, Double.NaN, 2};
    assertThatThrownBy(() -> cells(X, covariates(null, List.of(), List.of(numbers), null)))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("continuous covariate 0 is NaN for cell 2. Fill it or leave the cell out");
  }

  @Test
  void refusesSizeFactorsThatAreNotPositive() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] factors = {1, 1, 1, wrong};
      assertThatThrownBy(() -> cells(X, covariates(null, List.of(), List.of(), factors)))
          .hasMessage("size factors must be positive, got " + wrong + " for cell 3");
    }
  }

  @Test
  void refusesOtherNumbersOfCells() {
    var five = Categories.of("obs['batch']", 0, 0, 1, 1, 1);
    assertThatThrownBy(() -> cells(X, Covariates.of(five)))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("obs['batch'] has length 5, but number of cells of X is 4");
    assertThatThrownBy(() -> cells(X, covariates(null, List.of(), List.of(new double[3]), null)))
        .hasMessageContaining("continuous covariate 0 has length 3");
    assertThatThrownBy(() -> cells(X, covariates(null, List.of(), List.of(), new double[2])))
        .hasMessageContaining("size factors has length 2");
  }

  @Test
  void namesWhatIsNotThere() {
    assertThat(plain(X).has("labels")).isFalse();
    assertThatThrownBy(() -> plain(X).categories("labels"))
        .hasMessage("these cells have no 'labels'");
    assertThatThrownBy(() -> new Minibatch(3).codes(View.CELLS, "batch"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the minibatch has no 'batch' for CELLS");
  }
}
