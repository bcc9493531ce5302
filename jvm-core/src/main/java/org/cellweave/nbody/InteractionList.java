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
  private final int crowd;

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
   * @param crowd leaves of more points than this, which are all at one place, act as one
   */
  public InteractionList(QuadTree tree, float theta2, double reach, int crowd) {
    this.tree = tree;
    this.theta2 = theta2;
    this.reach = reach;
    this.reach2 = (float) (reach * reach);
    this.crowd = crowd;
  }

  /** Collects what acts on the point at place {@code p} of the tree's sorted order. */
  public void collect(int p) {
    var t = tree;
    float x = t.sorted[2 * p];
    float y = t.sorted[2 * p + 1];
    int n = 0;
    int node = 0;
    while (node < t.nodes) {
      float ex = x - t.centreX[node];
      float ey = y - t.centreY[node];
      float e2 = ex * ex + ey * ey;
      int first = t.first[node];
      if (t.side2[node] < theta2 * e2 || (first >= 0 && t.end[node] - first > crowd)) {
        if (!(e2 > reach2)) {
          n = add(n, ex, ey, t.mass[node]);
        }
        node = t.skip[node];
      } else if (e2 > reach2 && isBeyond(e2, t.side2[node])) {
        node = t.skip[node];
      } else {
        n = first >= 0 ? addPoints(n, x, y, first, t.end[node]) : n;
        node++;
      }
    }
    size = n;
  }

  private int addPoints(int n, float x, float y, int first, int end) {
    int at = n;
    for (int q = first; q < end; q++) {
      float ex = x - tree.sorted[2 * q];
      float ey = y - tree.sorted[2 * q + 1];
      // Written so that coordinates that are no numbers reach the caller's sums.
      if (!(ex * ex + ey * ey > reach2)) {
        at = add(at, ex, ey, tree.weight[q]);
      }
    }
    return at;
  }

  private int add(int n, float ex, float ey, float weight) {
    if (n == mass.length) {
      dx = Arrays.copyOf(dx, 2 * n);
      dy = Arrays.copyOf(dy, 2 * n);
      mass = Arrays.copyOf(mass, 2 * n);
    }
    dx[n] = ex;
    dy[n] = ey;
    mass[n] = weight;
    return n + 1;
  }

  /** Whether no point of a square can be within reach; its diagonal is sqrt(2) sides. */
  private boolean isBeyond(float d2, float side2) {
    return Math.sqrt(d2) - Math.sqrt(2.0 * side2) > reach;
  }
}
