package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.util.Check;

/**
 * Expression that a model decodes from drawn places: shares of a cell's counts, scaled to a total
 * that all cells have.
 */
public final class NormalizedExpression {
  private NormalizedExpression() {}

  /** What draws count for when some of all cells' draws are taken. */
  public enum Weights {
    UNIFORM,
    /** How likely a place makes the cells that were asked for. */
    IMPORTANCE
  }

  /**
   * @param cells positions of the cells; null for all
   * @param genes names; null for all
   * @param transformBatch batches whose expression is averaged, as if all cells came from there;
   *     empty for the cells' own
   * @param librarySize total that shares are scaled to
   * @param latentLibrary whether they are scaled to the model's own totals of the cells instead
   * @param nSamples draws per cell
   * @param nSamplesOverall rows that are taken from all draws of all cells; 0 for none
   * @param weights of those rows
   * @param returnMean whether the draws of a cell are averaged
   * @param importance how its weights are estimated
   * @param seed of what is drawn
   */
  public record Params(
      int[] cells,
      List<String> genes,
      List<String> transformBatch,
      double librarySize,
      boolean latentLibrary,
      int nSamples,
      int nSamplesOverall,
      Weights weights,
      boolean returnMean,
      ImportanceWeights.Params importance,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      requireTotal(librarySize, "librarySize");
      Check.positive(nSamples, "nSamples");
      Check.nonNegative(nSamplesOverall, "nSamplesOverall");
      if (nSamplesOverall > 0 && nSamples > 1) {
        throw new IllegalArgumentException(
            "nSamplesOverall = "
                + nSamplesOverall
                + " and nSamples = "
                + nSamples
                + " exclude one"
                + " another; leave nSamples at 1");
      }
      if (weights == Weights.IMPORTANCE && transformBatch.size() > 1) {
        throw new IllegalArgumentException(
            "weights cannot be by importance for an average over "
                + transformBatch.size()
                + " batches; name one, or take uniform weights");
      }
      transformBatch = List.copyOf(transformBatch);
    }

    /** Of totals that float32 can hold shares of. */
    static void requireTotal(double total, String name) {
      Check.positive(total, name);
      if (total > Float.MAX_VALUE) {
        throw new IllegalArgumentException(
            name + " must be at most " + Float.MAX_VALUE + ", the largest float32, got " + total);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int[] cells = null;
      private List<String> genes = null;
      private List<String> transformBatch = List.of();
      private double librarySize = 1;
      private boolean latentLibrary = false;
      private int nSamples = 1;
      private int nSamplesOverall = 0;
      private Weights weights = Weights.UNIFORM;
      private boolean returnMean = true;
      private ImportanceWeights.Params importance = ImportanceWeights.Params.DEFAULTS;
      private long seed = 0;

      public Builder cells(int[] value) {
        cells = value;
        return this;
      }

      public Builder genes(List<String> value) {
        genes = value;
        return this;
      }

      public Builder transformBatch(List<String> value) {
        transformBatch = value;
        return this;
      }

      public Builder librarySize(double value) {
        librarySize = value;
        return this;
      }

      public Builder latentLibrary(boolean value) {
        latentLibrary = value;
        return this;
      }

      public Builder nSamples(int value) {
        nSamples = value;
        return this;
      }

      public Builder nSamplesOverall(int value) {
        nSamplesOverall = value;
        return this;
      }

      public Builder weights(Weights value) {
        weights = value;
        return this;
      }

      public Builder returnMean(boolean value) {
        returnMean = value;
        return this;
      }

      public Builder importance(ImportanceWeights.Params value) {
        importance = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            cells,
            genes,
            transformBatch,
            librarySize,
            latentLibrary,
            nSamples,
            nSamplesOverall,
            weights,
            returnMean,
            importance,
            seed);
      }
    }
  }

  /**
   * @param samples one matrix, or one per draw where they are not averaged; float32
   * @param cells cell of every row
   * @param genes position of the gene of every column
   */
  public record Result(List<DenseMatrix> samples, int[] cells, int[] genes) {
    /** The only matrix, or the first draw. */
    public DenseMatrix x() {
      return samples.get(0);
    }
  }

  /**
   * @param cells of the genes and covariates of the model
   */
  public static Result run(CountModel model, CellData cells, Params params) {
    CellData read = model.asked(cells);
    int[] which = CountModel.chosen(params.cells(), cells.nCells());
    int[] genes = model.genes(params.genes());
    var pass = new Pass(model, read, params, genes);
    return params.nSamplesOverall() > 0 ? pass.overall(which) : pass.perCell(which);
  }

  /** One run, on cells that the model has read. */
  private static final class Pass {
    private final CountModel model;
    private final CellData cells;
    private final Params params;
    private final int[] genes;
    private final int[] batches;
    private final RowDecoder decoder;

    /** Whether every gene is asked for, in its place. */
    private final boolean allGenes;

    Pass(CountModel model, CellData cells, Params params, int[] genes) {
      this.model = model;
      this.cells = cells;
      this.params = params;
      this.genes = genes;
      this.batches = model.batches(params.transformBatch());
      this.decoder = new RowDecoder(model);
      this.allGenes = params.genes() == null;
    }

    Result perCell(int[] which) {
      Places places = Places.of(model, cells, which);
      boolean mean = params.returnMean() || params.nSamples() == 1;
      List<DenseMatrix> out = new ArrayList<>();
      for (int s = 0; s < (mean ? 1 : params.nSamples()); s++) {
        out.add(DenseMatrix.zeros(which.length, genes.length, DType.FLOAT32));
      }
      int draws = mean ? params.nSamples() : 1;
      BlockRunner.forBlocks(
          cells,
          which.length,
          (runner, first, count) -> {
            if (draws * batches.length == 1) {
              for (int s = 0; s < out.size(); s++) {
                var rows = places.rows(first, count, params.seed(), s, batches[0]);
                put(decoder.decode(runner, rows, 0, count), out.get(s), first);
              }
              return;
            }
            for (int s = 0; s < out.size(); s++) {
              Sums sums = new Sums(count);
              for (int draw = 0; draw < draws; draw++) {
                for (int batch : batches) {
                  var rows = places.rows(first, count, params.seed(), s + draw, batch);
                  sums.add(decoder.decode(runner, rows, 0, count));
                }
              }
              sums.put(out.get(s), first, draws * batches.length);
            }
          });
      return new Result(out, which, genes);
    }

    /** Expression that needs no mean. */
    private void put(Decoded decoded, DenseMatrix out, int first) {
      double[] all = new double[model.nGenes()];
      double[] chosen = allGenes ? all : new double[genes.length];
      for (int i = 0; i < decoded.count(); i++) {
        double factor = expression(decoded, i, all);
        if (factor != 1) {
          for (int g = 0; g < all.length; g++) {
            all[g] *= factor;
          }
        }
        for (int g = 0; !allGenes && g < genes.length; g++) {
          chosen[g] = all[genes[g]];
        }
        out.setRow(first + i, chosen);
      }
    }

    /** Of one row; what it is to be multiplied by. */
    private double expression(Decoded decoded, int row, double[] out) {
      if (params.latentLibrary()) {
        decoded.means(row, out);
        return 1;
      }
      decoded.shares(row, out);
      return params.librarySize();
    }

    /** Rows drawn from all draws of all cells, each decoded only when it is taken. */
    Result overall(int[] which) {
      PosteriorRows drawn = PosteriorRows.of(model, cells, which, params);
      DenseMatrix out = DenseMatrix.zeros(drawn.size(), genes.length, DType.FLOAT32);
      BlockRunner.forBlocks(
          cells,
          drawn.size(),
          (runner, first, count) -> {
            Sums sums = new Sums(count);
            for (int batch : batches) {
              sums.add(decoder.decode(runner, drawn.rows(first, count, batch), 0, count));
            }
            sums.put(out, first, batches.length);
          });
      return new Result(List.of(out), drawn.cells(), genes);
    }

    /** Expression of a block of rows, added up. */
    private final class Sums {
      private final double[][] sum;
      private final double[] row = new double[model.nGenes()];

      Sums(int count) {
        this.sum = new double[count][genes.length];
      }

      void add(Decoded decoded) {
        for (int i = 0; i < decoded.count(); i++) {
          double factor = expression(decoded, i, row);
          for (int g = 0; g < genes.length; g++) {
            sum[i][g] += factor * row[genes[g]];
          }
        }
      }

      void put(DenseMatrix out, int first, int parts) {
        for (int i = 0; i < sum.length; i++) {
          for (int g = 0; g < genes.length; g++) {
            sum[i][g] /= parts;
          }
          out.setRow(first + i, sum[i]);
        }
      }
    }
  }
}
