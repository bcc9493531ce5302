package org.cellweave.jupyter

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class CellCodeTest {
    @ParameterizedTest
    @ValueSource(
        strings = [
            "sc.tl.umap(adata)",
            "val x = 1\nsc.pp.pca(adata, nComps = 30)\n",
            "sc.pp.neighbors(\n    adata,\n    nNeighbors = 5,\n)\n\n// done\n",
            "adata; sc.tl.leiden(adata)",
            "sc.tl.umap(adata) // copy = true",
            "sc\n  .tl\n  .umap(adata)",
        ],
    )
    fun `a verb that changes its argument is the last word`(code: String) {
        assertThat(CellCode.endsInVerb(code)).isTrue
    }

    @ParameterizedTest
    @ValueSource(
        strings = [
            "adata",
            "sc.tl.umap(adata)\nadata",
            "sc.tl.umap(adata); adata",
            "sc.pp.normalizeTotal(adata, copy = true)",
            "val b = sc.tl.umap(adata)",
            "sc.get.obsDf(adata)",
            "\"sc.tl.umap(adata)\"",
            "f {\n  sc.tl.umap(adata)\n}",
            "",
        ],
    )
    fun `other cells show their value`(code: String) {
        assertThat(CellCode.endsInVerb(code)).isFalse
    }

    @Test
    fun `question marks ask for help as in IPython`() {
        assertThat(QuestionMarks.replaced("?sc.pp.neighbors")).isEqualTo("sc.help(\"sc.pp.neighbors\")")
        assertThat(QuestionMarks.replaced("val x = 1\nsc.tl.umap?\n")).isEqualTo("val x = 1\nsc.help(\"sc.tl.umap\")\n")
        assertThat(QuestionMarks.replaced("?? pp")).isEqualTo("sc.help(\"pp\")")
        for (code in listOf("val x: Int? = null", "kotlin.String?", "a?.b", "if (x) y else z", "f(x)?.g", "x ?: y")) {
            assertThat(QuestionMarks.replaced(code)).isEqualTo(code)
        }
    }
}
