package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.Raw
import org.cellweave.dsl.X
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.math.sqrt

/** `c2v.tl.associations`; the numbers themselves are tested in the core. */
class AssociationsTest {
    @TempDir
    lateinit var folder: Path

    private val drive = doubleArrayOf(1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 8.0)

    /** Eight clones, three genes, of which the first is the drive and the last is constant. */
    private fun clones(): AnnData {
        val x = DenseMatrix.ofRows(Array(8) { doubleArrayOf(drive[it], (it * 5 % 8).toDouble(), 2.0) })
        val adata = AnnData(x)
        adata.obs["size"] = drive.map { it * it }
        adata.obs["age"] = List(8) { it }
        adata.obsm["fates"] = DataFrame.ofNames(*adata.obsNames.toTypedArray()).also { table ->
            table["up"] = List(8) { it }
            table["down"] = List(8) { 8 - it }
        }
        adata.obsm["plane"] = x.takeCols(intArrayOf(0, 1))
        return adata
    }

    private fun table(adata: AnnData, key: String) = adata.varm.find(key) as DataFrame

    @Test
    fun `tables of features by responses`() {
        val adata = c2v.tl.associations(clones(), "fates")
        val stats = listOf("r", "pvalue", "slope", "p_adj")
        assertThat(adata.varm.keys).containsExactlyInAnyOrder(*stats.map { "fates:X:pearson:$it" }.toTypedArray())
        val r = table(adata, "fates:X:pearson:r")
        assertThat(r.names).isEqualTo(adata.varNames)
        assertThat(r.keys).containsExactly("up", "down")
        assertThat(r["up"].toDoubles()[0]).isEqualTo(-r["down"].toDoubles()[0]).isGreaterThan(0.9)
        assertThat(r["up"].toDoubles()[2]).isNaN
        val p = table(adata, "fates:X:pearson:pvalue")["up"].toDoubles()
        val adjusted = table(adata, "fates:X:pearson:p_adj")["up"].toDoubles()
        // four p-values are known, of which the two of the first gene are equal
        assertThat(adjusted[0]).isCloseTo(2 * p[0], within(1e-12))
        assertThat(adjusted[2]).isNaN
    }

    @Test
    fun `responses from a matrix and from columns`() {
        val adata = clones()
        c2v.tl.associations(adata, "plane", method = "spearman", pAdjustmentMethod = null)
        val r = table(adata, "plane:X:spearman:r")
        assertThat(r.keys).containsExactly("plane:0", "plane:1")
        assertThat(r["plane:0"].toDoubles()[0]).isEqualTo(1.0)
        assertThat(adata.varm.keys).hasSize(3).noneMatch { it.endsWith("p_adj") }
        c2v.tl.associations(adata, "size", responseField = "obs", responseTransform = "sqrt")
        assertThat(table(adata, "size:X:pearson:slope")["size"].toDoubles()[0]).isCloseTo(1.0, within(1e-12))
        c2v.tl.associations(adata, listOf("size", "age"), responseField = "obs", method = "gam", splineDf = 3)
        assertThat(table(adata, "size+age:X:gam:amplitude").keys).containsExactly("size", "age")
        assertThat(
            adata.varm.keys
                .filter { ":gam:" in it }
                .map { it.substringAfterLast(':') },
        ).containsExactly("r2", "amplitude", "slope", "pvalue", "p_adj")
    }

    @Test
    fun `counts weigh as much as they are many`() {
        val cells = AnnData(DenseMatrix.wrap(DoubleArray(12), 12, 1))
        cells.obs["clone"] = List(12) { listOf("a", "a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c")[it] }
        cells.obs["fate"] = List(12) { if (it in listOf(0, 1, 5, 6, 7, 9, 10, 11)) "x" else "y" }
        val clones = c2v.pp.clonesAdata(cells, fillObs = "fate")
        clones.obsm["counts"] = clones.layers.matrix("counts", "")
        clones.X = DenseMatrix.wrap(doubleArrayOf(0.0, 0.0, 1.0, 0.0, 2.0, 0.0), 3, 2)
        c2v.tl.associations(clones, "counts", binomial = true)
        // shares 2/5, 3/4 and 1 of sizes 5, 4 and 3 against 0, 1 and 2: means 8/12 and 10/12
        val w = listOf(5.0, 4.0, 3.0)
        val x = listOf(0.0, 1.0, 2.0).map { it - 10 / 12.0 }
        val y = listOf(0.4, 0.75, 1.0).map { it - 8 / 12.0 }

        fun sum(a: List<Double>, b: List<Double>) = w.indices.sumOf { w[it] * a[it] * b[it] }
        val r = table(clones, "counts:X:pearson:r")["counts:0"].toDoubles()[0]
        assertThat(r).isCloseTo(sum(x, y) / sqrt(sum(x, x) * sum(y, y)), within(1e-12))
    }

    @Test
    fun `raw is read where it is and gets its own tables`() {
        val adata = clones()
        adata.raw = Raw.of(adata.X.takeCols(intArrayOf(1, 0)), DataFrame.ofNames("g1", "g0"))
        c2v.tl.associations(adata, "plane")
        assertThat(adata.varm.keys).isEmpty()
        assertThat(adata.raw.varm.keys).contains("plane:X_raw:pearson:p_adj")
        val r = adata.raw.varm.find("plane:X_raw:pearson:r") as DataFrame
        assertThat(r["plane:0"].toDoubles()[1]).isEqualTo(1.0)
        c2v.tl.associations(adata, "plane", useRaw = false)
        assertThat(adata.varm.keys).contains("plane:X:pearson:p_adj")
        val path = folder.resolve("clones.h5ad").toString()
        adata.writeH5ad(path)
        val read = sc.readH5ad(path)
        assertThat(table(read, "plane:X:pearson:r")["plane:0"].toDoubles()[0]).isEqualTo(1.0)
        assertThat(read.raw.varm.keys).containsAll(adata.raw.varm.keys)
    }

    @Test
    fun `layers, one by one or joined, with what they lack`() {
        val adata = clones()
        val x = adata.X.toDense()
        val holes = x.copy().also { it.set(3, 1, Double.NaN) }
        adata.layers["early"] = x
        adata.layers["late"] = holes
        c2v.tl.associations(adata, "plane", useRep = "layers", concatLayers = true)
        assertThat(table(adata, "plane:multi_layer:pearson:r")["plane:0"].toDoubles()[0]).isEqualTo(1.0)
        c2v.tl.associations(adata, "age", responseField = "obs", layers = listOf("early", "late"))
        val without = adata.copy().also { it.subsetRows() }
        c2v.tl.associations(without, "age", responseField = "obs", useRep = "X")
        assertThat(table(adata, "age:late:pearson:r")["age"].toDoubles())
            .isEqualTo(table(without, "age:X:pearson:r")["age"].toDoubles())
        // all p-values of both layers are adjusted together
        val p = listOf("early", "late").flatMap { table(adata, "age:$it:pearson:pvalue")["age"].toDoubles().toList() }
        val least = p.filterNot { it.isNaN() }.min()
        val adjusted = listOf("early", "late")
            .flatMap { table(adata, "age:$it:pearson:p_adj")["age"].toDoubles().toList() }
            .filterNot { it.isNaN() }
        assertThat(adjusted.min()).isGreaterThan(least).isLessThanOrEqualTo(4 * least)
        adata.layers["sparse"] = x.toCsr()
        c2v.tl.associations(adata, "age", "obs", layers = listOf("early", "sparse"), concatLayers = true)
        assertThat(table(adata, "age:multi_layer:pearson:r")["age"].toDoubles()[0])
            .isCloseTo(table(adata, "age:early:pearson:r")["age"].toDoubles()[0], within(1e-12))
    }

    private fun AnnData.subsetRows() {
        val keep = BooleanArray(nObs) { it != 3 }
        subset(
            org.cellweave.data.AxisIndex
                .mask(*keep),
            org.cellweave.data.AxisIndex.ALL,
        )
    }

    @Test
    fun `a mask says which clones a layer has`() {
        val adata = clones()
        adata.layers["early"] = adata.X.toDense().toCsr()
        adata.obsm["mask"] = DataFrame.ofNames(*adata.obsNames.toTypedArray()).also { table ->
            table.set("early", BooleanColumn.of(*BooleanArray(8) { it != 3 }))
        }
        adata.uns["mask_key"] = "mask"
        val without = adata.copy().also { it.subsetRows() }
        c2v.tl.associations(adata, "age", "obs", layers = "early")
        c2v.tl.associations(without, "age", "obs", useRep = "X")
        assertThat(table(adata, "age:early:pearson:r")["age"].toDoubles())
            .isEqualTo(table(without, "age:X:pearson:r")["age"].toDoubles())
        c2v.tl.associations(adata, "plane", layers = "early", maskKey = "")
        assertThat(table(adata, "plane:early:pearson:r")["plane:0"].toDoubles()[0]).isEqualTo(1.0)
        assertThatThrownBy { c2v.tl.associations(adata, "age", "obs", layers = "early", maskKey = "none") }
            .hasMessageContaining("obsm['none'] is missing")
        assertThatThrownBy { c2v.tl.associations(adata, "age", "obs", layers = "early", maskKey = "plane") }
            .hasMessageContaining("maskKey must name a table with a boolean column for every layer")
    }

    @Test
    fun messages() {
        val adata = clones()
        assertThatThrownBy { c2v.tl.associations(adata, "fate") }.hasMessageContaining("obsm['fate'] is missing")
        assertThatThrownBy { c2v.tl.associations(adata, "agee", "obs") }.hasMessageContaining("obs['agee'] is missing")
        assertThatThrownBy { c2v.tl.associations(adata, listOf("a", "b")) }
            .hasMessageContaining("responseKey must be one key of obsm, got [a, b]")
        assertThatThrownBy { c2v.tl.associations(adata, emptyList<String>()) }.hasMessageContaining("empty list")
        assertThatThrownBy { c2v.tl.associations(adata, "age", "var") }
            .hasMessage("responseField must be one of [obs, obsm], got 'var'")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", method = "pearsn") }
            .hasMessageContaining("Did you mean 'pearson'?")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", responseTransform = "log") }
            .hasMessageContaining("responseTransform must be one of")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", pAdjustmentMethod = "holm") }
            .hasMessageContaining("[fdr_bh, bonferroni]")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", useRep = "raw") }
            .hasMessage("useRep must be one of [X, layers], got 'raw'")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", useRep = "X", layers = "a") }
            .hasMessageContaining("exclude each other")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", useRaw = true, layers = "a") }
            .hasMessageContaining("useRaw = true and layers exclude each other")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", concatLayers = true) }
            .hasMessageContaining("concatLayers = true needs layers")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", useRep = "layers") }
            .hasMessageContaining("found no layers to read")
        assertThatThrownBy { c2v.tl.associations(adata, "fates", layers = "early") }
            .hasMessageContaining("layers['early'] is missing")
        adata.obs["name"] = List(8) { "c$it" }
        assertThatThrownBy { c2v.tl.associations(adata, "name", "obs") }
            .hasMessageContaining("columns of obs must be numbers here, but 'name' is")
        adata.obs.set("age", NumericColumn.of(*DoubleArray(8) { if (it == 2) Double.NaN else 1.0 * it }))
        assertThatThrownBy { c2v.tl.associations(adata, "age", "obs") }
            .hasMessageContaining("but '2', 'age' of obs is NaN. Remove or replace such values first")
        (adata.obsm["fates"] as DataFrame)["down"] = List(8) { 2 - it }
        assertThatThrownBy { c2v.tl.associations(adata, "fates", responseTransform = "sqrt") }
            .hasMessage(
                "responseTransform = 'sqrt' needs shares or counts, but the response has -1.0 for '3', 'down'. Take " +
                    "such a slot, or leave the transform out",
            )
        assertThatThrownBy { c2v.tl.associations(adata, "fates", binomial = true) }
            .hasMessageContaining("binomial = true needs counts of cells, got -1.0 for '3', 'down' of the response")
        adata.layers["early"] = adata.X
            .toDense()
            .copy()
            .also { it.set(4, 1, Double.POSITIVE_INFINITY) }
        assertThatThrownBy { c2v.tl.associations(adata, "plane", layers = "early") }
            .hasMessageContaining("but '4', '1' of layers['early'] is Infinity")
        adata.layers["early"] = DenseMatrix.wrap(DoubleArray(24) { Double.NaN }, 8, 3)
        assertThatThrownBy { c2v.tl.associations(adata, "plane", layers = "early") }
            .hasMessage("associations finds no row of layers['early'] without NaN")
    }
}
