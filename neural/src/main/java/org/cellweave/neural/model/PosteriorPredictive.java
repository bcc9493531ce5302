package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.fused.KeptWeights;
import org.cellweave.random.CountDistributions;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/** Counts drawn from the distributions that a model decodes from drawn places. */
public final class PosteriorPredictive {
  /** Keeps Poisson draws within whole numbers. */
  private static final double LARGEST_RATE = 1e8;

  private static final int CELLS = 256;

  /** Apart from the streams that places are drawn from. */
  private static final int COUNTS = 0x5EED;

  private PosteriorPredictive() {}

  /**
   * @param cells positions of the cells; null for all
   * @param genes names; null for all
   * @param transformBatch batches whose draws are averaged; empty for the cells' own
   * @param nSamples draws per cell
   * @param seed of what is drawn
   */
  public record Params(
      int[] cells, List<String> genes, List<String> transformBatch, int nSamples, long seed) {
    public static final Params DEFAULTS = new Params(null, null, List.of(), 1, 0);

    public Params {
      Check.positive(nSamples, "nSamples");
      transformBatch = List.copyOf(transformBatch);
    }
  }

  /**
   * @return cells by genes, one matrix per draw; float32
   */
  public static List<CsrMatrix> run(CountModel model, CellData cells, Params params) {
    CellData read = model.asked(cells);
    int[] which = CountModel.chosen(params.cells(), cells.nCells());
    var pass = new Pass(model, params, Places.of(model, read, which));
    List<CsrMatrix> out = new ArrayList<>();
    for (int s = 0; s < params.nSamples(); s++) {
      out.add(pass.sample(read, s));
    }
    return out;
  }

  /** A row of drawn counts. */
  private record Row(int[] genes, double[] values) {}

  private static final class Pass {
    private final CountModel model;
    private final Params params;
    private final Places places;
    private final RowDecoder decoder;
    private final int[] genes;
    private final int[] batches;
    private final Likelihood likelihood;

    Pass(CountModel model, Params params, Places places) {
      this.model = model;
      this.params = params;
      this.places = places;
      this.decoder = new RowDecoder(model);
      this.genes = model.genes(params.genes());
      this.batches = model.batches(params.transformBatch());
      this.likelihood = model.module().shape().likelihood();
    }

    CsrMatrix sample(CellData read, int draw) {
      try (var weights = new KeptWeights()) {
        return sample(read, weights, draw);
      }
    }

    private CsrMatrix sample(CellData read, KeptWeights weights, int draw) {
      int n = places.size();
      List<List<Row>> blocks =
          Parallel.map(
              Parallel.nBlocks(n, CELLS),
              b -> {
                List<Row> rows = new ArrayList<>();
                try (var runner = new BlockRunner(read, weights)) {
                  int end = Math.min(n, (b + 1) * CELLS);
                  for (int first = b * CELLS; first < end; first += BlockRunner.ROWS) {
                    block(runner, first, Math.min(BlockRunner.ROWS, end - first), draw, rows);
                  }
                }
                return rows;
              });
      var builder = new CsrBuilder(genes.length, DType.FLOAT32);
      for (List<Row> rows : blocks) {
        for (Row row : rows) {
          builder.addRow(row.genes(), row.values(), row.genes().length);
        }
      }
      return builder.build();
    }

    private void block(BlockRunner runner, int first, int count, int draw, List<Row> out) {
      double[][] sums = new double[count][genes.length];
      for (int b = 0; b < batches.length; b++) {
        var rows = places.rows(first, count, params.seed(), draw, batches[b]);
        Decoded decoded = decoder.decode(runner, rows, 0, count);
        for (int i = 0; i < count; i++) {
          int cell = places.cells()[first + i];
          int stream = draw * batches.length + b;
          add(decoded, i, CellNoise.stream(params.seed() ^ COUNTS, stream, cell), sums[i]);
        }
      }
      for (double[] row : sums) {
        out.add(sparse(row));
      }
    }

    private void add(Decoded decoded, int row, SplittableRandom random, double[] sum) {
      double[] means = new double[model.nGenes()];
      double[] theta = new double[model.nGenes()];
      decoded.means(row, means);
      decoded.dispersions(row, theta);
      for (int k = 0; k < genes.length; k++) {
        int g = genes[k];
        double rate =
            likelihood == Likelihood.POISSON
                ? means[g]
                : CountDistributions.gammaOfAnyShape(theta[g], random) * means[g] / theta[g];
        int count = CountDistributions.poisson(Math.min(rate, LARGEST_RATE), random);
        boolean none =
            likelihood == Likelihood.ZINB
                && random.nextDouble() <= CountMath.sigmoid(decoded.zeroLogit(row, g));
        sum[k] += none ? 0 : count / (double) batches.length;
      }
    }

    private static Row sparse(double[] row) {
      int n = 0;
      int[] at = new int[row.length];
      double[] values = new double[row.length];
      for (int g = 0; g < row.length; g++) {
        if (row[g] != 0) {
          at[n] = g;
          values[n++] = row[g];
        }
      }
      return new Row(java.util.Arrays.copyOf(at, n), java.util.Arrays.copyOf(values, n));
    }
  }
}
