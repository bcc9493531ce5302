package org.cellweave.integrate.mnn;

import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;

/**
 * Divides every cell by its Euclidean length, so that distances between cells are those between
 * their directions and depth of sequencing drops out.
 *
 * <p>Cost: one pass over the stored values; sparse stays sparse. A cell without expression stays
 * so. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class CosineNorm {
  /** Lengths below count as this. */
  private static final double LEAST = 1e-8;

  private CosineNorm() {}

  /**
   * @param x a new matrix; float32 unless the input is float64
   * @param norms length of every cell over the genes chosen
   */
  public record Result(Matrix x, double[] norms) {}

  /**
   * @param x cells by genes, logarithms of normalised expression; not changed
   * @param genes over which lengths are taken, all genes are divided by them; null for all
   */
  public static Result run(Matrix x, boolean[] genes) {
    Finite.require(x, "X", "cosineNormalize");
    var chosen = ChosenGenes.of(genes, x.nCols());
    double[] norms = norms(Rows.of(x), chosen);
    double[] factors = factors(norms);
    return new Result(StoredMap.run(x, (i, j, v) -> v * factors[i]), norms);
  }

  static double[] norms(Rows rows, ChosenGenes genes) {
    int[] place = genes.place();
    double[] out = new double[rows.nRows()];
    rows.forEach(
        (i, at, start, v, n) -> {
          double sum = 0;
          for (int k = 0; k < n; k++) {
            sum += place[at[start + k]] < 0 ? 0 : v[k] * v[k];
          }
          out[i] = Math.sqrt(sum);
        });
    return out;
  }

  static double[] factors(double[] norms) {
    double[] out = new double[norms.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = 1 / Math.max(LEAST, norms[i]);
    }
    return out;
  }
}
