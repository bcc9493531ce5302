package org.cellweave.neighbors;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.matrix.SentOnce;
import org.cellweave.util.Parallel;

/**
 * Points in lists of those near one centroid, as an index for searches that look through the lists
 * near a query only.
 *
 * <p>Rows lie list after list, each less the mean of its list, so that float32 keeps the digits
 * that tell near ones apart wherever they lie. What a search reads besides is small: the means, and
 * where each list begins.
 *
 * <p>Jégou, Douze and Schmid 2011, doi:10.1109/TPAMI.2010.57.
 */
final class InvertedLists implements AutoCloseable, SentOnce {
  private static final long serialVersionUID = 1;
  private static final int MOST_ROWS = 512;
  private static final int LEAST_ROWS = 16;

  /** A list longer than so many times the others is cut. */
  private static final int LONGEST = 4;

  final PointSet points;
  final int d;

  /** Values of a packed row. */
  final int width;

  /** Row by the place at which it lies. */
  final int[] order;

  /** Place at which each list begins, and the number of places. */
  final int[] starts;

  /** The mean of every list, one after another. */
  final float[] means;

  /** The means, packed as others; off-heap. */
  transient FloatPointer packedMeans;

  /** Rows less the mean of their list, packed as others; off-heap. */
  transient FloatPointer rows;

  private InvertedLists(PointSet points, int[] order, int[] starts) {
    this.points = points;
    this.d = points.d;
    this.width = points.packedWidth();
    this.order = order;
    this.starts = starts;
    this.means = new float[Math.multiplyExact(count(), d)];
    fill();
  }

  private void fill() {
    packedMeans = NativeMemory.floats((long) count() * width);
    rows = NativeMemory.floats((long) order.length * width);
    Parallel.forBlocks(count(), this::fill);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    fill();
  }

  static InvertedLists of(PointSet points, long seed) {
    int length = length(points.n);
    float[] centroids = Centroids.of(points, Math.max(1, points.n / length), seed);
    int count = centroids.length / points.packedWidth();
    int[] nearest = NearestRow.of(centroids, points, null);
    int[] order = Partition.byGroup(nearest, count);
    int[] ends = new int[count];
    for (int list : nearest) {
      ends[list]++;
    }
    for (int c = 1; c < count; c++) {
      ends[c] += ends[c - 1];
    }
    // a list without members is left out
    List<List<Integer>> starts =
        Parallel.map(
            count,
            c -> {
              int from = c == 0 ? 0 : ends[c - 1];
              return from == ends[c]
                  ? List.<Integer>of()
                  : new MedianCuts(points, order, LONGEST * length).of(from, ends[c]);
            });
    List<Integer> all = new ArrayList<>();
    starts.forEach(all::addAll);
    all.add(points.n);
    return new InvertedLists(points, order, all.stream().mapToInt(s -> s).toArray());
  }

  /**
   * Rows in a list: about the root of all, so that choosing lists costs what searching one does.
   */
  static int length(int n) {
    return (int) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.sqrt(n)));
  }

  private void fill(int list) {
    int from = starts[list];
    int to = starts[list + 1];
    double[] row = new double[d];
    double[] mean = new double[d];
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / (to - from);
      }
    }
    float[] packed = new float[Math.multiplyExact(to - from, width)];
    points.pack(mean, packed, 0, false);
    packedMeans.getPointer((long) list * width).put(packed, 0, width);
    for (int j = 0; j < d; j++) {
      means[list * d + j] = (float) mean[j];
      mean[j] = means[list * d + j];
    }
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      for (int j = 0; j < d; j++) {
        row[j] -= mean[j];
      }
      points.pack(row, packed, (p - from) * width, false);
    }
    rows.getPointer((long) from * width).put(packed, 0, packed.length);
  }

  /** The means, packed as others. */
  float[] packedMeans() {
    float[] out = new float[count() * width];
    packedMeans.get(out);
    return out;
  }

  int count() {
    return starts.length - 1;
  }

  int size(int list) {
    return starts[list + 1] - starts[list];
  }

  @Override
  public void close() {
    packedMeans.close();
    rows.close();
  }
}
