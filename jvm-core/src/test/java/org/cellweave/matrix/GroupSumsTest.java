package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class GroupSumsTest {
  private static final int N = 1500;

  private static int[] codes(long seed) {
    return new SplittableRandom(seed).ints(N, -1, 4).toArray();
  }

  private static List<GroupSums> cuts(Matrix x, int[] codes) {
    var rows = Rows.of(x);
    return List.of(
        GroupSums.byGroup(rows, codes, 5),
        GroupSums.byPart(rows, codes, 5, new int[] {0, 3, 3, 900, N}));
  }

  @Test
  void everyCutOfEveryFormGivesTheDefinition() {
    Seeds.forEach(
        5,
        seed -> {
          CsrMatrix x = Seeds.counts(N, 6, 0.4, seed);
          int[] codes = codes(seed);
          double[][] sum = new double[5][6];
          double[][] squares = new double[5][6];
          int[][] nonZero = new int[5][6];
          for (int i = 0; i < N; i++) {
            for (int j = 0; codes[i] >= 0 && j < 6; j++) {
              double v = x.get(i, j);
              sum[codes[i]][j] += v;
              squares[codes[i]][j] += v * v;
              nonZero[codes[i]][j] += v != 0 ? 1 : 0;
            }
          }
          for (Matrix form : List.of(x, x.toDense(), x.transposeToCsr().transpose())) {
            for (GroupSums groups : cuts(form, codes)) {
              ColumnSums[] sums = groups.collect(GroupSums.COUNTING);
              for (int g = 0; g < 5; g++) {
                assertThat(sums[g].sum()).isEqualTo(sum[g]);
                assertThat(sums[g].squares()).isEqualTo(squares[g]);
                assertThat(sums[g].counted()).isEqualTo(nonZero[g]);
              }
            }
          }
        });
  }

  @Test
  void threadsDoNotChangeABit() {
    var x = Seeds.counts(N, 6, 0.4, 2);
    for (int p = 0; p < x.block(0).nnz(); p++) {
      x.block(0).values()[p] = (float) Math.log1p(x.block(0).values()[p]);
    }
    int[] codes = codes(2);
    for (int cut = 0; cut < 2; cut++) {
      int which = cut;
      double[] one =
          Seeds.withThreads(1, () -> cuts(x, codes).get(which).collect(GroupSums.PLAIN)[1].sum());
      for (int threads : new int[] {2, 7}) {
        assertThat(
                Seeds.withThreads(
                    threads, () -> cuts(x, codes).get(which).collect(GroupSums.PLAIN)[1].sum()))
            .isEqualTo(one);
      }
    }
  }

  @Test
  void meansAndVariances() {
    var x = DenseMatrix.wrap(new double[] {1, 5, 2, 5, 6, 5}, 3, 2);
    var sums = GroupSums.whole(Rows.of(x)).collect(GroupSums.PLAIN)[0];
    assertThat(sums.mean(0, 3)).isEqualTo(3);
    assertThat(sums.variance(0, 3)).isCloseTo(7, within(1e-12));
    assertThat(sums.variance(1, 3)).isZero();
    assertThat(sums.isFinite()).isTrue();
    x.set(0, 0, Double.NaN);
    assertThat(GroupSums.whole(Rows.of(x)).collect(GroupSums.PLAIN)[0].isFinite()).isFalse();
  }

  @Test
  void codesFitTheRows() {
    var rows = Rows.of(DenseMatrix.zeros(2, 1, DType.FLOAT32));
    assertThatThrownBy(() -> GroupSums.byGroup(rows, new int[3], 1))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("group codes has length 3, but the number of rows is 2");
    assertThatThrownBy(() -> GroupSums.byGroup(rows, new int[] {0, 2}, 2))
        .hasMessage("code must lie in [0, 2), got 2");
  }
}
