package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.MuData
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.SharedData
import org.cellweave.util.FormatException
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class MuDataTest {
    @TempDir
    lateinit var folder: Path

    private fun modality(cells: List<String>, features: List<String>): AnnData =
        AnnData(
            DenseMatrix.wrap(DoubleArray(cells.size * features.size) { it.toDouble() }, cells.size, features.size),
            DataFrame.ofNames(*cells.toTypedArray()),
            DataFrame.ofNames(*features.toTypedArray()),
        )

    private fun both(): MuData {
        val rna = modality(listOf("c", "a", "b"), listOf("g1", "g2"))
        rna.obs["n"] = longArrayOf(1, 2, 3)
        return MuData(mapOf("rna" to rna, "adt" to modality(listOf("b", "d"), listOf("p1"))))
    }

    @Test
    fun `modalities are found by their names`() {
        val mdata = both()
        assertThat(mdata["rna"]).isSameAs(mdata.mod["rna"])
        assertThat(mdata.shape).isEqualTo(4 to 3)
        assertThat(mdata.obs["rna:n"].texts()).containsExactly("1", "2", "3", "NA")
        assertThatThrownBy { mdata["rba"] }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'rna'?")
        mdata.mod["atac"] = modality(listOf("e"), listOf("q"))
        mdata.update()
        assertThat(mdata.obsNames).containsExactly("c", "a", "b", "d", "e")
    }

    @Test
    fun `cells are chosen as in AnnData`() {
        val mdata = both()
        assertThat(mdata[listOf("d", "b")]["adt"].obsNames).containsExactly("d", "b")
        assertThat(mdata[0..1].obsNames).containsExactly("c", "a")
        assertThat(mdata[booleanArrayOf(true, false, false, true)].obsNames).containsExactly("c", "d")
        assertThat(mdata[all, listOf("p1")].shape).isEqualTo(4 to 1)
        mdata.filterObs(mdata.obs["rna:n"] gt 1)
        assertThat(mdata.obsNames).containsExactly("a", "b")
        mdata.filterVar(listOf("g2", "p1"))
        assertThat(mdata["rna"].varNames).containsExactly("g2")
    }

    @Test
    fun `columns go both ways`() {
        val mdata = both()
        mdata.obs["site"] = listOf("x", "y", "x", "y")
        mdata.pushObs(columns = listOf("site"), mods = listOf("adt"), drop = true)
        assertThat(mdata["adt"].obs["site"].texts()).containsExactly("x", "y")
        assertThat(mdata.obs.keys).containsExactly("rna:n")
        mdata.pullObs(columns = listOf("site"), prefixUnique = false)
        assertThat(mdata.obs.keys).containsExactly("rna:n", "site")
        mdata.`var`["k"] = intArrayOf(1, 2, 3)
        mdata.pushVar()
        mdata.pullVar(common = false)
        assertThat(mdata["adt"].`var`["k"].texts()).containsExactly("3")
        mdata.varNamesMakeUnique(join = "_")
        assertThat(mdata.varNames).containsExactly("g1", "g2", "p1")
    }

    @Test
    fun `files are written and read`() {
        val mdata = both()
        val file = folder.resolve("cells.h5mu").toString()
        mdata.writeH5mu(file, compression = "gzip")
        assertThat(sc.readH5mu(file).differenceTo(mdata)).isNull()
        assertThat(sc.readH5ad("$file/rna").differenceTo(mdata["rna"])).isNull()
        assertThat(sc.read("$file/adt").obsNames).containsExactly("b", "d")
        assertThat(sc.readH5mu(file, backed = "r")["rna"].isBacked).isTrue()
        mdata.write(file)
        assertThatThrownBy { sc.read(file) }
            .isInstanceOf(FormatException::class.java)
            .hasMessageContaining("read it with readH5mu")
        assertThatThrownBy { sc.readH5mu(file, backed = "r+") }.hasMessageContaining("backed must be null or \"r\"")
        assertThatThrownBy { mdata.writeH5mu(file, compressionOpts = 10) }.hasMessageContaining("0..9")
    }

    @Test
    fun `kinds of features become modalities`() {
        val file = SharedData.require("data/10x/v3_filtered_feature_bc_matrix.h5").toString()
        val mdata = sc.read10xH5Mu(file)
        assertThat(mdata["rna"].differenceTo(sc.read10xH5(file))).isNull()
        val folder = SharedData.require("data/10x/v3_filtered_feature_bc_matrix").toString()
        val named = sc.read10xMtxMu(folder, modalities = mapOf("Gene Expression" to "genes"))
        assertThat(named.mod.keys).contains("genes")
    }
}
