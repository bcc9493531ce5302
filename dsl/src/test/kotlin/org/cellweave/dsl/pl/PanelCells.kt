package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.get
import org.cellweave.matrix.DenseMatrix

/** 24 cells in groups a, b, c in turn, categories (empty, a, b, c); gene k is high in the k-th group. */
internal fun panelCells(): AnnData {
    val n = 24
    val x = FloatArray(n * 4) { i ->
        val cell = i / 4
        val gene = i % 4
        (if (gene == cell % 3) 3f else 0.25f * ((cell * 7 + gene * 5) % 4)) + (if (gene == 3) 1f else 0f)
    }
    val adata = AnnData(DenseMatrix.wrap(x, n, 4))
    adata.`var`.names = listOf("A", "B", "C", "D")
    adata.obs.names = List(n) { "cell$it" }
    val codes = IntArray(n) { it % 3 + 1 }
    adata.obs["g"] = CategoricalColumn(codes, StringColumn.of("empty", "a", "b", "c"), false)
    adata.obsm["X_umap"] = DenseMatrix.wrap(FloatArray(2 * n) { ((it * 37) % 23).toFloat() }, n, 2)
    adata.uns["log1p"] = mapOf<String, Any?>("base" to null)
    return adata
}

internal fun rowsOf(figure: Figure): List<Any?> =
    Specs
        .layers(Specs.plots(figure).single())
        .first { "gene" in (it["data"] as Map<*, *>) }
        .let { Specs.column(it, "group").distinct() }

internal fun refusing(expected: String, body: () -> Any) =
    assertThatThrownBy { body() }.hasMessageContaining(expected).satisfies({
        assertThat(it.message!!.lines()).`as`("one line").hasSize(1)
    })
