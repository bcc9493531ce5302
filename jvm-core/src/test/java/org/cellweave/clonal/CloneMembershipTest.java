package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.clonal.CloneMembership.Params;
import org.cellweave.clonal.CloneMembership.Several;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.junit.jupiter.api.Test;

class CloneMembershipTest {
  private static CsrMatrix matrix(double... second) {
    return DenseMatrix.ofRows(new double[][] {{0, 1, 0}, second, {0, 0, 0}, {2, 2, 0}}).toCsr();
  }

  @Test
  void theLargestEntryIsTheCloneAndOfEqualOnesTheFirst() {
    var result = CloneMembership.run(matrix(1, 0, 3), "x", Params.DEFAULTS);
    assertThat(result.cloneOf()).containsExactly(1, 2, -1, 0);
    assertThat(result.ofSeveral()).isEqualTo(2);
    assertThat(result.ofNone()).isEqualTo(1);
  }

  @Test
  void cellsOfSeveralMayHaveNone() {
    var missing = Params.builder().several(Several.MISSING).build();
    assertThat(CloneMembership.run(matrix(1, 0, 3), "x", missing).cloneOf())
        .containsExactly(1, -1, -1, -1);
  }

  @Test
  void whatIsNoMembershipIsRefused() {
    assertThatThrownBy(() -> CloneMembership.run(matrix(1, 0, -3), "x", Params.DEFAULTS))
        .hasMessage("x must hold memberships, finite numbers from 0, got -3.0 in row 1, column 2");
    assertThatThrownBy(() -> CloneMembership.run(matrix(0, Double.NaN, 0), "x", Params.DEFAULTS))
        .hasMessageContaining("got NaN in row 1, column 1");
  }
}
