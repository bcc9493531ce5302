package org.cellweave.integrate.limma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.DesignMatrix;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.ColumnRegression;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Removes what batches and covariates add to each gene, by one least-squares fit beside a design
 * that is kept: with one batch column alone, every batch goes to the plain mean of the batch means.
 *
 * <p>What the design determines already is not removed, and {@link Result#warnings()} say so.
 * Departure from limma: a column with a single batch is refused. Cost: O(nnz q + n p q) for q
 * columns; sparse input is read as it is, and only the result is dense. Numbers matched: limma as
 * of Bioconductor 3.16.
 *
 * @see <a href="https://doi.org/10.1093/nar/gkv007">Ritchie 2015</a>
 */
public final class RemoveBatchEffect {
  private static final String NAME = "limma";

  /** A column that keeps less than this share of its length is a combination of the others. */
  private static final double INDEPENDENT = 1e-7;

  private RemoveBatchEffect() {}

  /**
   * @param covariates numbers whose effect is removed besides the batches'; may be empty
   */
  public record Params(List<NumericCovariate> covariates) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      covariates = List.copyOf(covariates);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private List<NumericCovariate> covariates = List.of();

      public Builder covariates(List<NumericCovariate> value) {
        this.covariates = value;
        return this;
      }

      public Params build() {
        return new Params(covariates);
      }
    }
  }

  /**
   * @param x values without the effects: dense, float64 where the input is, else float32
   * @param columns what was removed, one value per cell each: batches in sum-to-zero contrasts,
   *     covariates around their means
   * @param coefficients of every column, one per gene; 0 for a column that was left out
   * @param leftOut names of what others determine
   */
  public record Result(
      DenseMatrix x, double[][] columns, double[][] coefficients, List<String> leftOut)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, null));
    }

    @Override
    public List<String> warnings() {
      return leftOut.stream()
          .map(
              name ->
                  "removeBatchEffect could not remove all of "
                      + name
                      + ": the design and the other columns determine a part of it")
          .toList();
    }
  }

  /** The removal with these parameters, to be handed on; what is kept is the design. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Values reads() {
      return Values.LOG_EXPRESSION;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return RemoveBatchEffect.run(
          input.values(name()), input.batches(), input.kept(), params, progress);
    }
  }

  /**
   * @param x cells by genes, usually logarithms; not changed
   * @param batches columns whose effects are removed, each with two levels at least; may be empty
   *     where there are covariates
   * @param design what is known about the cells besides, and is to be kept, beside an intercept
   */
  public static Result run(
      Matrix x,
      List<Categories> batches,
      List<? extends Covariate> design,
      Params params,
      Progress progress) {
    var removed = removed(x.nRows(), batches, params);
    if (removed.columns().length == 0) {
      throw new IllegalArgumentException(
          "removeBatchEffect has nothing to remove; name a batch column or covariates");
    }
    Finite.require(x, "x", NAME);
    var kept = DesignMatrix.of(unused(design), x.nRows());
    double[][] all = new double[1 + kept.nColumns() + removed.nColumns()][];
    all[0] = new double[x.nRows()];
    Arrays.fill(all[0], 1);
    System.arraycopy(kept.columns(), 0, all, 1, kept.nColumns());
    System.arraycopy(removed.columns(), 0, all, 1 + kept.nColumns(), removed.nColumns());
    var basis = OrthonormalBasis.of(all, least(all));
    progress.step(NAME, 1, 3, Double.NaN);
    Parallel.checkInterrupted();
    double[][] products =
        ColumnRegression.products(
            Rows.of(x), DenseMatrix.wrap(basis.byRow(), x.nRows(), basis.rank()));
    progress.step(NAME, 2, 3, Double.NaN);
    Parallel.checkInterrupted();
    double[][] coefficients =
        coefficients(products, basis, 1 + kept.nColumns(), removed.nColumns());
    var out = ColumnRegression.residuals(x, byRow(removed.columns()), coefficients);
    var leftOut = leftOut(basis, removed, 1 + kept.nColumns());
    progress.step(NAME, 3, 3, Double.NaN);
    return new Result(out, removed.columns(), coefficients, leftOut);
  }

  private static List<Covariate> unused(List<? extends Covariate> design) {
    List<Covariate> out = new ArrayList<>();
    for (Covariate covariate : design) {
      out.add(covariate instanceof Categories labels ? labels.withoutUnused() : covariate);
    }
    return out;
  }

  private static DesignMatrix removed(int n, List<Categories> batches, Params params) {
    List<double[]> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Categories batch : batches) {
      var used =
          batch
              .forCells(n)
              .complete()
              .withoutUnused()
              .atLeastTwo("there is nothing to remove within one batch.");
      for (int level = 0; level < used.nLevels() - 1; level++) {
        columns.add(contrast(used, level));
        names.add(used.name());
      }
    }
    double[][] numbers = DesignMatrix.of(params.covariates(), n).columns();
    for (int k = 0; k < numbers.length; k++) {
      double mean = Arrays.stream(numbers[k]).sum() / n;
      columns.add(Arrays.stream(numbers[k]).map(v -> v - mean).toArray());
      names.add(params.covariates().get(k).name());
    }
    return new DesignMatrix(columns.toArray(new double[0][]), names);
  }

  /** One in the level, minus one in the last, else zero. */
  private static double[] contrast(Categories batch, int level) {
    double[] out = new double[batch.nCells()];
    for (int i = 0; i < out.length; i++) {
      int code = batch.code(i);
      out[i] = code == level ? 1 : code == batch.nLevels() - 1 ? -1 : 0;
    }
    return out;
  }

  private static double[] least(double[][] columns) {
    return Stream.of(columns).mapToDouble(c -> INDEPENDENT * OrthonormalBasis.length(c)).toArray();
  }

  /**
   * Of the columns from {@code first} on: what solves {@code R b = Q'y}, 0 where one is missing.
   */
  private static double[][] coefficients(
      double[][] products, OrthonormalBasis basis, int first, int count) {
    int rank = basis.rank();
    double[][] out = new double[count][products.length];
    double[] b = new double[rank];
    for (int j = 0; j < products.length; j++) {
      for (int r = rank - 1; r >= 0 && basis.kept()[r] >= first; r--) {
        double sum = products[j][r];
        for (int c = r + 1; c < rank; c++) {
          sum -= basis.r()[r][c] * b[c];
        }
        b[r] = sum / basis.r()[r][r];
        out[basis.kept()[r] - first][j] = b[r];
      }
    }
    return out;
  }

  private static List<String> leftOut(OrthonormalBasis basis, DesignMatrix removed, int first) {
    var names = new LinkedHashSet<String>();
    for (int c = 0; c < removed.nColumns(); c++) {
      if (Arrays.binarySearch(basis.kept(), first + c) < 0) {
        names.add(removed.names().get(c));
      }
    }
    return List.copyOf(names);
  }

  private static DenseMatrix byRow(double[][] columns) {
    var out = DenseMatrix.zeros(columns[0].length, columns.length, DType.FLOAT64);
    double[] row = new double[columns.length];
    for (int i = 0; i < out.nRows(); i++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = columns[c][i];
      }
      out.setRow(i, row);
    }
    return out;
  }
}
