package org.cellweave.doublets;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.ValueFacts;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Artificial doublets: the counts of two cells drawn at random, added up.
 *
 * <p>As in scanpy 1.11.5, no ordered pair is drawn twice and a cell may be paired with itself; the
 * random stream is our own. Unlike scanpy, totals of thinned doublets are the sums of their counts.
 *
 * <p>Cost: one merge of two rows per doublet, and one draw per molecule when thinning.
 *
 * @see <a href="https://doi.org/10.1016/j.cels.2018.11.005">Wolock, Lopez and Klein 2019</a>
 */
public final class DoubletSimulation {
  private static final int MOST_DOUBLETS = Integer.MAX_VALUE / 4;

  private DoubletSimulation() {}

  /**
   * @param simDoubletRatio doublets per cell
   * @param umiSubsampling share of a doublet's molecules that are kept, each independently
   * @param seed of the pairs and of the thinning
   */
  public record Params(double simDoubletRatio, double umiSubsampling, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(simDoubletRatio, "simDoubletRatio");
      Check.positive(umiSubsampling, "umiSubsampling");
      Check.inRange(umiSubsampling, 0, 1, "umiSubsampling");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double simDoubletRatio = 2.0;
      private double umiSubsampling = 1.0;
      private long seed = 0;

      public Builder simDoubletRatio(double value) {
        simDoubletRatio = value;
        return this;
      }

      public Builder umiSubsampling(double value) {
        umiSubsampling = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(simDoubletRatio, umiSubsampling, seed);
      }
    }
  }

  /**
   * @param counts doublets by genes
   * @param parents rows of the two cells of doublet {@code d} at {@code 2 d} and {@code 2 d + 1}
   * @param totals counts of every doublet
   */
  public record Result(CsrMatrix counts, int[] parents, double[] totals) {}

  /**
   * @param counts cells by genes, raw
   */
  public static Result run(Matrix counts, Params params) {
    int n = counts.nRows();
    double wanted = n * params.simDoubletRatio();
    if (wanted < 1 || wanted > Math.min((double) n * n, MOST_DOUBLETS)) {
      throw new IllegalArgumentException(
          "simDoubletRatio must give between 1 doublet and one for every pair of cells, got "
              + params.simDoubletRatio()
              + " for "
              + n
              + " cells");
    }
    boolean thin = params.umiSubsampling() < 1;
    if (thin) {
      requireCounts(counts);
    }
    CsrMatrix csr = counts.toCsr().toFloat32();
    var random = new SplittableRandom(params.seed());
    int[] parents = DistinctPairs.draw(n, (int) wanted, random.split());
    var sums = RowSums.of(csr, parents);
    if (thin) {
      sums = thinned(sums, params.umiSubsampling(), random.split());
    }
    return new Result(sums, parents, sums.rowSums());
  }

  private static void requireCounts(Matrix counts) {
    var facts = ValueFacts.of(counts);
    if (!facts.looksLikeCounts()) {
      throw new IllegalArgumentException(
          "umiSubsampling below 1 needs whole counts, but X holds "
              + (facts.nonInteger() != null ? facts.nonInteger() : facts.min())
              + "; pass the layer with raw counts, or umiSubsampling = 1");
    }
  }

  /** Keeps every molecule with probability {@code rate}; values that become 0 are dropped. */
  private static CsrMatrix thinned(CsrMatrix x, double rate, SplittableRandom random) {
    SplittableRandom[] streams = new SplittableRandom[x.nRows()];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = random.split();
    }
    long[] ptr = new long[x.nRows() + 1];
    x.forBlocks(
        block -> {
          float[] values = block.values();
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            int kept = 0;
            for (int p = block.start(i); p < block.end(i); p++) {
              values[p] = binomial((int) values[p], rate, streams[i]);
              kept += values[p] != 0 ? 1 : 0;
            }
            ptr[i + 1] = kept;
          }
        });
    for (int i = 0; i < x.nRows(); i++) {
      ptr[i + 1] += ptr[i];
    }
    var out = CsrMatrix.allocate(x.nCols(), ptr, x.dtype(), true);
    out.forBlocks(
        to -> {
          int at = 0;
          for (int i = to.firstRow(); i < to.endRow(); i++) {
            var from = x.blockOf(i);
            for (int p = from.start(i); p < from.end(i); p++) {
              if (from.values()[p] != 0) {
                to.indices()[at] = from.indices()[p];
                to.values()[at++] = from.values()[p];
              }
            }
          }
        });
    Parallel.checkInterrupted();
    return out;
  }

  private static int binomial(int n, double rate, SplittableRandom random) {
    int kept = 0;
    for (int m = 0; m < n; m++) {
      kept += random.nextDouble() < rate ? 1 : 0;
    }
    return kept;
  }
}
