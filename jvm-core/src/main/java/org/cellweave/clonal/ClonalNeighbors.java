package org.cellweave.clonal;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * How often the cells of one clone have those of another among their nearest neighbours: the counts
 * that clonal embeddings are learned from.
 *
 * <p>Entry {@code [a, b]} counts, over all cells of clone {@code a}, how many of their {@code k}
 * nearest neighbours are of clone {@code b}. Only cells with a clone are searched, and each is the
 * first of its own neighbours, also when it has duplicates, so that row {@code a} adds up to {@code
 * k} times the cells of {@code a}. Nothing is normalised or made symmetric.
 *
 * <p>Unlike clone2vec, whose index is approximate, the search is exact unless asked otherwise; ties
 * go to the lower index. A labelled cell without a level of the split is refused, not left out. The
 * levels share what a metric takes from data, a variance or a covariance: that of all these cells.
 *
 * <p>Cost: that of {@link NearestNeighbors}, and {@code n k} counts. Threads do not matter.
 */
public final class ClonalNeighbors {
  private static final String STEP = "a clonal neighbourhood";

  private ClonalNeighbors() {}

  /**
   * @param k neighbours of every cell, itself among them
   * @param search {@code EXACT}, {@code APPROXIMATE}, or {@code AUTO} to choose by the cells
   * @param seed of the approximate search; the exact one draws nothing
   */
  public record Params(int k, Metric metric, Search search, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(k, "k");
      if (metric == Metric.PRECOMPUTED) {
        throw new IllegalArgumentException(
            "metric must be one that is taken on coordinates, got precomputed");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int k = 15;
      private Metric metric = Metric.EUCLIDEAN;
      private Search search = Search.EXACT;
      private long seed = 4;

      private Builder() {}

      public Builder k(int value) {
        k = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Builder search(Search value) {
        search = value;
        return this;
      }

      public Builder metric(Metric value) {
        metric = value;
        return this;
      }

      public Params build() {
        return new Params(k, metric, search, seed);
      }
    }
  }

  /**
   * What is searched.
   *
   * @param x cells by dimensions
   * @param clones of the cells; those without one take no part
   * @param split of the cells: every level is searched on its own, with at most as many neighbours
   *     as it has cells; null for one search
   * @param masks flags for every cell: neighbours of a flagged cell are counted apart
   */
  public record Cells(Matrix x, Categories clones, Categories split, List<boolean[]> masks) {
    public Cells {
      clones.forCells(x.nRows());
      if (split != null) {
        split.forCells(x.nRows());
      }
      for (boolean[] mask : masks) {
        Check.sameLength(mask.length, x.nRows(), "a mask", "the number of cells");
      }
      masks = List.copyOf(masks);
    }

    public static Cells of(Matrix x, Categories clones) {
      return new Cells(x, clones, null, List.of());
    }

    public Cells splitBy(Categories levels) {
      return new Cells(x, clones, levels, masks);
    }

    public Cells masked(List<boolean[]> flags) {
      return new Cells(x, clones, split, flags);
    }
  }

  /**
   * @param adjacency clones by clones, or by those of the reference; int32
   * @param masked clones by masks, int32: neighbours that the adjacency leaves out, because the
   *     cell they are neighbours of is flagged; a cell with several flags counts for each
   * @param search what ran: {@code APPROXIMATE} when that was so for any level of the split
   */
  public record Result(CsrMatrix adjacency, DenseMatrix masked, Search search) {}

  public static Result run(Cells cells, Params params) {
    return run(cells, params, Progress.NONE);
  }

  /**
   * @throws IllegalArgumentException when no cell has a clone, there are fewer of them than
   *     neighbours (unless split), a value is not finite, or a labelled cell has no level
   * @throws RefusedRowException when the metric is not defined for a labelled cell
   */
  public static Result run(Cells cells, Params params, Progress progress) {
    int[] labelled = labelled(cells.clones());
    int n = labelled.length;
    if (cells.split() == null && params.k() > n) {
      throw tooFew(params.k(), n + " cells with a clone");
    }
    Matrix x = finiteRows(cells.x(), labelled);
    int[][] parts = parts(cells, labelled);
    int[] length = new int[n];
    for (int[] part : parts) {
      for (int p : part) {
        length[p] = Math.min(params.k(), part.length);
      }
    }
    var lists = new ContextLists(cells.clones().subset(labelled), length);
    var arguments = MetricArguments.NONE.completed(params.metric(), x);
    boolean approximate = false;
    for (int s = 0; s < parts.length; s++) {
      boolean whole = parts.length == 1;
      var task = new Part(whole ? x : x.takeRows(parts[s]), parts[s], arguments);
      int[] places = Arrays.stream(parts[s]).map(p -> labelled[p]).toArray();
      var shown = whole ? progress : Progress.NONE;
      approximate |=
          RefusedRowException.among(
              "x", places, "x", cells.x().nRows(), () -> search(task, lists, params, shown));
      progress.step("clonal neighbors", s + 1, parts.length, Double.NaN);
    }
    var search = approximate ? Search.APPROXIMATE : Search.EXACT;
    return counted(cells, labelled, lists, cells.clones().nLevels(), search);
  }

  /**
   * Neighbours in a reference: of all its cells, and those without a clone are dropped after the
   * search, so that rows may add up to less. No cell is its own neighbour unless it is there.
   *
   * @param reference cells by the same dimensions
   * @param clones of the reference's cells
   * @throws IllegalArgumentException as {@link #run(Cells, Params, Progress)} does, and for a split
   */
  public static Result against(
      Cells cells, Matrix reference, Categories clones, Params params, Progress progress) {
    clones.forCells(reference.nRows());
    if (cells.split() != null) {
      throw new IllegalArgumentException(
          "a search in a reference cannot be split by " + cells.split().name());
    }
    if (params.k() > reference.nRows()) {
      throw tooFew(params.k(), reference.nRows() + " cells of the reference");
    }
    int[] labelled = labelled(cells.clones());
    Matrix x = finiteRows(cells.x(), labelled);
    int[] length = new int[labelled.length];
    Arrays.fill(length, params.k());
    var lists = new ContextLists(cells.clones().subset(labelled), length);
    var found =
        RefusedRowException.among(
            "query",
            labelled,
            "x",
            cells.x().nRows(),
            () ->
                CrossNeighbors.run(
                    reference,
                    x,
                    params.k(),
                    params.metric(),
                    MetricArguments.NONE,
                    params.search(),
                    progress));
    for (int q = 0; q < found.indices().length; q++) {
      lists.put(q, clones.code(found.indices()[q]));
    }
    return counted(cells, labelled, lists, clones.nLevels(), found.search());
  }

  private static IllegalArgumentException tooFew(int k, String cells) {
    return new IllegalArgumentException(
        "k must be at most the number of cells that are searched, got k = "
            + k
            + " for "
            + cells
            + ". Lower k.");
  }

  private static int[] labelled(Categories clones) {
    int[] cells = new int[clones.nCells()];
    int n = 0;
    for (int i = 0; i < cells.length; i++) {
      if (clones.code(i) >= 0) {
        cells[n++] = i;
      }
    }
    if (n == 0) {
      throw new IllegalArgumentException(
          "no cell of " + clones.name() + " has a clone: all " + cells.length + " are missing");
    }
    return Arrays.copyOf(cells, n);
  }

  /** The rows that are searched; what the others hold does not matter. */
  private static Matrix finiteRows(Matrix x, int[] labelled) {
    Matrix some = labelled.length == x.nRows() ? x : x.takeRows(labelled);
    Finite.Place place = Finite.first(some);
    if (place != null) {
      throw Finite.refusal("x", labelled[place.row()], place.col(), place.value(), STEP);
    }
    return some;
  }

  /** Positions among the labelled cells that are searched together. */
  private static int[][] parts(Cells cells, int[] labelled) {
    Categories split = cells.split();
    if (split == null) {
      int[] all = new int[labelled.length];
      Arrays.setAll(all, p -> p);
      return new int[][] {all};
    }
    Categories clones = cells.clones();
    IntFunction<String> called =
        p -> labelled[p] + " of clone '" + clones.level(clones.code(labelled[p])) + "'";
    int[][] members = split.subset(labelled).complete("cell", called).members();
    return Arrays.stream(members).filter(m -> m.length > 0).toArray(int[][]::new);
  }

  /**
   * Cells that are searched together.
   *
   * @param x their rows
   * @param cells their places among the labelled cells
   * @param arguments of the metric, the same for all parts, so that distances have one scale
   */
  private record Part(Matrix x, int[] cells, MetricArguments arguments) {}

  /**
   * Writes the lists of the cells of {@code part}.
   *
   * @return whether the search was approximate
   */
  private static boolean search(Part part, ContextLists lists, Params params, Progress progress) {
    int[] cells = part.cells();
    int k = Math.min(params.k(), cells.length);
    if (k == 1) {
      for (int p : cells) {
        lists.put(lists.start(p), lists.cloneOf(p));
      }
      return false;
    }
    var wanted = new NearestNeighbors.Params(k, params.metric(), params.search(), params.seed());
    var found = NearestNeighbors.run(part.x(), wanted, part.arguments(), progress);
    int[] neighbour = found.indices();
    for (int r = 0; r < cells.length; r++) {
      int start = lists.start(cells[r]);
      for (int c = 0; c < k; c++) {
        lists.put(start + c, lists.cloneOf(cells[neighbour[r * k + c]]));
      }
    }
    return found.search() == Search.APPROXIMATE;
  }

  private static Result counted(
      Cells cells, int[] labelled, ContextLists lists, int nContexts, Search search) {
    boolean[][] masks = new boolean[cells.masks().size()][labelled.length];
    for (int m = 0; m < masks.length; m++) {
      for (int p = 0; p < labelled.length; p++) {
        masks[m][p] = cells.masks().get(m)[labelled[p]];
      }
    }
    var counts = lists.count(nContexts, masks);
    return new Result(counts.adjacency(), counts.masked(), search);
  }
}
