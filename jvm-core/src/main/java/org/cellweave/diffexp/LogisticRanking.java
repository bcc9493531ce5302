package org.cellweave.diffexp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Progress;

/**
 * Genes ranked by their coefficients in a logistic regression of the groups named, no other cells
 * taking part. Two groups have one set of coefficients, those of the second; the first has their
 * negatives. (scanpy 1.12 files the coefficients of the second under the first, so that a group
 * gets the markers of the other.)
 */
final class LogisticRanking {
  private final CsrMatrix x;
  private final int[] codes;
  private final GroupMoments moments;
  private final List<String> names;
  private final RankGenesGroups.Params params;

  LogisticRanking(
      CsrMatrix x,
      int[] codes,
      GroupMoments moments,
      List<String> names,
      RankGenesGroups.Params params) {
    this.x = x;
    this.codes = codes;
    this.moments = moments;
    this.names = names;
    this.params = params;
  }

  RankGenesGroups.Result run(int[] wanted, int reference, Progress progress) {
    var asked = Arrays.stream(wanted);
    int[] classes =
        (reference == RankGenesGroups.REST
                ? asked
                : IntStream.concat(asked, IntStream.of(reference)))
            .sorted()
            .distinct()
            .toArray();
    if (classes.length == 1) {
      throw new IllegalArgumentException(
          "logistic regression needs two groups or more, got only '"
              + names.get(classes[0])
              + "'; name more groups, or a reference");
    }
    int[] classOf = new int[names.size()];
    Arrays.fill(classOf, -1);
    for (int c = 0; c < classes.length; c++) {
      classOf[classes[c]] = c;
    }
    int[] cells =
        IntStream.range(0, codes.length)
            .filter(i -> codes[i] >= 0 && classOf[codes[i]] >= 0)
            .toArray();
    int[] labels = Arrays.stream(cells).map(i -> classOf[codes[i]]).toArray();
    var settings = params.regression();
    CsrMatrix some = cells.length == x.nRows() ? x : x.takeRows(cells);
    var fit =
        new LogisticRegression(some, labels, classes.length, settings.inverseStrength())
            .fit(settings.maxIter(), settings.tol(), progress);
    List<RankGenesGroups.GroupResult> results = new ArrayList<>();
    double[][] coefficients = fit.coefficients();
    if (classes.length == 2) {
      double[] second = coefficients[0];
      coefficients = new double[][] {Arrays.stream(second).map(w -> 0 - w).toArray(), second};
    }
    for (int c = 0; c < classes.length; c++) {
      if (classes.length > 2 || classes[c] != reference) {
        results.add(ranked(classes[c], coefficients[c]));
      }
    }
    return new RankGenesGroups.Result(results, null, false, fit.converged());
  }

  private RankGenesGroups.GroupResult ranked(int group, double[] scores) {
    int[] genes = RankGenesGroups.best(scores, params);
    return new RankGenesGroups.GroupResult(
        group,
        genes,
        RankGenesGroups.pick(scores, genes),
        null,
        null,
        null,
        params.pts() ? RankGenesGroups.fractions(moments, group, x.nCols(), true) : null,
        params.pts() ? RankGenesGroups.fractions(moments, group, x.nCols(), false) : null);
  }
}
