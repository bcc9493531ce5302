package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.data.Offset
import org.cellweave.data.AnnData
import org.cellweave.matrix.Matrix
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** The same lines in numpy and scipy on the same cells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NumPyPeerTest {
    private val adata: AnnData = controlCells().let { it[0 until 300, 0 until 800].copy() }
    private val x: Matrix = adata.X.astype(np.float32)
    private lateinit var theirs: AnnData

    @BeforeAll
    fun `numpy does the same`(
        @TempDir folder: Path,
    ) {
        adata.X = x
        theirs =
            Peer.run(
                folder,
                adata,
                """
                import scipy.sparse as sp
                X = sp.csr_matrix(a.X)
                D = X.toarray().astype(np.float64)
                a.obs['sum'] = np.asarray(X.sum(axis=1, dtype=np.float64)).ravel()
                a.obs['mean'] = D.mean(axis=1)
                a.obs['std'] = D.std(axis=1)
                a.obs['median'] = np.median(D, axis=1)
                a.obs['argmax'] = np.asarray(X.argmax(axis=1)).ravel()
                a.obs['above'] = np.asarray((X > 1).sum(axis=1)).ravel()
                a.var['sum'] = D.sum(axis=0)
                a.var['std'] = D.std(axis=0, ddof=1)
                a.var['median'] = np.median(D, axis=0)
                a.var['q'] = np.quantile(D, 0.95, axis=0)
                a.var['max'] = D.max(axis=0)
                a.var['argmin'] = D.argmin(axis=0)
                a.var['nnz'] = (D != 0).sum(axis=0)
                a.layers['log1p'] = X.log1p()
                a.layers['times'] = X * np.float32(0.1)
                a.layers['sqrt'] = X.sqrt()
                a.layers['rows'] = sp.csr_matrix(X.multiply(1 / (1 + D.sum(axis=1))[:, None]))
                a.layers['centred'] = D - D.mean(axis=0)
                a.layers['scaled'] = np.clip((D - D.mean(axis=0)) / (D.std(axis=0) + 1), -2, 3).round(3)
                a.layers['both'] = X + X.multiply(X)
                a.obsm['product'] = D @ D[:5].T
                a.obsm['corr'] = np.corrcoef(D)[:, :5]
                """,
            )
    }

    private fun same(ours: DoubleArray, key: String, obs: Boolean) {
        val right = (if (obs) theirs.obs else theirs.`var`)[key].toDoubles()
        assertThat(ours).`as`(key).containsExactly(right, Offset.offset(1e-9))
    }

    private fun layer(ours: Matrix, key: String, tolerance: Double, sparse: Boolean = true) {
        assertThat(ours.isSparse).`as`(key).isEqualTo(sparse)
        val gap = (theirs.layers[key].toarray() - ours.toarray()).abs().max()
        assertThat(gap).`as`(key).isLessThanOrEqualTo(tolerance)
    }

    @Test
    fun `one number of every cell`() {
        same(x.sum(axis = 1), "sum", true)
        same(x.mean(axis = 1), "mean", true)
        same(x.std(axis = 1), "std", true)
        same(x.median(axis = 1), "median", true)
        same((x gt 1).sum(axis = 1), "above", true)
        same(doublesOf(x.argmax(axis = 1)), "argmax", true)
    }

    @Test
    fun `one number of every gene`() {
        same(x.sum(axis = 0), "sum", false)
        same(x.std(axis = 0, ddof = 1), "std", false)
        same(x.median(axis = 0), "median", false)
        same(x.quantile(0.95, axis = 0), "q", false)
        same(x.max(axis = 0), "max", false)
        same(doublesOf(x.argmin(axis = 0)), "argmin", false)
        same(doublesOf(x.countNonzero(axis = 0)), "nnz", false)
    }

    @Test
    fun `every place`() {
        layer(x.log1p(), "log1p", 1e-6)
        layer(x * 0.1, "times", 0.0)
        layer(x.sqrt(), "sqrt", 1e-6)
        layer(x / (1 + x.sum(axis = 1)).reshape(-1, 1), "rows", 1e-7)
        layer(x + x * x, "both", 0.0)
        val d = x.toarray().astype("float64")
        layer(d - d.mean(axis = 0), "centred", 1e-9, sparse = false)
        layer(((d - d.mean(axis = 0)) / (d.std(axis = 0) + 1)).clip(-2, 3).round(3), "scaled", 1e-9, sparse = false)
        val product = d dot d[0 until 5].T
        assertThat((theirs.obsm["product"] - product).abs().max()).isLessThan(1e-6)
        assertThat((theirs.obsm["corr"] - np.corrcoef(d)[all, 0 until 5]).abs().max()).isLessThan(1e-9)
    }
}
