package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** What every search for the nearest neighbours by Euclidean distance keeps to. */
public abstract class KnnContract {
  private static final int K = 10;

  protected abstract NearestNeighbors.Result search(
      DenseMatrix x, int k, long seed, Progress progress);

  /** Share of the true neighbours that are found; 1 for an exact search. */
  protected abstract double leastRecall();

  private NearestNeighbors.Result search(DenseMatrix x) {
    return search(x, K, 1, Progress.NONE);
  }

  private static DenseMatrix cells(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 8, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      int group = random.nextInt(4);
      for (int c = 0; c < 8; c++) {
        x.set(i, c, random.nextGaussian() + (c == group ? 5 : 0));
      }
    }
    return x;
  }

  @Test
  public void everyListBeginsWithTheCellItselfAndHoldsNoCellTwice() {
    var lists = search(cells(400, 1));
    assertThat(lists.nCells()).isEqualTo(400);
    assertThat(lists.nNeighbors()).isEqualTo(K);
    for (int i = 0; i < 400; i++) {
      assertThat(lists.indices()[i * K]).isEqualTo(i);
      assertThat(lists.distances()[i * K]).isZero();
      int[] list = Arrays.copyOfRange(lists.indices(), i * K, (i + 1) * K);
      assertThat(Arrays.stream(list).distinct().count()).isEqualTo(K);
    }
  }

  @Test
  public void distancesAscendAndAreThoseOfThePairs() {
    var x = cells(400, 2);
    var lists = search(x);
    double[] a = new double[8];
    double[] b = new double[8];
    for (int i = 0; i < 400; i++) {
      x.readRow(i, a);
      for (int c = 0; c < K; c++) {
        x.readRow(lists.indices()[i * K + c], b);
        double distance = lists.distances()[i * K + c];
        assertThat(distance).isCloseTo(AllPairs.distance(a, b), within(1e-5));
        assertThat(distance).isGreaterThanOrEqualTo(lists.distances()[i * K + Math.max(0, c - 1)]);
      }
    }
  }

  @Test
  public void theNearestAreFound() {
    var x = cells(1500, 3);
    assertThat(recall(search(x), AllPairs.nearest(x, K))).isGreaterThanOrEqualTo(leastRecall());
  }

  private static double recall(NearestNeighbors.Result lists, int[][] truth) {
    int found = 0;
    for (int i = 0; i < truth.length; i++) {
      for (int c = 0; c < K; c++) {
        int wanted = truth[i][c];
        for (int e = 0; e < K; e++) {
          found += lists.indices()[i * K + e] == wanted ? 1 : 0;
        }
      }
    }
    return found / (double) (truth.length * K);
  }

  /** Cells at one place: the cell itself, then the others by their number. */
  @Test
  public void tiesGoToTheLowerIndex() {
    var x = cells(100, 4);
    for (int i = 40; i < 60; i++) {
      x.setRow(i, new double[] {9, 9, 9, 9, 9, 9, 9, 9});
    }
    var lists = search(x);
    for (int i = 40; i < 60; i++) {
      int[] list = Arrays.copyOfRange(lists.indices(), i * K, (i + 1) * K);
      assertThat(list[0]).isEqualTo(i);
      assertThat(Arrays.copyOfRange(list, 1, K)).isSorted();
    }
  }

  @Test
  public void theOrderOfCellsDoesNotMatter() {
    var x = cells(600, 5);
    int[] order = Seeds.permutation(600, 5);
    int[][] moved = new int[600][];
    var lists = search(x.takeRows(order));
    for (int k = 0; k < 600; k++) {
      moved[order[k]] = new int[K];
      for (int c = 0; c < K; c++) {
        moved[order[k]][c] = order[lists.indices()[k * K + c]];
      }
    }
    assertThat(recall(search(x), moved)).isGreaterThanOrEqualTo(leastRecall());
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var x = cells(3000, 6);
    var one = Seeds.withThreads(1, () -> search(x));
    for (int threads : new int[] {2, 7}) {
      assertSame(Seeds.withThreads(threads, () -> search(x)), one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var x = cells(1500, 7);
    assertSame(search(x, K, 5, Progress.NONE), search(x, K, 5, Progress.NONE));
  }

  private static void assertSame(NearestNeighbors.Result got, NearestNeighbors.Result expected) {
    assertThat(got.indices()).isEqualTo(expected.indices());
    assertThat(got.distances()).isEqualTo(expected.distances());
  }

  @Test
  public void nanIsRefusedByRowAndColumn() {
    var x = cells(100, 8);
    x.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> search(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN")
        .hasMessageContaining("[3, 2]");
  }

  @Test
  public void anInterruptEndsTheSearchAndLeavesTheInputAsItWas() {
    var x = cells(1000, 9);
    float[] before = x.floatData().clone();
    Interrupts.areNoticed(progress -> search(x, K, 1, progress));
    assertThat(x.floatData()).isEqualTo(before);
  }
}
