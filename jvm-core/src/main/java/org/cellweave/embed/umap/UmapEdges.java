package org.cellweave.embed.umap;

/**
 * The edges of one round in the order of the cells, so that a round reads memory from end to end.
 */
final class UmapEdges {
  /** The cell at the other end. */
  final int[] end;

  /** Epochs from one firing to the next. */
  final float[] period;

  /** Epoch of the next firing. */
  final float[] due;

  /** The cell within its block. */
  final short[] owner;

  UmapEdges(int size) {
    end = new int[size];
    period = new float[size];
    due = new float[size];
    owner = new short[size];
  }

  void set(int q, int other, float epochs, int cell) {
    end[q] = other;
    period[q] = epochs;
    due[q] = epochs;
    owner[q] = (short) cell;
  }
}
