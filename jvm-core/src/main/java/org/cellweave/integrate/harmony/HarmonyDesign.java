package org.cellweave.integrate.harmony;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.design.LevelCombinations;
import org.cellweave.util.Elementary;

/**
 * The covariates as one row of levels: what a cell belongs to, and how strongly it is penalised.
 */
final class HarmonyDesign {
  /** Covariates in use. */
  final List<Categories> covariates;

  /** First level of every covariate, and the number of levels at the end. */
  final int[] firstLevel;

  final int nCells;
  final int nLevels;
  final double[] cellsOfLevel;

  /** Share of the cells that each level has. */
  final double[] share;

  final double[] theta;

  /** Fixed lambda by level, or -1 where it follows the expected count. */
  final double[] lambda;

  final int nClusters;

  /** Which levels a cell has, as one number; equal for cells that agree in all covariates. */
  final int[] joint;

  /** Levels of every joint code, covariate by covariate. */
  final int[][] levelsOfJoint;

  final List<String> warnings = new ArrayList<>();

  static HarmonyDesign of(List<Categories> covariates, int nCells, Harmony.Params params) {
    return new HarmonyDesign(covariates, nCells, params);
  }

  private HarmonyDesign(List<Categories> given, int nCells, Harmony.Params params) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("covariates is empty; name at least one batch label");
    }
    if (nCells < 6) {
      throw new IllegalArgumentException("Harmony needs at least 6 cells, got " + nCells);
    }
    this.nCells = nCells;
    this.nClusters = clusters(nCells, params.nClusters());
    given.forEach(c -> c.forCells(nCells).complete().shared("Harmony"));
    double[] allTheta = expand(params.theta(), given, "theta");
    double[] allLambda =
        expand(
            params.lambda() != null
                ? params.lambda()
                : new double[] {FlavorRules.of(params.flavor()).lambda()},
            given,
            "lambda");
    var used = new ArrayList<Categories>();
    var keptTheta = new ArrayList<double[]>();
    var keptLambda = new ArrayList<double[]>();
    int at = 0;
    for (var c : given) {
      if (c.used() < 2) {
        warnings.add(c.name() + " has a single level; there is nothing to integrate over");
      } else {
        used.add(c.withoutUnused());
        keptTheta.add(ofUsed(c, allTheta, at));
        keptLambda.add(ofUsed(c, allLambda, at));
      }
      at += c.nLevels();
    }
    this.covariates = List.copyOf(used);
    var combinations = LevelCombinations.of(covariates, nCells);
    this.firstLevel = combinations.firstLevel();
    this.joint = combinations.codes();
    this.levelsOfJoint = combinations.levels();
    this.nLevels = firstLevel[used.size()];
    this.cellsOfLevel =
        used.stream().flatMapToInt(c -> Arrays.stream(c.sizes())).asDoubleStream().toArray();
    this.share = Arrays.stream(cellsOfLevel).map(n -> n / nCells).toArray();
    this.theta = discounted(flat(keptTheta), params.tau());
    this.lambda = flat(keptLambda);
  }

  private static int clusters(int nCells, Integer asked) {
    if (asked == null) {
      return Math.max(1, (int) Math.min(100, Math.rint(nCells / 30.0)));
    }
    if (asked > nCells) {
      throw new IllegalArgumentException(
          "nClusters must not exceed the number of cells, " + nCells + ", got " + asked);
    }
    return asked;
  }

  /** One value per level of all covariates, unused levels included. */
  private static double[] expand(double[] values, List<Categories> given, String name) {
    int nLevels = given.stream().mapToInt(Categories::nLevels).sum();
    if (values.length == nLevels && values.length != given.size()) {
      return values;
    }
    if (values.length != 1 && values.length != given.size()) {
      throw new IllegalArgumentException(
          name
              + " must have 1 value, one per covariate ("
              + given.size()
              + ") or one per level ("
              + nLevels
              + "), got "
              + values.length);
    }
    double[] out = new double[nLevels];
    int at = 0;
    for (int c = 0; c < given.size(); c++) {
      int end = at + given.get(c).nLevels();
      Arrays.fill(out, at, end, values.length == 1 ? values[0] : values[c]);
      at = end;
    }
    return out;
  }

  /** The values of a covariate's levels that have a cell; the first level's is at {@code from}. */
  private static double[] ofUsed(Categories c, double[] values, int from) {
    return IntStream.range(0, c.nLevels())
        .filter(l -> c.size(l) > 0)
        .mapToDouble(l -> values[from + l])
        .toArray();
  }

  private static double[] flat(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private double[] discounted(double[] base, double tau) {
    if (tau == 0) {
      return base;
    }
    double[] out = new double[base.length];
    for (int b = 0; b < out.length; b++) {
      double x = cellsOfLevel[b] / (nClusters * tau);
      out[b] = base[b] * -Elementary.expm1(-x * x);
    }
    return out;
  }
}
