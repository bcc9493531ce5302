package org.cellweave.integrate.anchors;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cellweave.design.Categories;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Quoted;
import org.cellweave.util.RefusedValueException;

/**
 * Pairs of cells, or clones, of different batches that correspond, whoever found them: mutual
 * neighbours in a common space, or a clone seen twice. A stored entry is an anchor, also where its
 * weight is zero; entries within a batch say nothing.
 *
 * @param name of the graph, for messages
 * @param graph cells by cells, symmetric; weights are finite and not negative
 * @param batches of the cells, without unused levels
 */
public record Anchors(String name, CsrMatrix graph, Categories batches) {
  private static final double SYMMETRIC = 1e-6;

  /**
   * @throws IllegalArgumentException when a cell has no batch, there is but one batch, or a weight
   *     is negative, not finite or not the one of the mirrored entry
   */
  public Anchors {
    batches = batches.complete().atLeastTwo("anchors join different batches");
    batches = batches.withoutUnused();
    Check.sameLength(
        graph.nRows(), batches.nCells(), name, "the number of labels of " + batches.name());
    Check.sameLength(
        graph.nCols(),
        batches.nCells(),
        "a row of " + name,
        "the number of labels of " + batches.name());
    requireWeights(name, graph);
  }

  private static void requireWeights(String name, CsrMatrix graph) {
    CsrMatrix mirrored = graph.transposeToCsr();
    for (int i = 0; i < graph.nRows(); i++) {
      var row = graph.blockOf(i);
      var other = mirrored.blockOf(i);
      int shift = other.start(i) - row.start(i);
      boolean sameLength = graph.rowNnz(i) == mirrored.rowNnz(i);
      for (int p = row.start(i); p < row.end(i); p++) {
        double weight = row.value(p);
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              place(name, i, row.indices()[p]) + " must be finite and not negative, got " + weight);
        }
        boolean same =
            sameLength
                && other.indices()[p + shift] == row.indices()[p]
                && Math.abs(other.value(p + shift) - weight) <= SYMMETRIC * weight;
        if (!same) {
          throw asymmetric(name, graph, i);
        }
      }
    }
  }

  private static RefusedValueException asymmetric(String name, CsrMatrix graph, int i) {
    var row = graph.blockOf(i);
    for (int p = row.start(i); p < row.end(i); p++) {
      int j = row.indices()[p];
      if (Math.abs(graph.get(j, i) - row.value(p)) > SYMMETRIC * row.value(p)) {
        String message =
            name
                + " must be symmetric, but "
                + place("its entry ", i, j)
                + " is "
                + row.value(p)
                + " and "
                + place("", j, i)
                + " is "
                + graph.get(j, i);
        return new RefusedValueException(message, i, j, row.value(p));
      }
    }
    String message = name + " must be symmetric, but row " + i + " has other entries than column ";
    return new RefusedValueException(message + i, i, -1, Double.NaN);
  }

  private static String place(String name, int i, int j) {
    return name + "[" + i + ", " + j + "]";
  }

  /** Anchors between every two batches: symmetric, zero on the diagonal. */
  public int[][] counts() {
    int n = batches.nLevels();
    int[][] counts = new int[n][n];
    for (int i = 0; i < graph.nRows(); i++) {
      var row = graph.blockOf(i);
      for (int p = row.start(i); p < row.end(i); p++) {
        int j = row.indices()[p];
        if (batches.code(i) != batches.code(j)) {
          counts[batches.code(i)][batches.code(j)]++;
        }
      }
    }
    return counts;
  }

  /** In which order the batches join when the anchors alone decide. */
  public MergeOrder order() {
    return SimilarityOrder.of(counts());
  }

  /** What messages call some batches: {@code 'a' + 'b'}. */
  public String called(int[] levels) {
    return Arrays.stream(levels)
        .mapToObj(level -> Quoted.of(batches.level(level)))
        .collect(Collectors.joining(" + "));
  }
}
