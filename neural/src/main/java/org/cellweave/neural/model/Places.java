package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.LatentPosterior;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.nn.Encoder;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Elementary;

/**
 * The distributions of some cells' latent places, and of the logarithms of their totals where a
 * model infers them.
 *
 * @param cells positions of the cells
 * @param latent dimensions
 * @param mean cells by dimensions, row-major
 * @param variance as {@code mean}
 * @param libraryMean one per cell; null where totals are observed
 * @param libraryVariance as {@code libraryMean}
 * @param onSimplex whether a place is the softmax of what is drawn
 */
record Places(
    int[] cells,
    int latent,
    float[] mean,
    float[] variance,
    float[] libraryMean,
    float[] libraryVariance,
    boolean onSimplex) {

  /** Encodes cells, or takes what was found before. */
  static Places of(CountModel model, CellData cells, int[] which) {
    Vae module = model.module();
    int latent = module.shape().latent();
    if (cells.posterior() != null) {
      return stored(model, cells.posterior(), which);
    }
    boolean library = module.infersLibrary();
    Places out =
        new Places(
            which,
            latent,
            new float[Math.multiplyExact(which.length, latent)],
            new float[which.length * latent],
            library ? new float[which.length] : null,
            library ? new float[which.length] : null,
            module.shape().latentDistribution() == LatentDistribution.LN);
    BlockRunner.forBlocks(
        cells, which.length, (runner, first, count) -> out.take(runner, module, first, count));
    return out;
  }

  private static Places stored(CountModel model, LatentPosterior posterior, int[] which) {
    var shape = model.module().shape();
    if (posterior.dimensions() != shape.latent() || model.module().infersLibrary()) {
      throw new IllegalArgumentException(
          "these cells were minified by another model than this "
              + model.name()
              + " model of "
              + shape.latent()
              + " latent dimensions: their places have "
              + posterior.dimensions()
              + ". Ask that model, or give the cells with their counts");
    }
    boolean onSimplex = shape.latentDistribution() == LatentDistribution.LN;
    int[] all = CountModel.chosen(null, posterior.cells());
    var places =
        new Places(
            all, shape.latent(), posterior.mean(), posterior.variance(), null, null, onSimplex);
    return places.take(which);
  }

  private void take(BlockRunner runner, Vae module, int first, int count) {
    List<float[]> values =
        runner.run(
            cells,
            first,
            count,
            Noise.of(0, 0),
            null,
            graph -> {
              List<Node> nodes = new ArrayList<>();
              add(module.encode(graph, View.CELLS), nodes);
              if (libraryMean != null) {
                add(module.encodeLibrary(graph, View.CELLS), nodes);
              }
              return nodes;
            });
    System.arraycopy(values.get(0), 0, mean, first * latent, count * latent);
    System.arraycopy(values.get(1), 0, variance, first * latent, count * latent);
    if (libraryMean != null) {
      System.arraycopy(values.get(2), 0, libraryMean, first, count);
      System.arraycopy(values.get(3), 0, libraryVariance, first, count);
    }
  }

  private static void add(Encoder.Place place, List<Node> to) {
    to.add(place.mean());
    to.add(place.variance());
  }

  int size() {
    return cells.length;
  }

  /** Those of some of the cells, by their number here. */
  Places take(int[] some) {
    int n = some.length;
    Places out =
        new Places(
            new int[n],
            latent,
            new float[n * latent],
            new float[n * latent],
            libraryMean == null ? null : new float[n],
            libraryMean == null ? null : new float[n],
            onSimplex);
    for (int k = 0; k < n; k++) {
      int i = some[k];
      out.cells[k] = cells[i];
      System.arraycopy(mean, i * latent, out.mean, k * latent, latent);
      System.arraycopy(variance, i * latent, out.variance, k * latent, latent);
      if (libraryMean != null) {
        out.libraryMean[k] = libraryMean[i];
        out.libraryVariance[k] = libraryVariance[i];
      }
    }
    return out;
  }

  /**
   * Draws a place, and the logarithm of the total, of the i-th cell.
   *
   * @param z receives the place before any softmax, from {@code at} on
   * @return the logarithm of the total; NaN where it is observed
   */
  double draw(int i, long seed, int draw, float[] z, int at) {
    SplittableRandom random = CellNoise.stream(seed, draw, cells[i]);
    float[] drawn = new float[latent + 1];
    Noise.normal(random, drawn);
    for (int d = 0; d < latent; d++) {
      int k = i * latent + d;
      z[at + d] = (float) (mean[k] + Math.sqrt(variance[k]) * drawn[d]);
    }
    return libraryMean == null
        ? Double.NaN
        : libraryMean[i] + Math.sqrt(libraryVariance[i]) * drawn[latent];
  }

  /** Turns a drawn place into what the decoder reads. */
  void finish(float[] z, int at) {
    if (!onSimplex) {
      return;
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int d = 0; d < latent; d++) {
      largest = Math.max(largest, z[at + d]);
    }
    double sum = 0;
    for (int d = 0; d < latent; d++) {
      sum += Elementary.exp(z[at + d] - largest);
    }
    for (int d = 0; d < latent; d++) {
      z[at + d] = (float) (Elementary.exp(z[at + d] - largest) / sum);
    }
  }

  /**
   * Rows to decode: one draw of the cells {@code first <= i < first + count}.
   *
   * @param batch code that stands in for the cells' own; negative for none
   */
  RowDecoder.Rows rows(int first, int count, long seed, int draw, int batch) {
    RowDecoder.Rows rows = RowDecoder.Rows.allocate(count, latent, libraryMean != null, batch >= 0);
    for (int i = 0; i < count; i++) {
      set(rows, i, first + i, seed, draw, batch);
    }
    return rows;
  }

  /** Fills one row by a draw of the i-th cell. */
  void set(RowDecoder.Rows rows, int row, int i, long seed, int draw, int batch) {
    rows.cells()[row] = cells[i];
    double library = draw(i, seed, draw, rows.z(), row * latent);
    finish(rows.z(), row * latent);
    if (rows.library() != null) {
      rows.library()[row] = (float) library;
    }
    if (rows.batch() != null) {
      rows.batch()[row] = batch;
    }
  }
}
