package org.cellweave.embed.umap;

import org.cellweave.random.Streams;

/**
 * What the edges that fire in a block of cells do in a plane. The firings of one cell depend on
 * each other; so all cells take the first step of their first firing, then all the second, and so
 * on: a processor works on many cells at once instead of waiting for one position after another.
 * Every cell's own sums keep their order.
 */
final class PlaneMoves {
  /** Cells of a block: enough for long loops, few enough to stay in the nearest cache. */
  static final int BLOCK = 512;

  private static final float CLIP = 4;

  private final UmapForces forces;
  private final int negatives;
  private final long seed;

  /** Edges that fire and have not been followed yet, those of a cell together. */
  private int[] waiting = new int[0];

  private int[] chosen = new int[0];
  private final float[] x = new float[BLOCK];
  private final float[] y = new float[BLOCK];
  private final float[] endX = new float[BLOCK];
  private final float[] endY = new float[BLOCK];
  private final int[] cell = new int[BLOCK];
  private final long[] stream = new long[BLOCK];
  private final long[] picked = new long[BLOCK];
  private final float[] gapX = new float[BLOCK];
  private final float[] gapY = new float[BLOCK];
  private final float[] force = new float[BLOCK];

  PlaneMoves(UmapForces forces, int negatives, long seed) {
    this.forces = forces;
    this.negatives = negatives;
    this.seed = seed;
  }

  /**
   * Moves the cells of a block.
   *
   * @param from first cell of the block
   * @param first of the block's edges in this round, and {@code end} of them
   * @param turn number of the round since the start
   * @param position of all cells when the round began
   * @param moved positions of the block's cells, where they are and then where they come to be
   */
  void move(
      UmapEdges edges,
      int from,
      int first,
      int end,
      int epoch,
      long turn,
      float step,
      float[] position,
      float[] moved) {
    int left = fire(edges, first, end, epoch);
    for (long wave = 0; left > 0; wave++) {
      int waited = left;
      left = choose(edges, waited);
      int m = waited - left;
      load(edges, m, from, position, moved);
      aim(m, position.length / 2 * turn, wave * negatives);
      push(m, step, forces.attraction);
      push(m, step, forces.attraction);
      for (int s = 0; s < negatives; s++) {
        draw(m, position);
        push(m, step, forces.repulsion);
      }
      for (int f = 0; f < m; f++) {
        moved[2 * cell[f]] = x[f];
        moved[2 * cell[f] + 1] = y[f];
      }
    }
  }

  /**
   * Lists the edges that are due, without a branch that depends on it, and sets their next time.
   */
  private int fire(UmapEdges edges, int first, int end, int epoch) {
    if (waiting.length < end - first) {
      waiting = new int[end - first];
      chosen = new int[end - first];
    }
    int[] list = waiting;
    float[] due = edges.due;
    int n = 0;
    for (int q = first; q < end; q++) {
      list[n] = q;
      n += due[q] <= epoch ? 1 : 0;
    }
    for (int k = 0; k < n; k++) {
      due[list[k]] += edges.period[list[k]];
    }
    return n;
  }

  /** Takes the first of each cell's edges; returns how many go on waiting. */
  private int choose(UmapEdges edges, int n) {
    int m = 0;
    int left = 0;
    int before = -1;
    for (int k = 0; k < n; k++) {
      int q = waiting[k];
      int owner = edges.owner[q];
      if (owner == before) {
        waiting[left++] = q;
      } else {
        chosen[m++] = q;
      }
      before = owner;
    }
    return left;
  }

  private void load(UmapEdges edges, int m, int from, float[] position, float[] moved) {
    for (int f = 0; f < m; f++) {
      int q = chosen[f];
      int i = from + edges.owner[q];
      int other = edges.end[q];
      cell[f] = i;
      x[f] = moved[2 * i];
      y[f] = moved[2 * i + 1];
      endX[f] = position[2 * other];
      endY[f] = position[2 * other + 1];
    }
  }

  /** Each cell's own stream of random numbers in this round, behind those it has drawn. */
  private void aim(int m, long turn, long drawn) {
    for (int f = 0; f < m; f++) {
      stream[f] = Streams.mix(seed + Streams.STEP * (1 + cell[f] + turn)) + Streams.STEP * drawn;
    }
  }

  /** The next cell that each is pushed from; its own place if it is the cell itself. */
  private void draw(int m, float[] position) {
    pick(m, stream, picked, position.length / 2);
    for (int f = 0; f < m; f++) {
      int j = (int) picked[f];
      endX[f] = position[2 * j];
      endY[f] = position[2 * j + 1];
      if (j == cell[f]) {
        endX[f] = x[f];
        endY[f] = y[f];
      }
    }
  }

  // The loops that follow are short and apart so that the compiler makes vector instructions of all
  // but the one that looks forces up.

  private static void pick(int m, long[] stream, long[] picked, long total) {
    for (int f = 0; f < m; f++) {
      stream[f] += Streams.STEP;
    }
    for (int f = 0; f < m; f++) {
      picked[f] = ((Streams.mix(stream[f]) >>> 32) * total) >>> 32;
    }
  }

  private void push(int m, float step, float[] table) {
    measure(m, x, endX, gapX, y, endY, gapY, force);
    look(m, force, table);
    step(m, step, force, gapX, x);
    step(m, step, force, gapY, y);
  }

  private static void measure(
      int m,
      float[] x,
      float[] endX,
      float[] gapX,
      float[] y,
      float[] endY,
      float[] gapY,
      float[] square) {
    for (int f = 0; f < m; f++) {
      float dx = x[f] - endX[f];
      float dy = y[f] - endY[f];
      gapX[f] = dx;
      gapY[f] = dy;
      square[f] = dx * dx + dy * dy;
    }
  }

  private static void look(int m, float[] force, float[] table) {
    for (int f = 0; f < m; f++) {
      force[f] = force[f] > 0 ? UmapForces.at(table, force[f]) : 0;
    }
  }

  private static void step(int m, float step, float[] force, float[] gap, float[] at) {
    for (int f = 0; f < m; f++) {
      at[f] += step * Math.max(-CLIP, Math.min(CLIP, force[f] * gap[f]));
    }
  }
}
