package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class MatrixTest {
  private static int[] withRepeats(int n, int size, long seed) {
    var random = new SplittableRandom(seed);
    return random.ints(size, 0, n).toArray();
  }

  private static double[][] rows(Matrix m) {
    double[][] out = new double[m.nRows()][m.nCols()];
    for (int i = 0; i < m.nRows(); i++) {
      for (int j = 0; j < m.nCols(); j++) {
        out[i][j] = m.get(i, j);
      }
    }
    return out;
  }

  @Test
  void slicesWithRepeatsAndReorderingsAgreeBetweenAllForms() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = Seeds.counts(23, 17, 0.3, seed);
          for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
            CsrMatrix csr = x.withDType(type);
            Matrix csc = csr.transposeToCsr().transpose();
            for (int[] at :
                List.of(
                    withRepeats(17, 30, seed),
                    Seeds.permutation(17, seed),
                    new int[] {2, 3, 11},
                    new int[0])) {
              double[][] expected = new double[at.length][];
              double[][] expectedCols = new double[23][at.length];
              double[][] values = rows(x);
              for (int r = 0; r < at.length; r++) {
                expected[r] = values[at[r]];
                for (int i = 0; i < 23; i++) {
                  expectedCols[i][r] = values[i][at[r]];
                }
              }
              for (Matrix m : List.of(csr, csc, csr.toDense())) {
                assertThat(rows(m.takeRows(at))).isDeepEqualTo(expected);
                assertThat(rows(m.takeCols(at))).isDeepEqualTo(expectedCols);
              }
            }
          }
        });
  }

  @Test
  void transposingTwiceGivesTheMatrixBack() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = Seeds.counts(40, 1100, 0.05, seed);
          for (CsrMatrix m : List.of(x, x.withDType(DType.FLOAT64))) {
            CsrMatrix t = m.transposeToCsr();
            assertThat(rows(t)).isDeepEqualTo(rows(m.toDense().transpose()));
            assertThat(rows(t.transposeToCsr())).isDeepEqualTo(rows(x));
          }
        });
  }

  @Test
  void momentsEqualTheDefinition() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = Seeds.counts(31, 9, 0.4, seed);
          CsrMatrix wide = x.withDType(DType.FLOAT64);
          double[][] values = rows(x);
          double[][] turned = rows(x.toDense().transpose());
          for (Matrix m :
              List.of(x, wide, x.toDense(), wide.toDense(), new CscMatrix(x.transposeToCsr()))) {
            check(m.rowMoments(1), m.rowSums(), values);
            check(m.colMoments(1), m.colSums(), turned);
          }
        });
  }

  private static void check(Matrix.Moments moments, double[] sums, double[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      double mean = Arrays.stream(vectors[i]).average().orElseThrow();
      double squares = Arrays.stream(vectors[i]).map(v -> (v - mean) * (v - mean)).sum();
      assertThat(sums[i]).isCloseTo(Arrays.stream(vectors[i]).sum(), within(1e-9));
      assertThat(moments.mean()[i]).isCloseTo(mean, within(1e-12));
      assertThat(moments.variance()[i]).isCloseTo(squares / (vectors[i].length - 1), within(1e-10));
    }
  }

  @Test
  void aDenseMatrixOfManyBlocksBehavesAsOneOfOneBlock() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      var many = DenseMatrix.zeros(11, 5, type, 12);
      assertThat(many.blockCount()).isEqualTo(6);
      var one = DenseMatrix.zeros(11, 5, type);
      var random = new SplittableRandom(4);
      for (int i = 0; i < 11; i++) {
        double[] row = random.doubles(5).map(v -> (float) v).toArray();
        many.setRow(i, row);
        one.setRow(i, row);
      }
      int[] at = {10, 0, 3, 3};
      List<Function<Matrix, Matrix>> operations =
          List.of(
              m -> m.takeRows(at),
              m -> m.takeCols(new int[] {4, 0, 0}),
              Matrix::transpose,
              Matrix::copy,
              Matrix::toCsr,
              m -> m.withDType(DType.FLOAT64),
              m -> m.withDType(DType.FLOAT32));
      for (var operation : operations) {
        assertThat(rows(operation.apply(many))).isDeepEqualTo(rows(operation.apply(one)));
      }
      assertThat(many.colSums()).isEqualTo(one.colSums());
      assertThat(many.rowMoments(0).variance()).isEqualTo(one.rowMoments(0).variance());
      assertThat(many.colMoments(0).variance()).isEqualTo(one.colMoments(0).variance());
      assertThat(many.doubleData()).isEqualTo(one.doubleData());
      assertThat(many.floatData()).isEqualTo(one.floatData());
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    CsrMatrix x = Seeds.counts(3000, 800, 0.5, 1);
    assertThat(x.blockCount()).isGreaterThan(1);
    List<Function<CsrMatrix, Object>> operations =
        List.of(
            m -> m.colMoments(1).variance(),
            m -> m.rowMoments(1).variance(),
            m -> m.transposeToCsr().toDense().floatData(),
            m -> m.takeCols(Seeds.permutation(800, 3)).toDense().floatData(),
            m -> m.toDense().colMoments(1).variance());
    for (var operation : operations) {
      Object one = Seeds.withThreads(1, () -> operation.apply(x));
      for (int threads : new int[] {2, 7}) {
        assertThat(Seeds.withThreads(threads, () -> operation.apply(x))).isEqualTo(one);
      }
    }
  }

  @Test
  void stackingPutsEveryColumnInItsPlace() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix a = Seeds.counts(7, 6, 0.4, seed);
          CsrMatrix b = Seeds.counts(5, 4, 0.4, seed + 100);
          int[][] places = {{0, 2, -1, 3, 5, 7}, {6, 1, -1, 0}};
          for (double fill : new double[] {0, 2.5, Double.NaN}) {
            double[][] expected = new double[12][8];
            for (double[] row : expected) {
              Arrays.fill(row, fill);
            }
            for (int r = 0; r < 12; r++) {
              CsrMatrix part = r < 7 ? a : b;
              int[] at = places[r < 7 ? 0 : 1];
              for (int j = 0; j < at.length; j++) {
                if (at[j] >= 0) {
                  expected[r][at[j]] = part.get(r < 7 ? r : r - 7, j);
                }
              }
            }
            for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
              var stacked =
                  RowStack.vstack(List.of(a, b.withDType(type)), List.of(places), 8, type, fill);
              assertThat(Arrays.deepEquals(rows(stacked), expected)).isTrue();
              assertThat(stacked.isFloat32Stored()).isEqualTo(type == DType.FLOAT32);
            }
          }
        });
  }

  @Test
  void stackingRefusesTwoColumnsInOnePlace() {
    CsrMatrix a = Seeds.counts(2, 2, 1, 0);
    assertThatThrownBy(
            () -> RowStack.vstack(List.of(a), List.of(new int[] {1, 1}), 2, DType.FLOAT32, 0))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("columnPlaces[0] must hold distinct places below 2 or -1, got 1");
    assertThatThrownBy(
            () -> RowStack.vstack(List.of(a), List.of(new int[] {1}), 2, DType.FLOAT32, 0))
        .hasMessage("columnPlaces[0] has length 1, but its columns is 2");
  }

  /** Positions count from the block's first row, so that they stay small where pointers do not. */
  @Test
  void positionsInABlockStayExactBeyond32Bits() {
    long far = 3L << 31;
    long[] pointers = {0, far, far + 2, far + 5};
    var block = new CsrMatrix.Block(pointers, 1, 3, new int[5], new float[5], null);
    assertThat(block.start(1)).isZero();
    assertThat(block.end(1)).isEqualTo(2);
    assertThat(block.start(2)).isEqualTo(2);
    assertThat(block.end(2)).isEqualTo(5);
    assertThatThrownBy(() -> CsrMatrix.allocate(3, new long[] {0, far}, DType.FLOAT32, true))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("row pointers must not decrease; rows 0 to 1 hold " + far);
  }

  @Test
  void piecesOfDenseRows() {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      var x = DenseMatrix.zeros(5, 4, type, 8);
      double[] piece = {1, 2};
      for (int i = 0; i < 5; i++) {
        piece[0] = i;
        x.setRow(i, 1, 2, piece);
      }
      double[] row = new double[4];
      x.readRow(4, row);
      assertThat(row).containsExactly(0, 4, 2, 0);
      x.readRow(3, 1, 2, piece);
      assertThat(piece).containsExactly(3, 2);
    }
  }
}
