package org.cellweave.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Rows;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class CrossProductTest {
  private static final int CELLS = 400;
  private static final int GENES = 230;

  /** The first genes are seen in most cells, the last in hardly any, in an order that is mixed. */
  private static CsrMatrix uneven(long seed, int cells) {
    var random = new SplittableRandom(seed);
    int[] order = Seeds.permutation(GENES, seed);
    var x = DenseMatrix.zeros(cells, GENES, DType.FLOAT64);
    for (int i = 0; i < cells; i++) {
      for (int j = 0; j < GENES; j++) {
        double share = 1 - order[j] / (double) GENES;
        if (random.nextDouble() < share * share) {
          x.set(i, j, 1 + random.nextInt(5));
        }
      }
    }
    return x.toCsr();
  }

  private static double[] upper(DoublePointer product, int size) {
    try (product) {
      double[] out = new double[size * size];
      product.get(out);
      for (int i = 0; i < size; i++) {
        Arrays.fill(out, i * size, i * size + i, 0);
      }
      return out;
    }
  }

  private static Offset<Double> near(double value) {
    return within(Tolerance.EXACT * Math.max(1, Math.abs(value)));
  }

  private static int[] identity(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0, 2}, {0, 3, 4}});
    double[] sums = new double[2];
    var product =
        new CrossProduct(Rows.of(x.toCsr()), new double[] {1, 10}, new int[] {0, -1, 1}, 2);
    assertThat(upper(product.sparse(sums), 2)).containsExactly(1, 2, 0, 1604);
    assertThat(sums).containsExactly(1, 42);
  }

  @Test
  void columnsOfManyEntriesComeOutWhereTheyWere() {
    Seeds.forEach(
        10,
        seed -> {
          var x = uneven(seed, CELLS);
          double[] counts = new double[GENES];
          for (int j = 0; j < GENES; j++) {
            for (int i = 0; i < CELLS; i++) {
              counts[j] += x.get(i, j) > 0 ? 1 : 0;
            }
          }
          var split = ColumnSplit.of(counts, CELLS);
          assertThat(split.nSparse()).isBetween(1, GENES - 64);
          int[] places = identity(GENES);
          double[] factors = new SplittableRandom(seed).doubles(CELLS).toArray();
          double[] sums = new double[GENES];
          var product = new CrossProduct(Rows.of(x), factors, places, GENES);
          double[] sparse = upper(product.sparse(sums), GENES);
          double[] dense = upper(product.dense(null), GENES);
          for (int p = 0; p < dense.length; p++) {
            assertThat(sparse[p]).isCloseTo(dense[p], near(dense[p]));
          }
          for (int j = 0; j < GENES; j++) {
            double sum = 0;
            for (int i = 0; i < CELLS; i++) {
              sum += factors[i] * x.get(i, j);
            }
            assertThat(sums[j]).isCloseTo(sum, near(sum));
          }
        });
  }

  @Test
  void entriesMayBeChangedFirst() {
    var x = uneven(1, CELLS);
    var product = new CrossProduct(Rows.of(x), identity(GENES), GENES);
    double[] sums = new double[GENES];
    double[] counts =
        upper(product.sparse(sums, (i, places, values, n) -> Arrays.fill(values, 0, n, 1)), GENES);
    for (int j = 0; j < GENES; j++) {
      assertThat(counts[j * GENES + j]).isEqualTo(sums[j]);
    }
  }

  @Test
  void threadsDoNotMatter() {
    var x = uneven(2, 9000);
    var product = new CrossProduct(Rows.of(x), identity(GENES), GENES);
    double[] one = Seeds.withThreads(1, () -> upper(product.sparse(new double[GENES]), GENES));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> upper(product.sparse(new double[GENES]), GENES)))
          .isEqualTo(one);
    }
  }
}
