package org.cellweave.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class ConnectedComponentsTest {
  @Test
  void areNumberedByTheirFirstNodes() {
    float[] w = new float[36];
    w[4] = w[24] = 1; // 0 - 4
    w[8] = w[13] = 2; // 1 - 2
    w[17] = w[32] = 1; // 2 - 5
    var found = ConnectedComponents.of(DenseMatrix.wrap(w, 6, 6).toCsr());
    assertThat(found.labels()).containsExactly(0, 1, 1, 2, 0, 1);
    assertThat(found.count()).isEqualTo(3);
    assertThat(found.sizes()).containsExactly(2, 3, 1);
    assertThat(found.members())
        .containsExactly(new int[] {0, 4}, new int[] {1, 2, 5}, new int[] {3});
  }

  @Test
  void agreeWithStrongComponentsOnSymmetricGraphs() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          int n = 30;
          float[] w = new float[n * n];
          for (int e = 0; e < 18; e++) {
            int i = random.nextInt(n);
            int j = random.nextInt(n);
            w[i * n + j] = w[j * n + i] = 1;
          }
          CsrMatrix graph = DenseMatrix.wrap(w, n, n).toCsr();
          int[] scratch = new int[n];
          java.util.Arrays.fill(scratch, -1);
          int[] all = java.util.stream.IntStream.range(0, n).toArray();
          int[] strong = StrongComponents.of(graph, all, scratch);
          int[] found = ConnectedComponents.of(graph).labels();
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              assertThat(found[i] == found[j]).isEqualTo(strong[i] == strong[j]);
            }
          }
        });
  }

  @Test
  void aGraphMustBeSquare() {
    assertThatThrownBy(() -> ConnectedComponents.of(DenseMatrix.wrap(new float[6], 2, 3).toCsr()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("graph must be square");
  }
}
