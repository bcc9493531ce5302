package org.cellweave.clonal.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.clonal.prediction.BoostedTrees.Model;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

/** Python's xgboost 3.2.0 with its own losses, at the round that is best on validation clones. */
class XgboostAgreementTest {
  private static final String FILE = "jvm-core/src/test/resources/reference/boosted/xgboost.h5";
  private static final int ROUNDS = 30;

  private final H5Reference file = H5Reference.of(SharedData.projectRoot().resolve(FILE));
  private final int n = file.ints("shape")[0];
  private final int p = file.ints("shape")[1];
  private final DenseMatrix share = file.dense("share");

  private BoostedTrees.Result run(Model model) {
    double[] data = file.doubles("data");
    float[] values = new float[data.length];
    for (int at = 0; at < data.length; at++) {
      values[at] = (float) data[at];
    }
    var x = CsrMatrix.of(n, p, file.ints("indptr"), file.ints("indices"), values);
    var labels = Categories.of("obs['layer']", file.ints("labels"));
    boolean[] validation = new boolean[n];
    for (int i = 0; i < n; i++) {
      validation[i] = file.ints("validation")[i] == 1;
    }
    var table = new FeatureTable(x, List.of(labels));
    var params =
        BoostedTrees.Params.builder()
            .model(model)
            .nTrees(ROUNDS)
            .maxDepth(4)
            .minChildWeight(0)
            .rowShare(1)
            .build();
    return BoostedTrees.run(
        new BoostedTrees.Input(table, share, share, "share", validation), params);
  }

  private void sameCourse(BoostedTrees.Result result, String model) {
    assertThat(result.nTrees()).isEqualTo(file.ints(model + "/trees")[0]);
    assertThat(result.validationLoss())
        .containsExactly(file.doubles(model + "/loss"), within(Tolerance.PEER));
  }

  private void same(DenseMatrix ours, DenseMatrix theirs) {
    for (int r = 0; r < share.nCols(); r++) {
      assertThat(ours.column(r)).containsExactly(theirs.column(r), within(Tolerance.PEER));
    }
  }

  @Test
  void regressor() {
    var result = run(Model.REGRESSOR);
    sameCourse(result, "regressor");
    same(result.margins(), file.dense("regressor/margins"));
    double[] contributions = file.doubles("regressor/contributions");
    for (int r = 0; r < share.nCols(); r++) {
      for (int i = 0; i < n; i++) {
        int row = (r * n + i) * (p + 2);
        for (int j = 0; j <= p; j++) {
          assertThat(result.shap().get(r).get(i, j))
              .isCloseTo(contributions[row + j], within(Tolerance.PEER));
        }
        assertThat(result.bias()[r]).isCloseTo(contributions[row + p + 1], within(Tolerance.PEER));
      }
    }
  }

  @Test
  void sharesGiveTheTreesOfRepeatedClones() {
    var result = run(Model.CLASSIFIER);
    sameCourse(result, "classifier");
    same(result.predictions(), file.dense("classifier/chances"));
  }
}
