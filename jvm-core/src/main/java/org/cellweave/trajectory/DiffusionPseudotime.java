package org.cellweave.trajectory;

import java.util.List;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Diffusion pseudotime: the distance of every cell from a root, summed over random walks of every
 * length, scaled to at most 1; and, on request, the segments between branching points.
 *
 * <p>Cells that the graph does not join to the root get an infinite pseudotime, as in scanpy.
 * Unlike scanpy, branchings of a graph in several components are refused, because no distance spans
 * them, and a segment of fewer than 12 cells is never split. Cells between the branches that no
 * branch claims stay in segment 0, as in scanpy, which however leaves them out of the order by
 * time. A branching that leaves a tip without cells of its own, where scanpy fails, ends the
 * search.
 *
 * <p>Cost: O(n nDcs) for the pseudotime; O(m^2) for each branching of a segment with m cells. Equal
 * distances are ordered by the cell's number.
 *
 * @see <a href="https://doi.org/10.1038/nmeth.3971">Haghverdi et al. 2016</a>
 */
public final class DiffusionPseudotime {
  private DiffusionPseudotime() {}

  /**
   * @param nDcs how many components of the diffusion map to use
   * @param nBranchings how many times at most to split a segment
   * @param minGroupSize segments up to this size are not split; below 1, a share of the cells
   * @param allowKendallTauShift takes a branching point that leaves almost nothing back a little
   */
  public record Params(
      int nDcs, int nBranchings, double minGroupSize, boolean allowKendallTauShift) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nDcs, "nDcs");
      Check.nonNegative(nBranchings, "nBranchings");
      Check.nonNegative(minGroupSize, "minGroupSize");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nDcs = 10;
      private int nBranchings = 0;
      private double minGroupSize = 0.01;
      private boolean allowKendallTauShift = true;

      private Builder() {}

      public Builder nDcs(int value) {
        nDcs = value;
        return this;
      }

      public Builder nBranchings(int value) {
        nBranchings = value;
        return this;
      }

      public Builder minGroupSize(double value) {
        minGroupSize = value;
        return this;
      }

      public Builder allowKendallTauShift(boolean value) {
        allowKendallTauShift = value;
        return this;
      }

      public Params build() {
        return new Params(nDcs, nBranchings, minGroupSize, allowKendallTauShift);
      }
    }
  }

  /**
   * @param graph symmetric connectivities
   * @param components of the diffusion map, the stationary one first
   * @param eigenvalues of the diffusion map
   * @param root number of the cell where time starts
   */
  public record Input(CsrMatrix graph, DenseMatrix components, double[] eigenvalues, int root) {}

  /**
   * The segments.
   *
   * @param groups segment of every cell
   * @param tips the two ends of each segment, the earlier one first
   * @param order cells by segment, then pseudotime
   * @param changepoints where the segment changes in that order
   */
  public record Segments(int[] groups, int[][] tips, int[] order, int[] changepoints) {}

  /**
   * @param pseudotime of every cell; infinite where the root cannot be reached
   * @param segments null without branchings
   * @param connectedComponents how many the graph has
   */
  public record Result(double[] pseudotime, Segments segments, int connectedComponents) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * @throws IllegalArgumentException when the diffusion map has too few components, the root is not
   *     a cell, or branchings are asked of a graph in several components
   */
  public static Result run(Input input, Params params, Progress progress) {
    int n = input.graph().nRows();
    check(input, params);
    var found = ConnectedComponents.of(input.graph());
    if (found.count() > 1 && params.nBranchings() > 0) {
      throw new IllegalArgumentException(
          "branchings need a graph in one piece, but it has "
              + found.count()
              + ". Join the cells to more neighbors, or subset to one piece first.");
    }
    var distances =
        new DiffusionDistances(
            input.components(), input.eigenvalues(), params.nDcs(), found.labels());
    double[] time = distances.from(input.root()).clone();
    double last = 0;
    for (double t : time) {
      last = t < Double.POSITIVE_INFINITY ? Math.max(last, t) : last;
    }
    if (last > 0) {
      for (int i = 0; i < n; i++) {
        time[i] /= last;
      }
    }
    if (params.nBranchings() == 0) {
      return new Result(time, null, found.count());
    }
    var branching = new Branching(distances, input.root(), params);
    branching.run(progress);
    return new Result(time, segments(branching.segments, branching.tips, time), found.count());
  }

  private static void check(Input input, Params params) {
    int n = input.graph().nRows();
    Check.sameLength(
        input.components().nRows(), n, "the diffusion map", "the number of cells of the graph");
    int have = Math.min(input.eigenvalues().length, input.components().nCols());
    if (params.nDcs() > have) {
      throw new IllegalArgumentException(
          "nDcs must be at most the number of diffusion components, got nDcs = "
              + params.nDcs()
              + " for "
              + have
              + ". Compute more components first.");
    }
    if (input.root() < 0 || input.root() >= n) {
      throw new IllegalArgumentException(
          "the root must be the number of a cell in [0, " + n + "), got " + input.root());
    }
    double[] row = new double[input.components().nCols()];
    for (int i = 0; i < n; i++) {
      input.components().readRow(i, row);
      for (int c = 0; c < params.nDcs(); c++) {
        Finite.require(row[c], "the diffusion map", i, c);
      }
    }
  }

  /** Cells that no branch claims stay in segment 0. */
  private static Segments segments(List<int[]> cells, List<int[]> tips, double[] time) {
    int[] groups = new int[time.length];
    int[][] orderedTips = new int[cells.size()][];
    for (int s = 0; s < cells.size(); s++) {
      for (int i : cells.get(s)) {
        groups[i] = s;
      }
      int[] ends = tips.get(s);
      boolean swap = time[ends[1]] < time[ends[0]];
      orderedTips[s] = swap ? new int[] {ends[1], ends[0]} : ends.clone();
    }
    int[] order = new int[time.length];
    int[] changes = new int[cells.size() - 1];
    int[] byTime = Ordering.ascending(time);
    int at = 0;
    for (int s = 0; s < cells.size(); s++) {
      for (int i : byTime) {
        if (groups[i] == s) {
          order[at++] = i;
        }
      }
      if (s < changes.length) {
        changes[s] = at;
      }
    }
    return new Segments(groups, orderedTips, order, changes);
  }
}
