package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** The same questions to pandas and to our tables, of the cells of Kang et al. with what was measured of them. */
class TablesBesidePandasTest {
    @TempDir
    lateinit var folder: Path

    private lateinit var obs: DataFrame

    private val setup = """
        obs = ad.read_h5ad(sys.argv[1]).obs
        obs['score'] = obs['log1p_total_counts'].where(obs['n_genes'] % 7 != 0)
        obs['text'] = obs['batch'].astype(str) + '_' + obs['leiden'].astype(str)
        def keep(table, name):
            table.to_csv(name + '.csv')
        """

    @BeforeEach
    fun read() {
        Peer.needed()
        val file = SharedData.require("reference/kang.h5ad").toString()
        obs = sc.readH5ad(file).obs.copy()
        obs["score"] = obs["log1p_total_counts"].where((obs["n_genes"] % 7) ne 0)
        obs["text"] = obs["batch"].astype("str") + "_" + obs["leiden"].astype("str")
    }

    private fun ask(script: String) =
        Peer
            .run(
                folder, setup.trimIndent() + "\n" + script.trimIndent(),
                SharedData
                    .require("reference/kang.h5ad")
                    .toString(),
            )

    private fun answer(name: String) = pd.readCsv(folder.resolve("$name.csv").toString(), indexCol = 0)

    private fun same(ours: DataFrame, name: String, tolerance: Double = 1e-9) {
        val theirs = answer(name)
        assertThat(ours.names).`as`("rows of $name").isEqualTo(theirs.names)
        assertThat(ours.columns).`as`("columns of $name").isEqualTo(theirs.columns)
        for (key in theirs.columns) {
            val (a, b) = ours[key] to theirs[key]
            assertThat(a.isNa()).`as`("holes of $name['$key']").isEqualTo(b.isNa())
            if (a.isText() || b.isText()) {
                assertThat(a.tolist()).`as`("$name['$key']").isEqualTo(b.tolist())
            } else {
                val (x, y) = a.toDoubles() to b.toDoubles()
                for (i in x.indices) {
                    if (!y[i].isNaN()) {
                        assertThat(x[i])
                            .`as`("$name['$key'][$i]")
                            .isCloseTo(y[i], within(tolerance * maxOf(1.0, kotlin.math.abs(y[i]))))
                    }
                }
            }
        }
    }

    @Test
    fun `statistics of groups`() {
        ask(
            """
            g = obs.groupby('leiden', observed=True)
            cols = ['n_genes_by_counts', 'score', 'pct_counts_in_top_50_genes', 'n_genes']
            for f in ['mean', 'sum', 'std', 'var', 'median', 'min', 'max', 'count', 'nunique', 'first', 'last', 'sem']:
                keep(getattr(g[cols], f)(), f)
            keep(g[cols].quantile(0.3), 'quantile')
            keep(g.size().rename('size').to_frame(), 'size')
            keep(g['score'].describe(), 'described')
            keep(g['n_genes'].agg(['mean', 'max', 'count']), 'agg')
            t = obs.groupby('text')['n_genes'].mean().to_frame()
            keep(t, 'text')
            """,
        )
        val g = obs.groupby("leiden", observed = true)
        val cols = listOf("n_genes_by_counts", "score", "pct_counts_in_top_50_genes", "n_genes")
        val statistics = "mean sum std var median min max count nunique first last sem"
        for (f in statistics.split(" ")) {
            same(g[cols].agg(f), f, 1e-6)
        }
        same(g[cols].quantile(0.3), "quantile", 1e-6)
        same(g.size(), "size")
        same(g["score"].describe(), "described", 1e-6)
        same(g["n_genes"].agg(listOf("mean", "max", "count")), "agg")
        same(obs.groupby("text")["n_genes"].mean(), "text")
        assertThat(g["n_genes"].sum().dtypes).containsEntry("n_genes", "int64")
        assertThat(g["score"].mean().dtypes).containsEntry("score", "float32")
    }

    @Test
    fun `groups over two columns, unstacked, and counts within groups`() {
        ask(
            """
            g = obs.groupby(['leiden', 'batch'], observed=True)
            s = g['n_genes'].mean()
            s.unstack().to_csv('unstacked.csv')
            g.size().unstack(fill_value=0).to_csv('sizes.csv')
            flat = s.reset_index()
            flat.to_csv('flat.csv')
            shares = obs.groupby('batch', observed=True)['leiden'].value_counts(normalize=True).unstack()
            shares[sorted(shares.columns)].to_csv('shares.csv')
            c = obs.assign(m=obs.groupby('leiden', observed=True)['score'].transform('mean'),
                           r=obs.groupby('leiden', observed=True)['n_genes'].rank(),
                           k=obs.groupby('leiden', observed=True).cumcount())
            c[['m', 'r', 'k']].to_csv('rows.csv')
            """,
        )
        val g = obs.groupby(listOf("leiden", "batch"))
        same(g["n_genes"].mean().unstack(), "unstacked")
        same(g.size().unstack(fillValue = 0), "sizes")
        same(g["n_genes"].mean().resetIndex(), "flat")
        same(obs.groupby("batch")["leiden"].valueCounts(normalize = true).unstack(), "shares")
        val rows = obs.copy()
        rows["m"] = obs.groupby("leiden")["score"].transform("mean")
        rows["r"] = obs.groupby("leiden")["n_genes"].rank()
        rows["k"] = obs.groupby("leiden").cumcount()
        same(rows[listOf("m", "r", "k")], "rows", 1e-6)
    }

    @Test
    fun `cross tables, counts, descriptions and orders`() {
        ask(
            """
            keep(pd.crosstab(obs['leiden'], obs['batch']), 'cross')
            for n in ['index', 'columns', 'all']:
                keep(pd.crosstab(obs['leiden'], obs['batch'], normalize=n), n)
            keep(pd.crosstab(obs['leiden'], obs['batch'], margins=True), 'margins')
            keep(obs['leiden'].value_counts().to_frame(), 'counts')
            keep(obs['text'].value_counts(normalize=True).to_frame(), 'shares')
            keep(obs.describe(), 'described')
            keep(obs[['batch', 'text']].describe(), 'texts')
            keep(obs.sort_values(['leiden', 'n_genes'], ascending=[False, True], kind='stable')[['n_genes']], 'sorted')
            keep(obs.sort_values('score', kind='stable')[['score']], 'holes')
            keep(obs.nlargest(7, 'n_genes')[['n_genes']], 'largest')
            keep(obs[['n_genes', 'score', 'total_counts']].corr(), 'corr')
            keep(obs[['n_genes', 'score']].corr(method='spearman'), 'spearman')
            keep(obs[['n_genes', 'score']].quantile([0.1, 0.5, 0.9]), 'quantiles')
            keep(obs.isna().sum().to_frame('sum'), 'missing')
            """,
        )
        same(pd.crosstab(obs["leiden"], obs["batch"]), "cross")
        for (n in listOf("index", "columns", "all")) same(pd.crosstab(obs["leiden"], obs["batch"], normalize = n), n)
        same(pd.crosstab(obs["leiden"], obs["batch"], margins = true), "margins")
        same(obs["leiden"].valueCounts(), "counts")
        same(obs["text"].valueCounts(normalize = true).sortIndex(), "shares".also { sortedAnswer(it) })
        same(obs.describe(), "described", 1e-5)
        same(obs[listOf("batch", "text")].describe(), "texts")
        same(obs.sortValues(listOf("leiden", "n_genes"), listOf(false, true))[listOf("n_genes")], "sorted")
        same(obs.sortValues("score")[listOf("score")], "holes", 1e-6)
        same(obs.nlargest(7, "n_genes")[listOf("n_genes")], "largest")
        same(obs[listOf("n_genes", "score", "total_counts")].corr(), "corr", 1e-6)
        same(obs[listOf("n_genes", "score")].corr("spearman"), "spearman", 1e-9)
        for (q in listOf(0.1, 0.5, 0.9)) {
            assertThat(obs["score"].quantile(q))
                .isCloseTo(answer("quantiles").loc["$q", "score"].toDouble(), within(1e-6))
        }
        same(obs.isna().sum().toFrame(), "missing")
    }

    /** Equally frequent values have no order that both would share. */
    private fun sortedAnswer(name: String) = answer(name).sortIndex().toCsv(folder.resolve("$name.csv").toString())

    @Test
    fun `columns changed one by one`() {
        ask(
            """
            o = pd.DataFrame(index=obs.index)
            o['sum'] = obs['n_genes'] + obs['n_genes_by_counts']
            o['ratio'] = obs['n_genes'] / 7
            o['floor'] = obs['n_genes'] // 7
            o['rest'] = -obs['n_genes'] % 7
            o['power'] = obs['score'] ** 2
            o['mapped'] = obs['leiden'].map({'0': 'T', '1': 'B'})
            o['replaced'] = obs['text'].replace({'ctrl_0': 'first'})
            o['filled'] = obs['score'].fillna(0)
            o['rank'] = obs['score'].rank()
            o['cum'] = obs['score'].cumsum()
            o['diff'] = obs['n_genes'].diff()
            o['cut'] = pd.cut(obs['n_genes'], 4).astype(str)
            o['qcut'] = pd.qcut(obs['n_genes'], 4, labels=['a', 'b', 'c', 'd']).astype(str)
            o['piece'] = obs['text'].str.split('_').str[0]
            o['big'] = (obs['n_genes'] > 500) & ~obs['batch'].isin(['ctrl'])
            o['ne'] = obs['score'] != 6
            o['code'] = obs['leiden'].cat.codes
            o['rounded'] = obs['pct_counts_in_top_50_genes'].round(1)
            o['clipped'] = obs['n_genes'].clip(300, 600)
            keep(o, 'changed')
            """,
        )
        val o = obs[emptyList()]
        o["sum"] = obs["n_genes"] + obs["n_genes_by_counts"]
        o["ratio"] = obs["n_genes"] / 7
        o["floor"] = obs["n_genes"] floorDiv 7
        o["rest"] = -obs["n_genes"] % 7
        o["power"] = obs["score"] pow 2
        o["mapped"] = obs["leiden"].map(mapOf("0" to "T", "1" to "B"))
        o["replaced"] = obs["text"].replace(mapOf("ctrl_0" to "first"))
        o["filled"] = obs["score"].fillna(0)
        o["rank"] = obs["score"].rank()
        o["cum"] = obs["score"].astype("float").cumsum()
        o["diff"] = obs["n_genes"].diff()
        o["cut"] = pd.cut(obs["n_genes"], 4).astype("str")
        o["qcut"] = pd.qcut(obs["n_genes"], 4, labels = listOf("a", "b", "c", "d")).astype("str")
        o["piece"] = obs["text"].str.split("_").str[0]
        o["big"] = (obs["n_genes"] gt 500) and !obs["batch"].isin(listOf("ctrl"))
        o["ne"] = obs["score"] ne 6
        o["code"] = obs["leiden"].cat.codes
        o["rounded"] = obs["pct_counts_in_top_50_genes"].round(1)
        o["clipped"] = obs["n_genes"].clip(300, 600)
        same(o, "changed", 1e-5)
    }

    @Test
    fun `tables joined and spread`() {
        ask(
            """
            other = pd.DataFrame({'leiden': ['0', '1', '1', 'x'], 'type': ['T', 'B', 'B2', '?']})
            other['n_genes'] = [1, 2, 3, 4]
            left = obs[['leiden', 'n_genes']].reset_index(drop=True).head(300)
            left['leiden'] = left['leiden'].astype(str)
            for how in ['inner', 'left', 'right', 'outer']:
                keep(left.merge(other, on='leiden', how=how), how)
            half = obs[['score']].iloc[::2].rename(columns={'score': 'half'})
            keep(obs[['n_genes']].join(half), 'joined')
            keep(pd.concat([obs[['n_genes']].head(3), obs[['score']].head(2)]), 'concat')
            p = obs.pivot_table(values='n_genes', index='leiden', columns='batch', aggfunc='median', observed=True)
            keep(p, 'pivot')
            keep(obs[['batch', 'n_genes', 'score']].head(4).melt(id_vars='batch'), 'melt')
            """,
        )
        val other = pd.DataFrame(
            mapOf(
                "leiden" to listOf("0", "1", "1", "x"), "type" to listOf("T", "B", "B2", "?"),
                "n_genes" to listOf(1, 2, 3, 4),
            ),
        )
        val left = obs[listOf("leiden", "n_genes")].resetIndex(drop = true).head(300).astype(mapOf("leiden" to "str"))
        for (how in listOf("inner", "left", "right", "outer")) same(left.merge(other, on = "leiden", how = how), how)
        val half = obs[listOf("score")].iloc[0 until obs.size step 2].rename(columns = mapOf("score" to "half"))
        same(obs[listOf("n_genes")].join(half), "joined", 1e-6)
        same(pd.concat(listOf(obs[listOf("n_genes")].head(3), obs[listOf("score")].head(2))), "concat", 1e-6)
        same(obs.pivotTable(values = "n_genes", index = "leiden", columns = "batch", aggfunc = "median"), "pivot")
        same(obs[listOf("batch", "n_genes", "score")].head(4).melt(idVars = "batch"), "melt", 1e-6)
    }

    @Test
    fun `categories keep pandas' order and types`() {
        ask(
            """
            c = obs['leiden'].cat
            rows = {'renamed': c.rename_categories({'0': 'zero'}), 'removed': c.remove_categories(['1', '2']),
                    'added': c.add_categories('new'), 'set': c.set_categories(['3', '0']),
                    'mapped': obs['leiden'].map(lambda v: 'c' + v), 'text': obs['text'].astype('category')}
            said = {k: ['; '.join(map(str, v.cat.categories)), f'{v.isna().sum()} gone'] for k, v in rows.items()}
            pd.DataFrame(said).to_csv('cats.csv')
            """,
        )
        val c = obs["leiden"].cat
        val rows =
            mapOf(
                "renamed" to c.renameCategories(mapOf("0" to "zero")),
                "removed" to c.removeCategories(listOf("1", "2")),
                "added" to c.addCategories("new"), "set" to c.setCategories(listOf("3", "0")),
                "mapped" to obs["leiden"].map { "c$it" }, "text" to obs["text"].astype("category"),
            )
        val theirs = answer("cats")
        for ((key, column) in rows) {
            val ours = (column as CategoricalColumn).categoryNames().joinToString("; ")
            assertThat(ours).`as`(key).isEqualTo(theirs[key].text(0))
            assertThat("${column.isNa().sum()} gone").`as`(key).isEqualTo(theirs[key].text(1))
        }
    }
}
