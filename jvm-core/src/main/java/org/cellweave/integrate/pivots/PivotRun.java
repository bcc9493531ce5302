package org.cellweave.integrate.pivots;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cellweave.integrate.pivots.PivotMatching.Matches;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** One run of {@link PivotMatching}: matchings of metacells, handed on to their cells. */
final class PivotRun {
  /** Of one minus a cosine: a cell rather stays alone than take a partner that is unlike it. */
  private static final double ALONE = 1;

  private final PivotMatching.Side cellsX;
  private final PivotMatching.Side cellsY;
  private final PivotMatching.Params params;
  private final Progress progress;
  private final Metacells groupsX;
  private final Metacells groupsY;
  private final DenseMatrix placesX;
  private final DenseMatrix placesY;
  private final Smoothing smoothX;
  private final Smoothing smoothY;
  private double penalty;

  PivotRun(
      PivotMatching.Side x, PivotMatching.Side y, PivotMatching.Params params, Progress progress) {
    this.cellsX = x;
    this.cellsY = y;
    this.params = params;
    this.progress = progress;
    groupsX = Metacells.of(x.places(), params.metacellSizeOf(x.nCells()));
    groupsY = Metacells.of(y.places(), params.metacellSizeOf(y.nCells()));
    placesX = groupsX.means(x.places());
    placesY = groupsY.means(y.places());
    smoothX = Smoothing.of(placesX, params);
    smoothY = Smoothing.of(placesY, params);
  }

  PivotMatching.Result result() {
    int total = params.nIterations() + 2;
    DenseMatrix linkedX = groupsX.means(cellsX.linked());
    DenseMatrix linkedY = groupsY.means(cellsY.linked());
    double[] weights = weights(smoothX.reliability(linkedX), smoothY.reliability(linkedY));
    linkedX = UnitRows.of(smoothX.of(weighed(linkedX, weights)), true);
    linkedY = UnitRows.of(smoothY.of(weighed(linkedY, weights)), true);
    Matches matches = best(matches(linkedX, linkedY));
    progress.step(PivotMatching.NAME, 1, total, mean(matches));
    for (int iter = 0; iter < params.nIterations(); iter++) {
      Parallel.checkInterrupted();
      var map = map(matches);
      DenseMatrix x = UnitRows.of(smoothX.of(map.placesOfX(placesX)), false);
      DenseMatrix y = UnitRows.of(smoothY.of(map.placesOfY(placesY)), false);
      double share = params.linkedShare();
      matches =
          best(
              share == 0
                  ? matches(x, y)
                  : matches(
                      UnitRows.beside(x, linkedX, share), UnitRows.beside(y, linkedY, share)));
      progress.step(PivotMatching.NAME, iter + 2, total, mean(matches));
    }
    var map = map(matches);
    progress.step(PivotMatching.NAME, total, total, mean(matches));
    DenseMatrix jointX = UnitRows.of(map.placesOfX(cellsX.places()), false);
    DenseMatrix jointY = UnitRows.of(map.placesOfY(cellsY.places()), false);
    var pivots = PivotCells.of(matches, groupsX, groupsY, jointX, jointY);
    int[] partnerOfX = pivots.partners(cellsX.places(), groupsX, placesX, false);
    int[] partnerOfY = pivots.partners(cellsY.places(), groupsY, placesY, true);
    return new PivotMatching.Result(
        pivots.pairs(),
        partnerOfX,
        cosines(jointX, jointY, partnerOfX),
        partnerOfY,
        cosines(jointY, jointX, partnerOfY),
        map.correlations(),
        jointX,
        jointY,
        penalty,
        weights,
        groupsX.group(),
        groupsY.group());
  }

  private CanonicalMap map(Matches matches) {
    if (matches.size() < 3) {
      throw new IllegalArgumentException(
          "matchPivots: only "
              + matches.size()
              + " cells have a partner that is like them. Are the linked features of both sides in"
              + " the same order?");
    }
    penalty =
        params.penalty() > 0
            ? params.penalty()
            : CanonicalPenalty.of(placesX, placesY, matches, params.nCanonical());
    return PairedMoments.of(placesX, placesY, matches.x(), matches.y())
        .map(penalty, params.nCanonical());
  }

  private static double mean(Matches matches) {
    return Arrays.stream(matches.scores()).average().orElse(Double.NaN);
  }

  // linked features -------------------------------------------------------------------------------

  /** What neighbours predict on both sides; all alike where that is nothing. */
  private static double[] weights(double[] ofX, double[] ofY) {
    double[] out = new double[ofX.length];
    Arrays.setAll(out, j -> Math.sqrt(ofX[j] * ofY[j]));
    if (Arrays.stream(out).filter(w -> w > 0).count() < 2) {
      Arrays.fill(out, 1);
    }
    return out;
  }

  private static DenseMatrix weighed(DenseMatrix x, double[] weights) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT64);
    double[] row = new double[x.nCols()];
    for (int i = 0; i < x.nRows(); i++) {
      x.readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        row[j] *= weights[j];
      }
      out.setRow(i, row);
    }
    return out;
  }

  // matching --------------------------------------------------------------------------------------

  private Matches matches(DenseMatrix a, DenseMatrix b) {
    boolean swap = a.nRows() > b.nRows();
    int[] found = swap ? assigned(b, a) : assigned(a, b);
    int[] rows = IntStream.range(0, found.length).filter(i -> found[i] >= 0).toArray();
    int[] columns = PivotMatching.taken(found, rows);
    int[] ofX = swap ? columns : rows;
    int[] ofY = swap ? rows : columns;
    double[] scores = new double[rows.length];
    Arrays.setAll(scores, m -> UnitRows.product(a, ofX[m], b, ofY[m]));
    return new Matches(ofX, ofY, scores);
  }

  private int[] assigned(DenseMatrix rows, DenseMatrix columns) {
    int k = Math.min(params.nCandidates(), columns.nRows());
    int back = Math.min(params.nCandidates(), rows.nRows());
    var there = CrossNeighbors.run(columns, rows, k, Metric.EUCLIDEAN, Progress.NONE);
    var here = CrossNeighbors.run(rows, columns, back, Metric.EUCLIDEAN, Progress.NONE);
    var pairs = Candidates.of(there, here);
    return SparseAssignment.run(
        columns.nRows(), pairs.start(), pairs.columns(), pairs.costs(), ALONE);
  }

  private Matches best(Matches matches) {
    int[] order =
        IntStream.range(0, matches.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer m) -> -matches.scores()[m]))
            .mapToInt(Integer::intValue)
            .limit((long) Math.ceil(matches.size() * (1 - params.dropped())))
            .toArray();
    double[] scores = Arrays.stream(order).mapToDouble(m -> matches.scores()[m]).toArray();
    return new Matches(
        PivotMatching.taken(matches.x(), order), PivotMatching.taken(matches.y(), order), scores);
  }

  private static double[] cosines(DenseMatrix x, DenseMatrix y, int[] partners) {
    double[] out = new double[partners.length];
    Arrays.setAll(out, i -> UnitRows.product(x, i, y, partners[i]));
    return out;
  }
}
