package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;
import org.cellweave.util.Elementary;

/** Totals of cells: as a model infers them, or as they were counted. */
final class LatentLibrary {
  private LatentLibrary() {}

  /**
   * @param giveMean the mean of the inferred log-normal distribution, instead of one draw
   * @throws IllegalArgumentException when a mean is asked for and totals are not inferred
   */
  static double[] run(CountModel model, CellData cells, boolean giveMean, long seed) {
    boolean inferred = model.module().infersLibrary();
    if (giveMean && !inferred) {
      throw new IllegalArgumentException(
          "this "
              + model.name()
              + " model takes totals as they are (useObservedLibSize, or size factors), and has no"
              + " distribution of them. Use giveMean = false for the totals themselves");
    }
    CellData read = model.asked(cells);
    double[] out = new double[read.nCells()];
    if (!inferred) {
      java.util.Arrays.setAll(out, read::library);
      return out;
    }
    Places places = Places.of(model, read, CountModel.chosen(null, out.length));
    float[] z = new float[places.latent()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          Elementary.exp(
              giveMean
                  ? places.libraryMean()[i] + 0.5 * places.libraryVariance()[i]
                  : places.draw(i, seed, 0, z, 0));
    }
    return out;
  }
}
