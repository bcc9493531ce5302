package org.cellweave.integrate.anchors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Corrects batches by anchors: they join two by two, and every cell of the side that moves is
 * shifted by the mean of what its nearest anchors differ by.
 *
 * <p>Complete linkage of the batches by their anchors decides the order unless one is given; of two
 * sides the one with more cells stays. With references those join first, then every other batch is
 * mapped to them as a whole. Departures from Seurat 4.3.0: fewer anchored cells than {@code
 * kWeight} lower it for that step, which the result tells, instead of ending the run; batches
 * without anchors between them may be part of one tree.
 *
 * <p>Cost of a step: expression takes principal components of both sides, {@code n p^2}, and {@code
 * m kWeight p} for m cells that move; coordinates the latter alone. Numbers matched: Seurat 4.3.0.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class AnchorIntegration {
  private AnchorIntegration() {}

  /**
   * @param dims principal components that distances to anchors are taken in; expression only
   * @param kWeight cells with anchors that a cell looks at, at most
   * @param sdWeight the larger, the more do score and distance matter
   * @param preserveOrder the left side of every step stays, whatever its size
   */
  public record Params(int dims, int kWeight, double sdWeight, boolean preserveOrder) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(dims, "dims");
      Check.positive(kWeight, "kWeight");
      Check.positive(sdWeight, "sdWeight");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int dims = 30;
      private int kWeight = 100;
      private double sdWeight = 1;
      private boolean preserveOrder = false;

      private Builder() {}

      public Builder dims(int value) {
        dims = value;
        return this;
      }

      public Builder kWeight(int value) {
        kWeight = value;
        return this;
      }

      public Builder sdWeight(double value) {
        sdWeight = value;
        return this;
      }

      public Builder preserveOrder(boolean value) {
        preserveOrder = value;
        return this;
      }

      public Params build() {
        return new Params(dims, kWeight, sdWeight, preserveOrder);
      }
    }
  }

  /**
   * Which batches joined.
   *
   * @param reference levels of the side that stayed
   * @param query levels of the side that moved
   * @param anchors between the two
   * @param kWeight cells with anchors that each cell looked at
   */
  public record Step(int[] reference, int[] query, int anchors, int kWeight) {}

  /**
   * @param x corrected values, cells by genes or coordinates, float32
   * @param features columns of the input that those of x are; null for coordinates
   * @param steps in their order
   * @param warnings a sentence each
   */
  public record Result(DenseMatrix x, int[] features, List<Step> steps, List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(
          features == null ? new Integrated.Embedding(x) : new Integrated.Expression(x, features));
    }
  }

  /**
   * Corrects expression.
   *
   * @param x cells by genes, logarithms
   * @param features columns that anchors were found by and distances are taken from
   * @param toIntegrate columns to correct; null for the features
   * @param reference levels of the batches that the anchors' references are; null where every two
   *     batches have anchors
   * @param order in which the batches join, those of the reference where there is one; null for
   *     that of the anchors
   * @throws IllegalArgumentException when two sides that are to join have no anchors
   */
  public static Result run(
      Matrix x,
      int[] features,
      int[] toIntegrate,
      Anchors anchors,
      int[] reference,
      MergeOrder order,
      Params params,
      Progress progress) {
    Finite.require(x, "x", "an integration by anchors");
    Check.sameLength(x.nRows(), anchors.batches().nCells(), "x", "the number of anchored cells");
    int[] wanted = toIntegrate == null ? features : toIntegrate;
    int[] others =
        Arrays.stream(wanted).filter(j -> !IntegrationAnchors.has(features, j)).toArray();
    int[] columns = IntStream.concat(Arrays.stream(features), Arrays.stream(others)).toArray();
    var values = float32(x.takeCols(columns));
    int[] compared = IntStream.range(0, features.length).toArray();
    var run = new Run(values, compared, anchors, params);
    run.join(reference, order, progress);
    if (toIntegrate == null) {
      return new Result(values, features, run.steps, run.warnings);
    }
    int[] at = new int[x.nCols()];
    for (int c = 0; c < columns.length; c++) {
      at[columns[c]] = c;
    }
    int[] picked = Arrays.stream(wanted).map(j -> at[j]).toArray();
    return new Result(values.takeCols(picked), wanted, run.steps, run.warnings);
  }

  /**
   * Corrects coordinates, such as principal components of all cells; distances to anchors are taken
   * in them. Other parameters as of {@link #run}.
   *
   * @param x cells by coordinates
   */
  public static Result onEmbedding(
      Matrix x,
      Anchors anchors,
      int[] reference,
      MergeOrder order,
      Params params,
      Progress progress) {
    Finite.require(x, "x", "an integration by anchors");
    Check.sameLength(x.nRows(), anchors.batches().nCells(), "x", "the number of anchored cells");
    var values = float32(x);
    var run = new Run(values, null, anchors, params);
    run.join(reference, order, progress);
    return new Result(values, null, run.steps, run.warnings);
  }

  private static DenseMatrix float32(Matrix x) {
    DenseMatrix dense = x.toDense().toFloat32();
    return dense == x ? dense.copy() : dense;
  }

  /** One run: the values change step by step. */
  private static final class Run {
    private final DenseMatrix values;
    private final int[] compared;
    private final Anchors anchors;
    private final Params params;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param compared columns whose principal components distances are taken in; null to take them
     *     in the values
     */
    Run(DenseMatrix values, int[] compared, Anchors anchors, Params params) {
      this.values = values;
      this.compared = compared;
      this.anchors = anchors;
      this.params = params;
    }

    void join(int[] reference, MergeOrder order, Progress progress) {
      int nLevels = anchors.batches().nLevels();
      int[] among = reference == null ? IntStream.range(0, nLevels).toArray() : reference;
      MergeOrder tree = order == null ? guideTree(among) : order;
      Check.sameLength(
          tree.nBatches(), among.length, "the sample tree", "the number of batches to join");
      int total = nLevels - 1;
      for (MergeOrder.Step step : tree.steps()) {
        merge(levels(tree, step.left(), among), levels(tree, step.right(), among));
        progress.step("integrate", steps.size(), total, Double.NaN);
      }
      for (int level = 0; level < nLevels; level++) {
        if (!IntegrationAnchors.has(among, level)) {
          correct(among, new int[] {level});
          progress.step("integrate", steps.size(), total, Double.NaN);
        }
      }
    }

    private MergeOrder guideTree(int[] among) {
      int[][] counts = anchors.counts();
      int[][] some = new int[among.length][among.length];
      for (int a = 0; a < among.length; a++) {
        for (int b = 0; b < among.length; b++) {
          some[a][b] = counts[among[a]][among[b]];
        }
      }
      int[] sizes = Arrays.stream(among).map(anchors.batches()::size).toArray();
      return SimilarityOrder.byAnchors(some, sizes);
    }

    private static int[] levels(MergeOrder tree, int node, int[] among) {
      return Arrays.stream(tree.batches(node)).map(b -> among[b]).toArray();
    }

    private int cells(int[] levels) {
      return Arrays.stream(levels).map(anchors.batches()::size).sum();
    }

    private void merge(int[] left, int[] right) {
      if (params.preserveOrder() || cells(left) >= cells(right)) {
        correct(left, right);
      } else {
        correct(right, left);
      }
    }

    private void correct(int[] reference, int[] query) {
      Parallel.checkInterrupted();
      var step = MergeStep.between(anchors, 0, reference, 0, query);
      if (step.weights().length == 0) {
        throw new IllegalArgumentException(
            anchors.called(query)
                + " and "
                + anchors.called(reference)
                + " of "
                + anchors.batches().name()
                + " have no anchors in "
                + anchors.name()
                + ", so nothing says how they lie to each other. Search with a larger kAnchor or"
                + " without kFilter, or leave one out");
      }
      int[] cells = step.queryCells();
      int[] place = new int[anchors.batches().nCells()];
      for (int c = 0; c < cells.length; c++) {
        place[cells[c]] = c;
      }
      int[] ends = Arrays.stream(step.queryEnds()).map(cell -> place[cell]).toArray();
      var weights =
          AnchorWeights.of(
              coordinates(step, cells), ends, step.weights(), params.kWeight(), params.sdWeight());
      if (weights.kWeight() < params.kWeight()) {
        warnings.add(
            anchors.called(query)
                + " has "
                + weights.kWeight()
                + " cells with anchors to "
                + anchors.called(reference)
                + ", below kWeight = "
                + params.kWeight()
                + ": that many were used");
      }
      AnchorShift.apply(values, step, cells, weights);
      steps.add(new Step(reference, query, ends.length, weights.kWeight()));
    }

    /** Of the cells that move. */
    private DenseMatrix coordinates(MergeStep step, int[] cells) {
      if (compared == null) {
        return values.takeRows(cells);
      }
      int[] both =
          IntStream.concat(Arrays.stream(step.referenceCells()), Arrays.stream(cells))
              .sorted()
              .toArray();
      int k = Math.min(params.dims(), Math.min(both.length, compared.length) - 1);
      var merged = values.takeRows(both);
      var scaling = ScaledGenes.Scaling.of(merged);
      double[] loadings =
          GeneSpace.principal(ScaledGenes.of(merged, scaling).on(compared), k, true);
      double[] scores =
          ScaledGenes.of(values.takeRows(cells), scaling).on(compared).times(loadings, k);
      return DenseMatrix.wrap(scores, cells.length, k);
    }
  }
}
