package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** What every embedding of cells keeps to, the ones of a graph by way of nearest neighbours. */
public abstract class EmbeddingContract {
  private static final int GROUPS = 4;
  private static final int NEAREST = 10;

  /** The method, about to embed into {@link #dims} dimensions. */
  protected abstract Prepared<DenseMatrix> on(DenseMatrix x);

  /** Dimensions that the method gives. */
  protected abstract int dims();

  /** The method with parameters under which it draws. */
  protected Prepared<DenseMatrix> onCellsWithoutGroups(DenseMatrix x) {
    return on(x);
  }

  /** Whether the seed decides anything; without, every seed gives the same up to rounding. */
  protected boolean draws() {
    return true;
  }

  private DenseMatrix embed(DenseMatrix x) {
    return on(x).run(1);
  }

  private static DenseMatrix cells(int n, long seed) {
    return Cells.inGroups(n, GROUPS, 8, seed);
  }

  private static DenseMatrix cellsWithoutGroups() {
    return Cells.withoutGroups(1500, 6, 3);
  }

  @Test
  public void everyCellHasAPlace() {
    var layout = embed(cells(300, 1));
    assertThat(layout.nRows()).isEqualTo(300);
    assertThat(layout.nCols()).isEqualTo(dims());
    for (double v : numbers(layout)) {
      assertThat(Double.isFinite(v)).isTrue();
    }
  }

  @Test
  public void groupsThatLieApartStayApart() {
    Seeds.forEach(3, seed -> assertThat(purity(embed(cells(300, seed)), null)).isGreaterThan(0.95));
  }

  /** Share of the nearest cells that are of the same group. */
  private static double purity(DenseMatrix layout, int[] order) {
    int[][] lists = AllPairs.nearest(layout.toFloat64(), NEAREST + 1);
    int same = 0;
    for (int[] list : lists) {
      for (int c = 1; c <= NEAREST; c++) {
        same += group(list[c], order) == group(list[0], order) ? 1 : 0;
      }
    }
    return same / (double) (lists.length * NEAREST);
  }

  private static int group(int row, int[] order) {
    return (order == null ? row : order[row]) % GROUPS;
  }

  @Test
  public void theOrderOfCellsDoesNotMatter() {
    var x = cells(300, 2);
    int[] order = Seeds.permutation(300, 2);
    double moved = purity(embed(x.takeRows(order)), order);
    assertThat(moved).isGreaterThan(purity(embed(x), null) - 0.05);
  }

  @Test
  public void theInputStaysAsItWas() {
    var x = cells(300, 7);
    double[] cells = Prepared.valuesOf(x);
    var method = on(x);
    double[] input = method.values();
    method.run(1);
    assertThat(method.values()).isEqualTo(input);
    assertThat(Prepared.valuesOf(x)).isEqualTo(cells);
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var x = cellsWithoutGroups();
    double[] one = Seeds.withThreads(1, () -> numbers(onCellsWithoutGroups(x).run(1)));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> numbers(onCellsWithoutGroups(x).run(1))))
          .isEqualTo(one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var method = onCellsWithoutGroups(cellsWithoutGroups());
    assertThat(numbers(method.run(5))).isEqualTo(numbers(method.run(5)));
  }

  /**
   * On the cells of the two clauses above, which would hold of anything if nothing showed there.
   */
  @Test
  public void anotherSeedGivesOtherBits() {
    var method = onCellsWithoutGroups(cellsWithoutGroups());
    double[] one = numbers(method.run(1));
    double[] two = numbers(method.run(2));
    if (draws()) {
      assertThat(Arrays.equals(one, two)).isFalse();
    } else {
      assertThat(two).containsExactly(one, within(1e-4));
    }
  }

  private static double[] numbers(DenseMatrix x) {
    return x.toFloat64().doubleData();
  }

  @Test
  public void nanIsRefused() {
    var x = cells(300, 5);
    x.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> embed(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN")
        .hasMessageContaining("3");
  }

  @Test
  public void anInterruptEndsTheRunAndLeavesTheInputAsItWas() {
    var x = cells(300, 6);
    var method = on(x);
    Interrupts.areNoticed(
        progress -> method.body().run(1, progress),
        () ->
            DoubleStream.concat(Arrays.stream(method.values()), Arrays.stream(Prepared.valuesOf(x)))
                .toArray());
  }
}
