package org.cellweave.integrate.bbknn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.contract.BatchIntegrationContract;
import org.cellweave.design.Categories;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class RidgeRegressionContractTest extends BatchIntegrationContract {
  @Override
  protected BatchIntegration<?> method(long seed) {
    return RidgeRegression.with(RidgeRegression.Params.DEFAULTS);
  }

  @Override
  protected OneBatch oneBatch() {
    return OneBatch.REFUSED;
  }

  /** Sums in another order round otherwise. */
  @Override
  protected double tolerance() {
    return 1e-6;
  }

  @Override
  protected boolean draws() {
    return false;
  }

  @Test
  void whatIsKeptSharesInTheFitAndMustBeLabels() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {3}, {5}});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    var type = Categories.of("type", 0, 1, 0, 1);
    var block = List.of(FeatureBlock.of("x", x));
    var kept = new IntegrationInput(block, List.of(batch), List.of(type));
    var method = RidgeRegression.with(RidgeRegression.Params.DEFAULTS);
    var direct =
        RidgeRegression.run(
            x, List.of(batch), List.of(type), RidgeRegression.Params.DEFAULTS, Progress.NONE);
    assertThat(method.run(kept, Progress.NONE).x().doubleData()).isEqualTo(direct.x().doubleData());
    var number = new NumericCovariate("obs['age']", 1, 2, 3, 4);
    var numbers = new IntegrationInput(block, List.of(batch), List.of(number));
    assertThatThrownBy(() -> method.run(numbers, Progress.NONE))
        .hasMessageContaining("keeps labels, but obs['age'] holds numbers");
  }
}
