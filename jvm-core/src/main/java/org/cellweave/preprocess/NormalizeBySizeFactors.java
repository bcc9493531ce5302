package org.cellweave.preprocess;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.RefusedRowException;

/**
 * Divides every cell by its size factor. Quotients are float32, as those of {@link NormalizeTotal}.
 *
 * <p>Cost: two passes over the values. Nothing is changed when the input is refused.
 */
public final class NormalizeBySizeFactors {
  private NormalizeBySizeFactors() {}

  /**
   * @param x cells by genes, stored as float32; changed in place, unless its rows lie elsewhere
   * @param sizeFactors positive, one for every cell
   * @return {@code x}, or the matrix whose rows are divided whenever they are read
   * @throws RefusedRowException for a cell whose factor is not positive
   */
  public static Matrix run(Matrix x, double[] sizeFactors) {
    NormalizeTotal.requireFloat32(x);
    return NormalizeTotal.divide(x, checked(x, sizeFactors));
  }

  /** The factors as float32. */
  private static float[] checked(Matrix x, double[] sizeFactors) {
    Check.sameLength(sizeFactors.length, x.nRows(), "sizeFactors", "the number of cells");
    float[] factors = new float[sizeFactors.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) sizeFactors[i];
      if (!(factors[i] > 0 && factors[i] < Float.POSITIVE_INFINITY)) {
        throw new RefusedRowException(
            "size factors must be positive, got " + sizeFactors[i] + " for ",
            "x",
            factors.length,
            ". Remove such cells, or let sc.pp.scranSizeFactors replace their factors",
            i);
      }
    }
    ValueFacts facts = ValueFacts.of(x);
    facts.requireCounts("normalizeBySizeFactors");
    for (int i = 0; i < factors.length; i++) {
      if (facts.max() / factors[i] > Float.MAX_VALUE) {
        throw new RefusedRowException(
            "the size factor " + sizeFactors[i] + " makes float32 overflow for ",
            "x",
            factors.length,
            ". Size factors have a mean of about one",
            i);
      }
    }
    return factors;
  }
}
