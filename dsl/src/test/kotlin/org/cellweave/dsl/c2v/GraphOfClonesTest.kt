package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.X
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** Verbs of `c2v.tl` that read a graph, and the one that asks of noise. */
class GraphOfClonesTest {
    @TempDir
    lateinit var folder: Path

    private fun sample(): AnnData {
        val adata = sc.datasets.simulatedBatches(nCells = 90, nGenes = 60, nBatches = 2, nTypes = 3, seed = 3)
        sc.pp.scale(adata)
        sc.pp.pca(adata, nComps = 8)
        sc.pp.neighbors(adata, nNeighbors = 10, useRep = "X_pca")
        return adata
    }

    /** Three in a row: 0 - 1 - 2. */
    private fun path(): AnnData {
        val adata = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(0.0), doubleArrayOf(3.0), doubleArrayOf(9.0))))
        val w = arrayOf(doubleArrayOf(0.0, 1.0, 0.0), doubleArrayOf(1.0, 0.0, 1.0), doubleArrayOf(0.0, 1.0, 0.0))
        adata.obsp["connectivities"] = DenseMatrix.ofRows(w).toCsr()
        return adata
    }

    private fun written(adata: AnnData): AnnData {
        val file = folder.resolve("clones.h5ad").toString()
        adata.writeH5ad(file)
        return sc.readH5ad(file)
    }

    @Suppress("UNCHECKED_CAST")
    private fun uns(adata: AnnData, key: String) = adata.uns[key] as Map<String, Any?>

    @Test
    fun `components on a graph and Moran's I`() {
        val adata = c2v.tl.graphAssociations(sample(), nPcs = 5)
        assertThat(adata.obsm.matrix("X_gPCA", "").shape()).isEqualTo("90 x 5")
        assertThat(adata.varm.matrix("gPCs", "").shape()).isEqualTo("60 x 5")
        assertThat(adata.`var`["morans_i"].toDoubles()).isEqualTo(sc.metrics.moransI(adata))
        val p = adata.`var`["morans_i_pval"].toDoubles()
        val adjusted = adata.`var`["morans_i_p_adj"].toDoubles()
        assertThat(p.indices).allMatch { adjusted[it] >= p[it] }
        assertThat(uns(adata, "gpca")["n_pcs"]).isEqualTo(5L)
        val read = written(adata)
        assertThat((uns(read, "gpca")["varexpl"] as NdArray).toDoubles().toList()).isSortedAccordingTo { a, b ->
            b.compareTo(a)
        }
        assertThatThrownBy { c2v.tl.graphAssociations(adata, graphKey = "none") }
            .hasMessageContaining("obsp['none'] is missing")
        adata.obsp["empty"] = CsrMatrix.empty(90, 90, DType.FLOAT32)
        assertThatThrownBy { c2v.tl.graphAssociations(adata, graphKey = "empty") }
            .hasMessageContaining("obsp['empty'] has no edges")
        assertThatThrownBy { c2v.tl.graphAssociations(adata, adjMethod = "x") }
            .hasMessageContaining("adjMethod must be")
        adata.X = adata.X
            .toDense()
            .copy()
            .also { it.set(4, 2, Double.NaN) }
        assertThatThrownBy { c2v.tl.graphAssociations(adata, nPcs = 5) }
            .hasMessageContaining("graphAssociations needs finite values, but cell '${adata.obsNames[4]}'")
    }

    @Test
    fun `an embedding is asked whether it is noise`() {
        val adata = sample()
        c2v.tl.eigenvalueTest(adata, "X_pca", nSimulations = 200)
        val found = uns(written(adata), "eigenvalues_test")
        assertThat(found["p_value"] as Double).isBetween(1 / 201.0, 1.0)
        val drawn = (found["null_distribution"] as NdArray).toDoubles()
        assertThat(drawn).hasSize(200)
        c2v.tl.eigenvalueTest(adata, "X_pca", keyAdded = "again", nullDistribution = drawn)
        assertThat(uns(adata, "again")["p_value"]).isEqualTo(found["p_value"])
        c2v.tl.eigenvalueTest(adata, "X_pca", flavor = "asymptotic")
        assertThat(uns(adata, "eigenvalues_test").keys).containsExactly("stat", "p_value")
        assertThatThrownBy { c2v.tl.eigenvalueTest(adata, "X_none") }.hasMessageContaining("obsm['X_none'] is missing")
        assertThatThrownBy { c2v.tl.eigenvalueTest(adata, "X_pca", flavor = "asymptotic", nullDistribution = drawn) }
            .hasMessageContaining("nullDistribution goes with flavor = \"synthetic\" only")
    }

    @Test
    fun `connectivity of groups`() {
        val adata = path()
        adata.obs["group"] = CategoricalColumn.ofTexts("a", "a", "b")
        c2v.tl.groupConnectivity(adata, "group")
        // observed 2 1 / 1 0 of 4; expected 9/4 3/4 / 3/4 1/4
        val found = uns(adata, "group_connectivity")
        assertThat((found["connectivity"] as DenseMatrix).doubleData())
            .containsExactly(arrayOf(8 / 9.0, 4 / 3.0, 4 / 3.0, 0.0).toDoubleArray(), within(1e-12))
        assertThat((found["label_names"] as NdArray).texts()).containsExactly("a", "b")
        assertThat(uns(written(adata), "group_connectivity").keys)
            .containsExactlyInAnyOrder("groupby", "graph_key", "label_names", "connectivity")
        adata.obs["group"] = CategoricalColumn.ofTexts("a", null, "b")
        c2v.tl.groupConnectivity(adata, "group", directed = false, unsKeyAdded = "none")
        assertThat((uns(adata, "none")["connectivity"] as DenseMatrix).doubleData()).containsOnly(0.0)
        assertThatThrownBy { c2v.tl.groupConnectivity(adata, "groups") }
            .hasMessageContaining("obs['groups'] is missing")
    }

    @Test
    fun `a weight that is none is told by the clones it joins`() {
        val adata = path()
        adata.obs["group"] = CategoricalColumn.ofTexts("a", "a", "b")
        for (wrong in listOf(Double.NaN, -2.0)) {
            val w = adata.obsp["connectivities"].toDense().copy()
            w.set(1, 2, wrong)
            adata.obsp["wrong"] = w.toCsr()
            val message = "weights of obsp['wrong'] must be finite and not negative, but that from '1' to '2' is $wrong"
            assertThatThrownBy { c2v.tl.smooth(adata, graphKey = "wrong") }.hasMessage(message)
            assertThatThrownBy { c2v.tl.groupConnectivity(adata, "group", graphKey = "wrong") }.hasMessage(message)
            assertThatThrownBy { c2v.tl.graphAssociations(adata, graphKey = "wrong") }.hasMessage(message)
        }
    }

    @Test
    fun `smoothing of every field`() {
        val adata = path()
        adata.layers["twice"] = adata.X.toCsr()
        adata.obs["n"] = listOf(0, 3, 9)
        adata.obsm["m"] = adata.X
        adata.obsm["t"] = DataFrame.ofNames(*adata.obsNames.toTypedArray()).also { it["up"] = listOf(0, 3, 9) }
        c2v.tl.smooth(adata, nSteps = 1)
        c2v.tl.smooth(adata, "layer", "twice", nSteps = 1)
        c2v.tl.smooth(adata, "obs", listOf("n"), nSteps = 1, keyAdded = "s")
        c2v.tl.smooth(adata, "obsm", listOf("m", "t"), nSteps = 1)
        val expected = doubleArrayOf(1.5, 4.0, 6.0)
        assertThat(
            adata.layers
                .matrix("X_smoothed", "")
                .toDense()
                .column(0),
        ).isEqualTo(expected)
        assertThat(adata.layers.matrix("twice_smoothed", "").isSparse).isTrue
        assertThat(
            adata.layers
                .matrix("twice_smoothed", "")
                .toDense()
                .column(0),
        ).isEqualTo(expected)
        assertThat(adata.obs["n_s"].toDoubles()).isEqualTo(expected)
        assertThat(
            adata.obsm
                .matrix("m_smoothed", "")
                .toDense()
                .column(0),
        ).isEqualTo(expected)
        assertThat((adata.obsm.find("t_smoothed") as DataFrame)["up"].toDoubles()).isEqualTo(expected)
        assertThatThrownBy { c2v.tl.smooth(adata, "var") }
            .hasMessage("field must be one of [X, layer, obs, obsm], got 'var'")
        assertThatThrownBy { c2v.tl.smooth(adata, "obs") }.hasMessage("names must tell what of obs to smooth")
        assertThatThrownBy { c2v.tl.smooth(adata, names = "X") }.hasMessageContaining("names goes with field")
        assertThatThrownBy { c2v.tl.smooth(adata, "layer", "x") }.hasMessageContaining("layers['x'] is missing")
        assertThatThrownBy { c2v.tl.smooth(adata, "obsm", "x") }.hasMessageContaining("obsm['x'] is missing")
        adata.obs.set("n", NumericColumn.of(1.0, Double.NaN, 2.0))
        assertThatThrownBy { c2v.tl.smooth(adata, "obs", "n") }
            .hasMessageContaining("smooth needs finite values, but '1', 'n' of obs is NaN")
    }

    @Test
    fun `a graph with lineage in it is clustered and laid out`() {
        val adata = sample()
        val types = adata.obs["cell_type"]
        val same = Array(90) { i -> DoubleArray(90) { if (types.text(i) == types.text(it)) 1.0 else 0.0 } }
        adata.obsp["connected"] = DenseMatrix.ofRows(same).toCsr()
        c2v.tl.clonocluster(adata, alpha = 0.5, beta = 1.0)
        val near = adata.obsp.matrix("connectivities", "")
        val mixed = adata.obsp.matrix("clonocluster_connectivities", "")
        assertThat(mixed.get(3, 7)).isCloseTo((near.get(3, 7) + same[3][7]) / 2, within(1e-6))
        val read = written(adata)
        assertThat((read.uns["clonocluster"] as Map<*, *>)["distances_key"]).`as`("scanpy asks").isEqualTo("distances")
        sc.tl.leiden(read, neighborsKey = "clonocluster")
        sc.tl.umap(read, neighborsKey = "clonocluster", maxiter = 20)
        val labels = read.obs["leiden"]
        assertThat((0 until 90).map { types.text(it) to labels.text(it) }.distinct()).hasSize(3)
        assertThatThrownBy { c2v.tl.clonocluster(adata, alpha = 2.0) }.hasMessageContaining("alpha must lie in")
        assertThatThrownBy { c2v.tl.clonocluster(adata, beta = -1.0) }.hasMessageContaining("beta must lie in")
        assertThatThrownBy { c2v.tl.clonocluster(adata, lineageGraph = "none") }
            .hasMessageContaining("obsp['none'] is missing")
            .hasMessageContaining("Run c2v.utils.connectClones() first.")
        assertThatThrownBy { c2v.tl.clonocluster(adata, graphKey = "none") }
            .hasMessageContaining("uns['none'] is missing")
    }
}
