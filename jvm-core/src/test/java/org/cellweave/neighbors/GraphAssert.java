package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.testing.H5Reference;

/** Compares a graph with one in a reference file, entry by entry. */
final class GraphAssert {
  private GraphAssert() {}

  static void assertSame(CsrMatrix got, H5Reference file, String path, double tolerance) {
    var expected = file.csr(path);
    assertThat(got.rowPtr()).as(path + " row pointers").isEqualTo(expected.rowPtr());
    for (int i = 0; i < got.nRows(); i++) {
      var a = got.blockOf(i);
      var b = expected.blockOf(i);
      for (int c = 0; c < got.rowNnz(i); c++) {
        String what = path + " row " + i + " entry " + c;
        assertThat(a.indices()[a.start(i) + c]).as(what).isEqualTo(b.indices()[b.start(i) + c]);
        double v = b.value(b.start(i) + c);
        assertThat(a.value(a.start(i) + c))
            .as(what)
            .isCloseTo(v, within(tolerance * Math.max(1, v)));
      }
    }
  }
}
