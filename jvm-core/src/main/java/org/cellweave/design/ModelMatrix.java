package org.cellweave.design;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.linalg.LeastSquares;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.util.Check;

/**
 * A formula's columns for given rows: an intercept, numbers, indicators of levels, and products of
 * these. Labels are compared with their first level wherever the formula has the terms that make
 * this enough, as in R.
 *
 * @param columns one value per row each
 * @param names of the coefficients, such as {@code Intercept}, {@code condition[T.stim]} or {@code
 *     age:sex[T.m]}
 */
public record ModelMatrix(
    ModelFormula formula,
    Map<String, Covariate> covariates,
    double[][] columns,
    List<String> names) {
  private static final String INTERCEPT = "Intercept";

  /** A column that keeps less than this share of its length is a combination of the others. */
  private static final double INDEPENDENT = 1e-7;

  static ModelMatrix of(ModelFormula formula, Map<String, Covariate> covariates) {
    if (covariates.isEmpty()) {
      throw new IllegalArgumentException(
          "the formula '"
              + formula
              + "' names no column; use intercept(n) for the intercept alone");
    }
    int n = covariates.values().iterator().next().nCells();
    List<double[]> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (List<String> term : formula.terms()) {
      List<double[]> made = new ArrayList<>(List.of(ones(n)));
      List<String> called = new ArrayList<>(List.of(""));
      for (String column : term) {
        var part = Part.of(column, covariates.get(column), formula.isContrast(term, column));
        multiply(made, called, part);
      }
      columns.addAll(made);
      called.forEach(name -> names.add(name.isEmpty() ? INTERCEPT : name));
    }
    return new ModelMatrix(formula, covariates, columns.toArray(new double[0][]), names);
  }

  /** An intercept alone. */
  public static ModelMatrix intercept(int n) {
    return new ModelMatrix(
        ModelFormula.parse("~ 1"), Map.of(), new double[][] {ones(n)}, List.of(INTERCEPT));
  }

  private static double[] ones(int n) {
    double[] out = new double[n];
    Arrays.fill(out, 1);
    return out;
  }

  private static void multiply(List<double[]> made, List<String> called, Part part) {
    List<double[]> products = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int k = 0; k < part.columns.length; k++) {
      for (int m = 0; m < made.size(); m++) {
        double[] product = part.columns[k].clone();
        double[] other = made.get(m);
        Arrays.setAll(product, i -> product[i] * other[i]);
        products.add(product);
        names.add(called.get(m).isEmpty() ? part.names[k] : called.get(m) + ":" + part.names[k]);
      }
    }
    made.clear();
    made.addAll(products);
    called.clear();
    called.addAll(names);
  }

  /** What one covariate gives to a term. */
  private record Part(double[][] columns, String[] names) {
    static Part of(String name, Covariate covariate, boolean contrast) {
      if (covariate instanceof NumericCovariate numbers) {
        return new Part(new double[][] {numbers.values()}, new String[] {name});
      }
      Categories labels = (Categories) covariate;
      int first = contrast ? 1 : 0;
      int count = Math.max(0, labels.nLevels() - first);
      double[][] columns = new double[count][labels.nCells()];
      String[] names = new String[count];
      for (int k = 0; k < count; k++) {
        names[k] = name + (contrast ? "[T." : "[") + labels.level(first + k) + "]";
      }
      for (int i = 0; i < labels.nCells(); i++) {
        if (labels.code(i) >= first) {
          columns[labels.code(i) - first][i] = 1;
        }
      }
      return new Part(columns, names);
    }
  }

  /**
   * @throws IllegalArgumentException names a column that follows from others, and those
   */
  public ModelMatrix fullRank() {
    double[] least = new double[columns.length];
    Arrays.setAll(least, c -> INDEPENDENT * OrthonormalBasis.length(columns[c]));
    int[] kept = OrthonormalBasis.of(columns, least).kept();
    if (kept.length == columns.length) {
      return this;
    }
    int dependent =
        IntStream.range(0, columns.length)
            .filter(c -> Arrays.binarySearch(kept, c) < 0)
            .findFirst()
            .orElseThrow();
    throw new IllegalArgumentException(
        "the design "
            + formula
            + " is not of full rank: "
            + follows(dependent, kept)
            + ". Leave one of these terms out");
  }

  private String follows(int dependent, int[] kept) {
    if (OrthonormalBasis.length(columns[dependent]) == 0) {
      return "'" + names.get(dependent) + "' is 0 in every sample";
    }
    int[] before = Arrays.stream(kept).filter(c -> c < dependent).toArray();
    double[][] a = new double[columns[0].length][before.length];
    double[][] b = new double[columns[0].length][1];
    for (int i = 0; i < a.length; i++) {
      b[i][0] = columns[dependent][i];
      for (int k = 0; k < before.length; k++) {
        a[i][k] = columns[before[k]][i];
      }
    }
    double[][] weights = LeastSquares.leastNorm(a, b, INDEPENDENT).x();
    List<String> others =
        IntStream.range(0, before.length)
            .filter(k -> Math.abs(weights[k][0]) > INDEPENDENT)
            .mapToObj(k -> "'" + names.get(before[k]) + "'")
            .toList();
    return "'" + names.get(dependent) + "' follows from " + String.join(" and ", others);
  }

  /**
   * The weights that compare two levels of a column, where other columns have their first level and
   * numbers are 0.
   *
   * @param column of the formula, holding labels
   * @throws IllegalArgumentException names the columns or levels there are
   */
  public double[] contrast(String column, String level, String base) {
    List<String> known = formula.columns().stream().map(ModelFormula::column).toList();
    String name =
        formula.columns().stream()
            .filter(c -> c.equals(column) || ModelFormula.column(c).equals(column))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "contrast must name a column of "
                            + formula
                            + ", got '"
                            + column
                            + "'; it has "
                            + known
                            + "."
                            + Check.suggestion(column, known)));
    if (!(covariates.get(name) instanceof Categories labels)) {
      throw new IllegalArgumentException(
          "contrast compares levels of labels, but '"
              + column
              + "' holds numbers. Name its coefficient instead, as in mapOf(\""
              + column
              + "\" to 1.0)");
    }
    if (level.equals(base)) {
      throw new IllegalArgumentException(
          "contrast must compare two levels of '" + column + "', got '" + level + "' twice");
    }
    double[] upper = row(name, code(labels, column, level));
    double[] lower = row(name, code(labels, column, base));
    Arrays.setAll(upper, c -> upper[c] - lower[c]);
    return upper;
  }

  private static int code(Categories labels, String column, String level) {
    List<String> levels = List.of(labels.levels());
    int code = levels.indexOf(level);
    if (code < 0) {
      throw new IllegalArgumentException(
          "contrast names the level '"
              + level
              + "', but '"
              + column
              + "' has "
              + levels
              + "."
              + Check.suggestion(level, levels));
    }
    return code;
  }

  /** What a row would be that has this level, the first of all others, and zeros for numbers. */
  private double[] row(String column, int code) {
    Map<String, Covariate> one = new LinkedHashMap<>();
    covariates.forEach(
        (name, covariate) ->
            one.put(
                name,
                covariate instanceof Categories labels
                    ? new Categories(
                        labels.name(), new int[] {name.equals(column) ? code : 0}, labels.levels())
                    : new NumericCovariate(covariate.name(), 0)));
    double[][] made = of(formula, one).columns;
    double[] row = new double[made.length];
    Arrays.setAll(row, c -> made[c][0]);
    return row;
  }

  /**
   * @param weights of coefficients by name; others are 0
   * @throws IllegalArgumentException names the coefficients there are
   */
  public double[] contrast(Map<String, Double> weights) {
    double[] out = new double[names.size()];
    weights.forEach(
        (name, weight) -> {
          int at = names.indexOf(name);
          if (at < 0) {
            throw new IllegalArgumentException(
                "contrast names the coefficient '"
                    + name
                    + "', but the design "
                    + formula
                    + " has "
                    + names
                    + "."
                    + Check.suggestion(name, names));
          }
          out[at] = Check.finite(weight, "the weight of '" + name + "' in contrast");
        });
    if (Arrays.stream(out).allMatch(w -> w == 0)) {
      throw new IllegalArgumentException("contrast has no weight other than 0");
    }
    return out;
  }

  /** The last coefficient by itself. */
  public double[] last() {
    double[] out = new double[names.size()];
    out[out.length - 1] = 1;
    return out;
  }
}
