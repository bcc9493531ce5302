package org.cellweave.design;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Check;

/**
 * Covariates as columns of numbers: a numeric covariate is one column, labels are one indicator per
 * level but the first (treatment contrasts, as R and patsy have them beside an intercept).
 *
 * @param columns one value per cell each
 * @param names the covariate that each column belongs to
 */
public record DesignMatrix(double[][] columns, List<String> names) {
  public DesignMatrix {
    Check.sameLength(columns.length, names.size(), "columns", "the number of names");
    names = List.copyOf(names);
  }

  /**
   * @param covariates without missing values; may be empty
   * @param nCells that each must describe
   */
  public static DesignMatrix of(List<? extends Covariate> covariates, int nCells) {
    List<double[]> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Covariate covariate : covariates) {
      Check.sameLength(covariate.nCells(), nCells, covariate.name(), "the number of cells");
      double[][] own =
          covariate instanceof NumericCovariate numbers
              ? new double[][] {numbers.values()}
              : indicators(((Categories) covariate).complete());
      columns.addAll(Arrays.asList(own));
      for (int k = 0; k < own.length; k++) {
        names.add(covariate.name());
      }
    }
    return new DesignMatrix(columns.toArray(new double[0][]), names);
  }

  private static double[][] indicators(Categories labels) {
    double[][] out = new double[Math.max(0, labels.nLevels() - 1)][labels.nCells()];
    for (int i = 0; i < labels.nCells(); i++) {
      if (labels.code(i) > 0) {
        out[labels.code(i) - 1][i] = 1;
      }
    }
    return out;
  }

  public int nColumns() {
    return columns.length;
  }
}
