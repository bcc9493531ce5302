package org.cellweave.integrate.bbknn;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.BatchNeighbors;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * BBKNN: the neighbours of a cell are its nearest cells in every batch, so that each batch has as
 * many, and UMAP's graph is made from them.
 *
 * <p>Departures from the original: the search is exact up to {@link #AUTO_EXACT_CELLS} cells and
 * wherever batches are small, and tells its recall otherwise; a cell comes first in its own list
 * however many duplicates it has; a single batch is refused; the distances keep duplicates as
 * entries of value zero.
 *
 * <p>Cost: that of one search of {@link BatchNeighbors} and lists of n k entries, where k is {@code
 * neighborsWithinBatch} times the number of batches. Equal distances go to the lower index. Numbers
 * matched: bbknn 1.6.0 with its exact search.
 *
 * @see <a href="https://doi.org/10.1093/bioinformatics/btz625">Polanski 2020</a>
 */
public final class Bbknn {
  /**
   * The largest number of cells that {@link NearestNeighbors.Search#AUTO} searches exactly by
   * Euclidean, cosine or correlation distance; by others it always does.
   */
  public static final int AUTO_EXACT_CELLS = 30_000;

  /** Cells of a batch from which on lists of near ones are worth making, on average. */
  private static final int LARGE_BATCH = 5000;

  private static final int BLOCK = 1024;

  /** Sums of squares of values up to here fit float32. */
  private static final double LARGEST = 1e15;

  private Bbknn() {}

  /**
   * @param neighborsWithinBatch neighbours in every batch; those of its own count the cell itself
   * @param nPcs columns of the input to use, from the first; all where it has fewer
   * @param trim strongest connectivities that a cell keeps, 0 for all; null for ten times the
   *     length of its list
   * @param metric of the distances; variances and covariances are those of all cells
   * @param search exact, approximate with its recall measured, or by the number of cells
   * @param setOpMixRatio 1 joins the two directions of an edge as a union, 0 as an intersection
   * @param localConnectivity nearest neighbours whose connectivity is one
   */
  public record Params(
      int neighborsWithinBatch,
      int nPcs,
      Integer trim,
      Metric metric,
      NearestNeighbors.Search search,
      double setOpMixRatio,
      double localConnectivity) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(neighborsWithinBatch, "neighborsWithinBatch");
      Check.positive(nPcs, "nPcs");
      if (trim != null) {
        Check.nonNegative(trim, "trim");
      }
      metric.computed("bbknn");
      new FuzzyGraph.Params(setOpMixRatio, localConnectivity);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int neighborsWithinBatch = 3;
      private int nPcs = 50;
      private Integer trim = null;
      private Metric metric = Metric.EUCLIDEAN;
      private NearestNeighbors.Search search = NearestNeighbors.Search.AUTO;
      private double setOpMixRatio = FuzzyGraph.Params.DEFAULTS.setOpMixRatio();
      private double localConnectivity = FuzzyGraph.Params.DEFAULTS.localConnectivity();

      public Builder neighborsWithinBatch(int value) {
        this.neighborsWithinBatch = value;
        return this;
      }

      public Builder nPcs(int value) {
        this.nPcs = value;
        return this;
      }

      public Builder trim(Integer value) {
        this.trim = value;
        return this;
      }

      public Builder metric(Metric value) {
        this.metric = value;
        return this;
      }

      public Builder search(NearestNeighbors.Search value) {
        this.search = value;
        return this;
      }

      public Builder setOpMixRatio(double value) {
        this.setOpMixRatio = value;
        return this;
      }

      public Builder localConnectivity(double value) {
        this.localConnectivity = value;
        return this;
      }

      public Params build() {
        return new Params(
            neighborsWithinBatch, nPcs, trim, metric, search, setOpMixRatio, localConnectivity);
      }
    }
  }

  /**
   * @param distances of every cell to its neighbours, float64
   * @param connectivities symmetric, float32
   * @param nNeighbors length of a cell's list, itself included
   * @param trim connectivities that a cell kept at most for its own sake; 0 for all
   * @param search what ran: {@code APPROXIMATE} when that was so for any batch
   * @param recall share of the true neighbours that were found: 1 of the exact search, else as
   *     measured on some cells
   */
  public record Result(
      CsrMatrix distances,
      CsrMatrix connectivities,
      int nNeighbors,
      int trim,
      NearestNeighbors.Search search,
      double recall)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Graph(distances, connectivities));
    }
  }

  /** BBKNN with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return "bbknn";
    }

    @Override
    public Values reads() {
      return Values.EMBEDDING;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return Bbknn.run(input.values(name()), input.batch(name()), params, progress);
    }
  }

  public static Result run(Matrix x, Categories batch, Params params) {
    return run(x, batch, params, Progress.NONE);
  }

  /**
   * @param x cells by dimensions, such as principal components; not changed
   * @param batch of every cell, at least two with {@code neighborsWithinBatch} cells each
   */
  public static Result run(Matrix x, Categories batch, Params params, Progress progress) {
    int k = params.neighborsWithinBatch();
    var batches = batch.forCells(x.nRows()).complete().withoutUnused();
    batches
        .atLeastTwo("there is nothing to balance. Compute plain neighbors instead")
        .cellsInEach(k, "bbknn with neighborsWithinBatch = " + k);
    if ((long) x.nRows() * k * batches.nLevels() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "neighborsWithinBatch = "
              + k
              + " in "
              + batches.nLevels()
              + " batches exceeds 2^31 list entries for "
              + x.nRows()
              + " cells. Lower neighborsWithinBatch");
    }
    var points = params.nPcs() < x.nCols() ? x.takeCols(first(params.nPcs())) : x;
    Finite.requireBelow(points, LARGEST, "X", "bbknn");
    var lists = lists(points, batches, params, progress);
    Parallel.checkInterrupted();
    var graph =
        FuzzyGraph.run(
            lists, new FuzzyGraph.Params(params.setOpMixRatio(), params.localConnectivity()));
    int trim = params.trim() != null ? params.trim() : 10 * lists.nNeighbors();
    Parallel.checkInterrupted();
    var trimmed = trim == 0 ? graph : trimmed(graph, trim);
    return new Result(
        lists.distanceMatrix(), trimmed, lists.nNeighbors(), trim, lists.search(), lists.recall());
  }

  private static int[] first(int n) {
    int[] at = new int[n];
    Arrays.setAll(at, c -> c);
    return at;
  }

  /** The nearest cells of all batches, one list a cell. */
  static NearestNeighbors.Result lists(
      Matrix x, Categories batches, Params params, Progress progress) {
    int n = x.nRows();
    int k = params.neighborsWithinBatch();
    int length = k * batches.nLevels();
    var found =
        BatchNeighbors.run(
            x,
            batches.members(),
            k,
            params.metric(),
            MetricArguments.NONE,
            search(x, batches, params),
            progress);
    int[] indices = found.indices();
    double[] distances = found.distances();
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int own = i * length + batches.code(i) * k;
            // the cell itself comes before its duplicates
            distances[own] = -1;
            sort(indices, distances, i * length, length);
          }
        });
    return new NearestNeighbors.Result(
        n, length, indices, distances, found.search(), found.recall());
  }

  /** What the number of cells decides. */
  private static NearestNeighbors.Search search(Matrix x, Categories batches, Params params) {
    if (params.search() != NearestNeighbors.Search.AUTO) {
      return params.search();
    }
    boolean large = x.nRows() > AUTO_EXACT_CELLS && x.nRows() / batches.nLevels() >= LARGE_BATCH;
    return large && params.metric().isVectorised() && !x.isSparse()
        ? NearestNeighbors.Search.APPROXIMATE
        : NearestNeighbors.Search.EXACT;
  }

  /** By distance, then index; the mark of the cell itself becomes 0. */
  private static void sort(int[] indices, double[] distances, int from, int length) {
    long[] byIndex = new long[length];
    for (int c = 0; c < length; c++) {
      byIndex[c] = ((long) indices[from + c] << 32) | c;
    }
    Arrays.sort(byIndex);
    double[] sorted = new double[length];
    for (int c = 0; c < length; c++) {
      sorted[c] = distances[from + (int) byIndex[c]];
    }
    int[] order = Ordering.ascending(sorted);
    for (int c = 0; c < length; c++) {
      indices[from + c] = (int) (byIndex[order[c]] >>> 32);
      distances[from + c] = Math.max(0, sorted[order[c]]);
    }
  }

  /** Leaves out what is below the {@code trim} strongest weights of either of its cells. */
  private static CsrMatrix trimmed(CsrMatrix graph, int trim) {
    int n = graph.nRows();
    double[] cut = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            cut[i] = cut(graph, i, trim);
          }
        });
    var out = new CsrBuilder(n, graph.dtype());
    int[] at = new int[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      var block = graph.blockOf(i);
      int kept = 0;
      for (int p = block.start(i); p < block.end(i); p++) {
        double weight = block.value(p);
        if (weight >= cut[i] && weight >= cut[block.indices()[p]]) {
          at[kept] = block.indices()[p];
          weights[kept++] = weight;
        }
      }
      out.addRow(at, weights, kept);
    }
    return out.build();
  }

  /** The weight of the row's {@code trim}-th strongest entry; 0 when it has no more than these. */
  private static double cut(CsrMatrix graph, int row, int trim) {
    int entries = graph.rowNnz(row);
    if (entries <= trim) {
      return 0;
    }
    var block = graph.blockOf(row);
    double[] weights = new double[entries];
    Arrays.setAll(weights, p -> block.value(block.start(row) + p));
    Arrays.sort(weights);
    return weights[entries - trim];
  }
}
