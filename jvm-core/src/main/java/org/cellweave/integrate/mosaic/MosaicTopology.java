package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;

/**
 * Which parts of a mosaic share features, and how many.
 *
 * @param names of the parts
 * @param sizes cells of every part
 * @param features of every part
 * @param shared features that two parts have in common; on the diagonal those of the part
 * @see <a href="https://doi.org/10.1038/s41587-023-01766-z">Ghazanfar 2024</a>
 */
public record MosaicTopology(String[] names, int[] sizes, int[] features, int[][] shared) {

  static final String NAME = "mosaicTopology";

  /** How a way over several parts is chosen. */
  public enum Paths {
    /** The fewest steps; of equal ones that over earlier parts. */
    FEWEST,
    /** The smallest sum of one over the features that two parts share. */
    MOST_SHARED
  }

  /**
   * @throws IllegalArgumentException as {@code MosaicParts}
   */
  public static MosaicTopology of(IntegrationInput input) {
    return of(MosaicParts.of(input, NAME));
  }

  static MosaicTopology of(List<MosaicPart> parts) {
    int n = parts.size();
    List<Set<String>> sets = new ArrayList<>();
    for (MosaicPart part : parts) {
      sets.add(new HashSet<>(Arrays.asList(part.features())));
    }
    int[][] shared = new int[n][n];
    for (int a = 0; a < n; a++) {
      for (int b = a; b < n; b++) {
        Set<String> other = sets.get(b);
        shared[a][b] = (int) sets.get(a).stream().filter(other::contains).count();
        shared[b][a] = shared[a][b];
      }
    }
    return new MosaicTopology(
        parts.stream().map(MosaicPart::name).toArray(String[]::new),
        parts.stream().mapToInt(p -> p.cells().length).toArray(),
        sets.stream().mapToInt(Set::size).toArray(),
        shared);
  }

  /** Parts that hang together by shared features: group of every part, from 0. */
  public int[] groups() {
    int[] group = new int[names.length];
    Arrays.fill(group, -1);
    int next = 0;
    for (int a = 0; a < group.length; a++) {
      if (group[a] < 0) {
        mark(a, next++, group);
      }
    }
    return group;
  }

  private void mark(int part, int value, int[] group) {
    group[part] = value;
    for (int b = 0; b < group.length; b++) {
      if (group[b] < 0 && shared[part][b] > 0) {
        mark(b, value, group);
      }
    }
  }

  /** What a step from one part to another costs. */
  private double cost(int a, int b, Paths by) {
    return by == Paths.FEWEST ? 1 : 1.0 / shared[a][b];
  }

  /**
   * The way from one part to every other.
   *
   * @return parts from the first to the last, both included; null where there is no way
   */
  int[][] pathsFrom(int first, Paths by) {
    int n = names.length;
    double[] cost = new double[n];
    int[] before = new int[n];
    boolean[] done = new boolean[n];
    Arrays.fill(cost, Double.POSITIVE_INFINITY);
    Arrays.fill(before, -1);
    cost[first] = 0;
    for (int at = first; at >= 0; at = nearest(cost, done)) {
      done[at] = true;
      for (int b = 0; b < n; b++) {
        if (!done[b] && shared[at][b] > 0 && cost[at] + cost(at, b, by) < cost[b]) {
          cost[b] = cost[at] + cost(at, b, by);
          before[b] = at;
        }
      }
    }
    int[][] out = new int[n][];
    for (int b = 0; b < n; b++) {
      out[b] = done[b] ? path(b, before) : null;
    }
    return out;
  }

  private static int nearest(double[] cost, boolean[] done) {
    int best = -1;
    for (int b = 0; b < cost.length; b++) {
      if (!done[b] && cost[b] < (best < 0 ? Double.POSITIVE_INFINITY : cost[best])) {
        best = b;
      }
    }
    return best;
  }

  private static int[] path(int last, int[] before) {
    List<Integer> back = new ArrayList<>();
    for (int at = last; at >= 0; at = before[at]) {
      back.add(0, at);
    }
    return back.stream().mapToInt(Integer::intValue).toArray();
  }
}
