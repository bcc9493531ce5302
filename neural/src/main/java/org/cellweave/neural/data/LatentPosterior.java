package org.cellweave.neural.data;

import org.cellweave.util.Check;

/**
 * Normal distributions of the latent places of cells, as a model once found them; before the
 * softmax where places lie on a simplex.
 *
 * @param cells number of cells
 * @param dimensions of latent places
 * @param mean cells by dimensions, row-major
 * @param variance as {@code mean}
 */
public record LatentPosterior(int cells, int dimensions, float[] mean, float[] variance) {
  public LatentPosterior {
    int size = Math.multiplyExact(cells, dimensions);
    Check.sameLength(mean.length, size, "latent means", "cells times dimensions");
    Check.sameLength(variance.length, size, "latent variances", "cells times dimensions");
    for (int k = 0; k < size; k++) {
      if (!Float.isFinite(mean[k]) || !(variance[k] > 0) || Float.isInfinite(variance[k])) {
        throw new IllegalArgumentException(
            "latent places must have finite means and positive variances, but dimension "
                + k % dimensions
                + " of cell "
                + k / dimensions
                + " has "
                + mean[k]
                + " and "
                + variance[k]);
      }
    }
  }
}
