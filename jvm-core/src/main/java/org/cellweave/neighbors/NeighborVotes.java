package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Labels of a reference for the cells of a query: the most frequent among a cell's neighbours, of
 * equals that of the nearest cell.
 *
 * <p>Neighbours without a label do not vote; a cell all of whose neighbours have none gets none.
 */
public final class NeighborVotes {
  private static final int BLOCK = 1024;

  private NeighborVotes() {}

  /**
   * @param nNeighbors how many of a cell's nearest vote
   */
  public record Params(int nNeighbors) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nNeighbors = 5;

      public Builder nNeighbors(int value) {
        this.nNeighbors = value;
        return this;
      }

      public Params build() {
        return new Params(nNeighbors);
      }
    }
  }

  /**
   * @param predicted label of every cell of the query, -1 for none
   * @param score share of the neighbours that have this label
   * @param shares of the neighbours for every label, cells by labels
   */
  public record Result(int[] predicted, double[] score, DenseMatrix shares) {}

  /**
   * @param lists neighbours of the query's cells in the reference, at least as many as vote
   * @param labels of the reference's cells
   */
  public static Result run(CrossNeighbors.Result lists, Categories labels, Params params) {
    int[] voters = new int[lists.nCells()];
    Arrays.fill(voters, params.nNeighbors());
    return run(lists, labels, voters);
  }

  /**
   * As {@link #run(CrossNeighbors.Result, Categories, Params)}, of every cell as many neighbours as
   * it is given.
   *
   * @param voters of every cell of the query
   */
  static Result run(CrossNeighbors.Result lists, Categories labels, int[] voters) {
    int n = lists.nCells();
    for (int k : voters) {
      Check.atMost(k, lists.nNeighbors(), "nNeighbors");
    }
    for (int index : lists.indices()) {
      Check.index(index, labels.nCells(), "a neighbour");
    }
    int[] predicted = new int[n];
    double[] score = new double[n];
    var shares = DenseMatrix.zeros(n, labels.nLevels(), DType.FLOAT64);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] votes = new double[labels.nLevels()];
          for (int i = from; i < to; i++) {
            int k = voters[i];
            predicted[i] = vote(lists, i, labels, votes, k);
            score[i] = predicted[i] < 0 ? 0 : votes[predicted[i]] / k;
            for (int l = 0; l < votes.length; l++) {
              votes[l] /= k;
            }
            shares.setRow(i, votes);
          }
        });
    return new Result(predicted, score, shares);
  }

  /** The label of most votes, which are counted anew; -1 for none. */
  private static int vote(
      CrossNeighbors.Result lists, int cell, Categories labels, double[] votes, int k) {
    Arrays.fill(votes, 0);
    int start = cell * lists.nNeighbors();
    int end = start + k;
    for (int p = start; p < end; p++) {
      int label = labels.code(lists.indices()[p]);
      if (label >= 0) {
        votes[label]++;
      }
    }
    int best = Categories.MISSING;
    for (int p = start; p < end; p++) {
      int label = labels.code(lists.indices()[p]);
      if (label >= 0 && (best < 0 || votes[label] > votes[best])) {
        best = label;
      }
    }
    return best;
  }
}
