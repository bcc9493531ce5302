package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
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
 * <p>Written from the publication, with departures: linked features count by how well neighbours
 * predict them on both sides; canonical directions have a penalty, by cross-validation over the
 * matches, in the place of a number of components; later matchings go by the linked features, too;
 * partners are sought among nearest candidates, so that memory grows with the cells and not with
 * all pairs; both sides have metacells. Cost: exact neighbours within and between the two sets,
 * those between once an iteration and metacell. Nothing is drawn at random.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01935-0">Chen 2023</a>
 */
public final class PivotMatching {
  static final String NAME = "matchPivots";

  /** Metacells of a side, about, where their size is not given. */
  private static final int MANY_CELLS = 20_000;

  private PivotMatching() {}

  /**
   * @param nNeighbors cells over which one is smoothed, itself included
   * @param smoothing share of a smoothed value that is the neighbours' mean
   * @param nCandidates partners that are considered for a cell, each way
   * @param nIterations matchings by canonical correlations after the first one
   * @param nCanonical canonical directions, at most
   * @param dropped share of the matches, the worst ones, that are no pivots
   * @param penalty on canonical directions, in units of the mean variance along a component; 0 to
   *     choose one by cross-validation at every iteration
   * @param linkedShare share of the linked features in what is matched after the first time
   * @param metacellSize cells that are matched as one, at most; 0 or 1 for none, null for as many
   *     as leave about 20,000 metacells of a side
   */
  public record Params(
      int nNeighbors,
      double smoothing,
      int nCandidates,
      int nIterations,
      int nCanonical,
      double dropped,
      double penalty,
      double linkedShare,
      Integer metacellSize) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
      Check.inRange(smoothing, 0, 1, "smoothing");
      Check.positive(nCandidates, "nCandidates");
      Check.nonNegative(nIterations, "nIterations");
      Check.positive(nCanonical, "nCanonical");
      Check.nonNegative(penalty, "penalty");
      Check.inRange(linkedShare, 0, 1, "linkedShare");
      if (metacellSize != null) {
        Check.nonNegative(metacellSize, "metacellSize");
      }
      if (!(dropped >= 0 && dropped < 1)) {
        throw new IllegalArgumentException("dropped must lie in [0, 1), got " + dropped);
      }
    }

    int metacellSizeOf(int nCells) {
      return metacellSize == null ? (nCells + MANY_CELLS - 1) / MANY_CELLS : metacellSize;
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
      private double dropped = 0.1;
      private double penalty = 0;
      private double linkedShare = 0.5;
      private Integer metacellSize = null;

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

      public Builder penalty(double value) {
        this.penalty = value;
        return this;
      }

      public Builder linkedShare(double value) {
        this.linkedShare = value;
        return this;
      }

      public Builder metacellSize(Integer value) {
        this.metacellSize = value;
        return this;
      }

      public Params build() {
        return new Params(
            nNeighbors,
            smoothing,
            nCandidates,
            nIterations,
            nCanonical,
            dropped,
            penalty,
            linkedShare,
            metacellSize);
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
   * @param scores cosines of the partners' places, or of their metacells'
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
   * @param correlations canonical ones, of the pivots; with a penalty they are smaller
   * @param x first modality in the joint space, rows of length one
   * @param y second modality in the joint space, rows of length one
   * @param penalty that the joint space has
   * @param linkWeights of the linked features in what is matched, between 0 and 1
   * @param metacellOfX metacell of every cell of the first modality
   * @param metacellOfY metacell of every cell of the second modality
   */
  public record Result(
      Matches pivots,
      int[] partnerOfX,
      double[] scoreOfX,
      int[] partnerOfY,
      double[] scoreOfY,
      double[] correlations,
      DenseMatrix x,
      DenseMatrix y,
      double penalty,
      double[] linkWeights,
      int[] metacellOfX,
      int[] metacellOfY) {}

  /**
   * @throws IllegalArgumentException for sides that differ in their linked features, or fewer cells
   *     than neighbours
   */
  public static Result run(Side x, Side y, Params params, Progress progress) {
    check(x, params, "x");
    check(y, params, "y");
    Check.sameLength(y.linked().nCols(), x.linked().nCols(), "linked features of y", "those of x");
    return new PivotRun(x, y, params, progress).result();
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
    int size = params.metacellSizeOf(side.nCells());
    if (size > 1 && side.nCells() / size < least) {
      throw new IllegalArgumentException(
          "metacellSize must leave at least "
              + least
              + " metacells in "
              + name
              + ", as many as nNeighbors, got "
              + size
              + " for "
              + side.nCells()
              + " cells. Lower it");
    }
    if (side.linked().nCols() < 2) {
      throw new IllegalArgumentException(
          "matchPivots needs at least 2 linked features, got "
              + side.linked().nCols()
              + ". Give more links, or find some with findLinks");
    }
  }

  static int[] taken(int[] of, int[] order) {
    return Arrays.stream(order).map(m -> of[m]).toArray();
  }
}
