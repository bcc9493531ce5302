package org.cellweave.neural.model;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * The mixture of the distributions of some cells' latent places, every cell with the same weight:
 * how likely a place is among these cells.
 */
public final class AggregatedPosterior {
  private static final int PLACES = 16;

  private final Places of;
  private final double dof;

  /** Of a Student distribution of scale one: the logarithm of what its density is divided by. */
  private final double logConstant;

  /**
   * @param dof degrees of freedom of Student distributions; infinity for normal ones
   */
  AggregatedPosterior(Places of, double dof) {
    Check.positive(dof, "dof");
    this.of = of;
    this.dof = dof;
    this.logConstant =
        Double.isInfinite(dof)
            ? 0.5 * Elementary.log(2 * Math.PI)
            : 0.5 * Elementary.log(dof * Math.PI)
                + CountMath.logFactorial(dof / 2 - 1)
                - CountMath.logFactorial((dof - 1) / 2);
  }

  /** Cells of the mixture. */
  public int size() {
    return of.size();
  }

  /**
   * Log densities of places.
   *
   * @param places rows by latent dimensions
   * @return one per row
   */
  public double[] logProb(DenseMatrix places) {
    Check.sameLength(places.nCols(), of.latent(), "columns of places", "latent dimensions");
    double[] out = new double[places.nRows()];
    double[] scales = new double[of.variance().length];
    double[] logScales = new double[of.size()];
    for (int i = 0; i < of.size(); i++) {
      for (int d = 0; d < of.latent(); d++) {
        int k = i * of.latent() + d;
        scales[k] = Math.sqrt(of.variance()[k]);
        logScales[i] += Elementary.log(scales[k]) + logConstant;
      }
    }
    Parallel.forRange(
        out.length,
        PLACES,
        (from, to) -> {
          double[] place = new double[of.latent()];
          double[] logs = new double[of.size()];
          for (int r = from; r < to; r++) {
            places.readRow(r, place);
            for (int i = 0; i < logs.length; i++) {
              logs[i] = kernel(place, scales, i) - logScales[i];
            }
            out[r] = ImportanceWeights.logSum(logs) - Elementary.log(logs.length);
          }
        });
    return out;
  }

  private double kernel(double[] place, double[] scales, int i) {
    double sum = 0;
    for (int d = 0; d < place.length; d++) {
      int k = i * place.length + d;
      double t = (place[d] - of.mean()[k]) / scales[k];
      sum +=
          Double.isInfinite(dof) ? -0.5 * t * t : -0.5 * (dof + 1) * Elementary.log1p(t * t / dof);
    }
    return sum;
  }
}
