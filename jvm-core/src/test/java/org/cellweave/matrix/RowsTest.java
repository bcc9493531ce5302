package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static List<Matrix> forms(CsrMatrix x) {
    CsrMatrix wide = x.withDType(DType.FLOAT64);
    return List.of(
        x, wide, x.toDense(), wide.toDense(), x.transposeToCsr().transpose(), wide.copy());
  }

  @Test
  void readersReadTheSameRowsOfEveryForm() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = Seeds.counts(19, 13, 0.4, seed);
          double[] weight = new double[13];
          Arrays.setAll(weight, j -> Math.sin(j + (double) seed));
          for (Matrix form : forms(x)) {
            var rows = Rows.of(form);
            var reader = rows.reader();
            for (int i : Seeds.permutation(19, seed)) {
              double[] row = new double[13];
              Arrays.fill(row, Double.NaN);
              reader.read(i, row);
              float[] narrow = new float[13];
              rows.read(i, narrow);
              double[] entries = new double[13];
              int n = reader.load(i);
              for (int k = 0; k < n; k++) {
                entries[reader.columns()[reader.start() + k]] = reader.values()[k];
              }
              double[] sums = weight.clone();
              double dot = reader.dot(i, weight, 0.5);
              reader.addTo(i, 2, sums);
              double expected = 0.5;
              for (int j = 0; j < 13; j++) {
                assertThat(row[j]).isEqualTo(x.get(i, j));
                assertThat(narrow[j]).isEqualTo((float) x.get(i, j));
                assertThat(entries[j]).isEqualTo(x.get(i, j));
                assertThat(sums[j]).isEqualTo(weight[j] + 2 * x.get(i, j));
                expected += x.get(i, j) * weight[j];
              }
              assertThat(dot).isEqualTo(expected);
            }
          }
        });
  }

  @Test
  void walksVisitEveryRowOnceAndInTheOrderGiven() {
    var x = Seeds.counts(700, 5, 0.5, 3);
    var rows = Rows.of(x);
    double[] sums = new double[700];
    rows.forEach((i, at, start, v, n) -> sums[i] += Arrays.stream(v, 0, n).sum());
    assertThat(sums).isEqualTo(x.rowSums());
    var seen = new java.util.ArrayList<Integer>();
    rows.visit(new int[] {9, 4, 4, 600}, 1, 4, (i, at, start, v, n) -> seen.add(i));
    assertThat(seen).containsExactly(4, 4, 600);
  }
}
