package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class AnndataDoorTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `an object is made of what a caller has`() {
        val expected = DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0)))
        val given =
            listOf(
                expected,
                arrayOf(doubleArrayOf(1.0, 2.0), doubleArrayOf(3.0, 4.0)),
                arrayOf(floatArrayOf(1f, 2f), floatArrayOf(3f, 4f)),
                arrayOf(intArrayOf(1, 2), intArrayOf(3, 4)),
                listOf(listOf(1, 2.0), listOf(3L, 4f)),
                NdArray(DType.FLOAT64, intArrayOf(2, 2), doubleArrayOf(1.0, 2.0, 3.0, 4.0)),
            )
        for (x in given) {
            val adata = ad.AnnData(x)
            assertThat(adata.shape).isEqualTo(2 to 2)
            assertThat(adata.X.toDense().column(1)).containsExactly(2.0, 4.0)
        }
    }

    @Test
    fun `parts go where they belong`() {
        val adata =
            ad.AnnData(
                X = listOf(listOf(1, 2, 3), listOf(4, 5, 6)),
                obs = mapOf("type" to listOf("B", "T")),
                vars = DataFrame.ofNames("g0", "g1", "g2"),
                uns = mapOf("a" to 1L),
                obsm = mapOf("X_p" to listOf(listOf(1), listOf(2))),
                varm = mapOf("L" to DenseMatrix.wrap(DoubleArray(3), 3, 1)),
                layers = mapOf("counts" to listOf(listOf(1, 2, 3), listOf(4, 5, 6))),
                obsp = mapOf("d" to listOf(listOf(0, 1), listOf(1, 0))),
                varp = mapOf("c" to DenseMatrix.wrap(DoubleArray(9), 3, 3)),
                raw = AnnData(listOf(listOf(7), listOf(8))),
            )
        assertThat(adata.obs["type"].texts()).containsExactly("B", "T")
        assertThat(adata.varNames).containsExactly("g0", "g1", "g2")
        assertThat(adata.layers["counts"].toDense().get(1, 2)).isEqualTo(6.0)
        assertThat(adata.obsmKeys() + adata.varmKeys() + adata.unsKeys()).containsExactly("X_p", "L", "a")
        assertThat(adata.raw.X[1, 0]).isEqualTo(8.0)
        assertThat(anndata.AnnData(shape = 3 to 4).shape).isEqualTo(3 to 4)
    }

    @Test
    fun `a table gives numbers and names`() {
        val table = DataFrame.ofNames("c1", "c2").also { it["gA"] = listOf(1.0, 2.0) }
        val adata = AnnData(table)
        assertThat(adata.obsNames + adata.varNames).containsExactly("c1", "c2", "gA")
    }

    @Test
    fun `what cannot be made is told`() {
        assertThatThrownBy { ad.AnnData(listOf(listOf(1, 2), listOf(3))) }
            .hasMessage("rows of X must be equally long, got 2 and, at 1, 1")
        assertThatThrownBy { ad.AnnData(listOf(listOf("a"))) }.hasMessage("X[0][0] must be a number, got the text 'a'")
        assertThatThrownBy { ad.AnnData(listOf(3)) }.hasMessage("X[0] must be a row of numbers, got 3")
        assertThatThrownBy { ad.AnnData("x") }.hasMessageContaining("X must be a matrix, an array, a table or a list")
        assertThatThrownBy { ad.AnnData() }.hasMessage("an object without X needs obs, or shape = nObs to nVars")
        assertThatThrownBy { ad.AnnData(listOf(listOf(1)), obs = 5) }
            .hasMessage("obs must be a table or columns by name, got a Int")
    }

    @Test
    fun `concat takes lists, maps and arrays`() {
        val (a, b) = List(2) { i -> AnnData(listOf(listOf(i))).also { it.obsNames = listOf("c$i") } }
        assertThat(ad.concat(listOf(a, b)).nObs).isEqualTo(2)
        assertThat(ad.concat(arrayOf(a, b), label = "s", keys = listOf("x", "y")).obs["s"].texts())
            .containsExactly("x", "y")
        assertThat(ad.concat(mapOf("u" to a, "v" to b), label = "s", indexUnique = "-").obsNames)
            .containsExactly("c0-u", "c1-v")
        assertThatThrownBy { ad.concat(listOf(a, 5)) }.hasMessage("adatas must hold objects, got Int at 1")
        assertThatThrownBy { ad.concat(listOf(a, b), keys = listOf("x")) }
            .hasMessage("keys must name each of the 2 objects, got 1 names")
        assertThatThrownBy { ad.concat(mapOf("u" to a), keys = listOf("x")) }
            .hasMessageContaining("keys must be left out")
    }

    @Test
    fun `files are read by anndata's names`() {
        val path = folder.resolve("x.h5ad")
        AnnData(listOf(listOf(1, 2))).write(path)
        assertThat(ad.readH5ad(path).shape).isEqualTo(1 to 2)
        val text = folder.resolve("x.csv").toFile()
        text.writeText(",g0,g1\nc0,1,2\n")
        assertThat(ad.readCsv(text).varNames).containsExactly("g0", "g1")
        assertThat(ad.io.readH5ad(path).nVars).isEqualTo(2)
        assertThat(ad.version).isEqualTo(sc.version)
        ad.io.writeZarr(folder.resolve("x.zarr"), ad.readH5ad(path))
        assertThat(ad.readZarr(folder.resolve("x.zarr")).shape).isEqualTo(1 to 2)
        ad.experimental
            .concatOnDisk(listOf(path, path), folder.resolve("both.h5ad"), keys = listOf("a", "b"), indexUnique = "-")
        assertThat(ad.readH5ad(folder.resolve("both.h5ad")).nObs).isEqualTo(2)
    }
}
