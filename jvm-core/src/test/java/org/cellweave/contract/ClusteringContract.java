package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.AdjustedRand;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** What every clustering of cells keeps to, the ones of a graph by way of nearest neighbours. */
public abstract class ClusteringContract {
  /** Groups that the cells of this contract fall into. */
  protected static final int GROUPS = 4;

  protected abstract int[] cluster(DenseMatrix x, long seed, Progress progress);

  private int[] cluster(DenseMatrix x) {
    return cluster(x, 1, Progress.NONE);
  }

  private static DenseMatrix cells(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 6, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 6; c++) {
        x.set(i, c, random.nextGaussian() + (c == i % GROUPS ? 12 : 0));
      }
    }
    return x;
  }

  private static int[] truth(int n) {
    int[] groups = new int[n];
    Arrays.setAll(groups, i -> i % GROUPS);
    return groups;
  }

  @Test
  public void everyCellHasALabelAndNoLabelIsLeftOut() {
    int[] labels = cluster(cells(200, 1));
    assertThat(labels).hasSize(200);
    int largest = Arrays.stream(labels).max().orElse(-1);
    assertThat(Arrays.stream(labels).distinct().sorted().toArray())
        .isEqualTo(java.util.stream.IntStream.rangeClosed(0, largest).toArray());
  }

  @Test
  public void groupsThatLieApartAreFound() {
    Seeds.forEach(
        5,
        seed ->
            assertThat(AdjustedRand.of(cluster(cells(200, seed)), truth(200))).isGreaterThan(0.99));
  }

  @Test
  public void theOrderOfCellsDoesNotMatter() {
    var x = cells(200, 2);
    int[] order = Seeds.permutation(200, 2);
    int[] labels = cluster(x);
    int[] expected = Arrays.stream(order).map(i -> labels[i]).toArray();
    assertThat(AdjustedRand.of(cluster(x.takeRows(order)), expected)).isGreaterThan(0.99);
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var x = cells(3000, 3);
    int[] one = Seeds.withThreads(1, () -> cluster(x));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> cluster(x))).isEqualTo(one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var x = cells(500, 4);
    assertThat(cluster(x, 5, Progress.NONE)).isEqualTo(cluster(x, 5, Progress.NONE));
  }

  @Test
  public void nanIsRefused() {
    var x = cells(200, 5);
    x.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> cluster(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN")
        .hasMessageContaining("3");
  }

  @Test
  public void anInterruptEndsTheRunAndLeavesTheInputAsItWas() {
    var x = cells(200, 6);
    float[] before = x.floatData().clone();
    Interrupts.areNoticed(progress -> cluster(x, 1, progress));
    assertThat(x.floatData()).isEqualTo(before);
  }
}
