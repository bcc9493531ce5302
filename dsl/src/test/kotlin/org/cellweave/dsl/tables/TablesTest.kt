package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

class TablesTest {
    @TempDir
    lateinit var folder: Path

    private fun table(): DataFrame =
        pd.DataFrame(
            mapOf(
                "kind" to pd.Categorical(listOf("T", "B", "T", "B"), categories = listOf("T", "B", "NK")),
                "n" to listOf(4, 1, 2, 3), "x" to listOf(0.5, null, 1.5, 2.5), "day" to listOf("a", "a", "b", "b"),
            ),
            index = listOf("c1", "c2", "c3", "c4"),
        )

    private fun cells() = AnnData(
        DenseMatrix.ofRows(Array(4) { doubleArrayOf(1.0, 2.0) }), table(),
        DataFrame
            .ofNames("g1", "g2"),
    )

    @Test
    fun `tables are made of maps, lists and matrices`() {
        assertThat(table().shape).isEqualTo(4 to 4)
        assertThat(table().dtypes).containsEntry("kind", "category").containsEntry("x", "float64")
        val rows = pd.DataFrame(listOf(mapOf("a" to 1, "b" to "x"), mapOf("a" to 2)))
        assertThat(rows["a"].tolist()).containsExactly("1", "2")
        assertThat(rows["b"].isna()).containsExactly(false, true)
        assertThat(
            pd
                .DataFrame(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 2.0))), columns = listOf("p", "q"))
                .loc["0", "q"]
                .toDouble(),
        ).isEqualTo(2.0)
        assertThat(pd.Series(mapOf("a" to 1, "b" to 2)).loc["b"].toInt()).isEqualTo(2)
        assertThat(pd.DataFrame(mapOf("a" to listOf(1, 2), "b" to 0))["b"].tolist()).containsExactly("0", "0")
    }

    @Test
    fun `rows and columns by name, mask and position`() {
        val t = table()
        assertThat(t.loc["c3"]["n"].toInt()).isEqualTo(2)
        assertThat(t.loc["c3", "n"]).hasToString("2")
        assertThat(t.loc[t["n"] gt 2].names).containsExactly("c1", "c4")
        assertThat(t.loc[t["n"] gt 2, "x"].toDoubles()).containsExactly(0.5, 2.5)
        assertThat(t.loc["c2".."c3"].names).containsExactly("c2", "c3")
        assertThat(t.loc[all, listOf("x", "n")].columns).containsExactly("x", "n")
        assertThat(t.iloc[-1].name).isEqualTo("c4")
        assertThat(t.iloc[0 until 2, all].names).containsExactly("c1", "c2")
        assertThat(t.iloc[0, 1].toInt()).isEqualTo(4)
        assertThat(t[0 until 9].nRows()).isEqualTo(4)
        assertThat(t[t["n"] gt 2].nRows()).isEqualTo(2)
        assertThat(t.query("n > 1 and kind == 'B'").names).containsExactly("c4")
        assertThat(t.at["c1", "day"] eq "a").isTrue
        assertThatThrownBy { t.loc["c9"] }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'c1'?")
        assertThatThrownBy { t.loc["c1", "nn"] }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { t[booleanArrayOf(true)] }.hasMessageContaining("must have 4 entries, got 1")
        assertThatThrownBy { t.query("n +") }.hasMessageContaining("write a mask")
    }

    @Test
    fun `values are written by mask and name, also through obs`() {
        val adata = cells()
        adata.obs.loc[adata.obs["n"] gt 2, "kind"] = "NK"
        assertThat(adata.obs["kind"].tolist()).containsExactly("NK", "B", "T", "NK")
        adata.obs.loc["c1", "n"] = 40
        assertThat(adata.obs["n"].dtype).isEqualTo("int32")
        adata.obs.loc[adata.obs["n"] lt 3, "n"] = 0.5
        assertThat(adata.obs["n"].dtype).isEqualTo("float64")
        adata.obs.loc[adata.obs["day"] eq "a", "new"] = "first"
        assertThat(adata.obs["new"].tolist()).containsExactly("first", "first", "NaN", "NaN")
        adata.obs.loc["c1", "x"] = null
        assertThat(adata.obs["x"].isna()).containsExactly(true, true, false, false)
        val before = adata.obs.copy()
        assertThatThrownBy { adata.obs.loc["c1", "kind"] = "Mono" }
            .hasMessageContaining("[Mono] is not among the categories")
        assertThatThrownBy { adata.obs.loc["c1", "x"] = "text" }
            .hasMessageContaining("a column of type float64 cannot take object")
        assertThat(adata.obs.toDict("list")).isEqualTo(before.toDict("list"))
        val view = adata[listOf("c1", "c2")]
        view.obs.loc["c1", "day"] = "z"
        assertThat(adata.obs.loc["c1", "day"]).hasToString("a")
        assertThat(view.obs.loc["c1", "day"]).hasToString("z")
    }

    @Test
    fun `groups give tables by group`() {
        val t = table()
        val means = t.groupby("kind")["n"].mean()
        assertThat(means.index).isInstanceOf(CategoricalColumn::class.java)
        assertThat(means.names).containsExactly("T", "B")
        assertThat(means["n"].toDoubles()).containsExactly(3.0, 2.0)
        assertThat(t.groupby("kind", observed = false)["n"].sum()["n"].tolist()).containsExactly("6", "4", "0")
        assertThat(
            t
                .groupby("kind")
                .size()
                .loc["T"]
                .toInt(),
        ).isEqualTo(2)
        assertThat(t.groupby("kind").map { (name, part) -> name to part.names })
            .containsExactly("T" to listOf("c1", "c3"), "B" to listOf("c2", "c4"))
        val two = t.groupby(listOf("kind", "day"))["n"].sum()
        assertThat(two.names).containsExactly("T_a", "T_b", "B_a", "B_b")
        assertThat(two.resetIndex().columns).containsExactly("kind", "day", "n")
        assertThat(two.unstack().loc["T", "b"].toInt()).isEqualTo(2)
        assertThat(t.groupby("kind").agg("total" to ("n" to "sum"), "most" to ("x" to "max")).columns)
            .containsExactly("total", "most")
        assertThat(t.groupby("kind").agg(mapOf("n" to listOf("min", "max"))).columns).containsExactly("n_min", "n_max")
        assertThat(
            t
                .groupby("kind")
                .apply { it["n"].sum() }
                .loc["B"]
                .toDouble(),
        ).isEqualTo(4.0)
        assertThat(t.groupby("kind").head(1).names).containsExactly("c1", "c2")
        assertThat(t.groupby(t["n"] / 2).ngroups).isEqualTo(4)
        assertThat(t.groupby("kind").getGroup("B").names).containsExactly("c2", "c4")
        assertThat(t.groupby("kind", asIndex = false)["n"].mean().columns).containsExactly("kind", "n")
        assertThatThrownBy { t.groupby("kind").mean() }
            .hasMessageContaining("mean needs numbers, but [day] are not")
            .hasMessageContaining("numericOnly = true")
        assertThatThrownBy { t.groupby("kin") }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("Did you mean 'kind'?")
        assertThatThrownBy { t.groupby("kind")["n"].agg("meen") }.hasMessageContaining("Did you mean 'mean'?")
        assertThatThrownBy { t.groupby("kind").getGroup("NK") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { t.unstack() }
            .hasMessageContaining("unstack needs the result of a groupby over several columns")
    }

    @Test
    fun `what groups give goes back into obs by name`() {
        val adata = cells()
        adata.obs["share"] = adata.obs["n"] / adata.obs.groupby("kind")["n"].transform("sum")
        assertThat(adata.obs["share"].toDoubles()[0]).isEqualTo(4 / 6.0)
        adata.obs["back"] = adata.obs[listOf("n")].sortValues("n")
        assertThat(adata.obs["back"].tolist()).isEqualTo(adata.obs["n"].tolist())
        assertThatThrownBy { adata.obs["bad"] = adata.obs[listOf("n")].head(2) }
            .isInstanceOf(MissingKeyException::class.java)
            .hasMessageContaining("['c3', 'c4']")
        assertThatThrownBy { adata.obs["bad"] = mapOf("a" to 1) }.hasMessageContaining("got a map")
        assertThat(adata.obs.columns).doesNotContain("bad")
    }

    @Test
    fun `a table for obs must have the cells' names in their order`() {
        val adata = cells()
        val sorted = adata.obs.sortValues("n")
        assertThatThrownBy { adata.obs = sorted }
            .hasMessageContaining("row 0 of the table is 'c2', that of obs is 'c1'; use table.loc[adata.obsNames]")
        adata.obs = sorted.loc[adata.obsNames]
        assertThat(adata.obsNames).containsExactly("c1", "c2", "c3", "c4")
        val merged = adata.obs
            .merge(pd.DataFrame(mapOf("day" to listOf("a", "b"), "time" to listOf(1, 2))), on = "day", how = "left")
        assertThatThrownBy { adata.obs = merged }
            .hasMessageContaining("only numbered 0, 1, 2")
            .hasMessageContaining("setIndex(adata.obsNames)")
        adata.obs = merged.setIndex(adata.obsNames)
        assertThat(adata.obs["time"].tolist()).containsExactly("1", "1", "2", "2")
        assertThatThrownBy { adata.obs = adata.obs.setIndex(listOf("c1", "c2", "c3", "z")) }
            .hasMessageContaining("1 of 4 are other ones")
        assertThatThrownBy { adata.obs = adata.obs.head(2) }.hasMessageContaining("obs has length 2")
        adata.obs = adata.obs.setIndex(listOf("w", "x", "y", "z"))
        assertThat(adata.obsNames).containsExactly("w", "x", "y", "z")
    }

    @Test
    fun `rows are sorted, drawn, dropped and named`() {
        val t = table()
        assertThat(t.sortValues("kind").names).containsExactly("c1", "c3", "c2", "c4")
        assertThat(t.sortValues("x", ascending = false).names).containsExactly("c4", "c3", "c1", "c2")
        assertThat(t.sortValues(listOf("day", "n"), ascending = listOf(false, true)).names)
            .containsExactly("c3", "c4", "c2", "c1")
        assertThat(t.nlargest(1, "n").names).containsExactly("c1")
        assertThat(t.sample(2, randomState = 1).names).isEqualTo(t.sample(2, randomState = 1).names).hasSize(2)
        assertThat(t.drop("c1").nRows()).isEqualTo(3)
        assertThat(t.drop(columns = "x").columns).doesNotContain("x")
        assertThat(t.drop(listOf("x", "n"), axis = 1).columns).containsExactly("kind", "day")
        assertThat(t.dropna().names).containsExactly("c1", "c3", "c4")
        assertThat(t.dropDuplicates("kind").names).containsExactly("c1", "c2")
        assertThat(t.duplicated("kind", keep = "last")).containsExactly(true, true, false, false)
        assertThat(t.resetIndex().columns.first()).isEqualTo("index")
        assertThat(t.setIndex("day").names).containsExactly("a", "a", "b", "b")
        assertThat(t.reindex(listOf("c4", "zz"))["n"].toDoubles()).containsExactly(3.0, Double.NaN)
        assertThat(t.rename(columns = mapOf("n" to "count")).columns).contains("count")
        assertThat(t.assign("twice" to t["n"] * 2).loc["c1", "twice"].toInt()).isEqualTo(8)
        assertThat(t.tail(1).names).containsExactly("c4")
        assertThatThrownBy { t.drop("zz") }.isInstanceOf(MissingKeyException::class.java)
        assertThatThrownBy { t.sample(9) }.hasMessageContaining("n must be at most 4, got 9")
        assertThatThrownBy { t.sortValues("z") }.isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `statistics by column are a row, by row a column`() {
        val t = table()[listOf("n", "x")]
        assertThat(t.mean()["n"].toDouble()).isEqualTo(2.5)
        assertThat(t.sum(axis = 1).toDoubles()).containsExactly(4.5, 1.0, 3.5, 5.5)
        assertThat(t.isna().sum().sum()).isEqualTo(1.0)
        assertThat(t.div(t.sum(axis = 1), axis = 0).loc["c2", "n"].toDouble()).isEqualTo(1.0)
        assertThat((t / t.sum()).loc["c1", "n"].toDouble()).isEqualTo(0.4)
        assertThat((t + t).loc["c1", "n"].toInt()).isEqualTo(8)
        assertThat(t.T.columns).containsExactly("c1", "c2", "c3", "c4")
        assertThat(t.apply(axis = 1) { it["n"] + it["x"] }.toDoubles()[0]).isEqualTo(4.5)
        assertThat(t.describe().names).containsExactly("count", "mean", "std", "min", "25%", "50%", "75%", "max")
        assertThat(t.idxmax("n")).isEqualTo("c1")
        assertThat(t.round(0)["x"].toDoubles()).containsExactly(0.0, Double.NaN, 2.0, 2.0)
        assertThatThrownBy { table().mean() }.hasMessageContaining("mean needs numbers, but [kind, day] are not")
        assertThatThrownBy { t + t.sortValues("n")[listOf("n")] }.hasMessageContaining("the columns of the other table")
        assertThatThrownBy { t * t["n"] }.hasMessageContaining("table.div(column, axis = 0)")
    }

    @Test
    fun `cross tables and joins`() {
        val t = table()
        val cross = pd.crosstab(t["kind"], t["day"])
        assertThat(cross.names).containsExactly("T", "B")
        assertThat(cross.columns).containsExactly("a", "b")
        assertThat(pd.crosstab(t["kind"], t["day"], normalize = "index").loc["T", "a"].toDouble()).isEqualTo(0.5)
        val more = pd.DataFrame(mapOf("y" to listOf(9, 8)), index = listOf("c4", "c1"))
        assertThat(t.join(more)["y"].toDoubles()).containsExactly(8.0, Double.NaN, Double.NaN, 9.0)
        assertThat(pd.concat(listOf(t, more), axis = 1, join = "inner").names).containsExactly("c1", "c4")
        assertThat(pd.concat(listOf(t.head(1), t.tail(1))).names).containsExactly("c1", "c4")
        assertThatThrownBy { pd.crosstab(t["kind"], more["y"]) }.hasMessageContaining("columns has length 2")
        assertThatThrownBy { pd.crosstab(t["kind"], t["day"], normalize = "rows") }
            .hasMessageContaining("normalize must be true")
        assertThatThrownBy { t.merge(more) }.hasMessageContaining("merge needs columns that both tables have")
        assertThatThrownBy { t.join(t) }.hasMessageContaining("tell them apart by lsuffix or rsuffix")
    }

    @Test
    fun `tables are written and read with their types`() {
        val file = folder.resolve("t.csv").toString()
        table().toCsv(file)
        val back = pd.readCsv(file, indexCol = 0)
        assertThat(back.names).isEqualTo(table().names)
        assertThat(back.dtypes.values).containsExactly("object", "int64", "float64", "object")
        assertThat(back["x"].isna()).containsExactly(false, true, false, false)
        assertThatThrownBy { pd.readCsv(file, indexCol = "cell") }.isInstanceOf(MissingKeyException::class.java)
    }

    @Test
    fun `classes of numbers`() {
        val x = pd.Series(listOf(1, 2, 3, 4, 5)).only()
        assertThat(pd.cut(x, listOf(0, 2, 5)).tolist())
            .containsExactly("(0, 2]", "(0, 2]", "(2, 5]", "(2, 5]", "(2, 5]")
        assertThat(pd.cut(x, listOf(0, 2, 5), labels = listOf("low", "high")).cat.ordered).isTrue
        assertThat(pd.getDummies(table()["kind"]).columns).containsExactly("T", "B", "NK")
        assertThat(pd.toNumeric(pd.Series(listOf("1", "x")).only(), errors = "coerce").toDoubles())
            .containsExactly(1.0, Double.NaN)
        assertThatThrownBy { pd.cut(x, listOf(3, 1)) }.hasMessageContaining("bins must be bounds in ascending order")
    }
}
