package org.cellweave.neural.model;

import java.util.SplittableRandom;
import org.cellweave.neural.nn.Noise;
import org.cellweave.random.Streams;

/**
 * What is drawn for cells, each from a stream of its own: it depends on the seed, the draw and the
 * cell's position, and not on the cells beside it.
 */
final class CellNoise implements Noise {
  private final long seed;
  private final int[] cells;
  private final int rows;
  private final int latent;

  /**
   * @param latent columns of latent places; all else that is drawn has one
   * @param cells of the rows, of which {@code first} and the {@code count - 1} next are there; the
   *     rows after them are filled up
   */
  CellNoise(long seed, int latent, int[] cells, int first, int count) {
    this.seed = of(seed, 0);
    this.latent = latent;
    this.rows = BlockRunner.ROWS;
    this.cells = new int[rows];
    for (int i = 0; i < rows; i++) {
      this.cells[i] = cells[first + Math.min(i, count - 1)];
    }
  }

  private static long of(long seed, int draw) {
    return Streams.mix(Streams.mix(seed) + Streams.STEP * (draw + 1L));
  }

  /** The stream of one draw for one cell. */
  static SplittableRandom stream(long seed, int draw, int cell) {
    return Streams.of(of(seed, draw), cell);
  }

  /** Rows are cells, or all cells once per class, class after class. */
  @Override
  public void normal(int place, float[] out, int n) {
    int each = n / rows;
    float[] own = new float[each];
    for (int i = 0; i < rows; i++) {
      Noise.normal(Streams.of(seed + Streams.STEP * place, cells[i]), own, each);
      spread(own, i, out, n);
    }
  }

  /** Of a cell's numbers those for one class lie together, and the classes far apart. */
  private void spread(float[] own, int row, float[] out, int n) {
    int cols = n == rows ? 1 : latent;
    for (int k = 0; k < own.length; k++) {
      int block = k / cols;
      out[(block * rows + row) * cols + k % cols] = own[k];
    }
  }

  @Override
  public void uniform(int place, float[] out, int n) {
    throw new IllegalStateException("nothing is dropped when a model is asked");
  }
}
