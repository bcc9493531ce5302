package org.cellweave.integrate.bbknn;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SymmetricInverse;
import org.cellweave.matrix.ColumnRegression;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Takes out of scaled expression what batches explain of it in a ridge regression on batches and
 * other labels together, as bbknn does before its second graph.
 *
 * <p>All labels are indicators, without an intercept: columns should have mean zero. Cost: O(nnz q
 * + n p q) for q labels. Numbers matched: bbknn 1.6.0.
 *
 * @see <a href="https://doi.org/10.1126/science.aay3224">Park 2020</a>
 */
public final class RidgeRegression {
  private static final String NAME = "ridgeRegression";

  private RidgeRegression() {}

  /**
   * @param alpha strength of the penalty on squared coefficients
   */
  public record Params(double alpha) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(alpha, "alpha");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double alpha = 1;

      public Builder alpha(double value) {
        this.alpha = value;
        return this;
      }

      public Params build() {
        return new Params(alpha);
      }
    }
  }

  /**
   * @param x what is left: dense, float64 where the input is, else float32
   * @param explained what was taken out
   */
  public record Result(DenseMatrix x, DenseMatrix explained) implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, null));
    }
  }

  /**
   * The regression with these parameters, to be handed on; what is kept shares in the fit. A single
   * batch is refused here, since all that it explains is the mean.
   */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return "ridge";
    }

    @Override
    public Values reads() {
      return Values.LOG_EXPRESSION;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      for (Categories batch : input.batches()) {
        batch.atLeastTwo("there is nothing to take out");
      }
      var confounders = input.kept().stream().map(RidgeRegression::labels).toList();
      return RidgeRegression.run(
          input.values(NAME), input.batches(), confounders, params, progress);
    }
  }

  private static Categories labels(Covariate kept) {
    if (kept instanceof Categories labels) {
      return labels;
    }
    throw new IllegalArgumentException(
        NAME + " keeps labels, but " + kept.name() + " holds numbers; cut it into classes first");
  }

  /**
   * @param x cells by genes, scaled; not changed
   * @param batches labels whose part is taken out, at least one
   * @param confounders labels that share in the fit and are kept; may be empty
   */
  public static Result run(
      Matrix x,
      List<Categories> batches,
      List<Categories> confounders,
      Params params,
      Progress progress) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("ridgeRegression has no batches; name at least one");
    }
    List<Categories> all = new ArrayList<>();
    for (var labels : List.of(batches, confounders)) {
      for (Categories label : labels) {
        all.add(label.forCells(x.nRows()).complete().withoutUnused());
      }
    }
    Finite.require(x, "x", NAME);
    var indicators = indicators(all, x.nRows());
    double[][] inner = ColumnRegression.products(Rows.of(indicators), indicators);
    for (int q = 0; q < inner.length; q++) {
      inner[q][q] += params.alpha();
    }
    double[][] products = ColumnRegression.products(Rows.of(x), indicators);
    progress.step(NAME, 1, 2, Double.NaN);
    double[][] byGene = MatrixProduct.of(products, SymmetricInverse.of(inner, NAME));
    int nBatchLevels = 0;
    for (int b = 0; b < batches.size(); b++) {
      nBatchLevels += all.get(b).nLevels();
    }
    double[][] coefficients = new double[nBatchLevels][x.nCols()];
    double[][] opposite = new double[nBatchLevels][x.nCols()];
    for (int q = 0; q < nBatchLevels; q++) {
      for (int j = 0; j < x.nCols(); j++) {
        coefficients[q][j] = byGene[j][q];
        opposite[q][j] = -byGene[j][q];
      }
    }
    var own = indicators(all.subList(0, batches.size()), x.nRows());
    var left = ColumnRegression.residuals(x, own, coefficients);
    var none = DenseMatrix.zeros(x.nRows(), x.nCols(), left.dtype());
    var explained = ColumnRegression.residuals(none, own, opposite);
    progress.step(NAME, 2, 2, Double.NaN);
    return new Result(left, explained);
  }

  /** One column for every level of every label. */
  private static DenseMatrix indicators(List<Categories> labels, int n) {
    int width = labels.stream().mapToInt(Categories::nLevels).sum();
    var out = DenseMatrix.zeros(n, width, DType.FLOAT64);
    int first = 0;
    for (Categories label : labels) {
      for (int i = 0; i < n; i++) {
        out.set(i, first + label.code(i), 1);
      }
      first += label.nLevels();
    }
    return out;
  }
}
