package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** What every embedding of cells keeps to, the ones of a graph by way of nearest neighbours. */
public abstract class EmbeddingContract {
  private static final int GROUPS = 4;
  private static final int NEAREST = 10;

  protected abstract DenseMatrix embed(DenseMatrix x, long seed, Progress progress);

  /** Dimensions that {@link #embed} gives. */
  protected abstract int dims();

  private DenseMatrix embed(DenseMatrix x) {
    return embed(x, 1, Progress.NONE);
  }

  private static DenseMatrix cells(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 6, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 6; c++) {
        x.set(i, c, random.nextGaussian() + (c == i % GROUPS ? 8 : 0));
      }
    }
    return x;
  }

  @Test
  public void everyCellHasAPlace() {
    var layout = embed(cells(300, 1));
    assertThat(layout.nRows()).isEqualTo(300);
    assertThat(layout.nCols()).isEqualTo(dims());
    for (double v : layout.toFloat64().doubleData()) {
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
    assertThat(purity(embed(x.takeRows(order)), order)).isGreaterThan(0.95);
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var x = cells(2000, 3);
    double[] one = Seeds.withThreads(1, () -> numbers(embed(x)));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> numbers(embed(x)))).isEqualTo(one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var x = cells(300, 4);
    assertThat(numbers(embed(x, 5, Progress.NONE))).isEqualTo(numbers(embed(x, 5, Progress.NONE)));
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
    float[] before = x.floatData().clone();
    Interrupts.areNoticed(progress -> embed(x, 1, progress));
    assertThat(x.floatData()).isEqualTo(before);
  }
}
