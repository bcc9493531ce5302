package org.cellweave.integrate.harmony;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Parallel;

/**
 * The order in which cells are stored: by block, within a block by their levels, so that every
 * product runs over neighbouring rows of one penalty and one correction.
 *
 * <p>A segment is at most {@link #TILE} rows of one block and one combination of levels.
 */
final class Layout {
  static final int TILE = 256;

  /** Rows that are worth a task of their own. */
  private static final int TASK_ROWS = 2048;

  final int nCells;
  final int nBlocks;

  /** Cell stored at each position; null when they are stored in their own order. */
  final int[] cellAt;

  /** First segment of every block, and the number of segments at the end. */
  final int[] firstSegment;

  /** First position of every segment, and the number of cells at the end. */
  final int[] start;

  final int[] joint;
  final int[] block;

  /** Segments of equal levels side by side, in order of blocks. */
  final int[] byJoint;

  private Layout(int nCells, int nBlocks, int[] cellAt, int[] firstSegment, Segments found) {
    this.nCells = nCells;
    this.nBlocks = nBlocks;
    this.cellAt = cellAt;
    this.firstSegment = firstSegment;
    this.start = found.starts();
    this.joint = found.joints();
    this.block = new int[joint.length];
    for (int b = 0; b < nBlocks; b++) {
      Arrays.fill(block, firstSegment[b], firstSegment[b + 1], b);
    }
    this.byJoint = sortedByJoint();
  }

  private record Segments(int[] starts, int[] joints) {}

  /** Blocks of {@code blockSize} of all cells, drawn with {@code seed}. */
  static Layout shuffled(int[] joint, int nJoint, double blockSize, long seed) {
    int n = joint.length;
    int[] order = Shuffle.insideOut(n, new SplittableRandom(seed));
    int nBlocks = (int) Math.ceil(1 / (float) blockSize);
    int length = (int) (n * blockSize);
    if (length == 0) {
      throw new IllegalArgumentException(
          "blockSize " + blockSize + " leaves no cell in a block of " + n + " cells; raise it");
    }
    int[] blockStart = new int[nBlocks + 1];
    int[] sorted = new int[n];
    for (int b = 0; b < nBlocks; b++) {
      blockStart[b + 1] = b == nBlocks - 1 ? n : Math.min(n, (b + 1) * length);
    }
    Parallel.forBlocks(
        nBlocks, b -> sortByJoint(order, sorted, blockStart[b], blockStart[b + 1], joint, nJoint));
    return cut(sorted, blockStart, joint);
  }

  /** One block, cells in their own order. */
  static Layout natural(int[] joint) {
    int n = joint.length;
    return cut(null, new int[] {0, n}, joint);
  }

  /** Cells of a block by level, within a level in the order of the data. */
  private static void sortByJoint(
      int[] order, int[] sorted, int from, int to, int[] joint, int nJoint) {
    Arrays.sort(order, from, to);
    int[] at = new int[nJoint + 1];
    for (int p = from; p < to; p++) {
      at[joint[order[p]] + 1]++;
    }
    for (int j = 0; j < nJoint; j++) {
      at[j + 1] += at[j];
    }
    for (int p = from; p < to; p++) {
      sorted[from + at[joint[order[p]]]++] = order[p];
    }
  }

  private static Layout cut(int[] cellAt, int[] blockStart, int[] joint) {
    int n = joint.length;
    int[] starts = new int[64];
    int[] joints = new int[64];
    int nBlocks = blockStart.length - 1;
    int[] firstSegment = new int[nBlocks + 1];
    int count = 0;
    for (int b = 0; b < nBlocks; b++) {
      for (int p = blockStart[b]; p < blockStart[b + 1]; p++) {
        int j = joint[cellAt == null ? p : cellAt[p]];
        boolean fresh = p == blockStart[b] || joints[count - 1] != j;
        if (fresh || p - starts[count - 1] == TILE) {
          if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            joints = Arrays.copyOf(joints, 2 * count);
          }
          starts[count] = p;
          joints[count++] = j;
        }
      }
      firstSegment[b + 1] = count;
    }
    starts = Arrays.copyOf(starts, count + 1);
    starts[count] = n;
    return new Layout(
        n, nBlocks, cellAt, firstSegment, new Segments(starts, Arrays.copyOf(joints, count)));
  }

  private int[] sortedByJoint() {
    int nJoint = Arrays.stream(joint).max().orElse(0) + 1;
    int[] at = new int[nJoint + 1];
    for (int j : joint) {
      at[j + 1]++;
    }
    for (int j = 0; j < nJoint; j++) {
      at[j + 1] += at[j];
    }
    int[] out = new int[joint.length];
    for (int s = 0; s < out.length; s++) {
      out[at[joint[s]]++] = s;
    }
    return out;
  }

  int nSegments() {
    return joint.length;
  }

  int rows(int segment) {
    return start[segment + 1] - start[segment];
  }

  int cell(int position) {
    return cellAt == null ? position : cellAt[position];
  }

  /** Bounds of groups of neighbouring segments that make a task each. */
  int[] tasks(int fromSegment, int toSegment) {
    int[] bounds = new int[toSegment - fromSegment + 1];
    int count = 0;
    bounds[0] = fromSegment;
    for (int s = fromSegment; s < toSegment; s++) {
      if (start[s] - start[bounds[count]] >= TASK_ROWS) {
        bounds[++count] = s;
      }
    }
    bounds[++count] = toSegment;
    return Arrays.copyOf(bounds, toSegment > fromSegment ? count + 1 : 1);
  }
}
