package org.cellweave.integrate.scanorama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.neighbors.StackedNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Scanorama: batches are joined in the order of how much they share, each moved by a Gaussian mean
 * of the differences within pairs of cells that are mutually nearest.
 *
 * <p>Departures from the original: neighbours are exact, or found with a recall that is told, see
 * {@link StackedNeighbors}; batches need not lie in one piece; a batch must have {@code knn} cells;
 * {@link Order#SIZE} makes the result independent of how batches are called and ordered, {@link
 * Solver#EXACT} of random numbers. Those of the original's components are drawn again, by its seed.
 * A batch of no more cells than a sketch has is joined as it is.
 *
 * <p>Cost: neighbours of every cell in all other batches, and for every batch that moves its cells
 * times the matched cells times the dimensions; besides the result and a matrix of its size, about
 * 4 KiB for each cell during the search. Equal scores: the later pair first, as the original; equal
 * distances go to the lower index. Numbers matched: scanorama 1.7.4 with {@code approx=False}.
 *
 * @see <a href="https://doi.org/10.1038/s41587-019-0113-3">Hie 2019</a>
 */
public final class Scanorama {
  private static final String NAME = "scanorama";

  private Scanorama() {}

  /** Which batch counts as the earlier of two. */
  public enum Order {
    /** That of the levels, as the original takes its list. */
    GIVEN,
    /** The largest first, so that names and order of the batches do not matter. */
    SIZE
  }

  /** How the principal components are found. */
  public enum Solver {
    /** By random projections and two power iterations, as the original. */
    RANDOMIZED,
    /** To rounding. */
    EXACT
  }

  /**
   * @param knn neighbours that each cell looks at among earlier and among later batches
   * @param sigma of the kernel {@code exp(-sigma d^2 / 2)}: the larger, the more local
   * @param alpha share of a batch's cells in pairs that a join needs more than
   * @param dimred principal components, where there are as many cells and genes
   * @param hvg genes of largest dispersion to use; null for all
   * @param batchSize matched cells in one block of the kernel; memory depends on it alone
   * @param metric of the search on rows of length one: {@code MANHATTAN} or {@code EUCLIDEAN}
   * @param search exact, approximate with its recall measured, or by the number of cells
   * @param order which batch counts as the earlier of two
   * @param correct also moves the expression
   * @param svdSolver how the principal components are found
   * @param sketch joins batches by a geometric sketch of the large ones, whose other cells follow
   * @param sketchMax cells of a batch in its sketch
   * @param seed of random projections and of sketches
   */
  public record Params(
      int knn,
      double sigma,
      double alpha,
      int dimred,
      Integer hvg,
      int batchSize,
      Metric metric,
      NearestNeighbors.Search search,
      Order order,
      boolean correct,
      Solver svdSolver,
      boolean sketch,
      int sketchMax,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(knn, "knn");
      Check.positive(sigma, "sigma");
      Check.inRange(alpha, 0, 1, "alpha");
      Check.positive(dimred, "dimred");
      if (hvg != null) {
        Check.positive(hvg, "hvg");
      }
      Check.positive(batchSize, "batchSize");
      if (metric != Metric.MANHATTAN && metric != Metric.EUCLIDEAN) {
        throw new IllegalArgumentException(
            "metric of scanorama must be manhattan or euclidean, got " + metric.spelled());
      }
      if (Check.positive(sketchMax, "sketchMax") < knn && sketch) {
        throw new IllegalArgumentException(
            "sketchMax must be at least knn, " + knn + ", got " + sketchMax);
      }
      if (sketch && correct) {
        throw new IllegalArgumentException(
            "scanorama corrects expression only of all cells; leave out correct, or the sketch");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int knn = 20;
      private double sigma = 15;
      private double alpha = 0.10;
      private int dimred = 100;
      private Integer hvg = null;
      private int batchSize = 5000;
      private Metric metric = Metric.MANHATTAN;
      private NearestNeighbors.Search search = NearestNeighbors.Search.AUTO;
      private Order order = Order.GIVEN;
      private boolean correct = false;
      private Solver svdSolver = Solver.RANDOMIZED;
      private boolean sketch = false;
      private int sketchMax = 10_000;
      private long seed = 0;

      public Builder knn(int value) {
        this.knn = value;
        return this;
      }

      public Builder sigma(double value) {
        this.sigma = value;
        return this;
      }

      public Builder alpha(double value) {
        this.alpha = value;
        return this;
      }

      public Builder dimred(int value) {
        this.dimred = value;
        return this;
      }

      public Builder hvg(Integer value) {
        this.hvg = value;
        return this;
      }

      public Builder batchSize(int value) {
        this.batchSize = value;
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

      public Builder order(Order value) {
        this.order = value;
        return this;
      }

      public Builder correct(boolean value) {
        this.correct = value;
        return this;
      }

      public Builder svdSolver(Solver value) {
        this.svdSolver = value;
        return this;
      }

      public Builder sketch(boolean value) {
        this.sketch = value;
        return this;
      }

      public Builder sketchMax(int value) {
        this.sketchMax = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            knn, sigma, alpha, dimred, hvg, batchSize, metric, search, order, correct, svdSolver,
            sketch, sketchMax, seed);
      }
    }
  }

  /**
   * One join of the assembly, by positions in {@link Result#batches()}.
   *
   * @param moved batches that were moved
   * @param onto batches that they were moved onto; these again where a panorama was refined
   * @param score of the pair that made the join
   * @param matches pairs of cells that it used
   */
  public record Step(int[] moved, int[] onto, double score, int matches) {}

  /**
   * @param x coordinates of the cells, float32
   * @param corrected expression of the genes used, rows of length one before they were moved; null
   *     unless asked for
   * @param genes columns that were used; null for all
   * @param batches levels in the order of the search
   * @param scores of every pair of batches, symmetric, zeros on the diagonal
   * @param steps joins in their order
   * @param search what ran: exact or approximate
   * @param recall share of the true neighbours that the search found, measured on some cells
   * @param nSketch cells by which the batches were joined: all without a sketch
   * @param warnings batches that nothing was joined to
   */
  public record Result(
      DenseMatrix x,
      DenseMatrix corrected,
      int[] genes,
      String[] batches,
      double[][] scores,
      List<Step> steps,
      NearestNeighbors.Search search,
      double recall,
      int nSketch,
      List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return corrected == null
          ? List.of(new Integrated.Embedding(x))
          : List.of(new Integrated.Embedding(x), new Integrated.Expression(corrected, genes));
    }
  }

  /** Scanorama of expression, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params, BatchIntegration.Values.LOG_EXPRESSION);
  }

  /** The assembly of coordinates that are there, as scanpy's wrapper runs it, to be handed on. */
  public static BatchIntegration<Result> onEmbedding(Params params) {
    return new Ready(params, BatchIntegration.Values.EMBEDDING);
  }

  private record Ready(Params params, Values reads) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      var x = input.values(name());
      var batch = input.batch(name());
      return reads == Values.EMBEDDING
          ? runOnEmbedding(x, batch, params, progress)
          : Scanorama.run(x, input.blocks().get(0).features(), batch, params, progress);
    }
  }

  public static Result run(Matrix x, Categories batch, Params params) {
    return run(x, null, batch, params, Progress.NONE);
  }

  /**
   * @param x cells by genes, usually logarithms; not changed
   * @param names of the genes, in whose alphabetical order random numbers are drawn; null for the
   *     order of the columns
   * @param batch of every cell, at least two with {@code knn} cells each
   */
  public static Result run(
      Matrix x, String[] names, Categories batch, Params params, Progress progress) {
    var batches = checked(x, batch, params);
    if (x.nCols() == 0) {
      throw new IllegalArgumentException(
          "scanorama has no genes to work on, got "
              + x.describe()
              + ". Batches joined by the genes that they share had none in common: compare how"
              + " their genes are named");
    }
    Finite.require(x, "x", NAME);
    var expression = UnitExpression.of(x, params.hvg());
    Parallel.checkInterrupted();
    var layout = new Layout(batches, levels(batches, params.order()));
    var order = new Components.Draws(expression.ranks(names), layout.back());
    var components = Components.of(expression.x(), order, params, progress);
    Parallel.checkInterrupted();
    return assembled(components, expression, batches, params, progress);
  }

  /**
   * Joins batches by coordinates that are there; nothing is scaled but for the search.
   *
   * @param x cells by dimensions, such as principal components; not changed
   * @param batch of every cell, at least two with {@code knn} cells each
   */
  public static Result runOnEmbedding(
      Matrix x, Categories batch, Params params, Progress progress) {
    var batches = checked(x, batch, params);
    if (params.correct()) {
      throw new IllegalArgumentException(
          "scanorama corrects expression only where it reads expression; leave out correct, or the"
              + " embedding");
    }
    Finite.requireBelow(x, KernelShift.LARGEST, "x", NAME);
    return assembled(x.toDense().toFloat32(), null, batches, params, progress);
  }

  private static Categories checked(Matrix x, Categories batch, Params params) {
    return batch
        .forCells(x.nRows())
        .complete()
        .withoutUnused()
        .atLeastTwo("there is nothing to join within one batch.")
        .cellsInEach(params.knn(), "scanorama with knn = " + params.knn());
  }

  /**
   * @param expression to be moved in the same way; null for none
   */
  private static Result assembled(
      DenseMatrix x,
      UnitExpression expression,
      Categories batch,
      Params params,
      Progress progress) {
    int[] levels = levels(batch, params.order());
    var layout = new Layout(batch, levels);
    var placed = x.takeRows(layout.cells());
    var sketch =
        params.sketch()
            ? Sketch.of(placed, layout.starts(), params, progress)
            : Sketch.ofAll(layout.starts());
    var joined = sketch.isWhole() ? placed : placed.takeRows(sketch.rows());
    var alignments = Alignments.find(joined, sketch.starts(), params, progress);
    var tables = new ArrayList<DenseMatrix>(List.of(joined));
    if (params.correct()) {
      tables.add(expression.dense(layout.cells()));
    }
    var steps = new Assembly(tables, sketch.starts(), alignments, params, progress).run();
    sketch.follow(placed, layout.starts(), joined, params);
    String[] names = Arrays.stream(levels).mapToObj(batch::level).toArray(String[]::new);
    int[] back = layout.back();
    return new Result(
        placed.takeRows(back),
        params.correct() ? tables.get(1).takeRows(back) : null,
        expression == null ? null : expression.genes(),
        names,
        alignments.table(),
        steps,
        alignments.search(),
        alignments.recall(),
        joined.nRows(),
        warnings(names, alignments, steps, params.alpha()));
  }

  private static int[] levels(Categories batch, Order order) {
    Integer[] levels = new Integer[batch.nLevels()];
    Arrays.setAll(levels, l -> l);
    if (order == Order.SIZE) {
      Arrays.sort(levels, (a, b) -> Integer.compare(batch.size(b), batch.size(a)));
    }
    return Arrays.stream(levels).mapToInt(l -> l).toArray();
  }

  private static List<String> warnings(
      String[] names, Alignments alignments, List<Step> steps, double alpha) {
    boolean[] joined = new boolean[names.length];
    for (Step step : steps) {
      for (int b : step.moved()) {
        joined[b] = true;
      }
      for (int b : step.onto()) {
        joined[b] = true;
      }
    }
    List<String> out = new ArrayList<>();
    for (int b = 0; b < names.length; b++) {
      if (!joined[b]) {
        double best = Arrays.stream(alignments.table()[b]).max().orElse(0);
        out.add(
            "scanorama joined batch '"
                + names[b]
                + "' to no other: its highest score is "
                + best
                + ", not above alpha = "
                + alpha
                + "; its cells stay where they were");
      }
    }
    return out;
  }
}
