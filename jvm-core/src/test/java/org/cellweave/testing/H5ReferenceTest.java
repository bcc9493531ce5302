package org.cellweave.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class H5ReferenceTest {
  @Test
  void readsTheKangReference() {
    try (var kang = H5Reference.kang()) {
      var x = kang.csr("layers/counts");
      assertThat(x.nRows()).isEqualTo(kang.strings("obs/_index").length);
      assertThat(x.nCols()).isEqualTo(kang.strings("var/_index").length);
      assertThat(kang.dense("obsm/X_pca").nCols()).isEqualTo(30);
      assertThat(kang.codes("obs/leiden")).hasSize(x.nRows());
      assertThat(kang.recordStrings("uns/wilcoxon/names", "0")).hasSize(x.nCols());
      assertThat(kang.recordDoubles("uns/wilcoxon/scores", "0")[0]).isPositive();
    }
  }
}
