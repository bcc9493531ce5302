package org.cellweave.nbody;

import java.util.Arrays;

/**
 * Quadtree over weighted points in a plane, laid out in the order of a depth-first walk.
 *
 * <p>Points are sorted along the Z-order curve first, so that a node is a range of points and a
 * walk needs no stack: after node {@code i} comes {@code i + 1} to go deeper or {@code skip[i]} to
 * leave it. A node with a single child takes the child's place. Cells are split 16 times at most;
 * points that still share a cell stay in one leaf. The tree depends on the coordinates alone.
 */
public final class QuadTree {
  private static final int DEPTH = 16;
  private static final int LEAF = 4;
  private static final int DIGIT = 11;

  public final int n;

  /** Point at each place of the sorted order. */
  public final int[] order;

  /** Coordinates in sorted order, x and y in turn. */
  public final float[] sorted;

  /** Weights in sorted order. */
  public final float[] weight;

  public int nodes;
  public float[] centreX;
  public float[] centreY;
  public float[] mass;

  /** Squared side of the node's square. */
  public float[] side2;

  public int[] skip;

  /** First point of a leaf, or -1 for an inner node. */
  public int[] first;

  /** End of the points of a leaf. */
  public int[] end;

  private final int[] codes;
  private final int[] spareCodes;
  private final int[] spareOrder;
  private final int[] counts = new int[1 << DIGIT];
  private double side;

  /** What is done with one point, by its number and its place. */
  @FunctionalInterface
  public interface PointBody {
    void at(int point, float x, float y);
  }

  public QuadTree(int n) {
    this.n = n;
    order = new int[n];
    sorted = new float[2 * n];
    weight = new float[n];
    codes = new int[n];
    spareCodes = new int[n];
    spareOrder = new int[n];
    // Every inner node has two children or more.
    int capacity = 2 * n;
    centreX = new float[capacity];
    centreY = new float[capacity];
    mass = new float[capacity];
    side2 = new float[capacity];
    skip = new int[capacity];
    first = new int[capacity];
    end = new int[capacity];
  }

  /**
   * Builds the tree anew.
   *
   * @param position x and y of each point in turn
   * @param weights one for each point, or null for 1
   */
  public void build(float[] position, float[] weights) {
    encode(position);
    sort();
    for (int p = 0; p < n; p++) {
      sorted[2 * p] = position[2 * order[p]];
      sorted[2 * p + 1] = position[2 * order[p] + 1];
      weight[p] = weights == null ? 1 : weights[order[p]];
    }
    nodes = 0;
    add(0, n, 0);
  }

  /** The points at the places {@code from} to {@code to} of the sorted order, which lie close. */
  public void forPoints(int from, int to, PointBody body) {
    for (int p = from; p < to; p++) {
      body.at(order[p], sorted[2 * p], sorted[2 * p + 1]);
    }
  }

  private void encode(float[] position) {
    float lowX = Float.POSITIVE_INFINITY;
    float lowY = Float.POSITIVE_INFINITY;
    float highX = Float.NEGATIVE_INFINITY;
    float highY = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      lowX = Math.min(lowX, position[2 * i]);
      highX = Math.max(highX, position[2 * i]);
      lowY = Math.min(lowY, position[2 * i + 1]);
      highY = Math.max(highY, position[2 * i + 1]);
    }
    side = Math.max((double) highX - lowX, (double) highY - lowY);
    double cells = 1 << DEPTH;
    double scale = side > 0 ? cells / side : 0;
    int last = (1 << DEPTH) - 1;
    for (int i = 0; i < n; i++) {
      int x = Math.min(last, (int) ((position[2 * i] - (double) lowX) * scale));
      int y = Math.min(last, (int) ((position[2 * i + 1] - (double) lowY) * scale));
      codes[i] = spread(x) | (spread(y) << 1);
      order[i] = i;
    }
  }

  private static int spread(int v) {
    v = (v | (v << 8)) & 0x00FF00FF;
    v = (v | (v << 4)) & 0x0F0F0F0F;
    v = (v | (v << 2)) & 0x33333333;
    return (v | (v << 1)) & 0x55555555;
  }

  /** Stable radix sort by code. */
  private void sort() {
    int[] fromCodes = codes;
    int[] fromOrder = order;
    int[] toCodes = spareCodes;
    int[] toOrder = spareOrder;
    for (int shift = 0; shift < 32; shift += DIGIT) {
      Arrays.fill(counts, 0);
      for (int i = 0; i < n; i++) {
        counts[(fromCodes[i] >>> shift) & (counts.length - 1)]++;
      }
      int sum = 0;
      for (int c = 0; c < counts.length; c++) {
        int here = counts[c];
        counts[c] = sum;
        sum += here;
      }
      for (int i = 0; i < n; i++) {
        int to = counts[(fromCodes[i] >>> shift) & (counts.length - 1)]++;
        toCodes[to] = fromCodes[i];
        toOrder[to] = fromOrder[i];
      }
      int[] swap = fromCodes;
      fromCodes = toCodes;
      toCodes = swap;
      swap = fromOrder;
      fromOrder = toOrder;
      toOrder = swap;
    }
    if (fromOrder != order) {
      System.arraycopy(fromOrder, 0, order, 0, n);
      System.arraycopy(fromCodes, 0, codes, 0, n);
    }
  }

  /** Adds the node of the sorted points {@code from..to} and all below it. */
  private void add(int from, int to, int depth) {
    int level = depth;
    while (to - from > LEAF && level < DEPTH && quarter(from, level) == quarter(to - 1, level)) {
      level++;
    }
    int me = nodes++;
    double width = side / (1 << level);
    side2[me] = (float) (width * width);
    if (to - from <= LEAF || level == DEPTH) {
      first[me] = from;
      end[me] = to;
    } else {
      first[me] = -1;
      int at = from;
      while (at < to) {
        int next = endOfQuarter(at, to, level);
        add(at, next, level + 1);
        at = next;
      }
    }
    skip[me] = nodes;
    weigh(me, from, to);
  }

  private int quarter(int p, int level) {
    return (codes[p] >>> (2 * (DEPTH - 1 - level))) & 3;
  }

  private int endOfQuarter(int from, int to, int level) {
    int mine = quarter(from, level);
    int low = from + 1;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (quarter(middle, level) == mine) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void weigh(int me, int from, int to) {
    double sum = 0;
    double x = 0;
    double y = 0;
    if (first[me] >= 0) {
      for (int p = from; p < to; p++) {
        sum += weight[p];
        x += (double) weight[p] * sorted[2 * p];
        y += (double) weight[p] * sorted[2 * p + 1];
      }
    } else {
      for (int child = me + 1; child < skip[me]; child = skip[child]) {
        sum += mass[child];
        x += (double) mass[child] * centreX[child];
        y += (double) mass[child] * centreY[child];
      }
    }
    mass[me] = (float) sum;
    centreX[me] = (float) (x / sum);
    centreY[me] = (float) (y / sum);
  }
}
