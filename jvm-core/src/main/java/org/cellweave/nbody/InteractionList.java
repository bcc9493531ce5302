package org.cellweave.nbody;

import java.util.Arrays;

/**
 * What acts on one point of a {@link QuadTree}: far squares as one heavy point each and near points
 * one by one, in the order of the walk. Each thread needs its own.
 *
 * <p>The caller adds up its own force over {@code dx}, {@code dy} and {@code mass} from 0 to {@code
 * size}; the point itself is among them, at distance 0.
 */
public final class InteractionList {
  private final QuadTree tree;
  private final float theta2;
  private final double reach;
  private final float reach2;

  /** Number of entries. */
  public int size;

  /** From each entry to the point, along x. */
  public float[] dx = new float[1024];

  /** From each entry to the point, along y. */
  public float[] dy = new float[1024];

  /** Weight of each entry. */
  public float[] mass = new float[1024];

  /**
   * @param theta2 a square acts as one below this squared ratio of its side to its distance
   * @param reach what lies farther away is left out; a square that acts as one is where its centre
   *     is; infinite for no end
   */
  public InteractionList(QuadTree tree, float theta2, double reach) {
    this.tree = tree;
    this.theta2 = theta2;
    this.reach = reach;
    this.reach2 = (float) (reach * reach);
  }

  /** Collects what acts on the point at place {@code p} of the tree's sorted order. */
  public void collect(int p) {
    // Arrays in local variables: the loop is as fast as one that sums the forces itself.
    var t = tree;
    float[] centreX = t.centreX;
    float[] centreY = t.centreY;
    float[] side2 = t.side2;
    int[] firsts = t.first;
    float x = t.sorted[2 * p];
    float y = t.sorted[2 * p + 1];
    int n = 0;
    int node = 0;
    int nodes = t.nodes;
    while (node < nodes) {
      if (n == mass.length) {
        grow();
      }
      float ex = x - centreX[node];
      float ey = y - centreY[node];
      float e2 = ex * ex + ey * ey;
      int first = firsts[node];
      if (side2[node] < theta2 * e2) {
        if (e2 <= reach2) {
          dx[n] = ex;
          dy[n] = ey;
          mass[n++] = t.mass[node];
        }
        node = t.skip[node];
      } else if (e2 > reach2 && isBeyond(e2, side2[node])) {
        node = t.skip[node];
      } else {
        n = first >= 0 ? addPoints(n, x, y, first, t.end[node]) : n;
        node++;
      }
    }
    size = n;
  }

  private int addPoints(int from, float x, float y, int first, int end) {
    while (from + end - first > mass.length) {
      grow();
    }
    float[] sorted = tree.sorted;
    float[] outX = dx;
    float[] outY = dy;
    int n = from;
    for (int q = first; q < end; q++) {
      float ex = x - sorted[2 * q];
      float ey = y - sorted[2 * q + 1];
      if (ex * ex + ey * ey <= reach2) {
        outX[n] = ex;
        outY[n] = ey;
        mass[n++] = tree.weight[q];
      }
    }
    return n;
  }

  private void grow() {
    int longer = 2 * mass.length;
    dx = Arrays.copyOf(dx, longer);
    dy = Arrays.copyOf(dy, longer);
    mass = Arrays.copyOf(mass, longer);
  }

  /** Whether no point of a square can be within reach; its diagonal is sqrt(2) sides. */
  private boolean isBeyond(float d2, float side2) {
    return Math.sqrt(d2) - Math.sqrt(2.0 * side2) > reach;
  }
}
