package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.Parallel
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.SplittableRandom

/** What notebooks write by habit: changes in place, files without a header, functions of values. */
class HandsOfPandasTest {
    @TempDir
    lateinit var folder: Path

    private val samples = StringColumn.of("cov_1", "ctrl_2", null, "cov_1")

    private fun table() = pd.DataFrame(
        mapOf("a" to listOf(3, 1, 2), "b" to listOf("x", "y", "x"), "c" to listOf(0.5, null, 1.5)),
        index = listOf("r1-1", "r2-1", "r3-1"),
    )

    private fun condition(x: String) = if ("cov" in x) "covid" else "control"

    private fun half(x: Double) = x / 2

    private fun next(x: Int) = x + 1

    private fun same(x: Any) = x

    @Test
    fun `changes in place change the table and give it`() {
        val t = table()
        assertThat(t.rename(columns = mapOf("a" to "n"), inplace = true)).isSameAs(t)
        assertThat(t.columns).containsExactly("n", "b", "c")
        t.sortValues("n", inplace = true)
        assertThat(t.names).containsExactly("r2-1", "r3-1", "r1-1")
        t.fillna(mapOf("c" to 9.0), inplace = true)
        assertThat(t["c"].toDoubles()).containsExactly(9.0, 1.5, 0.5)
        t.replace(mapOf("x" to "z"), inplace = true)
        assertThat(t["b"].tolist()).containsExactly("y", "z", "z")
        t.dropDuplicates(subset = "b", inplace = true)
        assertThat(t.nRows()).isEqualTo(2)
        t.setIndex("b", inplace = true)
        assertThat(t.names).containsExactly("y", "z")
        assertThat(t.indexName).isEqualTo("b")
        t.resetIndex(inplace = true)
        assertThat(t.columns).containsExactly("b", "n", "c")
        t.drop(columns = listOf("c"), inplace = true)
        assertThat(t.columns).containsExactly("b", "n")
        t["n"] = listOf(null, 1.0)
        t.dropna(inplace = true)
        assertThat(t.nRows()).isEqualTo(1)
        val kept = table()
        kept.rename(columns = mapOf("a" to "n"))
        assertThat(kept.columns).containsExactly("a", "b", "c")
    }

    @Test
    fun `an object keeps its rows`() {
        val adata = AnnData(DenseMatrix.ofRows(Array(3) { doubleArrayOf(1.0) }), table(), DataFrame.ofNames("g"))
        adata.obs.drop(columns = "c", inplace = true)
        assertThat(adata.obs.columns).containsExactly("a", "b")
        adata.obs.setIndex("b", inplace = true)
        assertThat(adata.obsNames).containsExactly("x", "y", "x")
        assertThatThrownBy { adata.obs.dropDuplicates(inplace = true).drop(index = "y", inplace = true) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("cannot go from 3 to 2 in place")
            .hasMessageContaining("adata[mask]")
        assertThat(adata.obs.nRows()).isEqualTo(3)
        val view = adata[intArrayOf(0, 1)]
        view.obs.rename(columns = mapOf("a" to "n"), inplace = true)
        assertThat(adata.obs.columns).containsExactly("a")
    }

    private fun file(vararg lines: String): String =
        folder.resolve("t.tsv").also { Files.writeString(it, lines.joinToString("\n") + "\n") }.toString()

    @Test
    fun `files without a header have columns called by numbers`() {
        val t = pd.readTable(file("# made by hand", "AAA\t1", "CCC\t2"), header = null, skiprows = 1)
        assertThat(t.columns).containsExactly("0", "1")
        assertThat(t[0].tolist()).containsExactly("AAA", "CCC")
        t.rename(columns = mapOf(0 to "barcode"), inplace = true)
        assertThat(t.columns).containsExactly("barcode", "1")
        t[1] = listOf(5, 6)
        assertThat(t[1].tolist()).containsExactly("5", "6")
        assertThat(listOf("CCC", "GGG").isin(t["barcode"].values)).containsExactly(true, false)
        assertThatThrownBy { t[7] }.isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `files are read with names, types, a share of their rows and columns`() {
        val path = file("id\tn\tx", "007\t1\t0.5 % ten", "008\t2\t1.5", "009\t3\t2.5")
        val t = pd.readCsv(
            path, sep = "\t", nrows = 2, dtype = mapOf("id" to "str", "n" to "float"), comment = "%",
            usecols = listOf("id", "n"),
        )
        assertThat(t["id"].tolist()).containsExactly("007", "008")
        assertThat(t["n"].dtype).isEqualTo("float64")
        assertThat(t.columns).containsExactly("id", "n")
        assertThat(pd.readTable(path, header = 0, names = listOf("p", "q", "r")).columns).containsExactly("p", "q", "r")
        assertThat(pd.readTable(path, names = listOf("p", "q", "r")).nRows()).isEqualTo(4)
        assertThat(pd.readTable(path, header = 1).columns).containsExactly("007", "1", "0.5 % ten")
        assertThat(pd.readTable(path, indexCol = "id", usecols = listOf("id", "n")).columns).containsExactly("n")
        assertThat(pd.readTable(path, usecols = listOf(2, 0)).columns).containsExactly("id", "x")
        assertThatThrownBy { pd.readTable(path, names = listOf("a", "b", "c", "d")) }
            .hasMessageContaining("names has 4 entries")
            .hasMessageContaining("has 3 columns")
        assertThatThrownBy { pd.readTable(path, header = "first") }.hasMessageContaining("header must be the number")
        assertThatThrownBy { pd.readTable(path, nrows = -1) }.hasMessageContaining("nrows")
    }

    @Test
    fun `functions of values take text, numbers or anything`() {
        assertThat(samples.map(::condition).isna()).containsExactly(false, false, true, false)
        assertThat(samples.map(::condition).dropna().tolist()).containsExactly("covid", "control", "covid")
        assertThat(samples.astype("category").map(::condition)).isInstanceOf(CategoricalColumn::class.java)
        assertThat(table()["a"].map(::half).toDoubles()).containsExactly(1.5, 0.5, 1.0)
        assertThat(table()["a"].apply(::next).tolist()).containsExactly("4", "2", "3")
        assertThat(table()["a"].map(::same).tolist()).containsExactly("3", "1", "2")
        val t = table()
        t.index = t.index.map { x -> x.dropLast(2) }
        assertThat(t.names).containsExactly("r1", "r2", "r3")
        t.index = t.index + "-s"
        assertThat(t.names).containsExactly("r1-s", "r2-s", "r3-s")
        assertThat(t["c"].map { x -> if (x > 1) "high" else "low" }.dropna().tolist()).containsExactly("low", "high")
        assertThat(samples.map { x -> x.split("_")[0] }.dropna().tolist()).containsExactly("cov", "ctrl", "cov")
        val shouted = t["b"].map { x -> if (x in listOf("x")) x.upper() + "!" else x }
        assertThat(shouted.tolist()).containsExactly("X!", "y", "X!")
        assertThat(t["b"].map { x -> if (x eq "x") 1 else 0 }.tolist()).containsExactly("1", "0", "1")
    }

    @Test
    fun `one value is text and a number`() {
        val t = table()
        val row = t.iloc[0]
        assertThat(row["a"] / 6 * 100).isEqualTo(50.0)
        assertThat(row["b"] + "_1").isEqualTo("x_1")
        assertThat(row["b"].startsWith("x")).isTrue
        assertThat(mapOf("x" to 1)[row["b"]]).isEqualTo(1)
        assertThat(StringColumn.of("2.5").iloc[0] * 2).isEqualTo(5.0)
        assertThatThrownBy { row["b"].toDouble() }.hasMessageContaining("the value is the text 'x'")
        val (a, b) = t[listOf("a", "b")].iloc[1]
        assertThat("$a$b").isEqualTo("1y")
        assertThat(t.apply(axis = 1) { r -> r["a"] * 2 }.toDoubles()).containsExactly(6.0, 2.0, 4.0)
        assertThat(t.apply(axis = 1) { r -> r.name + r["b"] }.tolist()).containsExactly("r1-1x", "r2-1y", "r3-1x")
        assertThat(t["a"].iloc[-1].toInt()).isEqualTo(2)
        assertThat(t["a"].loc[t["a"] gt 1].tolist()).containsExactly("3", "2")
        t["first"] = t["b"].iloc[0]
        assertThat(t["first"].tolist()).containsExactly("x", "x", "x")
        assertThat(listOf("x", "y") eq t["b"].iloc[0]).containsExactly(true, false)
        assertThat(listOf("x", "y") ne listOf("x", "z")).containsExactly(false, true)
        assertThatThrownBy { listOf("x") eq listOf("x", "y") }.hasMessageContaining("a list of names")
        assertThat(row["a"].equals(3)).isTrue
        assertThat(row["b"].equals("x")).isTrue
    }

    @Test
    fun `functions over columns and arrays beside them`() {
        val a = table()["a"]
        assertThat(abs(-a).toDoubles()).containsExactly(3.0, 1.0, 2.0)
        assertThat(max(a) - min(a)).isEqualTo(2.0)
        assertThat(len(a)).isEqualTo(3)
        assertThat((doubleArrayOf(6.0, 6.0, 6.0) / a).toDoubles()).containsExactly(2.0, 6.0, 3.0)
        assertThat((doubleArrayOf(1.0, 1.0, 1.0) - a.values).toDoubles()).containsExactly(-2.0, 0.0, -1.0)
        assertThat(table()[listOf(true, false, true)].names).containsExactly("r1-1", "r3-1")
        val counts = table()["b"].valueCounts()
        assertThat(counts.index[0].toString()).isEqualTo("x")
        assertThat((counts / 2)["count"].toDoubles()).containsExactly(1.0, 0.5)
        val two = pd.DataFrame(mapOf("s" to listOf("p", "p"), "t" to listOf("u", "v"), "n" to listOf(1, 2)))
        assertThat((two.groupby(listOf("s", "t")).count().sum(axis = 1) gt 0)).containsExactly(true, true)
    }

    @Test
    fun `groups of a pattern make a table`() {
        val t = samples.str.extract("(?P<kind>[a-z]+)_(\\d)", expand = true)
        assertThat(t.columns).containsExactly("kind", "1")
        assertThat(t["kind"].isna()).containsExactly(false, false, true, false)
        assertThat(t["1"].dropna().tolist()).containsExactly("1", "2", "1")
        assertThat(
            samples.str
                .extract("_(\\d)")
                .dropna()
                .tolist(),
        ).containsExactly("1", "2", "1")
        assertThat(
            samples.str
                .findall("[a-z]")
                .len()
                .tolist(),
        ).containsExactly("3", "4", "0", "3")
        assertThatThrownBy { samples.str.extract("x", expand = true) }.hasMessageContaining("a group in parentheses")
        assertThatThrownBy { samples.str.extract("(x)", expand = false) }
            .hasMessageContaining("extract(pat) without it")
    }

    @Test
    fun `many rows are ordered, compared and summed as few are, with any number of threads`() {
        val draw = SplittableRandom(3)
        val n = 150_000
        val x = DoubleArray(n) { if (it % 97 == 0) Double.NaN else 0.0 + Math.rint(draw.nextDouble(-500.0, 500.0)) / 4 }
        val whole = LongArray(n) { draw.nextLong(-5, 5) }
        val groups = IntArray(n) { draw.nextInt(-1, 7) }
        val t = pd.DataFrame(
            mapOf(
                "x" to x, "n" to whole,
                "g" to CategoricalColumn(groups, StringColumn.of(*Array(7) { "g$it" }), false),
            ),
        )
        val there = x.indices.filter { !x[it].isNaN() }
        val missing = x.indices.filter { x[it].isNaN() }
        assertThat(t["x"].argsort().toList()).isEqualTo(there.sortedBy { x[it] } + missing)
        assertThat(t["x"].argsort(ascending = false).toList()).isEqualTo(there.sortedByDescending { x[it] } + missing)
        assertThat(t["n"].argsort().toList()).isEqualTo(x.indices.sortedBy { whole[it] })
        assertThat((t["x"] gt 3).toList()).isEqualTo(x.map { it > 3 })
        assertThat((t["x"] ne 3).toList()).isEqualTo(x.map { it != 3.0 })
        assertThat((t["n"] le t["x"]).toList()).isEqualTo(x.indices.map { whole[it] <= x[it] })
        assertThat((t["g"] eq "g2").toList()).isEqualTo(groups.map { it == 2 })
        assertThat((t["g"] ne "g2").toList()).isEqualTo(groups.map { it != 2 })
        val by = t.groupby("g")["x"]
        val first = there.filter { groups[it] == 0 }.map { x[it] }.sorted()
        val k = first.size
        assertThat(by.median()["x"].toDoubles()[0]).isEqualTo((first[(k - 1) / 2] + first[k / 2]) / 2)
        assertThat(by.quantile(0.0)["x"].toDoubles()[0]).isEqualTo(first[0])
        assertThat(by.quantile(1.0)["x"].toDoubles()[0]).isEqualTo(first[k - 1])
        val mean = first.sum() / k
        assertThat(by.std()["x"].toDoubles()[0])
            .isCloseTo(Math.sqrt(first.sumOf { (it - mean) * (it - mean) } / (k - 1)), within(1e-9))
        val before = Parallel.threads()
        try {
            val results = listOf(1, 2, 7).map { threads ->
                Parallel.threads(threads)
                listOf(by.mean(), by.std(), by.median()).map { it["x"].toDoubles().toList() }
            }
            assertThat(results.distinct()).hasSize(1)
        } finally {
            Parallel.threads(before)
        }
        assertThat(NumericColumn.of(*DoubleArray(5000) { 1.0 }).median()).isEqualTo(1.0)
        assertThat(NumericColumn.of(*DoubleArray(5001) { it.toDouble() }).median()).isEqualTo(2500.0)
    }
}
