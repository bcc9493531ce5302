package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class ResponseTransformTest {
  private static double[] of(ResponseTransform transform, double... row) {
    var values = DenseMatrix.ofRows(new double[][] {row});
    return transform.apply(values, 1e-3, "obsm['p']").doubleData();
  }

  @Test
  void byHand() {
    assertThat(of(ResponseTransform.NONE, -1, 2)).containsExactly(-1, 2);
    assertThat(of(ResponseTransform.SQRT, 0, 9)).containsExactly(0, 3);
    assertThat(of(ResponseTransform.LOG1P, 0, 2))
        .containsExactly(new double[] {0, Math.log(3)}, within(1e-12));
    assertThat(of(ResponseTransform.LOGIT, 0, 0.5, 1))
        .containsExactly(new double[] {-Math.log(99), 0, Math.log(99)}, within(1e-12));
    double[] clr = of(ResponseTransform.CLR, 0, 0.25, 0.75);
    assertThat(clr[0] + clr[1] + clr[2]).isCloseTo(0, within(1e-12));
    assertThat(clr[2] - clr[0]).isCloseTo(Math.log(0.751 / 0.001), within(1e-12));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> of(ResponseTransform.SQRT, 0, -1))
        .hasMessage(
            "responseTransform = 'sqrt' needs shares or counts, but obsm['p'] has -1.0 in row 0,"
                + " column 1. Take such a slot, or leave the transform out");
    assertThatThrownBy(() -> of(ResponseTransform.CLR, -0.5, 1))
        .hasMessageContaining("responseTransform = 'clr'");
    var one = DenseMatrix.ofRows(new double[][] {{1}});
    assertThatThrownBy(() -> ResponseTransform.CLR.apply(one, 0, "p"))
        .hasMessage("clrPseudocount must be positive, got 0.0");
  }
}
