package org.cellweave.neural.model;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * In which samples cells like a cell are frequent: the log density of its latent place among the
 * cells of every sample.
 *
 * <p>Cost: O(n^2) times latent dimensions, unless the cells of a sample are limited.
 */
public final class DifferentialAbundance {
  private DifferentialAbundance() {}

  /**
   * @param numCellsPosterior most cells of a sample that stand for it; 0 for all
   * @param dof degrees of freedom of Student distributions around cells; infinity for normal ones
   * @param seed of the choice of cells
   */
  public record Params(int numCellsPosterior, double dof, long seed) {
    public static final Params DEFAULTS = new Params(0, Double.POSITIVE_INFINITY, 0);

    public Params {
      Check.nonNegative(numCellsPosterior, "numCellsPosterior");
      Check.positive(dof, "dof");
    }
  }

  /**
   * @param logProbs cells by samples, float32
   * @param samples names of the columns
   */
  public record Result(DenseMatrix logProbs, String[] samples) {}

  /**
   * @param samples of the cells, all with a label
   */
  public static Result run(
      CountModel model, CellData cells, Categories samples, Params params, Progress progress) {
    Categories by = samples.forCells(cells.nCells()).complete().withoutUnused();
    Places all = model.places(cells);
    DenseMatrix at = DenseMatrix.wrap(all.mean(), all.size(), all.latent());
    DenseMatrix out = DenseMatrix.zeros(all.size(), by.nLevels(), DType.FLOAT32);
    int[][] members = by.members();
    for (int s = 0; s < members.length; s++) {
      int[] some = chosen(members[s], s, params);
      double[] logs = new AggregatedPosterior(all.take(some), params.dof()).logProb(at);
      for (int i = 0; i < logs.length; i++) {
        out.set(i, s, logs[i]);
      }
      progress.step("differential abundance", s + 1, members.length, Double.NaN);
    }
    return new Result(out, by.levels());
  }

  private static int[] chosen(int[] members, int sample, Params params) {
    int most = params.numCellsPosterior();
    if (most == 0 || most >= members.length) {
      return members;
    }
    int[] picked = Shuffle.sample(members.length, most, Streams.of(params.seed(), sample));
    return Arrays.stream(picked).map(k -> members[k]).toArray();
  }
}
