package org.cellweave.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class H5ReferenceTest {
  @EachReference
  void readsEveryReference(H5Reference kang) {
    try (kang) {
      var x = kang.csr("layers/counts");
      assertThat(x.nRows()).isEqualTo(kang.strings("obs/_index").length);
      assertThat(x.nCols()).isEqualTo(kang.strings("var/_index").length);
      assertThat(kang.dense("obsm/X_pca").nCols()).isEqualTo(30);
      assertThat(kang.codes("obs/leiden")).hasSize(x.nRows());
      assertThat(kang.recordStrings("uns/wilcoxon/names", "0"))
          .hasSize(kang.isKang() ? x.nCols() : 150);
      assertThat(kang.recordDoubles("uns/wilcoxon/scores", "0")[0]).isPositive();
    }
  }

  /** The one place that tells that tests on real cells have not run. */
  @Test
  void realCellsAreHere() {
    try (var kang = H5Reference.kang()) {
      assertThat(kang.isKang()).isTrue();
      assertThat(H5Reference.all()).hasSize(2);
    }
  }
}
