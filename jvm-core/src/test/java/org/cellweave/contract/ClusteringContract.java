package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.AdjustedRand;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** What every clustering of cells keeps to, the ones of a graph by way of nearest neighbours. */
public abstract class ClusteringContract {
  /** Groups that the cells of this contract fall into. */
  protected static final int GROUPS = 4;

  /** The method, about to find {@link #GROUPS} groups. */
  protected abstract Prepared<int[]> on(DenseMatrix x);

  /** The method with parameters that part cells without groups, so that the seed shows. */
  protected Prepared<int[]> onCellsWithoutGroups(DenseMatrix x) {
    return on(x);
  }

  /** Whether the seed decides anything; without, every seed gives the same bits. */
  protected boolean draws() {
    return true;
  }

  private int[] cluster(DenseMatrix x) {
    return on(x).run(1);
  }

  private static DenseMatrix cells(int n, long seed) {
    return Cells.inGroups(n, GROUPS, 12, seed);
  }

  private static DenseMatrix cellsWithoutGroups() {
    return Cells.withoutGroups(2000, 6, 3);
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
        .isEqualTo(IntStream.rangeClosed(0, largest).toArray());
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
    int[] moved = cluster(x.takeRows(order));
    int[] labels = cluster(x);
    int[] expected = Arrays.stream(order).map(i -> labels[i]).toArray();
    assertThat(AdjustedRand.of(moved, expected)).isGreaterThan(0.99);
  }

  @Test
  public void theInputStaysAsItWas() {
    var x = cells(200, 7);
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
    int[] one = Seeds.withThreads(1, () -> onCellsWithoutGroups(x).run(1));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> onCellsWithoutGroups(x).run(1))).isEqualTo(one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var method = onCellsWithoutGroups(cellsWithoutGroups());
    assertThat(method.run(5)).isEqualTo(method.run(5));
  }

  /**
   * On the cells of the two clauses above, which would hold of anything if nothing showed there.
   */
  @Test
  public void anotherSeedGivesOtherBits() {
    var method = onCellsWithoutGroups(cellsWithoutGroups());
    assertThat(Arrays.equals(method.run(1), method.run(2))).isEqualTo(!draws());
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
    var method = on(x);
    Interrupts.areNoticed(
        progress -> method.body().run(1, progress),
        () ->
            DoubleStream.concat(Arrays.stream(method.values()), Arrays.stream(Prepared.valuesOf(x)))
                .toArray());
  }
}
