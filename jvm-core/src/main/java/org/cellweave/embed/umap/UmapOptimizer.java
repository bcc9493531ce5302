package org.cellweave.embed.umap;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.random.Streams;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Stochastic gradient descent of UMAP, cell by cell instead of edge by edge.
 *
 * <p>An epoch has {@link #ROUNDS} rounds, each with its share of every cell's edges. In a round
 * each cell moves by itself, seeing the others where they were when the round began; so no order of
 * threads can matter, and the pulls of one epoch do not add up to a leap. With one round, clusters
 * were thrown out to twice the extent of umap-learn's layouts. A firing edge pulls a cell twice,
 * once for either direction of the edge, which keeps the total pull of the sequential program,
 * where both ends move at both firings.
 */
final class UmapOptimizer {
  private static final int BLOCK = 256;
  private static final float CLIP = 4;
  private static final int ROUNDS = 16;

  private final int n;
  private final int dim;
  private float[] position;
  private final UmapForces forces;
  private final int negatives;
  private final long seed;
  private final int[] starts;

  /** By round and then in the order of the cells, so that a round reads memory from end to end. */
  private final int[][] ends = new int[ROUNDS][];

  private final float[][] period = new float[ROUNDS][];
  private final float[][] due = new float[ROUNDS][];
  private float[] moved;

  /**
   * @param position row-major coordinates, overwritten
   */
  UmapOptimizer(
      CsrMatrix graph,
      float[] position,
      int dim,
      int nEpochs,
      UmapForces forces,
      int negatives,
      long seed) {
    this.n = graph.nRows();
    this.dim = dim;
    this.position = position;
    this.forces = forces;
    this.negatives = negatives;
    this.seed = seed;
    starts = new int[n + 1];
    double largest = 0;
    for (int b = 0; b < graph.blockCount(); b++) {
      var block = graph.block(b);
      for (int p = 0; p < block.nnz(); p++) {
        largest = Math.max(largest, block.value(p));
      }
    }
    int kept = 0;
    for (int i = 0; i < n; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        kept += keeps(block, p, i, largest / nEpochs) ? 1 : 0;
      }
      starts[i + 1] = kept;
    }
    for (int r = 0; r < ROUNDS; r++) {
      ends[r] = new int[before(kept, r)];
      period[r] = new float[ends[r].length];
    }
    int at = 0;
    for (int i = 0; i < n; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        if (keeps(block, p, i, largest / nEpochs)) {
          ends[at % ROUNDS][at / ROUNDS] = block.indices()[p];
          period[at % ROUNDS][at / ROUNDS] = (float) (largest / block.value(p));
          at++;
        }
      }
    }
    for (int r = 0; r < ROUNDS; r++) {
      due[r] = period[r].clone();
    }
    moved = new float[position.length];
  }

  /** How many of the first {@code edges} edges, dealt out in turn, belong to a round. */
  private static int before(int edges, int round) {
    return (edges - round + ROUNDS - 1) / ROUNDS;
  }

  private static boolean keeps(CsrMatrix.Block block, int p, int row, double least) {
    double weight = block.value(p);
    return weight > 0 && weight >= least && block.indices()[p] != row;
  }

  /** Returns the final coordinates; the array of the start serves as scratch. */
  float[] run(int nEpochs, double firstStep, Progress progress) {
    for (int epoch = 0; epoch < nEpochs; epoch++) {
      Parallel.checkInterrupted();
      int now = epoch;
      float step = (float) (firstStep * (1 - Math.max(0, epoch - 1) / (double) nEpochs));
      for (int r = 0; r < ROUNDS; r++) {
        int round = r;
        Parallel.forRange(n, BLOCK, (from, to) -> move(from, to, now, round, step));
        float[] swap = position;
        position = moved;
        moved = swap;
      }
      progress.step("umap", epoch + 1, nEpochs, Double.NaN);
    }
    return position;
  }

  private void move(int from, int to, int epoch, int round, float step) {
    float[] here = new float[dim];
    float[] diff = new float[dim];
    float[] dueNow = due[round];
    System.arraycopy(position, from * dim, moved, from * dim, (to - from) * dim);
    long turn = (long) epoch * ROUNDS + round;
    int q = before(starts[from], round);
    for (int i = from; i < to; i++) {
      int end = before(starts[i + 1], round);
      // most cells have no edge that fires in this round
      while (q < end && dueNow[q] > epoch) {
        q++;
      }
      if (q < end) {
        long stream = Streams.mix(seed + Streams.STEP * (1 + i + n * turn));
        if (dim == 2) {
          movePlane(i, q, end, round, epoch, step, stream);
        } else {
          moveAny(i, q, end, round, epoch, step, stream, here, diff);
        }
        q = end;
      }
    }
  }

  private void movePlane(int i, int first, int end, int round, int epoch, float step, long stream) {
    float[] dueNow = due[round];
    float x = position[2 * i];
    float y = position[2 * i + 1];
    for (int q = first; q < end; q++) {
      if (dueNow[q] > epoch) {
        continue;
      }
      dueNow[q] += period[round][q];
      int other = ends[round][q];
      float endX = position[2 * other];
      float endY = position[2 * other + 1];
      for (int pull = 0; pull < 2; pull++) {
        float dx = x - endX;
        float dy = y - endY;
        float d2 = dx * dx + dy * dy;
        if (d2 > 0) {
          float force = forces.attraction(d2);
          x += step * clip(force * dx);
          y += step * clip(force * dy);
        }
      }
      for (int s = 0; s < negatives; s++) {
        stream += Streams.STEP;
        int j = (int) (((Streams.mix(stream) >>> 32) * n) >>> 32);
        float dx = x - position[2 * j];
        float dy = y - position[2 * j + 1];
        float d2 = dx * dx + dy * dy;
        if (d2 > 0 && j != i) {
          float force = forces.repulsion(d2);
          x += step * clip(force * dx);
          y += step * clip(force * dy);
        }
      }
    }
    moved[2 * i] = x;
    moved[2 * i + 1] = y;
  }

  private void moveAny(
      int i,
      int first,
      int end,
      int round,
      int epoch,
      float step,
      long stream,
      float[] here,
      float[] diff) {
    float[] dueNow = due[round];
    System.arraycopy(position, i * dim, here, 0, dim);
    for (int q = first; q < end; q++) {
      if (dueNow[q] > epoch) {
        continue;
      }
      dueNow[q] += period[round][q];
      for (int pull = 0; pull < 2; pull++) {
        float d2 = difference(here, ends[round][q], diff);
        push(here, diff, d2 > 0 ? forces.attraction(d2) : 0, step);
      }
      for (int s = 0; s < negatives; s++) {
        stream += Streams.STEP;
        int j = (int) (((Streams.mix(stream) >>> 32) * n) >>> 32);
        float d2 = difference(here, j, diff);
        push(here, diff, d2 > 0 && j != i ? forces.repulsion(d2) : 0, step);
      }
    }
    System.arraycopy(here, 0, moved, i * dim, dim);
  }

  private float difference(float[] here, int j, float[] diff) {
    float d2 = 0;
    for (int c = 0; c < dim; c++) {
      diff[c] = here[c] - position[j * dim + c];
      d2 += diff[c] * diff[c];
    }
    return d2;
  }

  private void push(float[] here, float[] diff, float force, float step) {
    for (int c = 0; c < dim; c++) {
      here[c] += step * clip(force * diff[c]);
    }
  }

  private static float clip(float v) {
    // Math.min and Math.max order NaN and -0 as well, and are several times slower.
    return v > CLIP ? CLIP : v < -CLIP ? -CLIP : v;
  }
}
