package org.cellweave.neural.model;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.util.Check;

/** The distributions of counts that a model decodes from drawn places. */
public final class LikelihoodParameters {
  private LikelihoodParameters() {}

  /**
   * @param cells positions of the cells; null for all
   * @param nSamples draws per cell, which are averaged
   * @param seed of what is drawn
   */
  public record Params(int[] cells, int nSamples, long seed) {
    public static final Params DEFAULTS = new Params(null, 1, 0);

    public Params {
      Check.positive(nSamples, "nSamples");
    }
  }

  /**
   * @param mean cells by genes, expected counts but for additional zeros; float32
   * @param dispersion as {@code mean}, or one row where all cells share it; null of Poisson counts
   * @param dropout as {@code mean}, probabilities of additional zeros; null without any
   * @param cells cell of every row
   */
  public record Result(
      DenseMatrix mean, DenseMatrix dispersion, DenseMatrix dropout, int[] cells) {}

  public static Result run(CountModel model, CellData cells, Params params) {
    CellData read = model.asked(cells);
    int[] which = CountModel.chosen(params.cells(), cells.nCells());
    Places places = Places.of(model, read, which);
    RowDecoder decoder = new RowDecoder(model);
    boolean zeros = model.module().shape().likelihood() == Likelihood.ZINB;
    int genes = model.nGenes();
    DenseMatrix mean = DenseMatrix.zeros(which.length, genes, DType.FLOAT32);
    DenseMatrix dropout = zeros ? DenseMatrix.zeros(which.length, genes, DType.FLOAT32) : null;
    DenseMatrix dispersion = dispersion(model, which.length);
    BlockRunner.forBlocks(
        read,
        which.length,
        (runner, first, count) -> {
          double[][] means = new double[count][genes];
          double[][] zero = new double[zeros ? count : 0][genes];
          double[][] theta = new double[count][genes];
          for (int s = 0; s < params.nSamples(); s++) {
            var rows = places.rows(first, count, params.seed(), s, -1);
            add(decoder.decode(runner, rows, 0, count), means, zero, theta);
          }
          put(mean, first, means, params.nSamples());
          put(dropout, first, zero, params.nSamples());
          if (dispersion != null && dispersion.nRows() == which.length) {
            put(dispersion, first, theta, params.nSamples());
          }
        });
    return new Result(mean, dispersion, dropout, which);
  }

  private static DenseMatrix dispersion(CountModel model, int n) {
    if (model.module().shape().likelihood() == Likelihood.POISSON) {
      return null;
    }
    var weights = RowDecoder.Dispersion.of(model.module());
    boolean shared = weights.rows() == 1;
    DenseMatrix out = DenseMatrix.zeros(shared ? 1 : n, model.nGenes(), DType.FLOAT32);
    if (shared) {
      out.setRow(0, weights.theta());
    }
    return out;
  }

  private static void add(Decoded decoded, double[][] means, double[][] zero, double[][] theta) {
    int genes = means[0].length;
    double[] row = new double[genes];
    for (int i = 0; i < decoded.count(); i++) {
      decoded.means(i, row);
      addTo(means[i], row);
      decoded.dispersions(i, row);
      addTo(theta[i], row);
      if (zero.length > 0) {
        for (int g = 0; g < genes; g++) {
          zero[i][g] += CountMath.sigmoid(decoded.zeroLogit(i, g));
        }
      }
    }
  }

  private static void addTo(double[] sum, double[] part) {
    for (int g = 0; g < sum.length; g++) {
      sum[g] += part[g];
    }
  }

  private static void put(DenseMatrix out, int first, double[][] sums, int parts) {
    for (int i = 0; i < sums.length; i++) {
      for (int g = 0; g < sums[i].length; g++) {
        sums[i][g] /= parts;
      }
      out.setRow(first + i, sums[i]);
    }
  }
}
