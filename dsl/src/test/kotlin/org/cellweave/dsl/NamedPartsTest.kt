package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

/** Values of `uns`, whose types only the file knows, asked and changed as in Python. */
class NamedPartsTest {
    private fun small(): AnnData =
        AnnData(
            listOf(listOf(1, 0, 2), listOf(0, 3, 4)),
            obs = mapOf("group" to listOf("a", "b")),
            uns = mapOf("paga" to mapOf("groups" to "group"), "pca" to mapOf("params" to mapOf("n" to 2L))),
        )

    @Test
    fun `a value is put into a dict below a dict`() {
        val adata = small()
        adata.uns["paga"]["note"] = "mine"
        adata.uns["pca"]["params"]["n"] = 3L
        assertThat(adata.uns["paga"]["note"]).isEqualTo("mine")
        assertThat(adata.uns["pca"]["params"]["n"]).isEqualTo(3L)
        adata.uns["table"] = DataFrame.ofNames("r0", "r1")
        adata.uns["table"]["x"] = listOf(1, 2)
        assertThat(adata.uns["table"]["x"][1]).isEqualTo(2L)
        assertThat(adata.uns.keys()).containsExactly("paga", "pca", "table")
        assertThat(adata.uns.items().map { it.key }).hasSize(3)
        assertThat(adata.obs.keys()).containsExactly("group")
    }

    @Test
    fun `a view's dicts are its own`() {
        val adata = small()
        val view = adata[listOf("1")]
        view.uns["pca"]["params"]["n"] = 7L
        assertThat(adata.uns["pca"]["params"]["n"]).isEqualTo(2L)
        assertThat(view.uns["pca"]["params"]["n"]).isEqualTo(7L)
    }

    @Test
    fun `what takes nothing by name says what it is, and stays`() {
        val adata = small()
        assertThatThrownBy { adata.uns["paga"]["groups"]["x"] = 1 }
            .hasMessage("1 cannot be put under 'x' here: this is the text 'group'")
        val fixed: Any? = java.util.Map.of("a", 1)
        assertThatThrownBy { fixed["b"] = 2 }.hasMessageContaining("cannot be changed")
        val x = adata.uns["absent"]
        assertThatThrownBy { x.shape }.hasMessage("this value is null, which has no shape")
        assertThatThrownBy { x.dtype }.hasMessage("this value is null, which has no dtype")
        assertThatThrownBy { x.toarray() }.hasMessage("this value is null, which is no matrix")
        assertThatThrownBy { adata.obs[x] }.hasMessage("a column is read by its name, got null")
    }

    @Test
    fun `a column is found by the name that uns holds`() {
        val adata = small()
        assertThat(adata.obs[adata.uns["paga"]["groups"]].texts()).containsExactly("a", "b")
    }

    @Test
    fun `records, pictures and graphs are asked without a type`() {
        val adata = sc.datasets.blobs(nObservations = 40, nVariables = 5, nCenters = 2)
        sc.tl.rankGenesGroups(adata, "blobs", method = "t-test")
        assertThat(adata.uns["rank_genes_groups"]["names"].dtype.names).containsExactly("0", "1")
        val best = adata.uns["rank_genes_groups"]["names"]["0"]
        assertThat(best.shape).isEqualTo(listOf(5))
        assertThatThrownBy { best.dtype.names }.hasMessage("entries of type str have no named fields")
        adata.uns["picture"] = NdArray(DType.FLOAT32, intArrayOf(2, 3, 1), FloatArray(6))
        assertThat(adata.uns["picture"].shape).isEqualTo(listOf(2, 3, 1))
        adata.uns["graph"] = DenseMatrix.ofRows(arrayOf(doubleArrayOf(0.0, 2.0), doubleArrayOf(1.0, 0.0)))
        assertThat(adata.uns["graph"].toarray().ravel()).containsExactly(0.0, 2.0, 1.0, 0.0)
        val copy = adata.uns["graph"].copy()
        assertThat(copy).isNotSameAs(adata.uns["graph"])
        adata.uns["graph"] = adata.uns["graph"].copy()
    }

    @Test
    fun `one cell by position or name`() {
        val adata = small()
        assertThat(adata[1].obsNames).containsExactly("1")
        assertThat(adata["0"].nObs).isEqualTo(1)
        adata.raw = adata
        assertThat(adata.raw[1].X.nRows()).isEqualTo(1)
        assertThat(adata.raw["1"].X.nRows()).isEqualTo(1)
    }
}
