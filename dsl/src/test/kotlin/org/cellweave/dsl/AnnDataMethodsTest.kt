package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.H5Reference
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class AnnDataMethodsTest {
    @TempDir
    lateinit var folder: Path

    private fun fails(message: String, body: () -> Any?) {
        assertThatThrownBy { body() }.hasMessageContaining(message).message().doesNotContain("\n")
    }

    private fun small(): AnnData {
        val a = AnnData(DenseMatrix.wrap(FloatArray(12) { it.toFloat() }, 4, 3))
        a.varNames = listOf("g0", "g1", "g2")
        a.obs["g"] = listOf("a", "a", "b", "b")
        return a
    }

    @Test
    fun `columns of every kind of values`() {
        val obs = small().obs
        obs["d"] = listOf(1.0, null, 2.5, 3.0)
        obs["b"] = listOf(true, null, false, true)
        obs["i"] = listOf(1, null, 3, 4)
        obs["s"] = shortArrayOf(1, 2, 3, -4)
        obs["y"] = byteArrayOf(1, 2, 3, -128)
        obs["u"] = ubyteArrayOf(1u, 2u, 3u, 255u)
        obs["f"] = listOf(1f, null, 0.1f, 2f)
        obs["m"] = listOf<Number>(1, 2L, 3, 4)
        obs["mixed"] = listOf<Number>(1, 2.5, 3f, 4L)
        obs["set"] = linkedSetOf("w", "x", "y", "z")
        obs["arr"] = arrayOf("w", null, "y", "z")
        obs["nd"] = NdArray.of(1L, 2L, 3L, 4L)
        obs["seq"] = sequenceOf(1, 2, 3, 4)
        obs["one"] = 2.5f
        val types = obs.keys.associateWith { obs[it].dtypeName() }
        assertThat(types).containsAllEntriesOf(
            mapOf(
                "d" to "float64", "b" to "boolean", "i" to "Int32", "s" to "int16", "y" to "int8", "u" to "uint8",
                "f" to "float32", "m" to "int64", "mixed" to "float64", "nd" to "int64", "seq" to "int32",
                "one" to "float32",
            ),
        )
        assertThat(obs["d"].toDoubles()).containsExactly(1.0, Double.NaN, 2.5, 3.0)
        assertThat((obs["b"] as BooleanColumn).mask()).containsExactly(false, true, false, false)
        assertThat((obs["i"] as NumericColumn).mask()).containsExactly(false, true, false, false)
        assertThat(obs["u"].toDoubles()).containsExactly(1.0, 2.0, 3.0, 255.0)
        assertThat(obs["arr"].isMissing(1)).isTrue
        fails("must hold values of one type, got Int, String") { obs["bad"] = listOf(1, "a", 2, 3) }
        fails("obs['short'] has length 2") { obs["short"] = listOf(1, 2) }
    }

    @Test
    fun `nullable columns are pandas' own in the file`() {
        val a = small()
        a.obs["b"] = listOf(true, null, false, true)
        a.obs["i"] = listOf(1L, null, 3L, 4L)
        a.obs["d"] = listOf(1.0, null, 2.5, 3.0)
        val script =
            "assert str(a.obs['b'].dtype) == 'boolean' and a.obs['b'].isna().tolist() == [0, 1, 0, 0]\n" +
                "assert str(a.obs['i'].dtype) == 'Int64' and a.obs['i'].isna().sum() == 1\n" +
                "assert str(a.obs['d'].dtype) == 'float64' and a.obs['d'].isna().sum() == 1"
        val file = folder.resolve("a.h5ad")
        a.writeH5ad(file.toString())
        H5Reference.of(file).use { h ->
            val kinds = listOf("b", "i", "d").map { h.node("obs/$it").getAttribute("encoding-type").data }
            assertThat(kinds).containsExactly("nullable-boolean", "nullable-integer", "array")
            assertThat(h.doubles("obs/i/mask")).containsExactly(0.0, 1.0, 0.0, 0.0)
        }
        Peer.judge(folder, "a = ad.read_h5ad('a.h5ad')\n$script")
    }

    @Test
    fun `vectors by name`() {
        val a = small()
        a.layers["twice"] = DenseMatrix.wrap(FloatArray(12) { 2f * it }, 4, 3)
        assertThat(a.obsVector("g1").toDoubles()).containsExactly(1.0, 4.0, 7.0, 10.0)
        assertThat(a.obsVector("g1", layer = "twice").toDoubles()).containsExactly(2.0, 8.0, 14.0, 20.0)
        assertThat(a.obsVector("g").texts()).containsExactly("a", "a", "b", "b")
        assertThat(a.varVector("1").toDoubles()).containsExactly(3.0, 4.0, 5.0)
        a.setRaw(a)
        assertThat(a.raw.obsVector("g2").toDoubles()).containsExactly(2.0, 5.0, 8.0, 11.0)
        assertThat(
            a.raw[all, "g2"]
                .X
                .toDense()
                .floatData(),
        ).containsExactly(2f, 5f, 8f, 11f)
        assertThat(
            a.raw[listOf("3"), listOf("g2", "g0")]
                .X
                .toDense()
                .floatData(),
        ).containsExactly(11f, 9f)
        fails("obs or var_names['zz'] is missing") { a.obsVector("zz") }
        a.obs["g0"] = 1
        fails("'g0' is in obs and in var_names") { a.obsVector("g0") }
    }

    @Test
    fun `tables, chunks and sides`() {
        val a = small()
        val table = a.toDf()
        assertThat(table.names).containsExactly("0", "1", "2", "3")
        assertThat(table.keys).containsExactly("g0", "g1", "g2")
        assertThat(table["g2"].dtypeName()).isEqualTo("float32")
        assertThat(table["g2"].toDoubles()).containsExactly(2.0, 5.0, 8.0, 11.0)
        assertThat(a.T.shape).isEqualTo(3 to 4)
        assertThat(a.T.obsNames).containsExactly("g0", "g1", "g2")
        assertThat(a.chunkX(intArrayOf(3, 0)).toDense().floatData()).containsExactly(9f, 10f, 11f, 0f, 1f, 2f)
        val drawn = a.chunkX(4, replace = false).toDense()
        assertThat(drawn.column(0).sorted()).containsExactly(0.0, 3.0, 6.0, 9.0)
        assertThat(a.chunkX(50).nRows()).isEqualTo(50)
        fails("select must not exceed the 4 cells") { a.chunkX(5, replace = false) }
        val seen = mutableListOf<Int>()
        for ((x, start, end) in a.chunkedX(3)) {
            assertThat(x.nRows()).isEqualTo(end - start)
            seen += start
        }
        assertThat(seen).containsExactly(0, 3)
        assertThat(
            a
                .chunkedX()
                .single()
                .x()
                .nRows(),
        ).isEqualTo(4)
    }

    @Test
    fun `a copy in a file`() {
        val a = small()
        val file = folder.resolve("copy.h5ad").toString()
        assertThat(a.filename).isNull()
        val b = a.copy(filename = file)
        assertThat(b.isBacked).isTrue
        assertThat(b.filename).isEqualTo(file)
        assertThat(b.toMemory().isBacked).isFalse
        assertThat(b.differenceTo(sc.readH5ad(file))).isNull()
        a.varNames = listOf("g", "g", "h")
        a.varNamesMakeUnique(join = "_")
        assertThat(a.varNames).containsExactly("g", "g_1", "h")
    }

    @Test
    fun `tables of obsm by column and in groups`() {
        val a = small()
        a.obsm.set("X_p", DenseMatrix.wrap(FloatArray(8) { it.toFloat() }, 4, 2))
        val table = DataFrame.ofNames("0", "1", "2", "3")
        table["c1"] = listOf(1.0, 2.0, 3.0, 4.0)
        table["c2"] = intArrayOf(0, 1, 0, 1)
        a.obsm.set("df", table)
        val df = sc.get.obsDf(a, keys = listOf("g", "g0"), obsmKeys = listOf("X_p" to 1, "df" to "c2"))
        assertThat(df.keys).containsExactly("g", "g0", "X_p-1", "df-c2")
        assertThat(df["X_p-1"].toDoubles()).containsExactly(1.0, 3.0, 5.0, 7.0)
        assertThat(df["df-c2"].toDoubles()).containsExactly(0.0, 1.0, 0.0, 1.0)
        fails("the column of obsm['X_p'] must lie in [0, 2), got 2") { sc.get.obsDf(a, obsmKeys = listOf("X_p" to 2)) }
        fails("columns of obsm['X_p'] are chosen by number, got 'c'") {
            sc.get.obsDf(a, obsmKeys = listOf("X_p" to "c"))
        }
        val means = sc.get.aggregate(a, "g", "mean", obsm = "df")
        assertThat(means.varNames).containsExactly("c1", "c2")
        assertThat(List(4) { means.layers.get("mean").get(it / 2, it % 2) }).containsExactly(1.5, 0.5, 3.5, 0.5)
        assertThat(sc.get.aggregate(a, "g", "mean", obsm = "X_p").varNames).containsExactly("0", "1")
        fails("obsm['none'] is missing; obsm has [X_p, df]") { sc.get.aggregate(a, "g", "mean", obsm = "none") }
    }

    @Test
    fun `groups with a slash are ranked, written and read`() {
        val names = listOf("CD4+/CD25 T Reg", "CD8+/CD45RA+ Naive")
        val a = AnnData(DenseMatrix.wrap(floatArrayOf(1f, 0f, 2f, 0f, 0f, 3f, 0f, 4f), 4, 2))
        a.obs.set("cell/type", DataFrame.ofNames(names[0], names[0], names[1], names[1]).index.asCategorical())
        sc.tl.rankGenesGroups(a, "cell/type", pts = true)
        val file = folder.resolve("slash.h5ad").toString()
        a.writeH5ad(file)
        val back = sc.readH5ad(file)
        val result = back.uns["rank_genes_groups"] as Map<*, *>
        val pts = result["pts"] as DataFrame
        assertThat(back.obs.keys).containsExactly("cell/type")
        assertThat(pts.keys).containsExactlyElementsOf(names)
        assertThat(pts[names[0]].toDoubles()).containsExactly(1.0, 0.0)
        assertThat(pts[names[1]].toDoubles()).containsExactly(0.0, 1.0)
        assertThat((result["scores"] as RecordArray).fields().keys).containsExactlyElementsOf(names)
    }

    @Test
    fun `loom is written and read, one matrix of it too`() {
        val file = folder.resolve("a.loom").toString()
        val a = small()
        a.writeLoom(file)
        val back = sc.readLoom(file, obsNames = "obs_names", varNames = "var_names")
        assertThat(back.X.toDense().doubleData()).containsExactly(*a.X.toDense().doubleData())
        assertThat(back.varNames).containsExactly("g0", "g1", "g2")
        assertThat(back.obs["g"].texts()).containsExactly("a", "a", "b", "b")
        val turned = sc.readHdf(file, "matrix")
        assertThat(turned.X.toDense().doubleData())
            .containsExactly(0.0, 3.0, 6.0, 9.0, 1.0, 4.0, 7.0, 10.0, 2.0, 5.0, 8.0, 11.0)
        fails("give one as key") { sc.readHdf(file, "") }
    }
}
