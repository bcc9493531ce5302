package org.cellweave.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.cellweave.design.Categories;
import org.cellweave.diffusion.DiffusionMap;
import org.cellweave.graph.StrongComponents;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * kBET within cell types: the share of cells whose neighbourhood has the batches in the proportions
 * of its label, by a chi-squared test; 1 is best.
 *
 * <p>As in scib-metrics, neighbours within a label are those of nearest diffusion coordinates
 * {@code phi lambda / (1 - lambda)}, so that neighbourhoods have one size whatever graph a method
 * made; every cell is tested, the cell itself counts as its own neighbour. Departures: the
 * stationary coordinate, which tells only how dense a cell's surroundings are, is left out; each
 * piece of a label's graph has a diffusion map of its own; a small label does not lower the number
 * of coordinates of those after it; neighbours are exact.
 *
 * <p>Labels of one batch or of few cells do not count. A label whose pieces of at least three
 * neighbourhoods hold less than 75 % of its cells is rejected as a whole.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0254-1">Büttner et al. 2019</a>
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 */
public final class Kbet {
  private static final double ENOUGH = 0.75;

  /** A piece that hangs together by next to nothing has an eigenvalue that rounds to one. */
  private static final double SMALLEST_GAP = 1e-12;

  private Kbet() {}

  /**
   * @param alpha level of the test
   * @param nComps most diffusion coordinates
   * @param smallest neighbourhood, and the fewest cells of a label that counts
   * @param largest neighbourhood; between them it is a quarter of the mean batch size of the label
   * @param seed of the diffusion map
   */
  public record Params(double alpha, int nComps, int smallest, int largest, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.inRange(alpha, 0, 1, "alpha");
      Check.positive(nComps, "nComps");
      Check.positive(smallest, "smallest");
      if (largest < smallest) {
        throw new IllegalArgumentException(
            "largest must not be below smallest, got " + largest + " and " + smallest);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double alpha = 0.05;
      private int nComps = 100;
      private int smallest = 10;
      private int largest = 70;
      private long seed = 0;

      private Builder() {}

      public Builder alpha(double value) {
        alpha = value;
        return this;
      }

      public Builder nComps(int value) {
        nComps = value;
        return this;
      }

      public Builder smallest(int value) {
        smallest = value;
        return this;
      }

      public Builder largest(int value) {
        largest = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(alpha, nComps, smallest, largest, seed);
      }
    }
  }

  /**
   * @param mean acceptance over the labels that count; NaN when none does
   * @param byLabel acceptance of every label, NaN for those that do not count
   */
  public record Result(double mean, double[] byLabel) {}

  /**
   * Tests every label.
   *
   * @param graph symmetric connectivities of all cells
   * @param labels one code per cell
   * @param batches one code per cell
   */
  public static Result run(
      CsrMatrix graph, int[] labels, int[] batches, Params params, Progress progress) {
    int n = graph.nRows();
    int[][] members = Categories.complete("labels", labels, n).members();
    var batch = Categories.complete("batches", batches, n);
    batch.atLeastTwo("there is nothing to mix.");
    int[] scratch = new int[n];
    Arrays.fill(scratch, -1);
    double[] byLabel = new double[members.length];
    double sum = 0;
    int counted = 0;
    for (int g = 0; g < members.length; g++) {
      Parallel.checkInterrupted();
      byLabel[g] = label(graph, members[g], batch, params, scratch);
      if (!Double.isNaN(byLabel[g])) {
        sum += byLabel[g];
        counted++;
      }
      progress.step("kBET", g + 1, members.length, byLabel[g]);
    }
    return new Result(counted == 0 ? Double.NaN : sum / counted, byLabel);
  }

  private static double label(
      CsrMatrix graph, int[] cells, Categories batch, Params params, int[] scratch) {
    int used = (int) Arrays.stream(batch.take(cells)).distinct().count();
    if (used < 2 || cells.length < params.smallest() + 2) {
      return Double.NaN;
    }
    int quarter = cells.length / used / 4;
    int k = Math.min(params.largest(), Math.max(params.smallest(), quarter));
    int[][] pieces = pieces(graph, cells, k, scratch);
    int[] kept = Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
    if (kept.length < ENOUGH * cells.length) {
      return 0;
    }
    double[] expected = new double[batch.sizes().length];
    for (int cell : kept) {
      expected[batch.codes()[cell]] += 1.0 / kept.length;
    }
    long accepted = 0;
    for (int[] piece : pieces) {
      var lists = neighbours(graph, piece, k, params);
      accepted += accepted(lists, batch.take(piece), expected, params.alpha());
    }
    return accepted / (double) kept.length;
  }

  /** The components to test: all of the label, or those with three neighbourhoods of cells. */
  private static int[][] pieces(CsrMatrix graph, int[] cells, int k, int[] scratch) {
    int[] component = StrongComponents.of(graph, cells, scratch);
    int[] sizes = StrongComponents.sizes(component);
    if (sizes.length == 1) {
      return new int[][] {cells};
    }
    return IntStream.range(0, sizes.length)
        .filter(c -> sizes[c] >= 3 * k)
        .mapToObj(
            c ->
                IntStream.range(0, cells.length)
                    .filter(i -> component[i] == c)
                    .map(i -> cells[i])
                    .toArray())
        .toArray(int[][]::new);
  }

  private static NearestNeighbors.Result neighbours(
      CsrMatrix graph, int[] cells, int k, Params params) {
    CsrMatrix part = graph.takeRows(cells).takeCols(cells);
    int nComps = Math.max(3, Math.min(params.nComps(), cells.length - 1));
    var map = DiffusionMap.run(part, new DiffusionMap.Params(nComps, params.seed()));
    float[] coordinates = new float[Math.multiplyExact(cells.length, nComps - 1)];
    for (int i = 0; i < cells.length; i++) {
      for (int c = 1; c < nComps; c++) {
        double lambda = map.eigenvalues()[c];
        coordinates[i * (nComps - 1) + c - 1] =
            (float) (map.components().get(i, c) * lambda / Math.max(SMALLEST_GAP, 1 - lambda));
      }
    }
    var x = DenseMatrix.wrap(coordinates, cells.length, nComps - 1);
    var search = NearestNeighbors.Params.builder().nNeighbors(k + 1).seed(params.seed()).build();
    return NearestNeighbors.run(x, search);
  }

  private static long accepted(
      NearestNeighbors.Result lists, int[] codes, double[] expected, double alpha) {
    int k = lists.nNeighbors();
    int levels = (int) Arrays.stream(expected).filter(e -> e > 0).count();
    double[] observed = new double[expected.length];
    long accepted = 0;
    for (int i = 0; i < codes.length; i++) {
      Arrays.fill(observed, 0);
      for (int c = 0; c < k; c++) {
        observed[codes[lists.indices()[i * k + c]]]++;
      }
      double statistic = 0;
      for (int b = 0; b < expected.length; b++) {
        if (expected[b] > 0) {
          double gap = observed[b] - k * expected[b];
          statistic += gap * gap / (k * expected[b]);
        }
      }
      accepted += RegularizedGamma.Q.value((levels - 1) / 2.0, statistic / 2) >= alpha ? 1 : 0;
    }
    return accepted;
  }
}
