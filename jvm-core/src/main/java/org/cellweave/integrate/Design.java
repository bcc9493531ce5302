package org.cellweave.integrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Check;

/**
 * The covariates as one row of levels: what a cell belongs to, and how strongly it is penalised.
 */
final class Design {
  /** Covariates in use. */
  final List<Harmony.Covariate> covariates;

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

  static Design of(List<Harmony.Covariate> covariates, int nCells, Harmony.Params params) {
    return new Design(covariates, nCells, params);
  }

  private Design(List<Harmony.Covariate> given, int nCells, Harmony.Params params) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("covariates is empty; name at least one batch label");
    }
    if (nCells < 6) {
      throw new IllegalArgumentException("Harmony needs at least 6 cells, got " + nCells);
    }
    this.nCells = nCells;
    this.nClusters = clusters(nCells, params.nClusters());
    given.forEach(c -> check(c, nCells));
    double[] allTheta = expand(params.theta(), given, "theta");
    double[] allLambda =
        expand(
            params.lambda() != null
                ? params.lambda()
                : new double[] {params.flavor() == Harmony.Flavor.HARMONY2 ? -1 : 1},
            given,
            "lambda");
    var used = new ArrayList<Harmony.Covariate>();
    var keptTheta = new ArrayList<double[]>();
    var keptLambda = new ArrayList<double[]>();
    int at = 0;
    for (var c : given) {
      var present = presentLevels(c);
      if (present.length < 2) {
        warnings.add(
            "covariate '" + c.name() + "' has a single level; there is nothing to integrate over");
      } else {
        used.add(renumbered(c, present));
        keptTheta.add(pick(allTheta, at, present));
        keptLambda.add(pick(allLambda, at, present));
      }
      at += c.levels().length;
    }
    this.covariates = List.copyOf(used);
    this.firstLevel = new int[used.size() + 1];
    for (int c = 0; c < used.size(); c++) {
      firstLevel[c + 1] = firstLevel[c] + used.get(c).levels().length;
    }
    this.nLevels = firstLevel[used.size()];
    this.cellsOfLevel = new double[nLevels];
    for (int c = 0; c < used.size(); c++) {
      for (int code : used.get(c).codes()) {
        cellsOfLevel[firstLevel[c] + code]++;
      }
    }
    this.share = Arrays.stream(cellsOfLevel).map(n -> n / nCells).toArray();
    this.theta = discounted(flat(keptTheta), params.tau());
    this.lambda = flat(keptLambda);
    this.joint = new int[nCells];
    this.levelsOfJoint = joinCodes();
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

  private static void check(Harmony.Covariate c, int nCells) {
    Check.sameLength(
        c.codes().length, nCells, "covariate '" + c.name() + "'", "the number of cells");
    int missing = 0;
    int first = -1;
    for (int i = 0; i < nCells; i++) {
      int code = c.codes()[i];
      if (code < -1 || code >= c.levels().length) {
        throw new IllegalArgumentException(
            "codes of covariate '"
                + c.name()
                + "' must lie in [0, "
                + c.levels().length
                + "), got "
                + code
                + " for cell "
                + i);
      }
      if (code < 0) {
        first = missing++ == 0 ? i : first;
      }
    }
    if (missing > 0) {
      throw new IllegalArgumentException(
          "covariate '"
              + c.name()
              + "' has "
              + missing
              + " missing labels, the first for cell "
              + first
              + ". Fill them in or remove these cells");
    }
    int levels = presentLevels(c).length;
    if (levels > nCells / 2) {
      throw new IllegalArgumentException(
          "covariate '"
              + c.name()
              + "' has "
              + levels
              + " levels for "
              + nCells
              + " cells; Harmony needs labels that many cells share. A measured quantity must be"
              + " cut into classes first");
    }
  }

  private static int[] presentLevels(Harmony.Covariate c) {
    boolean[] present = new boolean[c.levels().length];
    for (int code : c.codes()) {
      if (code >= 0) {
        present[code] = true;
      }
    }
    return java.util.stream.IntStream.range(0, present.length).filter(l -> present[l]).toArray();
  }

  private static Harmony.Covariate renumbered(Harmony.Covariate c, int[] present) {
    if (present.length == c.levels().length) {
      return c;
    }
    int[] number = new int[c.levels().length];
    String[] names = new String[present.length];
    for (int l = 0; l < present.length; l++) {
      number[present[l]] = l;
      names[l] = c.levels()[present[l]];
    }
    int[] codes = Arrays.stream(c.codes()).map(code -> number[code]).toArray();
    return new Harmony.Covariate(c.name(), codes, names);
  }

  /** One value per level of all covariates, unused levels included. */
  private static double[] expand(double[] values, List<Harmony.Covariate> given, String name) {
    int nLevels = given.stream().mapToInt(c -> c.levels().length).sum();
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
      int end = at + given.get(c).levels().length;
      Arrays.fill(out, at, end, values.length == 1 ? values[0] : values[c]);
      at = end;
    }
    return out;
  }

  private static double[] pick(double[] values, int from, int[] present) {
    return Arrays.stream(present).mapToDouble(l -> values[from + l]).toArray();
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
      out[b] = base[b] * -Math.expm1(-x * x);
    }
    return out;
  }

  /** Fills {@link #joint} and returns the levels of every combination that occurs. */
  private int[][] joinCodes() {
    int[][] found = {{}};
    for (int c = 0; c < covariates.size(); c++) {
      found = joinOne(found, c);
    }
    return found;
  }

  private int[][] joinOne(int[][] known, int c) {
    int[] codes = covariates.get(c).codes();
    int levels = covariates.get(c).levels().length;
    long[] pairs = new long[nCells];
    for (int i = 0; i < nCells; i++) {
      pairs[i] = (long) joint[i] * levels + codes[i];
    }
    long size = (long) known.length * levels;
    long[] distinct = size <= 1 << 22 ? marked(pairs, (int) size) : sortedDistinct(pairs);
    int[] number = size <= 1 << 22 ? new int[(int) size] : null;
    int[][] out = new int[distinct.length][];
    for (int j = 0; j < distinct.length; j++) {
      int[] before = known[(int) (distinct[j] / levels)];
      out[j] = Arrays.copyOf(before, before.length + 1);
      out[j][before.length] = firstLevel[c] + (int) (distinct[j] % levels);
      if (number != null) {
        number[(int) distinct[j]] = j;
      }
    }
    for (int i = 0; i < nCells; i++) {
      joint[i] = number != null ? number[(int) pairs[i]] : Arrays.binarySearch(distinct, pairs[i]);
    }
    return out;
  }

  private static long[] marked(long[] pairs, int size) {
    boolean[] seen = new boolean[size];
    for (long p : pairs) {
      seen[(int) p] = true;
    }
    return java.util.stream.IntStream.range(0, size).filter(p -> seen[p]).asLongStream().toArray();
  }

  private static long[] sortedDistinct(long[] pairs) {
    return Arrays.stream(pairs).sorted().distinct().toArray();
  }
}
