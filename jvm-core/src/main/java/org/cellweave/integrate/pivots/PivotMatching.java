package org.cellweave.integrate.pivots;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Matches cells of two modalities that were measured in different cells and share few features, or
 * features that are linked only loosely.
 *
 * <p>Linked features, smoothed over each modality's own neighbours, give a first matching;
 * canonical correlations of all features over the matched cells give better places, smoothed in
 * turn, and those a better matching, some times over. The best matches are pivots; every other cell
 * takes the partner of its nearest pivot; canonical correlations over the pivots are the joint
 * space.
 *
 * <p>Written from the publication. A cell's partner is looked for among its nearest candidates and
 * those whose candidate it is, so that memory grows with the cells and not with all pairs. Cost:
 * exact neighbours within and between the two sets, once an iteration. Nothing is drawn at random.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01935-0">Chen 2023</a>
 */
public final class PivotMatching {
  private static final String NAME = "matchPivots";
  private static final int BLOCK = 512;

  /** Of one minus a cosine: a cell rather stays alone than take a partner that is unlike it. */
  private static final double ALONE = 1;

  private PivotMatching() {}

  /**
   * @param nNeighbors cells over which one is smoothed, itself included
   * @param smoothing share of a smoothed value that is the neighbours' mean
   * @param nCandidates partners that are considered for a cell, each way
   * @param nIterations matchings by canonical correlations after the first one
   * @param nCanonical canonical directions, at most
   * @param dropped share of the matches, the worst ones, that are no pivots
   */
  public record Params(
      int nNeighbors,
      double smoothing,
      int nCandidates,
      int nIterations,
      int nCanonical,
      double dropped) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
      Check.inRange(smoothing, 0, 1, "smoothing");
      Check.positive(nCandidates, "nCandidates");
      Check.nonNegative(nIterations, "nIterations");
      Check.positive(nCanonical, "nCanonical");
      if (!(dropped >= 0 && dropped < 1)) {
        throw new IllegalArgumentException("dropped must lie in [0, 1), got " + dropped);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nNeighbors = 15;
      private double smoothing = 0.7;
      private int nCandidates = 50;
      private int nIterations = 3;
      private int nCanonical = 20;
      private double dropped = 0.3;

      public Builder nNeighbors(int value) {
        this.nNeighbors = value;
        return this;
      }

      public Builder smoothing(double value) {
        this.smoothing = value;
        return this;
      }

      public Builder nCandidates(int value) {
        this.nCandidates = value;
        return this;
      }

      public Builder nIterations(int value) {
        this.nIterations = value;
        return this;
      }

      public Builder nCanonical(int value) {
        this.nCanonical = value;
        return this;
      }

      public Builder dropped(double value) {
        this.dropped = value;
        return this;
      }

      public Params build() {
        return new Params(nNeighbors, smoothing, nCandidates, nIterations, nCanonical, dropped);
      }
    }
  }

  /**
   * One modality.
   *
   * @param linked cells by linked features, in the same order on both sides, standardised
   * @param places cells by principal components of all its features
   */
  public record Side(DenseMatrix linked, DenseMatrix places) {
    public Side {
      Check.sameLength(places.nRows(), linked.nRows(), "places", "the cells of linked");
    }

    int nCells() {
      return linked.nRows();
    }
  }

  /**
   * @param x cells of the first modality
   * @param y their partners in the second, as many
   * @param scores cosines of the partners' places
   */
  public record Matches(int[] x, int[] y, double[] scores) {
    public int size() {
      return x.length;
    }
  }

  /**
   * @param pivots the best matches, the highest score first
   * @param partnerOfX cell of the second modality for every cell of the first
   * @param scoreOfX cosine with it in the joint space
   * @param partnerOfY cell of the first modality for every cell of the second
   * @param scoreOfY cosine with it in the joint space
   * @param correlations canonical ones, of the pivots
   * @param x first modality in the joint space, rows of length one
   * @param y second modality in the joint space, rows of length one
   */
  public record Result(
      Matches pivots,
      int[] partnerOfX,
      double[] scoreOfX,
      int[] partnerOfY,
      double[] scoreOfY,
      double[] correlations,
      DenseMatrix x,
      DenseMatrix y) {}

  /**
   * @throws IllegalArgumentException for sides that differ in their linked features, or fewer cells
   *     than neighbours
   */
  public static Result run(Side x, Side y, Params params, Progress progress) {
    check(x, params, "x");
    check(y, params, "y");
    Check.sameLength(y.linked().nCols(), x.linked().nCols(), "linked features of y", "those of x");
    int total = params.nIterations() + 2;
    int[] graphX = graph(x, params);
    int[] graphY = graph(y, params);
    Matches matches =
        matches(
            smoothed(x.linked(), graphX, params),
            smoothed(y.linked(), graphY, params),
            true,
            params);
    progress.step(NAME, 1, total, mean(matches));
    for (int iter = 0; iter < params.nIterations(); iter++) {
      Parallel.checkInterrupted();
      var map = map(x, y, best(matches, params.dropped()), params);
      matches =
          matches(
              smoothed(map.placesOfX(x.places()), graphX, params),
              smoothed(map.placesOfY(y.places()), graphY, params),
              false,
              params);
      progress.step(NAME, iter + 2, total, mean(matches));
    }
    Matches pivots = best(matches, params.dropped());
    var map = map(x, y, pivots, params);
    DenseMatrix jointX = unit(map.placesOfX(x.places()), false);
    DenseMatrix jointY = unit(map.placesOfY(y.places()), false);
    int[] partnerOfX = partners(x.places(), pivots.x(), pivots.y());
    int[] partnerOfY = partners(y.places(), pivots.y(), pivots.x());
    progress.step(NAME, total, total, mean(pivots));
    return new Result(
        pivots,
        partnerOfX,
        cosines(jointX, jointY, partnerOfX),
        partnerOfY,
        cosines(jointY, jointX, partnerOfY),
        map.correlations(),
        jointX,
        jointY);
  }

  private static void check(Side side, Params params, String name) {
    Finite.require(side.linked(), "linked features of " + name, NAME);
    Finite.require(side.places(), "places of " + name, NAME);
    int least = Math.max(params.nNeighbors(), 3);
    if (side.nCells() < least) {
      throw new IllegalArgumentException(
          "matchPivots needs at least "
              + least
              + " cells in "
              + name
              + ", as many as nNeighbors, got "
              + side.nCells());
    }
    if (side.linked().nCols() < 2) {
      throw new IllegalArgumentException(
          "matchPivots needs at least 2 linked features, got "
              + side.linked().nCols()
              + ". Give more links, or find some with findLinks");
    }
  }

  private static CanonicalMap map(Side x, Side y, Matches matches, Params params) {
    if (matches.size() < 3) {
      throw new IllegalArgumentException(
          "matchPivots: only "
              + matches.size()
              + " cells have a partner that is like them. Are the linked features of both sides in"
              + " the same order?");
    }
    return CanonicalMap.of(
        x.places(), y.places(), new int[][] {matches.x(), matches.y()}, params.nCanonical());
  }

  private static double mean(Matches matches) {
    return Arrays.stream(matches.scores()).average().orElse(Double.NaN);
  }

  // smoothing -------------------------------------------------------------------------------------

  private static int[] graph(Side side, Params params) {
    if (params.nNeighbors() < 2) {
      return IntStream.range(0, side.nCells()).toArray();
    }
    var search = NearestNeighbors.Params.builder().nNeighbors(params.nNeighbors()).build();
    return NearestNeighbors.run(side.places(), search).indices();
  }

  private static DenseMatrix smoothed(DenseMatrix x, int[] graph, Params params) {
    int n = x.nRows();
    int p = x.nCols();
    int k = graph.length / n;
    double own = 1 - params.smoothing();
    var out = DenseMatrix.zeros(n, p, DType.FLOAT64);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[p];
          double[] sum = new double[p];
          for (int i = from; i < to; i++) {
            Arrays.fill(sum, 0);
            for (int q = 0; q < k; q++) {
              x.readRow(graph[i * k + q], row);
              for (int j = 0; j < p; j++) {
                sum[j] += row[j];
              }
            }
            x.readRow(i, row);
            for (int j = 0; j < p; j++) {
              sum[j] = own * row[j] + params.smoothing() * sum[j] / k;
            }
            out.setRow(i, sum);
          }
        });
    return out;
  }

  // matching --------------------------------------------------------------------------------------

  private static Matches matches(DenseMatrix x, DenseMatrix y, boolean centred, Params params) {
    DenseMatrix a = unit(x, centred);
    DenseMatrix b = unit(y, centred);
    boolean swap = a.nRows() > b.nRows();
    int[] found = swap ? assigned(b, a, params) : assigned(a, b, params);
    int[] rows = IntStream.range(0, found.length).filter(i -> found[i] >= 0).toArray();
    int[] columns = Arrays.stream(rows).map(i -> found[i]).toArray();
    int[] ofX = swap ? columns : rows;
    int[] ofY = swap ? rows : columns;
    double[] scores = new double[rows.length];
    for (int m = 0; m < scores.length; m++) {
      scores[m] = product(a, ofX[m], b, ofY[m]);
    }
    return new Matches(ofX, ofY, scores);
  }

  /**
   * Rows of length one, whose products are cosines, or correlations where they are centred first. A
   * mean over linked features is how much of all a cell has; one over canonical directions would be
   * chance, as their signs are.
   */
  private static DenseMatrix unit(DenseMatrix x, boolean centred) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT64);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            double mean = centred ? Arrays.stream(row).sum() / row.length : 0;
            double squares = 0;
            for (int j = 0; j < row.length; j++) {
              row[j] -= mean;
              squares += row[j] * row[j];
            }
            for (int j = 0; squares > 0 && j < row.length; j++) {
              row[j] /= Math.sqrt(squares);
            }
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static double product(DenseMatrix a, int i, DenseMatrix b, int j) {
    double sum = 0;
    for (int c = 0; c < a.nCols(); c++) {
      sum += a.get(i, c) * b.get(j, c);
    }
    return sum;
  }

  private static int[] assigned(DenseMatrix rows, DenseMatrix columns, Params params) {
    int k = Math.min(params.nCandidates(), columns.nRows());
    int back = Math.min(params.nCandidates(), rows.nRows());
    var there = CrossNeighbors.run(columns, rows, k, Metric.EUCLIDEAN, Progress.NONE);
    var here = CrossNeighbors.run(rows, columns, back, Metric.EUCLIDEAN, Progress.NONE);
    var pairs = Candidates.of(there, here);
    return SparseAssignment.run(
        columns.nRows(), pairs.start(), pairs.columns(), pairs.costs(), ALONE);
  }

  private static Matches best(Matches matches, double dropped) {
    int[] order =
        IntStream.range(0, matches.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer m) -> -matches.scores()[m]))
            .mapToInt(Integer::intValue)
            .limit((long) Math.ceil(matches.size() * (1 - dropped)))
            .toArray();
    double[] scores = Arrays.stream(order).mapToDouble(m -> matches.scores()[m]).toArray();
    return new Matches(taken(matches.x(), order), taken(matches.y(), order), scores);
  }

  private static int[] taken(int[] of, int[] order) {
    return Arrays.stream(order).map(m -> of[m]).toArray();
  }

  /** For every cell the partner of the pivot that is nearest in its own modality. */
  private static int[] partners(DenseMatrix places, int[] pivots, int[] others) {
    var found =
        CrossNeighbors.run(places.takeRows(pivots), places, 1, Metric.EUCLIDEAN, Progress.NONE);
    return Arrays.stream(found.indices()).map(p -> others[p]).toArray();
  }

  private static double[] cosines(DenseMatrix x, DenseMatrix y, int[] partners) {
    double[] out = new double[partners.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = product(x, i, y, partners[i]);
    }
    return out;
  }
}
