package org.cellweave.neighbors;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Nearest-neighbour descent started from random-projection trees.
 *
 * <p>A round reads a frozen copy of all lists and every cell changes only its own, so that the
 * outcome does not depend on the order in which threads take the cells.
 */
final class ApproximateSearch {
  private static final int TREES = 8;
  private static final int MAX_ROUNDS = 12;
  private static final int BLOCK = 512;
  private static final int MIN_LIST = 24;
  private static final double STOP_FRACTION = 0.001;

  private final PointSet points;
  private final int n;
  private final int d;
  private final int k;
  private final long seed;
  private final int[] indices;
  private final double[] distances;
  private final Progress progress;
  private final int width;
  private final float[] data;
  private final int[] ids;
  private final float[] far;
  private final boolean[] fresh;

  ApproximateSearch(
      PointSet points, int k, long seed, int[] indices, double[] distances, Progress progress) {
    this.points = points;
    this.n = points.n;
    this.d = points.d;
    this.k = k;
    this.seed = seed;
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
    this.width = Math.min(n - 1, Math.max(k - 1, MIN_LIST));
    if ((long) n * Math.max(d, width) > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "search APPROXIMATE holds the cells as dense float32, and "
              + n
              + " x "
              + d
              + " exceeds 2^31 values. Run pp.pca() first, or use search EXACT.");
    }
    data = new float[n * d];
    ids = new int[n * width];
    far = new float[n * width];
    fresh = new boolean[n * width];
  }

  void run() {
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[d];
          for (int i = from; i < to; i++) {
            points.read(i, row);
            for (int j = 0; j < d; j++) {
              data[i * d + j] = (float) row[j];
            }
          }
        });
    Arrays.fill(ids, -1);
    Arrays.fill(far, Float.POSITIVE_INFINITY);
    startFromTrees();
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      Parallel.checkInterrupted();
      long changes = descend();
      progress.step("neighbors", round, MAX_ROUNDS, (double) changes);
      if (changes <= STOP_FRACTION * n * width) {
        break;
      }
    }
    Parallel.forRange(n, BLOCK, this::finish);
  }

  private void startFromTrees() {
    var trees = Parallel.map(TREES, t -> new ProjectionTree(data, n, d, seed + t));
    for (var tree : trees) {
      Parallel.checkInterrupted();
      Parallel.forBlocks(tree.leafCount(), leaf -> pairs(tree, leaf));
    }
  }

  private void pairs(ProjectionTree tree, int leaf) {
    int[] order = tree.order();
    for (int a = tree.leafStart(leaf); a < tree.leafStart(leaf + 1); a++) {
      for (int b = tree.leafStart(leaf); b < a; b++) {
        float distance = between(order[a], order[b]);
        offer(order[a], order[b], distance);
        offer(order[b], order[a], distance);
      }
    }
  }

  /** One round: neighbours of neighbours, forward and backward, where an edge is new. */
  private long descend() {
    int[] oldIds = ids.clone();
    boolean[] oldFresh = fresh.clone();
    Arrays.fill(fresh, false);
    int[] back = new int[n * width];
    boolean[] backFresh = new boolean[n * width];
    int[] backCount = reverse(oldIds, oldFresh, back, backFresh);
    var changes = new AtomicLong();
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var seen = new SeenSet();
          long here = 0;
          for (int i = from; i < to; i++) {
            seen.clear();
            for (int p = 0; p < width; p++) {
              seen.add(oldIds[i * width + p]);
            }
            for (int p = 0; p < width; p++) {
              int at = i * width + p;
              if (oldIds[at] >= 0) {
                here += visit(i, oldIds[at], oldFresh[at], oldIds, oldFresh, width, seen);
                here +=
                    visit(
                        i, oldIds[at], oldFresh[at], back, backFresh, backCount[oldIds[at]], seen);
              }
            }
            for (int p = 0; p < backCount[i]; p++) {
              int at = i * width + p;
              if (seen.add(back[at])) {
                here += offer(i, back[at], between(i, back[at]));
              }
              here += visit(i, back[at], backFresh[at], oldIds, oldFresh, width, seen);
            }
          }
          changes.addAndGet(here);
        });
    return changes.get();
  }

  private int visit(
      int i, int via, boolean viaFresh, int[] lists, boolean[] listFresh, int count, SeenSet seen) {
    int changes = 0;
    int first = via * width;
    for (int at = first; at < first + count; at++) {
      int candidate = lists[at];
      if (candidate >= 0 && candidate != i && (viaFresh || listFresh[at]) && seen.add(candidate)) {
        changes += offer(i, candidate, between(i, candidate));
      }
    }
    return changes;
  }

  /** The first {@code width} cells, in order, that list a cell. */
  private int[] reverse(int[] lists, boolean[] listFresh, int[] back, boolean[] backFresh) {
    int[] count = new int[n];
    for (int at = 0; at < lists.length; at++) {
      int to = lists[at];
      if (to >= 0) {
        if (count[to] < width) {
          back[to * width + count[to]] = at / width;
          backFresh[to * width + count[to]] = listFresh[at];
          count[to]++;
        }
      }
    }
    return count;
  }

  private int offer(int i, int id, float distance) {
    int first = i * width;
    int last = first + width - 1;
    if (distance > far[last] || (distance == far[last] && id >= ids[last] && ids[last] >= 0)) {
      return 0;
    }
    for (int at = first; at <= last; at++) {
      if (ids[at] == id) {
        return 0;
      }
    }
    int at = last;
    while (at > first
        && (far[at - 1] > distance || (far[at - 1] == distance && ids[at - 1] > id))) {
      far[at] = far[at - 1];
      ids[at] = ids[at - 1];
      fresh[at] = fresh[at - 1];
      at--;
    }
    far[at] = distance;
    ids[at] = id;
    fresh[at] = true;
    return 1;
  }

  private float between(int a, int b) {
    return points.metric == Metric.MANHATTAN ? manhattan(a * d, b * d) : squared(a * d, b * d);
  }

  private float squared(int a, int b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j + 3 < d; j += 4) {
      float d0 = data[a + j] - data[b + j];
      float d1 = data[a + j + 1] - data[b + j + 1];
      float d2 = data[a + j + 2] - data[b + j + 2];
      float d3 = data[a + j + 3] - data[b + j + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; j < d; j++) {
      float d0 = data[a + j] - data[b + j];
      s0 += d0 * d0;
    }
    return (s0 + s1) + (s2 + s3);
  }

  private float manhattan(int a, int b) {
    float s0 = 0;
    float s1 = 0;
    int j = 0;
    for (; j + 1 < d; j += 2) {
      s0 += Math.abs(data[a + j] - data[b + j]);
      s1 += Math.abs(data[a + j + 1] - data[b + j + 1]);
    }
    return j < d ? s0 + s1 + Math.abs(data[a + j] - data[b + j]) : s0 + s1;
  }

  private void finish(int from, int to) {
    double[] self = new double[d];
    double[] other = new double[d];
    for (int i = from; i < to; i++) {
      points.readForDistance(i, self);
      var list = NearestList.afterItself(indices, distances, i, k);
      for (int at = i * width; at < (i + 1) * width; at++) {
        points.readForDistance(ids[at], other);
        list.offer(points.distance(self, other), ids[at]);
      }
    }
  }

  /** Numbers met for one cell. */
  private static final class SeenSet {
    private int[] slots = new int[1 << 12];
    private int[] stamps = new int[1 << 12];
    private int stamp;
    private int size;

    void clear() {
      stamp++;
      size = 0;
    }

    boolean add(int id) {
      if (2 * size >= slots.length) {
        grow();
      }
      int at = slot(id);
      if (stamps[at] == stamp) {
        return false;
      }
      stamps[at] = stamp;
      slots[at] = id;
      size++;
      return true;
    }

    private int slot(int id) {
      int mask = slots.length - 1;
      int at = ((id * 0x9E3779B1) >>> 7) & mask;
      while (stamps[at] == stamp && slots[at] != id) {
        at = (at + 1) & mask;
      }
      return at;
    }

    private void grow() {
      int[] oldSlots = slots;
      int[] oldStamps = stamps;
      slots = new int[2 * oldSlots.length];
      stamps = new int[2 * oldSlots.length];
      for (int s = 0; s < oldSlots.length; s++) {
        if (oldStamps[s] == stamp) {
          int at = slot(oldSlots[s]);
          stamps[at] = stamp;
          slots[at] = oldSlots[s];
        }
      }
    }
  }
}
