package org.cellweave.neural.model;

import java.util.List;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.preprocess.CorrelationMatrix;
import org.cellweave.preprocess.CorrelationMatrix.Method;
import org.cellweave.random.CountDistributions;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Correlations of genes in what a model says of cells: in rates drawn from the gamma distributions
 * behind the counts, for cells of one total.
 *
 * <p>Memory: cells times draws by genes in float32, which ranks need, and genes by genes.
 */
public final class FeatureCorrelation {
  /** Apart from the streams that places are drawn from. */
  private static final int RATES = 0x2A7E5;

  private FeatureCorrelation() {}

  /**
   * @param cells positions of the cells; null for all
   * @param genes names; null for all
   * @param nSamples draws per cell
   * @param rnaSizeFactor total of a cell
   * @param transformBatch batches whose correlations are averaged; empty for the cells' own
   * @param method of the rates or of their ranks
   * @param seed of what is drawn
   */
  public record Params(
      int[] cells,
      List<String> genes,
      int nSamples,
      double rnaSizeFactor,
      List<String> transformBatch,
      Method method,
      long seed) {
    public static final Params DEFAULTS =
        new Params(null, null, 10, 1000, List.of(), Method.SPEARMAN, 0);

    public Params {
      Check.positive(nSamples, "nSamples");
      NormalizedExpression.Params.requireTotal(rnaSizeFactor, "rnaSizeFactor");
      transformBatch = List.copyOf(transformBatch);
    }
  }

  /**
   * @return genes by genes, float64; NaN for a gene whose rates do not vary
   */
  public static DenseMatrix run(
      CountModel model, CellData cells, Params params, Progress progress) {
    if (model.module().shape().likelihood() == Likelihood.POISSON) {
      throw new IllegalArgumentException(
          "featureCorrelationMatrix draws rates around expectations, and geneLikelihood = poisson"
              + " has none; use a model with nb or zinb");
    }
    CellData read = model.asked(cells);
    int[] which = CountModel.chosen(params.cells(), cells.nCells());
    int[] genes = model.genes(params.genes());
    if ((long) which.length * params.nSamples() < 2) {
      throw new IllegalArgumentException(
          "correlations of genes need at least two draws, got one of one cell. Name more cells, or"
              + " nSamples = 2");
    }
    checkMemory((long) which.length * params.nSamples(), genes.length, params);
    Places places = Places.of(model, read, which);
    int[] batches = model.batches(params.transformBatch());
    DenseMatrix sum = null;
    for (int b = 0; b < batches.length; b++) {
      DenseMatrix rates = rates(model, read, places, genes, params, batches[b]);
      sum = added(sum, CorrelationMatrix.run(rates, params.method()), batches.length);
      progress.step("gene correlations", b + 1, batches.length, Double.NaN);
    }
    return sum;
  }

  private static void checkMemory(long rows, int genes, Params params) {
    double needed = (double) rows * genes * Float.BYTES + (double) genes * genes * 24;
    long most = Runtime.getRuntime().maxMemory();
    if (rows > Integer.MAX_VALUE || needed > most) {
      throw new IllegalArgumentException(
          String.format(
              java.util.Locale.ROOT,
              "featureCorrelationMatrix needs %.1f GiB for %d draws of %d genes, and Java has %.1f;"
                  + " name fewer cells or genes, or less than nSamples = %d",
              needed / (1 << 30),
              rows,
              genes,
              most / (double) (1 << 30),
              params.nSamples()));
    }
  }

  private static DenseMatrix added(DenseMatrix sum, DenseMatrix part, int parts) {
    DenseMatrix out =
        sum == null ? DenseMatrix.zeros(part.nRows(), part.nCols(), DType.FLOAT64) : sum;
    double[] a = new double[part.nCols()];
    double[] b = new double[part.nCols()];
    for (int i = 0; i < part.nRows(); i++) {
      out.readRow(i, a);
      part.readRow(i, b);
      for (int j = 0; j < a.length; j++) {
        a[j] += b[j] / parts;
      }
      out.setRow(i, a);
    }
    return out;
  }

  private static DenseMatrix rates(
      CountModel model, CellData read, Places places, int[] genes, Params params, int batch) {
    int n = places.size();
    DenseMatrix out = DenseMatrix.zeros(n * params.nSamples(), genes.length, DType.FLOAT32);
    RowDecoder decoder = new RowDecoder(model);
    BlockRunner.forBlocks(
        read,
        n,
        (runner, first, count) -> {
          double[] shares = new double[model.nGenes()];
          double[] theta = new double[model.nGenes()];
          double[] row = new double[genes.length];
          for (int s = 0; s < params.nSamples(); s++) {
            var rows = places.rows(first, count, params.seed(), s, batch);
            Decoded decoded = decoder.decode(runner, rows, 0, count);
            for (int i = 0; i < count; i++) {
              decoded.shares(i, shares);
              decoded.dispersions(i, theta);
              int cell = places.cells()[first + i];
              var random = CellNoise.stream(params.seed() ^ RATES, s, cell);
              for (int k = 0; k < genes.length; k++) {
                int g = genes[k];
                double mean = params.rnaSizeFactor() * shares[g];
                row[k] = CountDistributions.gammaOfAnyShape(theta[g], random) * mean / theta[g];
              }
              out.setRow(s * n + first + i, row);
            }
          }
        });
    return out;
  }
}
