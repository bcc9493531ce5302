package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** What a scanpy user writes behind `adata.` */
class AnnDataMembersTest {
    @TempDir
    lateinit var folder: Path

    private fun small(): AnnData {
        val adata = AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 0.0, 2.0), doubleArrayOf(0.0, 3.0, 4.0))))
        adata.obsNames = listOf("a", "b")
        adata.varNames = List(adata.nVars) { "g$it" }
        return adata
    }

    @Test
    fun `vars is var, and takes another table`() {
        val adata = small()
        adata.vars["mt"] = listOf(true, false, false)
        assertThat(adata.`var`).isSameAs(adata.vars)
        assertThat(adata[all, adata.vars["mt"]].varNames).containsExactly("g0")
        adata.vars = DataFrame.ofNames("x", "y", "z")
        assertThat(adata.varNames).containsExactly("x", "y", "z")
        assertThat(adata.varKeys()).isEmpty()
        val view = adata[all, listOf("y")]
        view.vars["n"] = listOf(5)
        assertThat(adata.vars.keys).doesNotContain("n")
    }

    @Test
    fun `shape is a pair that is read by axis`() {
        val adata = small()
        assertThat(adata.shape).isEqualTo(2 to 3)
        assertThat(listOf(adata.shape[0], adata.shape[1], adata.shape[-1])).containsExactly(2, 3, 3)
        val (nObs, nVars) = adata.shape
        assertThat(nObs to nVars).isEqualTo(adata.nObs to adata.nVars)
        assertThat(adata.T.shape).isEqualTo(3 to 2)
        assertThatThrownBy { adata.shape[2] }.isInstanceOf(IndexOutOfBoundsException::class.java)
    }

    @Test
    fun `raw is set by an object and is a copy`() {
        val adata = small()
        adata.vars["id"] = listOf("i0", "i1", "i2")
        adata.raw = adata
        adata.X = DenseMatrix.wrap(DoubleArray(6), 2, 3)
        assertThat(adata.raw.X[1, 2]).isEqualTo(4.0)
        assertThat(adata.raw.shape).isEqualTo(2 to 3)
        assertThat(adata.raw.nVars).isEqualTo(3)
        assertThat(adata.raw.varNames).containsExactly("g0", "g1", "g2")
        assertThat(adata.raw.obsNames).containsExactly("a", "b")
        assertThat(adata.raw.vars["id"].texts()).containsExactly("i0", "i1", "i2")
        assertThat(adata.raw[all, listOf("g2", "g0")].X[0, 0]).isEqualTo(2.0)
        assertThat(adata.raw[listOf("b")].X.nRows()).isEqualTo(1)
        assertThat(adata.raw.toAdata().X[1, 1]).isEqualTo(3.0)
    }

    @Test
    fun `raw is taken from another object, from its snapshot, and away again`() {
        val adata = small()
        val other = small()
        other.raw = other
        adata.raw = other.raw
        assertThat(adata.raw).isNotSameAs(other.raw)
        adata.raw = adata[all, listOf("g1")]
        assertThat(adata.raw.varNames).containsExactly("g1")
        adata.raw = adata.copy()
        assertThat(adata.raw.X.nCols()).isEqualTo(3)
        adata.raw = null
        assertThat(adata.raw).isNull()
    }

    @Test
    fun `without a snapshot the message says how to keep one`() {
        val adata = small()
        for (read in listOf({ adata.raw.X }, { adata.raw.vars }, { adata.raw.shape }, { adata.raw[all, "g0"] })) {
            assertThatThrownBy { read() }
                .hasMessageStartingWith("adata.raw is not set; adata.raw = adata keeps a copy")
        }
        assertThatThrownBy { adata.raw = small()[listOf("a")] }.hasMessageContaining("raw must have 2 rows")
        assertThat(adata.raw).isNull()
    }

    @Test
    fun `keys are lists`() {
        val adata = small()
        adata.obs["n"] = 1
        adata.obsm["X_p"] = DenseMatrix.wrap(DoubleArray(4), 2, 2)
        adata.varm["PCs"] = DenseMatrix.wrap(DoubleArray(3), 3, 1)
        adata.uns["a"] = 1L
        assertThat(adata.obsKeys()).containsExactly("n")
        assertThat(adata.obsmKeys()).containsExactly("X_p")
        assertThat(adata.varmKeys()).containsExactly("PCs")
        assertThat(adata.unsKeys()).containsExactly("a")
    }

    @Test
    fun `files are named by texts, paths and files`() {
        val adata = small()
        val path = folder.resolve("x.h5ad")
        adata.write(path, compression = "gzip")
        assertThat(sc.read(path).shape).isEqualTo(2 to 3)
        adata.writeH5ad(path.toFile())
        assertThat(sc.readH5ad(filename = path.toString()).shape).isEqualTo(2 to 3)
        assertThat(sc.read(filename = path.toFile()).shape).isEqualTo(2 to 3)
        assertThat(sc.readH5ad(path, backed = true).isBacked).isTrue
        assertThat(sc.readH5ad(path, backed = false).isBacked).isFalse
        assertThatThrownBy { sc.read(5) }.hasMessage("filename must be a text, a Path or a File, got a Int")
        assertThatThrownBy { sc.readH5ad(path, backed = "w") }.hasMessageContaining("backed must be null")
    }
}
