package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Seeds
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class ClonalUtilitiesTest {
    private fun rows(vararg values: DoubleArray) = DenseMatrix.ofRows(arrayOf(*values))

    private fun row(vararg values: Number) = values.map { it.toDouble() }.toDoubleArray()

    private fun numbers(x: Any?) = (x as Matrix).toDense().toFloat64().doubleData()

    /** Six cells on a line. */
    private fun line(): AnnData {
        val x = rows(row(1, 7), row(3, 7), row(10, 7), row(14, 7), row(0, 7), row(2, 7))
        val adata = AnnData(x, DataFrame.ofNames("c0", "c1", "c2", "c3", "c4", "c5"), DataFrame.ofNames("g", "h"))
        adata.obsm["X_pca"] = rows(row(0), row(1), row(3), row(10), row(2.5), row(0))
        return adata
    }

    @Test
    fun `a sketch in obs and uns, and a file that keeps it`(
        @TempDir folder: Path,
    ) {
        val adata = AnnData(Seeds.counts(100, 4, 0.5, 1))
        adata.obsm["X_pca"] = Seeds.counts(100, 3, 0.9, 2).toDense()
        adata.obs["well"] = List(100) { if (it < 80) "a" else "b" }
        assertThat(c2v.utils.gs(adata)).isSameAs(adata)
        assertThat(adata.obs["gs"].texts().count { it == "sketch" }).isEqualTo(20)
        assertThat(adata.obs["gs"]).isInstanceOf(CategoricalColumn::class.java)
        val first = adata.obs["gs"].texts().toList()
        c2v.utils.gs(adata, batchKey = "well", n = 10, obsKey = "held", randomState = 7)
        val held = adata.obs["held"].texts()
        assertThat((0 until 80).count { held[it] == "sketch" }).isEqualTo(8)
        assertThat((80 until 100).count { held[it] == "sketch" }).isEqualTo(2)
        assertThat(adata.uns["gs"] as Map<*, *>)
            .isEqualTo(
                mapOf(
                    "use_rep" to "X_pca",
                    "batch_key" to "well",
                    "n" to 10L,
                    "obs_key" to "held",
                    "random_state" to 7L,
                    "keys" to mapOf("validation" to "sketch", "train" to "full"),
                ),
            )
        c2v.utils.gs(adata)
        assertThat(adata.obs["gs"].texts().toList()).isEqualTo(first)
        val path = folder.resolve("sketch.h5ad").toString()
        adata.writeH5ad(path)
        assertThat(sc.readH5ad(path).differenceTo(adata)).isNull()
    }

    @Test
    fun `what a sketch refuses`() {
        val adata = line()
        assertThatThrownBy { c2v.utils.gs(adata, n = 7) }.hasMessage("n must be at most the number of cells, 6, got 7")
        assertThatThrownBy { c2v.utils.gs(adata, n = 0) }.hasMessageContaining("n must be positive")
        assertThatThrownBy { c2v.utils.gs(adata, useRep = "X_umap") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { c2v.utils.gs(adata, batchKey = "well") }.isInstanceOf(MissingKeyException::class.java)
        adata.obsm["X_pca"] = rows(row(0), row(1), row(3), row(Double.NaN), row(2.5), row(0))
        assertThatThrownBy { c2v.utils.gs(adata) }.hasMessageContaining("is NaN")
        assertThat(adata.obs.keys).isEmpty()
        assertThat(adata.uns).isEmpty()
    }

    @Test
    fun `labels regressed out together`() {
        val adata = line()
        adata.obs["batch"] = listOf("a", "a", "b", "b", "a", "b")
        c2v.utils.regressCategories(adata, "batch")
        // means 4/3 and 26/3, of all 5
        val left = (adata.layers["X_regressed"] as DenseMatrix).column(0)
        assertThat(left[0]).isCloseTo(1 - 4.0 / 3 + 5, within(1e-12))
        assertThat(left[3]).isCloseTo(14 - 26.0 / 3 + 5, within(1e-12))
        assertThat((adata.layers["X_regressed"] as DenseMatrix).column(1)).containsOnly(7.0)
        adata.obs["well"] = listOf("x", "y", "x", "y", "x", "y")
        adata.layers["norm"] = adata.x
        c2v.utils.regressCategories(adata, listOf("batch", "well"), layer = "norm", keyAdded = "clean")
        assertThat(adata.layers.keys).contains("norm_clean")
        assertThatThrownBy { c2v.utils.regressCategories(adata, emptyList<String>()) }
            .hasMessage("obsKey must name a column of labels, got an empty list")
        assertThatThrownBy { c2v.utils.regressCategories(adata, "day") }.isInstanceOf(MissingKeyException::class.java)
        adata.obs["score"] = doubleArrayOf(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
        assertThatThrownBy { c2v.utils.regressCategories(adata, "score") }
            .hasMessageContaining("obsKey must name a categorical column")
        adata.x = rows(row(1, 7), row(3, 7), row(10, Double.NaN), row(14, 7), row(0, 7), row(2, 7))
        assertThatThrownBy { c2v.utils.regressCategories(adata, "batch") }
            .hasMessageContaining("cell 'c2' (row 2), gene 'h' of X is NaN")
    }

    @Test
    fun `gaps filled with labels`() {
        val adata = line()
        adata.obs["fate"] = listOf("Neu", "Neu", "Mo", "Mo", "NA", null)
        c2v.utils.impute(adata, "fate", k = 3)
        // c4 at 2.5: Mo, Neu, Neu; c5 at 0: Neu, Neu, Mo
        assertThat(adata.obs["fate_imputed"].texts()).containsExactly("Neu", "Neu", "Mo", "Mo", "Neu", "Neu")
        val shares = adata.obsm["impute_prob"] as DataFrame
        assertThat(shares.keys).containsExactly("Mo", "Neu")
        assertThat(shares.get("Mo").toDoubles()[4]).isCloseTo(1 / 3.0, within(1e-12))
        assertThat(shares.get("Mo").toDoubles()[0]).isEqualTo(0.0)
        c2v.utils.impute(adata, "fate", k = 3, weights = "linear", keyAdded = "near", classificationObsm = "p")
        // 1/0.5 against 1/1.5 and 1/2.5
        assertThat(adata.obs["fate_near"].texts()[4]).isEqualTo("Mo")

        fun share(key: String) = (adata.obsm[key] as DataFrame).get("Mo").toDoubles()[4]
        // clone2vec 0.1.1, whose distances are float32
        assertThat(share("p")).isCloseTo(0.6521738767623901, within(1e-6))
        c2v.utils.impute(adata, "fate", k = 3, weights = "gaussian", keyAdded = "soft", classificationObsm = "q")
        assertThat(share("q")).isCloseTo(0.5249956846237183, within(1e-6))
        c2v.utils.impute(adata, "fate", k = 2, weights = "gaussian", gausSigma = 0.1, keyAdded = "g")
        assertThat(adata.obs["fate_g"].texts()[4]).isEqualTo("Mo")
        assertThat(adata.obsm.keys).contains("p")
    }

    @Test
    fun `gaps filled with numbers`() {
        val adata = line()
        adata.obs["age"] = doubleArrayOf(10.0, 20.0, 40.0, 80.0, Double.NaN, Double.NaN)
        c2v.utils.impute(adata, "age", k = 2)
        assertThat(adata.obs["age_imputed"].toDoubles()).containsExactly(10.0, 20.0, 40.0, 80.0, 30.0, 15.0)
        assertThat(adata.obsm.keys).doesNotContain("impute_prob")
        c2v.utils.impute(adata, "age_imputed")
        assertThat(adata.obs["age_imputed_imputed"].toDoubles()).isEqualTo(adata.obs["age_imputed"].toDoubles())
    }

    @Test
    fun `what imputing refuses`() {
        val adata = line()
        adata.obs["fate"] = List(6) { "NA" }
        assertThatThrownBy { c2v.utils.impute(adata, "fate") }
            .hasMessage("obs['fate'] has no value to impute from: all are missing or 'NA'")
        adata.obs["fate"] = listOf("Neu", "Neu", "Mo", "Mo", "NA", null)
        assertThatThrownBy { c2v.utils.impute(adata, "fate") }
            .hasMessage("k must be at most the number of cells that have a value, 4, got 10")
        assertThatThrownBy { c2v.utils.impute(adata, "fate", weights = "square") }
            .hasMessageContaining("weights must be one of [none, linear, gaussian], got 'square'")
        assertThatThrownBy { c2v.utils.impute(adata, "fate", gausSigma = 0.0) }
            .hasMessage("gausSigma must be positive, got 0.0")
        assertThatThrownBy { c2v.utils.impute(adata, "fat") }.isInstanceOf(MissingKeyException::class.java)
        assertThat(adata.obs.keys).containsExactly("fate")
    }

    private fun clones(): AnnData {
        val clones = line()
        clones.obs["barcode"] = listOf("x", "y", "x", "NA", "x", "y")
        clones.obs["day"] = intArrayOf(4, 2, 2, 2, 6, 2)
        return clones
    }

    @Test
    fun `clones of one barcode are linked`() {
        val clones = clones()
        c2v.utils.connectClones(clones, "barcode", ignoreNames = "NA")
        val all = clones.obsp["connected"] as CsrMatrix
        assertThat(all.nnz()).isEqualTo(8)
        assertThat(numbers(all.takeRows(intArrayOf(0)))).containsExactly(0.0, 0.0, 1.0, 0.0, 1.0, 0.0)
        c2v.utils.connectClones(clones, "barcode", "later", orientCol = "day", weightEdges = true)
        val later = clones.obsp["later"] as CsrMatrix
        assertThat(later.nnz()).isEqualTo(3)
        assertThat(later.get(2, 0)).isEqualTo((1 / 3f).toDouble())
        c2v.utils.connectClones(clones, "barcode", "all", orientCol = "day", orientRule = "all_decrease")
        assertThat(numbers((clones.obsp["all"] as CsrMatrix).takeRows(intArrayOf(4))))
            .containsExactly(1.0, 0.0, 1.0, 0.0, 0.0, 0.0)
        c2v.utils.connectClones(clones, "barcode", "own", orientBy = { rows ->
            listOf(rows.names.first() to rows.names.last())
        })
        val own = clones.obsp["own"] as CsrMatrix
        assertThat(own.nnz()).isEqualTo(2)
        assertThat(own.get(0, 4)).isEqualTo(1.0)
        assertThat(own.get(1, 5)).isEqualTo(1.0)
    }

    @Test
    fun `what linking refuses`() {
        val clones = clones()
        val utils = c2v.utils
        assertThatThrownBy { utils.connectClones(clones, "barcode", orientRule = "increase") }
            .hasMessage("orientRule = 'increase' needs orientCol, which says by what")
        assertThatThrownBy { utils.connectClones(clones, "barcode", orientCol = "day", orientRule = "up") }
            .hasMessageContaining("orientRule must be one of [increase, decrease, all_increase, all_decrease], got")
        assertThatThrownBy { utils.connectClones(clones, "barcode", orientCol = "day", orientBy = { emptyList() }) }
            .hasMessage("orientBy excludes orientCol; give one of them")
        assertThatThrownBy { utils.connectClones(clones, "barcode", ignoreNames = listOf("x", "y", "NA")) }
            .hasMessage("groupby needs a column of groups, but all of obs['barcode'] is missing or ignored")
        assertThatThrownBy { utils.connectClones(clones, "barcode", orientBy = { listOf("c0" to "c1") }) }
            .hasMessageContaining("orientBy must name clones of the group that it is given, got 'c1' for 'x'.")
        clones.obs["day"] = doubleArrayOf(4.0, 2.0, 2.0, 2.0, Double.NaN, 2.0)
        assertThatThrownBy { utils.connectClones(clones, "barcode", orientCol = "day") }
            .hasMessageContaining("obs['day'] must be known of every clone that is to be linked")
        assertThat(clones.obsp.keys).isEmpty()
    }

    private fun layered(): AnnData {
        val adata = line()
        adata.layers["head"] = adata.x
        adata.layers["trunk"] =
            rows(row(1, 0), row(Double.NaN, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5))
        val mask = DataFrame.ofNames(*adata.obsNames.toTypedArray())
        mask.set("head", BooleanColumn.of(true, false, true, true, false, false))
        mask.set("trunk", BooleanColumn.of(true, true, true, false, false, false))
        adata.obsm["mask"] = mask
        adata.obs["batch"] = listOf("a", "a", "b", "b", "a", "b")
        adata.uns["mask_key"] = "mask"
        adata.uns["kept"] = "this"
        return adata
    }

    @Test
    fun `layers one below the other`() {
        val adata = layered()
        val stacked = c2v.utils.stackLayers(adata)
        assertThat(stacked.obsNames).containsExactly("head:c0", "head:c2", "head:c3", "trunk:c0", "trunk:c2")
        assertThat(numbers(stacked.x)).containsExactly(1.0, 7.0, 10.0, 7.0, 14.0, 7.0, 1.0, 0.0, 2.0, 2.0)
        assertThat(stacked.obs["layer"].texts()).containsExactly("head", "head", "head", "trunk", "trunk")
        assertThat(stacked.obs["batch"].texts()).containsExactly("a", "b", "b", "a", "b")
        assertThat(numbers(stacked.obsm["X_pca"])).containsExactly(0.0, 3.0, 10.0, 0.0, 3.0)
        assertThat((stacked.obsm["mask"] as DataFrame).names).isEqualTo(stacked.obsNames)
        assertThat(stacked.uns).isEqualTo(mapOf("kept" to "this"))
        assertThat(adata.nObs).isEqualTo(6)
        val unmasked = c2v.utils.stackLayers(adata, listOf("trunk"), layerColAdded = "part", maskKey = "")
        assertThat(unmasked.obsNames).containsExactly("trunk:c0", "trunk:c2", "trunk:c3", "trunk:c4", "trunk:c5")
        assertThat(unmasked.obs.keys).contains("part")
        adata.layers["head"] = adata.layers["head"].toDense().toCsr()
        adata.layers["trunk"] = adata.layers["trunk"].toDense().toCsr()
        val sparse = c2v.utils.stackLayers(adata)
        assertThat(sparse.x.isSparse).isTrue
        assertThat(numbers(sparse.x)).isEqualTo(numbers(stacked.x))
    }

    @Test
    fun `what stacking refuses`() {
        assertThatThrownBy { c2v.utils.stackLayers(line()) }
            .hasMessageContaining("stackLayers needs layers, but the object has none")
        val adata = layered()
        assertThatThrownBy { c2v.utils.stackLayers(adata, listOf("tail")) }
            .isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { c2v.utils.stackLayers(adata, listOf("head", "head")) }
            .hasMessageContaining("layers must differ")
        assertThatThrownBy { c2v.utils.stackLayers(adata, maskKey = "X_pca") }
            .hasMessageContaining("maskKey must name a table with a boolean column for every layer, but obsm['X_pca']")
        adata.layers["tail"] = adata.x
        assertThatThrownBy { c2v.utils.stackLayers(adata) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("tail")
        val none = BooleanColumn.of(*BooleanArray(6))
        (adata.obsm["mask"] as DataFrame).set("head", none)
        assertThatThrownBy { c2v.utils.stackLayers(adata, listOf("head")) }
            .hasMessage("no row of [head] is left: each has NaN or is masked")
    }

    @Test
    fun `shap values with signs and one scale`() {
        val adata = AnnData(rows(row(1, 1, 1)))
        val shap = DataFrame.ofNames(*adata.varNames.toTypedArray())
        shap.set("Neu", NumericColumn.of(2.0, 4.0, 1.0))
        val r = DataFrame.ofNames(*adata.varNames.toTypedArray())
        r.set("Neu", NumericColumn.of(-0.5, 0.1, Double.NaN))
        adata.varm["mean_shap"] = shap
        adata.varm["gex_r"] = r
        c2v.utils.correctShap(adata)

        fun made(key: String) = (adata.varm[key] as DataFrame).get("Neu").toDoubles()
        assertThat(made("signed_mean_shap")).containsExactly(-2.0, 4.0, Double.NaN)
        c2v.utils.correctShap(adata, normalize = true)
        assertThat(made("signed_norm_mean_shap")).containsExactly(-0.5, 1.0, Double.NaN)
        c2v.utils.correctShap(adata, correctSign = false, normalize = true, keyAdded = "scaled")
        assertThat(made("scaled")).containsExactly(0.5, 1.0, 0.25)
        assertThatThrownBy { c2v.utils.correctShap(adata, shapKey = "shap") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageEndingWith("c2v.tl.boostedTrees() makes an object that has it.")
        adata.varm["gex_r"] = rows(row(1), row(1), row(1))
        assertThatThrownBy { c2v.utils.correctShap(adata) }
            .hasMessageContaining("varm['gex_r'] must be a table of responses")
        adata.varm["gex_r"] = DataFrame.ofNames(*adata.varNames.toTypedArray())
        assertThatThrownBy { c2v.utils.correctShap(adata) }
            .hasMessage("varm['gex_r'] has no column 'Neu', which varm['mean_shap'] has")
    }

    @Test
    fun `connectivity of groups as a table`() {
        val adata = line()
        assertThatThrownBy { c2v.utils.getConnectivityMatrix(adata) }.isInstanceOf(MissingKeyException::class.java)
        val stored = mapOf("label_names" to NdArray.of("a", "b"), "connectivity" to rows(row(1, 2), row(3, 4)))
        adata.uns["group_connectivity"] = stored
        val table = c2v.utils.getConnectivityMatrix(adata)
        assertThat(table.names).containsExactly("a", "b")
        assertThat(table.get("b").toDoubles()).containsExactly(2.0, 4.0)
        adata.uns["group_connectivity"] = stored - "label_names"
        assertThatThrownBy { c2v.utils.getConnectivityMatrix(adata) }
            .hasMessageContaining("uns['group_connectivity'] must have a matrix 'connectivity' and its 'label_names'")
    }
}
