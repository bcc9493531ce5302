package org.cellweave.clonal.prediction;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.NumericCovariate;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;

/**
 * What trees split clones by: expression, and behind it what else is known of the clones.
 *
 * <p>Zeros of expression count as absent, in sparse and dense matrices alike: a split sends them to
 * the side that suits better, as XGBoost does. Zeros of covariates are values like others. Labels
 * are split by subsets, not by the order of their codes; a missing label is absent.
 */
public final class FeatureTable {
  private static final String NUMBER = "float";
  private static final String LABEL = "c";

  private final Matrix x;
  private final List<Covariate> covariates;

  /**
   * @param x clones by genes, finite
   * @param covariates of the same clones; may be empty
   * @throws org.cellweave.util.NonFiniteException when a value of {@code x} is NaN or infinite
   */
  public FeatureTable(Matrix x, List<? extends Covariate> covariates) {
    Finite.require(x, "X", "boostedTrees");
    for (Covariate covariate : covariates) {
      Check.sameLength(covariate.nCells(), x.nRows(), covariate.name(), "the number of clones");
    }
    this.x = x;
    this.covariates = List.copyOf(covariates);
  }

  /**
   * Rows in compressed form.
   *
   * @param starts where each row begins, and where the last one ends
   */
  record Compressed(long[] starts, int[] columns, float[] values) {}

  public int nRows() {
    return x.nRows();
  }

  /** Genes and covariates. */
  public int nCols() {
    return x.nCols() + covariates.size();
  }

  /** One per column. */
  String[] types() {
    String[] types = new String[nCols()];
    Arrays.fill(types, NUMBER);
    for (int c = 0; c < covariates.size(); c++) {
      if (covariates.get(c) instanceof Categories) {
        types[x.nCols() + c] = LABEL;
      }
    }
    return types;
  }

  /** Whether a column holds numbers, so that it can be correlated with something. */
  boolean isNumeric(int column) {
    return column < x.nCols() || covariates.get(column - x.nCols()) instanceof NumericCovariate;
  }

  /**
   * Reads some columns, by row; labels are NaN.
   *
   * @param wanted ascending
   */
  RowsOfColumns of(int[] wanted) {
    int genes = (int) Arrays.stream(wanted).filter(j -> j < x.nCols()).count();
    RowReader reader = Rows.of(x.takeCols(Arrays.copyOf(wanted, genes))).reader();
    return (row, out) -> {
      reader.read(row, out);
      for (int k = genes; k < wanted.length; k++) {
        out[k] = isNumeric(wanted[k]) ? known(wanted[k] - x.nCols(), row) : Double.NaN;
      }
    };
  }

  /** Fills an array with the values of a row. */
  interface RowsOfColumns {
    void read(int row, double[] out);
  }

  /** Some rows, in their order. */
  Compressed rows(int[] wanted) {
    RowReader reader = Rows.of(x).reader();
    long[] starts = new long[wanted.length + 1];
    int[] columns = new int[Math.max(16, wanted.length)];
    float[] values = new float[columns.length];
    int at = 0;
    for (int r = 0; r < wanted.length; r++) {
      int entries = reader.load(wanted[r]);
      if (at + (long) entries + covariates.size() > columns.length) {
        int room = Math.toIntExact(Math.max(2L * at, at + (long) entries + covariates.size()));
        columns = Arrays.copyOf(columns, room);
        values = Arrays.copyOf(values, room);
      }
      for (int k = 0; k < entries; k++) {
        if (reader.values()[k] != 0) {
          columns[at] = reader.columns()[reader.start() + k];
          values[at++] = (float) reader.values()[k];
        }
      }
      at = append(wanted[r], columns, values, at);
      starts[r + 1] = at;
    }
    return new Compressed(starts, Arrays.copyOf(columns, at), Arrays.copyOf(values, at));
  }

  private int append(int row, int[] columns, float[] values, int from) {
    int at = from;
    for (int c = 0; c < covariates.size(); c++) {
      double value = known(c, row);
      if (!Double.isNaN(value)) {
        columns[at] = x.nCols() + c;
        values[at++] = (float) value;
      }
    }
    return at;
  }

  /** A number, the code of a label, or NaN for a missing one. */
  private double known(int covariate, int row) {
    if (covariates.get(covariate) instanceof NumericCovariate numbers) {
      return numbers.values()[row];
    }
    int code = ((Categories) covariates.get(covariate)).code(row);
    return code < 0 ? Double.NaN : code;
  }
}
