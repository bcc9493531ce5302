package org.cellweave.clonal.alignment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.integrate.anchors.Anchors;
import org.cellweave.integrate.anchors.MergeStep;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Lays embeddings of several batches over each other by affine maps that anchors determine, since
 * embeddings that were learned apart agree up to such a map at best.
 *
 * <p>Batches join by a {@link MergeOrder}. In each step the side with more clones is the reference
 * (of equal ones the left) and stays; the other side, whose batches were aligned before, moves as a
 * whole by least squares of the anchors' ends. As anchors are noisy, that shrinks it: a good
 * predictor of where a clone belongs, but no joint embedding. {@link Scale#RESTORE} gives it the
 * covariance of the reference again. The report tells both variances.
 *
 * <p>Cost: {@code p d^2} for p anchors in d columns. Where the Python package takes fewer than d +
 * 1 anchors, which leave directions to collapse, the map is drawn towards a rotation here; a ridge
 * of 0 gives its answer.
 */
public final class AnchorAlignment {
  /** Of a pull that leaves nothing but the rotation. */
  private static final double STRONGEST = 1e50;

  /** Magnitude of coordinates and weights at most, so that products have a float64. */
  public static final double LARGEST = 1e50;

  private AnchorAlignment() {}

  /** What becomes of the covariance of the side that moves. */
  public enum Scale {
    /** As least squares leave it. */
    NONE,
    /** It is made that of the reference. */
    RESTORE
  }

  /**
   * @param weighted anchors count by their weights; otherwise each counts the same
   * @param scale what becomes of the covariance
   * @param symmetric neither side is free of error: the map of the other direction is the inverse
   * @param robustRounds times that anchors are weighed again by their residuals
   * @param robustCut multiple of the median residual beyond which they count less
   * @param minAnchors anchors with weight that a step must have
   * @param anchorsPerUnknown of them for each of the d + 1 rows of a map, or they are too few
   * @param rankTolerance singular values of the anchors below this share of the largest count as
   *     zero
   * @param ridge strength of the pull towards a rotation where they are too few, relative to their
   *     mean variance; 0 for the solution of least norm
   */
  public record Params(
      boolean weighted,
      Scale scale,
      boolean symmetric,
      int robustRounds,
      double robustCut,
      int minAnchors,
      int anchorsPerUnknown,
      double rankTolerance,
      double ridge) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(robustRounds, "robustRounds");
      Check.positive(robustCut, "robustCut");
      Check.positive(minAnchors, "minAnchors");
      Check.positive(anchorsPerUnknown, "anchorsPerUnknown");
      Check.inRange(rankTolerance, 0, 1, "rankTolerance");
      Check.inRange(ridge, 0, STRONGEST, "ridge");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean weighted = true;
      private Scale scale = Scale.NONE;
      private boolean symmetric = false;
      private int robustRounds = 0;
      private double robustCut = 1.5;
      private int minAnchors = 3;
      private int anchorsPerUnknown = 1;
      private double rankTolerance = 1e-8;
      private double ridge = 1;

      private Builder() {}

      public Builder weighted(boolean value) {
        weighted = value;
        return this;
      }

      public Builder scale(Scale value) {
        scale = value;
        return this;
      }

      public Builder symmetric(boolean value) {
        symmetric = value;
        return this;
      }

      public Builder robustRounds(int value) {
        robustRounds = value;
        return this;
      }

      public Builder robustCut(double value) {
        robustCut = value;
        return this;
      }

      public Builder minAnchors(int value) {
        minAnchors = value;
        return this;
      }

      public Builder anchorsPerUnknown(int value) {
        anchorsPerUnknown = value;
        return this;
      }

      public Builder rankTolerance(double value) {
        rankTolerance = value;
        return this;
      }

      public Builder ridge(double value) {
        ridge = value;
        return this;
      }

      public Params build() {
        return new Params(
            weighted,
            scale,
            symmetric,
            robustRounds,
            robustCut,
            minAnchors,
            anchorsPerUnknown,
            rankTolerance,
            ridge);
      }
    }
  }

  /**
   * How a step went.
   *
   * @param reference node that stayed
   * @param query node that moved
   * @param anchors between the two
   * @param referenceShare clones of the reference that have one
   * @param queryShare clones of the query that have one
   * @param explained share of the variance of the reference's ends that the map explains, R2
   * @param varianceRatio total variance of the query, moved, over that of the reference
   * @param rank d + 1 when the anchors determine a map of d columns
   * @param drawn whether they were too few, so that the map was drawn towards a rotation
   * @param map of the query's coordinates before the step
   */
  public record Step(
      int reference,
      int query,
      int anchors,
      double referenceShare,
      double queryShare,
      double explained,
      double varianceRatio,
      int rank,
      boolean drawn,
      AffineMap map) {}

  /**
   * @param aligned as the embedding: float32 where that is
   * @param steps one for each of the order's
   */
  public record Result(DenseMatrix aligned, List<Step> steps) {}

  /**
   * @param embedding clones by coordinates
   * @param order of the anchors' batches
   * @throws IllegalArgumentException when too few anchors join two sides
   * @throws org.cellweave.util.RefusedValueException when a coordinate or weight is too large to be
   *     multiplied
   */
  public static Result run(
      Matrix embedding, Anchors anchors, MergeOrder order, Params params, Progress progress) {
    Check.sameLength(
        embedding.nRows(), anchors.batches().nCells(), "embedding", "the number of clones");
    Check.sameLength(
        order.nBatches(), anchors.batches().nLevels(), "the merge order", "the number of batches");
    Finite.require(embedding, "embedding", "the alignment");
    if (embedding.nCols() == 0) {
      throw new IllegalArgumentException(
          "embedding must have a column, got " + embedding.describe());
    }
    Finite.requireUpTo(embedding, LARGEST, "embedding", "the alignment");
    requireWeights(anchors);
    Rows rows = Rows.of(embedding);
    double[][] x = new double[embedding.nRows()][embedding.nCols()];
    for (int i = 0; i < x.length; i++) {
      rows.read(i, x[i]);
    }
    List<Step> report = new ArrayList<>();
    for (MergeOrder.Step step : order.steps()) {
      Parallel.checkInterrupted();
      report.add(join(x, MergeStep.of(anchors, order, step), params));
      progress.step("align", report.size(), order.steps().size(), Double.NaN);
    }
    DType dtype = embedding.dtype() == DType.FLOAT32 ? DType.FLOAT32 : DType.FLOAT64;
    var aligned = DenseMatrix.zeros(x.length, embedding.nCols(), dtype);
    for (int i = 0; i < x.length; i++) {
      aligned.setRow(i, x[i]);
    }
    Finite.made(aligned, "the alignment", "rescale the embedding, or set ridge above 0");
    return new Result(aligned, List.copyOf(report));
  }

  private static void requireWeights(Anchors anchors) {
    Finite.Place place = Finite.firstBeyond(anchors.graph(), LARGEST);
    if (place != null) {
      throw new IllegalArgumentException(
          "weights of "
              + anchors.name()
              + " must be at most "
              + LARGEST
              + ", got "
              + place.value()
              + "; rescale them first");
    }
  }

  /** Moves the query's rows of {@code x}. */
  private static Step join(double[][] x, MergeStep step, Params params) {
    AnchorPoints points = AnchorPoints.of(x, step, params);
    AffineFit.Fit fit = AffineFit.of(points, params);
    AffineMap map = fit.map();
    double[][] reference = SideCovariance.of(AnchorPoints.rows(x, step.referenceCells()));
    int[] moving = step.queryCells();
    if (params.scale() == Scale.RESTORE) {
      double[][] shrunken = SideCovariance.of(moved(AnchorPoints.rows(x, moving), map));
      map = map.then(SideCovariance.between(shrunken, reference), points.mean(points.reference()));
    }
    double[][] moved = moved(AnchorPoints.rows(x, moving), map);
    for (int c = 0; c < moving.length; c++) {
      x[moving[c]] = moved[c];
    }
    double ratio = SideCovariance.total(SideCovariance.of(moved)) / SideCovariance.total(reference);
    return new Step(
        step.reference(),
        step.query(),
        points.size(),
        step.share(true),
        step.share(false),
        points.explained(map),
        ratio,
        fit.rank(),
        fit.drawn(),
        map);
  }

  private static double[][] moved(double[][] rows, AffineMap map) {
    return Arrays.stream(rows).map(map::apply).toArray(double[][]::new);
  }
}
