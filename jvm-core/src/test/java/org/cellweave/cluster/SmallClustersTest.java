package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SmallClustersTest {
  private static SmallClusters.Result run(CsrMatrix graph, int[] labels, int minSize) {
    return SmallClusters.run(graph, labels, new SmallClusters.Params(minSize));
  }

  /** Node 4 is tied to the pair 2, 3 more strongly than to 0, 1. */
  @Test
  void byHand() {
    var graph =
        DenseMatrix.ofRows(
                new double[][] {
                  {0, 5, 0, 0, 1},
                  {5, 0, 0, 0, 0},
                  {0, 0, 0, 5, 3},
                  {0, 0, 5, 0, 0},
                  {1, 0, 3, 0, 0},
                })
            .toCsr();
    var made = run(graph, new int[] {4, 4, 0, 0, 2}, 2);
    assertThat(made.labels()).containsExactly(1, 1, 0, 0, 0);
    assertThat(made.nClusters()).isEqualTo(2);
    assertThat(made.joined()).isEqualTo(1);
  }

  @Test
  void allAreLargeEnoughOrOneIsLeft() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 60;
          var x = DenseMatrix.zeros(n, n, org.cellweave.matrix.DType.FLOAT32);
          int[] labels = new int[n];
          for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(12);
            for (int j = 0; j < i; j++) {
              double w = random.nextDouble() < 0.1 ? random.nextDouble() : 0;
              x.set(i, j, w);
              x.set(j, i, w);
            }
          }
          int[] before = labels.clone();
          for (int least : new int[] {1, 8, 25, 40, 100}) {
            var made = run(x.toCsr(), labels, least);
            int[] sizes = new int[made.nClusters()];
            for (int label : made.labels()) {
              sizes[label]++;
            }
            for (int c = 0; c < sizes.length; c++) {
              assertThat(sizes[c] >= least || sizes.length == 1).isTrue();
              assertThat(c == 0 || sizes[c] <= sizes[c - 1]).isTrue();
            }
            assertThat(labels).isEqualTo(before);
            for (int i = 0; i < n; i++) {
              for (int j = 0; j < i; j++) {
                if (labels[i] == labels[j]) {
                  assertThat(made.labels()[i]).isEqualTo(made.labels()[j]);
                }
              }
            }
          }
        });
  }

  @Test
  void withoutEdgesTheFirstTakesAll() {
    var graph = CsrMatrix.empty(3, 3, org.cellweave.matrix.DType.FLOAT32);
    assertThat(run(graph, new int[] {0, 1, 2}, 2).nClusters()).isEqualTo(1);
  }

  @Test
  void says() {
    var graph = CsrMatrix.empty(3, 3, org.cellweave.matrix.DType.FLOAT32);
    assertThatThrownBy(() -> run(graph, new int[2], 2)).hasMessageContaining("labels has length 2");
    assertThatThrownBy(() -> new SmallClusters.Params(0))
        .hasMessage("minSize must be positive, got 0");
  }
}
