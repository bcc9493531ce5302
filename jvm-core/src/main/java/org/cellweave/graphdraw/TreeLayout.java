package org.cellweave.graphdraw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * Layout of a graph as a tree: levels are numbers of steps from the root, and each node hangs on
 * the first node of the level above that reaches it.
 *
 * <p>Places are those of igraph for a tree with one root. {@code REINGOLD_TILFORD} has the parent
 * above the middle of its children and subtrees as near as nodes one apart allow, {@code CIRCULAR}
 * bends that around the root, {@code EQUAL} spreads each level evenly over the unit interval.
 * Several roots hang side by side on level 1, as from a root that is not drawn; components without
 * a root get their node of most graph, the first of these.
 *
 * <p>Cost: the number of edges.
 *
 * <p>Reingold and Tilford 1981, doi:10.1109/TSE.1981.234519.
 */
public final class TreeLayout {
  private TreeLayout() {}

  /** Ways to draw a tree. */
  public enum Kind {
    REINGOLD_TILFORD,
    CIRCULAR,
    EQUAL
  }

  /** The graph and its roots, possibly none; edges are where either direction is above 0. */
  public record Input(CsrMatrix graph, int[] roots) {}

  /** How to draw. */
  public record Params(Kind kind) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private Kind kind = Kind.REINGOLD_TILFORD;

      private Builder() {}

      public Builder kind(Kind value) {
        kind = value;
        return this;
      }

      public Params build() {
        return new Params(kind);
      }
    }
  }

  /**
   * The layout.
   *
   * @param coordinates nodes times 2, float64; y is the level, downwards to 0 for {@code EQUAL}
   * @param roots those given and those added
   * @param depth number of levels below the first
   */
  public record Result(DenseMatrix coordinates, int[] roots, int depth) {}

  /**
   * Lays the graph out.
   *
   * @throws IllegalArgumentException when a root is not a node or is given twice, or {@code EQUAL}
   *     meets more than one tree
   */
  public static Result run(Input input, Params params) {
    var graph = UndirectedGraph.of(input.graph());
    var tree = new Tree(graph, input.roots());
    double[] position = new double[2 * graph.n];
    if (params.kind() == Kind.EQUAL) {
      if (tree.roots.length > 1) {
        throw new IllegalArgumentException(
            "graph must be a single tree for equally spaced levels, got "
                + tree.roots.length
                + " roots "
                + Arrays.toString(tree.roots)
                + "; use layout rt or fr");
      }
      equal(tree, position);
    } else {
      double[] x = across(tree);
      for (int i = 0; i < graph.n; i++) {
        position[2 * i] = x[i];
        position[2 * i + 1] = tree.level[i];
      }
      if (params.kind() == Kind.CIRCULAR) {
        bend(position);
      }
    }
    return new Result(DenseMatrix.wrap(position, graph.n, 2), tree.roots, tree.depth);
  }

  private static void equal(Tree tree, double[] position) {
    int[] count = new int[tree.depth + 1];
    for (int level : tree.level) {
      count[level]++;
    }
    int[] seen = new int[tree.depth + 1];
    for (int i : tree.order) {
      int level = tree.level[i];
      position[2 * i] = (seen[level]++ + 0.5) / count[level];
      position[2 * i + 1] = 0.0 - (double) level / (tree.depth + 1);
    }
  }

  private static void bend(double[] position) {
    int n = position.length / 2;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      low = Math.min(low, position[2 * i]);
      high = Math.max(high, position[2 * i]);
    }
    double turn = high > low ? 2 * Math.PI * (n - 1) / n / (high - low) : 0;
    for (int i = 0; i < n; i++) {
      double angle = turn * (position[2 * i] - low);
      double radius = position[2 * i + 1];
      position[2 * i] = radius * Elementary.cos(angle);
      position[2 * i + 1] = radius * Elementary.sin(angle);
    }
  }

  /** x of each node, 0 for the only root or the middle of the roots. */
  private static double[] across(Tree tree) {
    int n = tree.level.length;
    double[] x = new double[n];
    var contours = new Contour[n];
    for (int at = n - 1; at >= 0; at--) {
      int i = tree.order[at];
      contours[i] = side(tree.children(i), contours, x);
      contours[i].top(0);
    }
    side(tree.roots.length > 1 ? asList(tree.roots) : List.of(), contours, x);
    // So far x counts from the parent.
    for (int i : tree.order) {
      x[i] += tree.parent[i] >= 0 ? x[tree.parent[i]] : 0;
    }
    return x;
  }

  private static List<Integer> asList(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /** Puts subtrees side by side around 0 and returns the outline of them all. */
  private static Contour side(List<Integer> children, Contour[] contours, double[] x) {
    if (children.isEmpty()) {
      return new Contour();
    }
    Contour all = contours[children.get(0)];
    contours[children.get(0)] = null;
    for (int c = 1; c < children.size(); c++) {
      int child = children.get(c);
      x[child] = all.add(contours[child]);
      contours[child] = null;
    }
    double middle = x[children.get(children.size() - 1)] / 2;
    for (int child : children) {
      x[child] -= middle;
    }
    all.left.shift -= middle;
    all.right.shift -= middle;
    return all;
  }

  /** The spanning forest by breadth-first search. */
  private static final class Tree {
    final int[] parent;
    final int[] level;
    final int[] order;
    final int[] roots;
    final int depth;
    private final int[] firstChild;
    private final int[] childCount;

    Tree(UndirectedGraph graph, int[] given) {
      int n = graph.n;
      parent = new int[n];
      level = new int[n];
      order = new int[n];
      firstChild = new int[n];
      childCount = new int[n];
      roots = roots(graph, given);
      Arrays.fill(level, -1);
      int tail = 0;
      for (int root : roots) {
        level[root] = roots.length > 1 ? 1 : 0;
        parent[root] = -1;
        order[tail++] = root;
      }
      for (int head = 0; head < tail; head++) {
        int i = order[head];
        firstChild[i] = tail;
        for (int p = graph.start[i]; p < graph.start[i + 1]; p++) {
          int j = graph.neighbors[p];
          if (level[j] < 0) {
            level[j] = level[i] + 1;
            parent[j] = i;
            order[tail++] = j;
          }
        }
        childCount[i] = tail - firstChild[i];
      }
      depth = n == 0 ? 0 : level[order[n - 1]];
    }

    List<Integer> children(int i) {
      var out = new ArrayList<Integer>(childCount[i]);
      for (int c = 0; c < childCount[i]; c++) {
        out.add(order[firstChild[i] + c]);
      }
      return out;
    }

    private static int[] roots(UndirectedGraph graph, int[] given) {
      int[] component = graph.components();
      int count = Arrays.stream(component).max().orElse(-1) + 1;
      boolean[] rooted = new boolean[count];
      boolean[] isRoot = new boolean[graph.n];
      var roots = new ArrayList<Integer>();
      for (int root : given) {
        Check.index(root, graph.n, "root");
        if (isRoot[root]) {
          throw new IllegalArgumentException(
              "root must name each node once, got " + root + " twice");
        }
        isRoot[root] = true;
        rooted[component[root]] = true;
        roots.add(root);
      }
      int[] best = new int[count];
      Arrays.fill(best, -1);
      for (int i = 0; i < graph.n; i++) {
        int c = component[i];
        if (best[c] < 0 || graph.degree(i) > graph.degree(best[c])) {
          best[c] = i;
        }
      }
      for (int c = 0; c < count; c++) {
        if (!rooted[c]) {
          roots.add(best[c]);
        }
      }
      return roots.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** The leftmost and rightmost node of each level of a subtree. */
  private static final class Contour {
    Side left = new Side();
    Side right = new Side();

    /** Adds a level above, of one node. */
    void top(double x) {
      left.push(x);
      right.push(x);
    }

    /** Puts another subtree to the right and returns by how much it was moved. */
    double add(Contour other) {
      int common = Math.min(left.size, other.left.size);
      double shift = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < common; k++) {
        shift = Math.max(shift, right.get(k) - other.left.get(k) + 1);
      }
      other.left.shift += shift;
      other.right.shift += shift;
      left = left.over(other.left);
      right = other.right.over(right);
      return shift;
    }
  }

  /** Places by level from the top; kept from the bottom, so that the deeper of two is reused. */
  private static final class Side {
    private double[] at = new double[2];
    private int size;
    private double shift;

    double get(int level) {
      return at[size - 1 - level] + shift;
    }

    void push(double x) {
      if (size == at.length) {
        at = Arrays.copyOf(at, 2 * size);
      }
      at[size++] = x - shift;
    }

    /** This where it has levels, and {@code other} below. */
    Side over(Side other) {
      if (size >= other.size) {
        return this;
      }
      for (int k = 0; k < size; k++) {
        other.at[other.size - 1 - k] = get(k) - other.shift;
      }
      return other;
    }
  }
}
