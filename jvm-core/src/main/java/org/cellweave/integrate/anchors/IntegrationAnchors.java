package org.cellweave.integrate.anchors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Anchors between every two batches: mutual nearest neighbours in a space that the two have in
 * common, filtered by expression and scored by their neighbourhoods.
 *
 * <p>The space is that of canonical correlation, or every batch's principal components with the
 * other batch projected on them, dimensions scaled to the joint deviation. Departures from Seurat
 * 4.3.0: neighbours are exact where it asks an approximate index, which misses some of cells that
 * lie apart from others; no matrix of all pairs of cells is made; a gene without variance in either
 * of two batches is left out of their correlation, as there.
 *
 * <p>Cost: for each pair of batches {@code (m + n) p^2} of p genes, once where all genes vary, and
 * {@code m n d} for neighbours. Ties go to the lower index. Numbers matched: Seurat 4.3.0.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class IntegrationAnchors {
  private IntegrationAnchors() {}

  /** Which space two batches have in common. */
  public enum Reduction {
    /** Canonical correlation: for batches that differ much. */
    CCA,
    /**
     * Reciprocal principal components: faster, and more careful with types that one batch lacks.
     */
    RPCA
  }

  /**
   * @param reduction the space
   * @param search how anchors are found there; {@link Reduction#RPCA} never filters
   * @param reference levels of the batches that others are mapped to, ascending; only pairs with
   *     one of them are searched. Null for all pairs
   */
  public record Params(Reduction reduction, AnchorSearchParams search, int[] reference) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Reduction reduction = Reduction.CCA;
      private AnchorSearchParams search = AnchorSearchParams.DEFAULTS;
      private int[] reference = null;

      private Builder() {}

      public Builder reduction(Reduction value) {
        reduction = value;
        return this;
      }

      public Builder search(AnchorSearchParams value) {
        search = value;
        return this;
      }

      public Builder reference(int[] value) {
        reference = value;
        return this;
      }

      public Params build() {
        return new Params(reduction, search, reference);
      }
    }
  }

  /**
   * @param anchors scores as weights, float64
   * @param warnings what was left out, a sentence each
   */
  public record Result(Anchors anchors, List<String> warnings) {}

  /** One pair of batches. */
  private record Task(int first, int second) {}

  /**
   * @param x cells by genes, logarithms of normalised counts
   * @param features columns of x to compare; null for all
   * @param batch of every cell, at least two with more cells than dims, kAnchor and kScore
   */
  public static Result run(
      Matrix x, int[] features, Categories batch, Params params, Progress progress) {
    Finite.require(x, "x", "a search for anchors");
    var batches = requireBatches(x, features, batch, params);
    int[][] members = batches.members();
    Matrix[] parts =
        Arrays.stream(members).map(rows -> x.take(rows, features)).toArray(Matrix[]::new);
    List<Task> tasks = tasks(batches, params.reference());
    PairAnchors[] found;
    try (var space =
        params.reduction() == Reduction.CCA
            ? new CanonicalSpace(parts, params.search())
            : new ReciprocalSpace(parts, params.search())) {
      found = searched(space, tasks, progress);
    }
    var anchors = new Anchors("the anchors", graph(tasks, found, members, x.nRows()), batches);
    return new Result(anchors, warnings(tasks, found, batches, params));
  }

  private static PairAnchors[] searched(Space space, List<Task> tasks, Progress progress) {
    var done = new AtomicInteger();
    var found = new PairAnchors[tasks.size()];
    Parallel.BlockBody search =
        t -> {
          found[t] = space.anchors(tasks.get(t).first(), tasks.get(t).second());
          progress.step("anchors", done.incrementAndGet(), tasks.size(), Double.NaN);
        };
    if (tasks.size() >= Parallel.threads()) {
      Parallel.forBlocks(tasks.size(), search);
    } else {
      // the loops inside have more to share out than the pairs
      for (int t = 0; t < tasks.size(); t++) {
        Parallel.checkInterrupted();
        search.run(t);
      }
    }
    return found;
  }

  private static Categories requireBatches(
      Matrix x, int[] features, Categories batch, Params params) {
    var search = params.search();
    var batches = batch.forCells(x.nRows()).complete().withoutUnused();
    batches
        .atLeastTwo("anchors join different batches")
        .cellsInEach(search.leastCells(), search.asks("a search for anchors"));
    int genes = features == null ? x.nCols() : features.length;
    if (genes <= search.dims()) {
      throw new IllegalArgumentException(
          "dims must be below the number of genes that anchors are found by, got dims = "
              + search.dims()
              + " for "
              + genes
              + (genes == 1 ? " gene" : " genes")
              + ". Take fewer dims or more genes");
    }
    for (int level : params.reference() == null ? new int[0] : params.reference()) {
      Check.index(level, batches.nLevels(), "a level of the reference");
    }
    return batches;
  }

  private static List<Task> tasks(Categories batches, int[] reference) {
    List<Task> tasks = new ArrayList<>();
    for (int a = 0; a < batches.nLevels(); a++) {
      for (int b = a + 1; b < batches.nLevels(); b++) {
        if (reference == null || has(reference, a) || has(reference, b)) {
          tasks.add(new Task(a, b));
        }
      }
    }
    return tasks;
  }

  static boolean has(int[] levels, int level) {
    return Arrays.stream(levels).anyMatch(l -> l == level);
  }

  private static CsrMatrix graph(List<Task> tasks, PairAnchors[] found, int[][] members, int n) {
    int[] length = new int[n];
    forEach(
        tasks,
        found,
        members,
        (i, j, score) -> {
          length[i]++;
          length[j]++;
        });
    int[][] at = Arrays.stream(length).mapToObj(int[]::new).toArray(int[][]::new);
    double[][] scores = Arrays.stream(length).mapToObj(double[]::new).toArray(double[][]::new);
    int[] filled = new int[n];
    forEach(
        tasks,
        found,
        members,
        (i, j, score) -> {
          scores[i][filled[i]] = score;
          at[i][filled[i]++] = j;
          scores[j][filled[j]] = score;
          at[j][filled[j]++] = i;
        });
    var graph = new CsrBuilder(n, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      graph.addRow(at[i], scores[i], length[i]);
    }
    return graph.build();
  }

  /** Receives an anchor by the rows of the whole. */
  @FunctionalInterface
  private interface AnchorBody {
    void anchor(int i, int j, double score);
  }

  private static void forEach(
      List<Task> tasks, PairAnchors[] found, int[][] members, AnchorBody body) {
    for (int t = 0; t < found.length; t++) {
      for (int p = 0; p < found[t].size(); p++) {
        body.anchor(
            members[tasks.get(t).first()][found[t].first()[p]],
            members[tasks.get(t).second()][found[t].second()[p]],
            found[t].scores()[p]);
      }
    }
  }

  private static List<String> warnings(
      List<Task> tasks, PairAnchors[] found, Categories batches, Params params) {
    List<String> out = new ArrayList<>();
    var search = params.search();
    if (params.reduction() == Reduction.CCA && search.kFilter() != null) {
      String small =
          String.join(
              ", ",
              IntStream.range(0, batches.nLevels())
                  .filter(b -> batches.size(b) < search.kFilter())
                  .mapToObj(b -> "'" + batches.level(b) + "'")
                  .toList());
      if (!small.isEmpty()) {
        out.add(
            "anchors of "
                + small
                + " are not filtered: fewer cells than kFilter = "
                + search.kFilter());
      }
    }
    for (int t = 0; t < found.length; t++) {
      if (found[t].size() == 0) {
        out.add(
            "'"
                + batches.level(tasks.get(t).first())
                + "' and '"
                + batches.level(tasks.get(t).second())
                + "' of "
                + batches.name()
                + " have no anchors");
      }
    }
    return out;
  }

  /** Finds the anchors of two batches by their levels; any thread may. */
  private interface Space extends AutoCloseable {
    PairAnchors anchors(int a, int b);

    @Override
    void close();
  }

  /** Where all genes vary in all batches, the products of every batch are made once. */
  private static final class CanonicalSpace implements Space {
    private static final long MOST_BYTES = 1L << 30;

    private final Matrix[] parts;
    private final AnchorSearchParams search;
    private final ScaledGenes[] scaled;
    private final List<GeneSpace.Factor> factors = new ArrayList<>();

    CanonicalSpace(Matrix[] parts, AnchorSearchParams search) {
      this.parts = parts;
      this.search = search;
      scaled = Arrays.stream(parts).map(ScaledGenes::of).toArray(ScaledGenes[]::new);
      long p = scaled[0].nGenes();
      if (parts.length > 2 && allVary() && 16 * p * p * parts.length <= MOST_BYTES) {
        for (ScaledGenes cells : scaled) {
          Parallel.checkInterrupted();
          var factor = GeneSpace.Factor.of(cells);
          factors.add(factor);
          if (!Arrays.stream(scaled).allMatch(other -> CellSpace.serves(cells, other))) {
            // here, where all threads have a part in it
            factor.gram();
          }
        }
      }
    }

    private boolean allVary() {
      for (ScaledGenes cells : scaled) {
        for (boolean varies : cells.scaling().varies()) {
          if (!varies) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public PairAnchors anchors(int a, int b) {
      var pair =
          factors.isEmpty()
              ? CanonicalPair.of(parts[a], parts[b], scaled[a], scaled[b], search)
              : CanonicalPair.of(
                  parts[a],
                  parts[b],
                  scaled[a],
                  scaled[b],
                  factors.get(a),
                  factors.get(b),
                  search.dims());
      return pair.anchors(search);
    }

    @Override
    public void close() {
      factors.forEach(GeneSpace.Factor::close);
    }
  }

  /** Every batch's own components are found once. */
  private static final class ReciprocalSpace implements Space {
    private final AnchorSearchParams search;
    private final ScaledGenes[] scaled;
    private final double[][] loadings;
    private final double[][] scores;

    ReciprocalSpace(Matrix[] parts, AnchorSearchParams search) {
      this.search = search;
      int k = search.dims();
      scaled = Arrays.stream(parts).map(ScaledGenes::of).toArray(ScaledGenes[]::new);
      loadings = new double[parts.length][];
      scores = new double[parts.length][];
      for (int b = 0; b < parts.length; b++) {
        Parallel.checkInterrupted();
        loadings[b] = GeneSpace.principal(scaled[b], k);
        scores[b] = scaled[b].times(loadings[b], k);
      }
    }

    @Override
    public void close() {
      // holds nothing outside the heap
    }

    @Override
    public PairAnchors anchors(int a, int b) {
      DenseMatrix[] inA = joint(scores[a], scaled[b].times(loadings[a], search.dims()));
      DenseMatrix[] inB = joint(scores[b], scaled[a].times(loadings[b], search.dims()));
      var spaces =
          new NeighborSpaces(plain(scores[a]), plain(scores[b]), inB[1], inB[0], inA[1], inA[0]);
      return PairAnchors.find(spaces, search.kAnchor(), search.kScore(), PairAnchors::all);
    }

    private DenseMatrix plain(double[] x) {
      return NeighborSpaces.placed(x, search.dims(), false);
    }

    /** Both divided by the deviations of all their cells together, so that no dimension leads. */
    private DenseMatrix[] joint(double[] own, double[] projected) {
      int k = search.dims();
      int n = (own.length + projected.length) / k;
      double[] sum = new double[k];
      double[] squares = new double[k];
      for (double[] x : new double[][] {own, projected}) {
        for (int i = 0; i < x.length; i++) {
          sum[i % k] += x[i];
        }
      }
      for (double[] x : new double[][] {own, projected}) {
        for (int i = 0; i < x.length; i++) {
          double d = x[i] - sum[i % k] / n;
          squares[i % k] += d * d;
        }
      }
      double[] factor =
          Arrays.stream(squares).map(s -> s > 0 ? Math.sqrt((n - 1) / s) : 0).toArray();
      var out = new DenseMatrix[2];
      for (int s = 0; s < 2; s++) {
        double[] scaledTo = (s == 0 ? own : projected).clone();
        for (int i = 0; i < scaledTo.length; i++) {
          scaledTo[i] *= factor[i % k];
        }
        out[s] = NeighborSpaces.placed(scaledTo, k, search.l2Norm());
      }
      return out;
    }
  }
}
