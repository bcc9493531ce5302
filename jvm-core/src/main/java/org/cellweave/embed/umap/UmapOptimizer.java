package org.cellweave.embed.umap;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private static final int BLOCK = PlaneMoves.BLOCK;
  private static final float CLIP = 4;
  private static final int ROUNDS = 16;

  private final int n;
  private final int dim;
  private float[] position;
  private final UmapForces forces;
  private final int negatives;
  private final long seed;
  private final int[] starts;
  private final UmapEdges[] rounds = new UmapEdges[ROUNDS];
  private final Queue<PlaneMoves> idle = new ConcurrentLinkedQueue<>();
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
    double largest = largest(graph);
    double least = largest / nEpochs;
    starts = starts(graph, least);
    for (int r = 0; r < ROUNDS; r++) {
      rounds[r] = new UmapEdges(before(starts[n], r));
    }
    Parallel.forRange(n, BLOCK, (from, to) -> deal(graph, from, to, largest, least));
    moved = new float[position.length];
  }

  private static double largest(CsrMatrix graph) {
    double[] largest = new double[graph.blockCount()];
    Parallel.forBlocks(
        largest.length,
        b -> {
          var block = graph.block(b);
          for (int p = 0; p < block.nnz(); p++) {
            largest[b] = Math.max(largest[b], block.value(p));
          }
        });
    double all = 0;
    for (double value : largest) {
      all = Math.max(all, value);
    }
    return all;
  }

  /** Where the edges of each cell begin among those that fire at all. */
  private static int[] starts(CsrMatrix graph, double least) {
    int n = graph.nRows();
    int[] starts = new int[n + 1];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            var block = graph.blockOf(i);
            int kept = 0;
            for (int p = block.start(i), end = block.end(i); p < end; p++) {
              kept += keeps(block, p, i, least) ? 1 : 0;
            }
            starts[i + 1] = kept;
          }
        });
    for (int i = 0; i < n; i++) {
      starts[i + 1] += starts[i];
    }
    return starts;
  }

  /** Gives the edges of some cells to the rounds in turn. */
  private void deal(CsrMatrix graph, int from, int to, double largest, double least) {
    for (int i = from; i < to; i++) {
      var block = graph.blockOf(i);
      int at = starts[i];
      for (int p = block.start(i), end = block.end(i); p < end; p++) {
        if (keeps(block, p, i, least)) {
          float period = (float) (largest / block.value(p));
          rounds[at % ROUNDS].set(at / ROUNDS, block.indices()[p], period, i - from);
          at++;
        }
      }
    }
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
    System.arraycopy(position, from * dim, moved, from * dim, (to - from) * dim);
    long turn = (long) epoch * ROUNDS + round;
    int first = before(starts[from], round);
    int end = before(starts[to], round);
    if (dim == 2) {
      var plane = idle.poll();
      if (plane == null) {
        plane = new PlaneMoves(forces, negatives, seed);
      }
      plane.move(rounds[round], from, first, end, epoch, turn, step, position, moved);
      idle.offer(plane);
    } else {
      moveAny(from, first, end, rounds[round], epoch, turn, step);
    }
  }

  private void moveAny(
      int from, int first, int end, UmapEdges edges, int epoch, long turn, float step) {
    float[] here = new float[dim];
    float[] diff = new float[dim];
    int before = -1;
    long stream = 0;
    for (int q = first; q < end; q++) {
      if (edges.due[q] > epoch) {
        continue;
      }
      edges.due[q] += edges.period[q];
      int i = from + edges.owner[q];
      if (i != before) {
        stream = Streams.mix(seed + Streams.STEP * (1 + i + n * turn));
        before = i;
      }
      System.arraycopy(moved, i * dim, here, 0, dim);
      for (int pull = 0; pull < 2; pull++) {
        float d2 = difference(here, edges.end[q], diff);
        push(here, diff, d2 > 0 ? forces.attraction(d2) : 0, step);
      }
      for (int s = 0; s < negatives; s++) {
        stream += Streams.STEP;
        int j = (int) (((Streams.mix(stream) >>> 32) * n) >>> 32);
        float d2 = difference(here, j, diff);
        push(here, diff, d2 > 0 && j != i ? forces.repulsion(d2) : 0, step);
      }
      System.arraycopy(here, 0, moved, i * dim, dim);
    }
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
