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
  private static final double FAR = 1000;

  protected abstract NearestNeighbors.Result search(
      DenseMatrix x, int k, long seed, Progress progress);

  /** Share of the true neighbours that are found; 1 for an exact search. */
  protected abstract double leastRecall();

  /** Whether the seed decides anything; without, every seed gives the same bits. */
  protected boolean draws() {
    return true;
  }

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
    var lists = search(x.copy());
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
    int[][] truth = AllPairs.nearest(x, K);
    assertThat(recall(search(x), truth)).isGreaterThanOrEqualTo(leastRecall());
  }

  /**
   * Scores from products, {@code |x|^2 - 2 x y + |y|^2}, lose their digits here, all or only the
   * last that matter: whoever orders by them must look again, and know when.
   */
  @Test
  public void theNearestAreFoundFarFromTheOrigin() {
    for (double spread : new double[] {1e-3, 0.5, 1}) {
      var x = Cells.withoutGroups(600, 8, 4);
      for (int i = 0; i < 600; i++) {
        for (int c = 0; c < 8; c++) {
          x.set(i, c, (i % 2 == 0 ? FAR : -FAR) + spread * x.get(i, c));
        }
      }
      int[][] truth = AllPairs.nearest(x, K);
      assertThat(recall(search(x), truth))
          .as("spread %s", spread)
          .isGreaterThanOrEqualTo(leastRecall());
    }
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
  public void theInputStaysAsItWas() {
    var x = cells(1000, 10);
    double[] before = Prepared.valuesOf(x);
    search(x);
    assertThat(Prepared.valuesOf(x)).isEqualTo(before);
  }

  /** In so many dimensions a search that draws does not find all. */
  private static DenseMatrix cellsWithoutGroups() {
    return Cells.withoutGroups(1200, 40, 6);
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var x = cellsWithoutGroups();
    var one = Seeds.withThreads(1, () -> search(x));
    for (int threads : new int[] {2, 7}) {
      assertSame(Seeds.withThreads(threads, () -> search(x)), one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var x = cellsWithoutGroups();
    assertSame(search(x, K, 5, Progress.NONE), search(x, K, 5, Progress.NONE));
  }

  /**
   * On the cells of the two clauses above, which would hold of anything if nothing showed there.
   */
  @Test
  public void anotherSeedGivesOtherBits() {
    var x = cellsWithoutGroups();
    var one = search(x, K, 1, Progress.NONE);
    var two = search(x, K, 2, Progress.NONE);
    boolean same =
        Arrays.equals(one.indices(), two.indices())
            && Arrays.equals(one.distances(), two.distances());
    assertThat(same).isEqualTo(!draws());
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
    var x = cells(1100, 9);
    Interrupts.areNoticed(progress -> search(x, K, 1, progress), () -> Prepared.valuesOf(x));
  }
}
