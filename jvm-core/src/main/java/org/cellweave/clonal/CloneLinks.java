package org.cellweave.clonal;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;

/**
 * A graph of clones that belong together: those of one group, all with each other or in the order
 * of a number, such as the day that they are from.
 *
 * <p>Cost: as many edges as there are; pairs of a group are quadratic in its size.
 */
public final class CloneLinks {
  private CloneLinks() {}

  /** Which pairs of an ordered group are linked, from the first to the second. */
  public enum Rule {
    /** Each with the next above it. */
    INCREASE(true, false),
    /** Each with the next below it. */
    DECREASE(false, false),
    /** Each with all above it. */
    ALL_INCREASE(true, true),
    /** Each with all below it. */
    ALL_DECREASE(false, true);

    private final boolean ascending;
    private final boolean all;

    Rule(boolean ascending, boolean all) {
      this.ascending = ascending;
      this.all = all;
    }
  }

  /**
   * Both directions between all clones of a group.
   *
   * @param groups of the clones; those without one have no links
   * @param weighted gives the edges of a group 1 over its size instead of 1
   * @return clones by clones, float32
   */
  public static CsrMatrix pairs(Categories groups, boolean weighted) {
    int[][] targets = new int[groups.nCells()][];
    for (int[] members : groups.members()) {
      for (int from : members) {
        targets[from] = Arrays.stream(members).filter(to -> to != from).toArray();
      }
    }
    return graph(groups, targets, weighted);
  }

  /**
   * Links along an order; among equal ones the first row comes first.
   *
   * @param groups as in {@link #pairs}
   * @param order a number for every clone that has company in its group
   * @throws IllegalArgumentException when such a number is NaN
   */
  public static CsrMatrix ordered(
      Categories groups, double[] order, String orderName, Rule rule, boolean weighted) {
    Check.sameLength(order.length, groups.nCells(), orderName, "the number of clones");
    int[][] targets = new int[groups.nCells()][];
    for (int[] members : groups.members()) {
      if (members.length < 2) {
        continue;
      }
      requireNumbers(members, order, orderName);
      int[] sorted = sorted(members, order, rule.ascending);
      for (int at = 0; at < sorted.length; at++) {
        int end = rule.all ? sorted.length : Math.min(at + 2, sorted.length);
        targets[sorted[at]] = Arrays.copyOfRange(sorted, at + 1, Math.max(at + 1, end));
      }
    }
    return graph(groups, targets, weighted);
  }

  /**
   * Links that somebody else has chosen.
   *
   * @param groups as in {@link #pairs}
   * @param from rows that links start from, each in a group
   * @param to rows that they go to; a link that is named twice is one
   */
  public static CsrMatrix chosen(Categories groups, int[] from, int[] to, boolean weighted) {
    Check.sameLength(to.length, from.length, "to", "the number of links");
    int[][] targets = new int[groups.nCells()][0];
    for (int link = 0; link < from.length; link++) {
      int[] longer = Arrays.copyOf(targets[from[link]], targets[from[link]].length + 1);
      longer[longer.length - 1] = Check.index(to[link], groups.nCells(), "to");
      targets[from[link]] = Arrays.stream(longer).distinct().toArray();
    }
    return graph(groups, targets, weighted);
  }

  private static int[] sorted(int[] members, double[] order, boolean ascending) {
    double[] values = Arrays.stream(members).mapToDouble(i -> order[i]).toArray();
    int[] places = ascending ? Ordering.ascending(values) : Ordering.descending(values);
    return Arrays.stream(places).map(at -> members[at]).toArray();
  }

  private static void requireNumbers(int[] members, double[] order, String name) {
    for (int i : members) {
      if (Double.isNaN(order[i])) {
        throw new IllegalArgumentException(
            name
                + " must be known of every clone that is to be linked, but is missing in row "
                + i
                + ". Fill it, or take that clone out");
      }
    }
  }

  /** Row {@code i} gets an edge to each of {@code targets[i]}, which may be null for none. */
  private static CsrMatrix graph(Categories groups, int[][] targets, boolean weighted) {
    var out = new CsrBuilder(groups.nCells(), DType.FLOAT32);
    for (int i = 0; i < targets.length; i++) {
      int[] at = targets[i] == null ? new int[0] : targets[i].clone();
      Arrays.sort(at);
      double[] weights = new double[at.length];
      Arrays.fill(weights, weighted && at.length > 0 ? 1.0 / groups.size(groups.code(i)) : 1);
      out.addRow(at, weights, at.length);
    }
    return out.build();
  }
}
