package org.cellweave.jupyter.html

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.get
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

class MuDataHtmlTest {
    private fun modality(vararg cells: String): AnnData {
        val x = DenseMatrix.zeros(cells.size, 2, DType.FLOAT32)
        val adata = AnnData(x, DataFrame.ofNames(*cells), DataFrame.ofNames("g0", "g1"))
        adata.obs.set("n", NumericColumn.of(*IntArray(cells.size)))
        return adata
    }

    private fun both() = MuData(mapOf("rna" to modality("a", "b"), "<adt>" to modality("b", "c")))

    @Test
    fun `shared annotation, then every modality`() {
        val mdata = both()
        mdata.obs.set("site", NumericColumn.of(1, 2, 3))
        val page = Parsed(MuDataHtml.of(mdata))
        assertThat(page.all("span", "cw-title").map { it.textContent })
            .containsExactly("MuData object: 3 \u00D7 4", "rna: 2 \u00D7 2", "<adt>: 2 \u00D7 2")
        assertThat(page.text).contains("site").doesNotContain("rna:n")
    }

    @Test
    fun `views and shared features say so`() {
        val view = Parsed(MuDataHtml.of(both()[0..1]))
        assertThat(view.all("span", "cw-badge").first().textContent).isEqualTo("view")
        val stacked = MuData(mapOf("x" to modality("a"), "y" to modality("b")), 1)
        assertThat(Parsed(MuDataHtml.of(stacked)).text).contains("shared var")
    }
}
