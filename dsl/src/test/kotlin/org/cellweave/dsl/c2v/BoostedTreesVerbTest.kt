package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.Seeds
import org.cellweave.testing.Tolerance
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class BoostedTreesVerbTest {
    /** Clones whose first two genes say which fate they have; the third fate is rare. */
    private fun clones(n: Int = 120): AnnData {
        val x = Seeds.counts(n, 12, 0.5, 3)
        val clones = AnnData(x)
        val counts = DataFrame.ofNames(*clones.obsNames.toTypedArray())
        val neu = DoubleArray(n) { x.get(it, 0) + 1 }
        val mo = DoubleArray(n) { x.get(it, 1) + 1 }
        counts.set("Neu", NumericColumn.of(*neu))
        counts.set("Mo", NumericColumn.of(*mo))
        counts.set("Ba", NumericColumn.of(*DoubleArray(n) { if (it < 2) 1.0 else 0.0 }))
        clones.obsm["counts"] = counts
        val shares = Array(n) { doubleArrayOf(neu[it] / (neu[it] + mo[it]), mo[it] / (neu[it] + mo[it])) }
        clones.obsm["proportions"] = DenseMatrix.ofRows(shares)
        clones.obsm["X_pca"] = x.toDense()
        clones.obs["well"] = List(n) { if (it % 2 == 0) "1" else "2" }
        clones.obs["size"] = DoubleArray(n) { (it % 9).toDouble() }
        return c2v.utils.gs(clones, n = 0.3)
    }

    private fun numbers(x: Any?) = (x as Matrix).toDense().toFloat64().doubleData()

    @Test
    fun `a regressor of shares and its slots`(
        @TempDir folder: Path,
    ) {
        val clones = clones()
        val before = clones.copy()
        val shap = c2v.tl.boostedTrees(clones, "proportions", features = listOf("well", "size"), numTrees = 40)
        assertThat(clones.differenceTo(before)).isNull()
        assertThat(shap.nObs).isEqualTo(120)
        assertThat(shap.layers.keys).containsExactly("0", "1")
        assertThat(shap.varNames).contains("0", "1", "size").doesNotHaveDuplicates()
        assertThat(shap.obs["validation"].toDoubles().sum()).isEqualTo(36.0)
        assertThat(numbers(shap.obsm["proportions"])).isEqualTo(numbers(clones.obsm["proportions"]))
        val info = shap.uns["catboost_info"] as Map<*, *>
        val bias = (info["bias"] as NdArray).toDoubles()
        for ((r, name) in listOf("0", "1").withIndex()) {
            val sums = shap.layers[name].rowSums()
            val predicted = (shap.obsm["proportions:predicted"] as DenseMatrix).column(r)
            for (i in 0 until 120) assertThat(sums[i] + bias[r]).isCloseTo(predicted[i], within(Tolerance.F32))
        }
        for (i in 0 until 5) {
            val (a, b) = listOf("0", "1").map { shap.layers[it].get(i, 0) }
            assertThat(shap.x.get(i, 0)).isCloseTo(kotlin.math.hypot(a, b), within(Tolerance.F32))
        }
        val r = shap.varm["gex_r"] as DataFrame
        assertThat(r.get("0").toDoubles()[shap.varNames.indexOf("0")]).isGreaterThan(0.5)
        assertThat(r.get("0").toDoubles()[shap.varNames.indexOf("1")]).isLessThan(-0.5)
        if ("well" in shap.varNames) assertThat(r.get("0").toDoubles()[shap.varNames.indexOf("well")]).isNaN
        val mean = (shap.varm["mean_shap"] as DataFrame).get("0").toDoubles()
        assertThat(mean.indexOfFirst { it == mean.max() }).isLessThan(2)
        assertThat(info["loss"]).isEqualTo("MultiRMSE")
        assertThat((info["loss_history"] as NdArray).size()).isEqualTo((info["validation_history"] as NdArray).size())
        assertThat(info["num_trees"]).isEqualTo(40L)
        assertThat(info["validation_value"]).isEqualTo("sketch")
        val path = folder.resolve("shap.h5ad").toString()
        shap.writeH5ad(path)
        assertThat(sc.readH5ad(path).differenceTo(shap)).isNull()
    }

    @Test
    fun `a classifier of counts foretells counts, and rare fates are left out`() {
        val clones = clones()
        val shap = c2v.tl.boostedTrees(clones, "counts", model = "classifier", numTrees = 40)
        assertThat(shap.layers.keys).containsExactly("Neu", "Mo")
        val real = shap.obsm["counts"] as DataFrame
        val predicted = shap.obsm["counts:predicted"] as DataFrame
        assertThat(predicted.keys).containsExactly("Neu", "Mo")
        for (i in 0 until 120) {
            val (a, b) = listOf(real, predicted).map { it.get("Neu").toDoubles()[i] + it.get("Mo").toDoubles()[i] }
            assertThat(b).isCloseTo(a, within(1e-9))
        }
        val info = shap.uns["catboost_info"] as Map<*, *>
        assertThat((info["fates_used"] as NdArray).texts()).containsExactly("Neu", "Mo")
        assertThat(info["loss"]).isEqualTo("MultiClass")
        assertThat(info["model"]).isEqualTo("classifier")
    }

    @Test
    fun `masks, layers, transforms and a validation column`() {
        val clones = clones()
        val holes = clones.x.toDense().copy()
        holes.set(4, 2, Double.NaN)
        clones.layers["day4"] = holes
        val mask = DataFrame.ofNames(*clones.obsNames.toTypedArray())
        mask.set("day4", BooleanColumn.of(*BooleanArray(120) { it >= 2 }))
        clones.obsm["mask"] = mask
        clones.uns["mask_key"] = "mask"

        fun grown(layer: String?, maskKey: String? = null) =
            c2v.tl.boostedTrees(
                clones, "proportions", layer = layer, maskKey = maskKey, numTrees = 5, responseTransform = "logit",
                validationKey = "well", validationValue = "2", predictionKeyAdded = "p",
            )
        val masked = grown("day4")
        assertThat(masked.obsNames).isEqualTo(clones.obsNames.filterIndexed { i, _ -> i >= 2 && i != 4 })
        assertThat(masked.obsm.keys).containsExactly("proportions", "proportions:p")
        val share = numbers(clones.obsm["proportions"])[6]
        assertThat(numbers(masked.obsm["proportions"])[2]).isCloseTo(kotlin.math.ln(share / (1 - share)), within(1e-9))
        assertThat(
            masked.obs["validation"]
                .toDoubles()
                .toList()
                .take(3),
        ).containsExactly(0.0, 1.0, 1.0)
        assertThat(grown("day4", "").nObs).isEqualTo(119)
        clones.obs["use"] = BooleanArray(120) { it < 100 }
        assertThat(grown(null, "use").nObs).isEqualTo(100)
        assertThat(grown(null).nObs).isEqualTo(120)
    }

    /** Clones are told by their names also where others are left out before them. */
    @Test
    fun `what is wrong with a response or a feature is told by clone and column`() {
        val clones = clones()
        val holes = clones.x.toDense().copy()
        holes.set(4, 2, Double.NaN)
        clones.x = holes

        fun refused(message: String, model: String, key: String = "counts", transform: String? = null) {
            assertThatThrownBy {
                c2v.tl.boostedTrees(
                    clones, key, model = model, responseTransform = transform, features = listOf("size"),
                )
            }.hasMessageContaining(message)
        }
        val counts = clones.obsm["counts"] as DataFrame
        val mo = counts["Mo"].toDoubles()
        counts.set("Mo", NumericColumn.of(*mo.copyOf().also { it[6] = Double.NaN }))
        refused("boostedTrees needs finite values, but '6', 'Mo' of obsm['counts'] is NaN", "regressor")
        counts.set("Mo", NumericColumn.of(*mo.copyOf().also { it[6] = -1.0 }))
        refused("but obsm['counts'] has -1.0 for '6', 'Mo'. Take such", "regressor", transform = "sqrt")
        refused("but obsm['counts'] has -1.0 for '6', 'Mo'. Take such", "classifier")
        counts.set("Mo", NumericColumn.of(*mo))
        clones.obsm["none"] = DenseMatrix.zeros(120, 2, DType.FLOAT32)
        refused("obsm['none'] is zero for all 119 clones, which leaves nothing to foretell", "regressor", "none")
        clones.obs["size"] = DoubleArray(120) { if (it == 7) Double.NaN else 1.0 }
        refused("features must be labels or finite numbers, but obs['size'] is NaN for '7'; fill it", "regressor")
    }

    @Test
    fun `what is wrong is named`() {
        val clones = clones()
        val tl = c2v.tl
        assertThatThrownBy { tl.boostedTrees(clones, "fates") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", gsKey = "sketch") }
            .isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", validationKey = "well") }
            .hasMessage("validationKey and validationValue go together, got one of them")
        assertThatThrownBy {
            tl.boostedTrees(clones, "proportions", validationKey = "well", validationValue = "3")
        }.hasMessageContaining("no clone of obs['well'] is '3'.")
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", numTrees = 0) }
            .hasMessage("numTrees must be positive, got 0")
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", model = "forest") }
            .hasMessageContaining("model must be one of [regressor, classifier], got 'forest'")
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", responseTransform = "exp") }
            .hasMessageContaining("responseTransform must be one of")
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", features = listOf("age")) }
            .isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { tl.boostedTrees(clones, "proportions", minSize = 50) }
            .hasMessageContaining("minSize must be at most 36")
        clones.uns["gs"] = mapOf("obs_key" to "gs")
        assertThatThrownBy { tl.boostedTrees(clones, "proportions") }
            .hasMessageContaining("uns['gs'] must say 'obs_key' and 'keys' as c2v.utils.gs() does")
        c2v.utils.gs(clones)
        val odd = DataFrame.ofNames(*clones.obsNames.toTypedArray())
        odd.set("B/T", NumericColumn.of(*DoubleArray(120) { it.toDouble() }))
        clones.obsm["odd"] = odd
        assertThatThrownBy { tl.boostedTrees(clones, "odd") }
            .hasMessageContaining("columns of obsm['odd'] become layers, whose names must not contain '/', got 'B/T'")
        val x = clones.x.toDense()
        x.set(3, 1, Double.POSITIVE_INFINITY)
        clones.x = x
        assertThatThrownBy { tl.boostedTrees(clones, "proportions") }
            .hasMessageContaining("boostedTrees needs finite values, but '3', '1' of X is Infinity")
        clones.x = DenseMatrix.ofRows(Array(120) { doubleArrayOf(Double.NaN, *DoubleArray(11)) })
        assertThatThrownBy { tl.boostedTrees(clones, "proportions") }
            .hasMessage("no clone is left: each has NaN in X or is masked")
    }
}
