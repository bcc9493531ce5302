package org.cellweave.trajectory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;

/**
 * How far two abstracted graphs of the same cells agree: of the shortest paths between leaves of
 * the first, the share that the second has too, once groups are matched by the cells they share.
 *
 * <p>Departure from scanpy's {@code paga_compare_paths}: groups may have any names and numbers in
 * both graphs (there only {@code "0", "1", ...} work), and of several shortest paths the one
 * through the lowest groups is taken. Cost: leaves^2 searches in graphs of groups.
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1663-x">Wolf et al. 2019</a>
 */
public final class PagaPaths {
  private PagaPaths() {}

  /**
   * @param fracSteps steps that agree, of all; NaN when there is no pair of leaves
   * @param nSteps steps of all paths
   * @param fracPaths paths that agree in all their steps, of all; NaN as above
   * @param nPaths pairs of leaves of the first graph
   */
  public record Result(double fracSteps, int nSteps, double fracPaths, int nPaths) {}

  /**
   * @param graph1 symmetric, groups by groups; entries other than zero are edges
   * @param graph2 of the other abstraction, with any number of groups
   * @param codes1 group of every cell in the first
   * @param codes2 group of every cell in the second
   */
  public static Result run(CsrMatrix graph1, CsrMatrix graph2, int[] codes1, int[] codes2) {
    Check.sameLength(codes2.length, codes1.length, "codes2", "the number of cells of codes1");
    var first = new Side(graph1, matches(codes1, graph1.nRows(), codes2, graph2.nRows()));
    var second = new Side(graph2, matches(codes2, graph2.nRows(), codes1, graph1.nRows()));
    int[] leaves = IntStream.range(0, first.size()).filter(g -> first.degree(g) == 1).toArray();
    int steps = 0;
    int agreeing = 0;
    int paths = 0;
    int agreeingPaths = 0;
    for (int a = 0; a < leaves.length; a++) {
      for (int b = a + 1; b < leaves.length; b++) {
        int[] agreed = compare(first, second, leaves[a], leaves[b]);
        paths++;
        agreeing += agreed[0];
        steps += agreed[1];
        agreeingPaths += agreed[0] == agreed[1] ? 1 : 0;
      }
    }
    double fracSteps = steps > 0 ? (double) agreeing / steps : Double.NaN;
    double fracPaths = steps > 0 ? (double) agreeingPaths / paths : Double.NaN;
    return new Result(fracSteps, steps, fracPaths, paths);
  }

  /** Steps that agree and all steps, of one pair of leaves. */
  private static int[] compare(Side first, Side second, int from, int to) {
    int[] path1 = first.path(from, to);
    int[] path2 = second.path(first.best(from), first.best(to));
    if (path1 == null || path2 == null) {
      return new int[] {path1 == path2 ? 1 : 0, 1};
    }
    // The longer path is told in the groups of the other, so that one group may stand for many.
    boolean longer = path1.length >= path2.length;
    int[] compared = longer ? path2 : path1;
    int[][] mapped = (longer ? first : second).mapped(longer ? path1 : path2);
    return new int[] {agreeing(compared, mapped), compared.length - 1};
  }

  private static int agreeing(int[] path, int[][] mapped) {
    int agreeing = 0;
    int progress = 0;
    for (int s = 0; s + 1 < path.length; s++) {
      for (int p = progress; p + 1 < mapped.length; p++) {
        if (has(mapped[p], path[s])
            && has(mapped[p + 1], path[s + 1])
            && stays(mapped, progress, p, path[s])) {
          agreeing++;
          progress = p + 1;
          break;
        }
      }
    }
    return agreeing;
  }

  /** Whether a jump over places of the longer path stayed within {@code group}. */
  private static boolean stays(int[][] mapped, int from, int to, int group) {
    for (int p = from; p < to; p++) {
      if (!has(mapped[p], group)) {
        return false;
      }
    }
    return true;
  }

  private static boolean has(int[] groups, int group) {
    return Arrays.stream(groups).anyMatch(g -> g == group);
  }

  /**
   * For every group those of the other side that share cells with it, the best first: by the
   * smaller of the two shares of the cells in common. Of equals the last comes first.
   */
  private static int[][] matches(int[] codes, int nGroups, int[] other, int nOther) {
    int[][] common = new int[nGroups][nOther];
    int[] sizes = new int[nGroups];
    int[] otherSizes = new int[nOther];
    for (int i = 0; i < codes.length; i++) {
      Check.index(codes[i], nGroups, "the group of cell " + i);
      Check.index(other[i], nOther, "the other group of cell " + i);
      common[codes[i]][other[i]]++;
      sizes[codes[i]]++;
      otherSizes[other[i]]++;
    }
    int[][] matches = new int[nGroups][];
    for (int g = 0; g < nGroups; g++) {
      int group = g;
      matches[g] =
          IntStream.range(0, nOther)
              .filter(o -> common[group][o] > 0)
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                          (Integer o) ->
                              -(double) common[group][o] / Math.max(otherSizes[o], sizes[group]))
                      .thenComparing(Comparator.reverseOrder()))
              .mapToInt(o -> o)
              .toArray();
    }
    return matches;
  }

  /** One abstracted graph, with what its groups are called in the other. */
  private record Side(CsrMatrix graph, int[][] matches) {
    int size() {
      return graph.nRows();
    }

    int best(int group) {
      if (matches[group].length == 0) {
        throw new IllegalArgumentException(
            "group " + group + " has no cells; remove unused categories and run paga again");
      }
      return matches[group][0];
    }

    int[][] mapped(int[] path) {
      return Arrays.stream(path).mapToObj(g -> matches[g]).toArray(int[][]::new);
    }

    List<Integer> neighbors(int group) {
      var found = new ArrayList<Integer>();
      var block = graph.blockOf(group);
      for (int p = block.start(group); p < block.end(group); p++) {
        if (block.value(p) != 0) {
          found.add(block.indices()[p]);
        }
      }
      found.sort(null);
      return found;
    }

    int degree(int group) {
      return neighbors(group).size();
    }

    /** Groups of the shortest path, ends included; null when there is none. */
    int[] path(int from, int to) {
      int[] before = new int[size()];
      Arrays.fill(before, -1);
      before[from] = from;
      var queue = new ArrayDeque<Integer>(List.of(from));
      while (!queue.isEmpty() && before[to] < 0) {
        int at = queue.remove();
        for (int next : neighbors(at)) {
          if (before[next] < 0) {
            before[next] = at;
            queue.add(next);
          }
        }
      }
      if (before[to] < 0) {
        return null;
      }
      var path = new ArrayDeque<Integer>(List.of(to));
      while (path.getFirst() != from) {
        path.addFirst(before[path.getFirst()]);
      }
      return path.stream().mapToInt(g -> g).toArray();
    }
  }

  /** Both directions of every edge of a graph that may hold each edge once, such as a tree. */
  public static CsrMatrix symmetric(CsrMatrix graph) {
    int n = graph.nRows();
    double[][] both = new double[n][n];
    for (int i = 0; i < n; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        int j = block.indices()[p];
        both[i][j] = Math.max(both[i][j], block.value(p));
        both[j][i] = both[i][j];
      }
    }
    return DenseMatrix.ofRows(both).withDType(DType.FLOAT64).toCsr();
  }
}
