package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.List;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Elementary;

/** Decodes latent places to distributions of counts. */
final class RowDecoder {
  private static final String Z = "z";

  private final Vae module;
  private final Dispersion dispersion;

  RowDecoder(CountModel model) {
    this.module = model.module();
    this.dispersion = Dispersion.of(module);
  }

  /**
   * Places to decode.
   *
   * @param cells whose covariates and totals go with the places
   * @param z rows by latent dimensions, row-major
   * @param library logarithms of totals; null for those of the cells
   * @param batch codes; null for those of the cells
   */
  record Rows(int[] cells, float[] z, float[] library, int[] batch) {
    static Rows allocate(int n, int latent, boolean library, boolean batch) {
      return new Rows(
          new int[n],
          new float[Math.multiplyExact(n, latent)],
          library ? new float[n] : null,
          batch ? new int[n] : null);
    }

    int size() {
      return cells.length;
    }
  }

  /** Receives the rows {@code first <= i < first + decoded.count()}. */
  @FunctionalInterface
  interface Body {
    void block(int first, Decoded decoded);
  }

  /** Decodes all rows in parallel. */
  void forEach(CellData cells, Rows rows, Body body) {
    BlockRunner.forBlocks(
        cells,
        rows.size(),
        (runner, first, count) -> body.block(first, decode(runner, rows, first, count)));
  }

  Decoded decode(BlockRunner runner, Rows rows, int first, int count) {
    int latent = module.shape().latent();
    String[] levels = new String[1];
    List<float[]> values =
        runner.run(
            rows.cells(),
            first,
            count,
            Noise.of(0, 0),
            minibatch -> put(minibatch, rows, first, count),
            graph -> {
              CountHeads heads =
                  module.decode(
                      graph,
                      graph.numbers(View.CELLS, Z, latent),
                      graph.numbers(View.CELLS, "library", 1));
              levels[0] = heads.levels();
              return Decoded.nodes(heads);
            });
    int[] codes = levels[0] == null ? null : runner.codes(levels[0]);
    return new Decoded(module.shape(), count, values, dispersion, codes);
  }

  private void put(Minibatch minibatch, Rows rows, int first, int count) {
    int latent = module.shape().latent();
    float[] z = new float[BlockRunner.ROWS * latent];
    System.arraycopy(rows.z(), first * latent, z, 0, count * latent);
    minibatch.numbers(View.CELLS, Z, z);
    if (rows.library() != null) {
      float[] library = Arrays.copyOfRange(rows.library(), first, first + BlockRunner.ROWS);
      minibatch.numbers(View.CELLS, "library", library);
    }
    if (rows.batch() != null) {
      int[] batch = Arrays.copyOfRange(rows.batch(), first, first + BlockRunner.ROWS);
      Arrays.fill(batch, count, batch.length, batch[0]);
      minibatch.codes(View.CELLS, Registry.BATCH, batch);
    }
  }

  /**
   * Dispersions of genes that are weights of the model.
   *
   * @param theta by level and gene, row-major; null where every cell has its own, or nobody any
   * @param rows number of levels
   */
  record Dispersion(double[] theta, int rows) {
    static Dispersion of(Vae module) {
      if (!module.parameters().has("px_r")) {
        return new Dispersion(null, 0);
      }
      var logs = module.parameters().get("px_r");
      double[] theta = new double[logs.values().length];
      Arrays.setAll(theta, k -> Elementary.exp(logs.values()[k]));
      return new Dispersion(theta, logs.rows());
    }
  }
}
