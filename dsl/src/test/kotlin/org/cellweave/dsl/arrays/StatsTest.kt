package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** `stats` beside scipy.stats on the same samples, and what it says of wrong ones. */
class StatsTest {
    private val cells = np.random.defaultRng(5).normal(size = 90 to 6)

    /** Samples of several sizes, with ties in the last two columns and a shift in every second one. */
    private fun table(): AnnData {
        val x = cells.copy()
        for (i in 0 until x.nRows()) {
            for (j in 0 until 6) {
                val shifted = x[i, j] + if (i % 2 == 0) 0.3 * j else 0.0
                x[i, j] = if (j > 3) kotlin.math.floor(2 * shifted) else shifted
            }
        }
        val adata = ad.AnnData(x)
        adata.obs["odd"] = BooleanArray(90) { it % 2 == 1 }
        return adata
    }

    @Test
    fun `scipy gives the same`(
        @TempDir folder: Path,
    ) {
        val adata = table()
        val theirs =
            Peer.run(
                folder,
                adata,
                """
                from scipy import stats
                X, odd = np.asarray(a.X), a.obs['odd'].to_numpy()
                r = {}
                def put(name, result):
                    r[name] = np.atleast_1d(np.asarray([result[0], result[1]], dtype=float)).ravel()
                for j in range(6):
                    p, q = X[~odd, j], X[odd, j]
                    for alt in ('two-sided', 'less', 'greater'):
                        put(f't {j} {alt}', stats.ttest_ind(p, q, alternative=alt))
                        put(f'welch {j} {alt}', stats.ttest_ind(p, q, equal_var=False, alternative=alt))
                        put(f'u {j} {alt}', stats.mannwhitneyu(p, q, alternative=alt))
                        put(f'few {j} {alt}', stats.mannwhitneyu(p[:7], q[:30], alternative=alt))
                        put(f'pearson {j} {alt}', stats.pearsonr(p, q, alternative=alt))
                        put(f'spearman {j} {alt}', stats.spearmanr(p, q, alternative=alt))
                    put(f'kruskal {j}', stats.kruskal(p, q, q[:10]))
                    r[f'z {j}'] = stats.zscore(p, ddof=1)
                    r[f'one {j}'] = np.array([stats.median_abs_deviation(p),
                        stats.median_abs_deviation(p, scale='normal'), stats.gmean(np.abs(p) + 1), stats.iqr(p)])
                    for method in ('average', 'min', 'max', 'dense', 'ordinal'):
                        r[f'rank {j} {method}'] = stats.rankdata(p, method=method).astype(float)
                    up = p > 0
                    t = np.array([[(up & (q > 0)).sum(), (up & (q <= 0)).sum()],
                                  [(~up & (q > 0)).sum(), (~up & (q <= 0)).sum()]])
                    r[f'table {j}'] = t.ravel().astype(float)
                    put(f'fisher {j}', stats.fisher_exact(t))
                    put(f'chi {j}', stats.chi2_contingency(t))
                    put(f'plain chi {j}', stats.chi2_contingency(t, correction=False))
                ps = stats.ttest_ind(X[~odd], X[odd]).pvalue
                r['p'], r['bh'] = ps, stats.false_discovery_control(ps)
                r['by'] = stats.false_discovery_control(ps, method='by')
                for name, values in r.items():
                    a.uns[name] = values
                """,
            )

        fun check(name: String, vararg ours: Double) {
            val right = doublesOf((theirs.uns[name] as org.cellweave.data.NdArray).toMatrix().flatten())
            assertThat(ours).`as`(name).hasSameSizeAs(right)
            for (k in ours.indices) {
                val slack = within(1e-10 * maxOf(1.0, kotlin.math.abs(right[k])))
                assertThat(ours[k]).`as`(name).isCloseTo(right[k], slack)
            }
        }

        fun check(name: String, ours: TestResult) = check(name, ours.statistic, ours.pvalue)
        val odd = BooleanArray(90) { it % 2 == 1 }
        for (j in 0 until 6) {
            val (p, q) = adata.X[all, j][!odd] to adata.X[all, j][odd]
            for (side in listOf("two-sided", "less", "greater")) {
                check("t $j $side", stats.ttestInd(p, q, alternative = side))
                check("welch $j $side", stats.ttestInd(p, q, equalVar = false, alternative = side))
                check("u $j $side", stats.mannwhitneyu(p, q, alternative = side))
                check("few $j $side", stats.mannwhitneyu(p[0 until 7], q[0 until 30], alternative = side))
                check("pearson $j $side", stats.pearsonr(p, q, alternative = side))
                check("spearman $j $side", stats.spearmanr(p, q, alternative = side))
            }
            check("kruskal $j", stats.kruskal(p, q, q[0 until 10]))
            check("z $j", *stats.zscore(p, ddof = 1))
            check("one $j", mad(p), mad(p, scale = "normal"), stats.gmean(np.abs(p) + 1), stats.iqr(p))
            for (method in listOf("average", "min", "max", "dense", "ordinal")) {
                check("rank $j $method", *stats.rankdata(p, method = method))
            }
            val counts = (theirs.uns["table $j"] as org.cellweave.data.NdArray).toMatrix().flatten().reshape(2, 2)
            check("fisher $j", stats.fisherExact(counts))
            check("chi $j", stats.chi2Contingency(counts))
            check("plain chi $j", stats.chi2Contingency(counts, correction = false))
        }
        val columns = ttestInd(adata[!odd, all].X, adata[odd, all].X)
        check("p", *columns.pvalue)
        check("bh", *stats.falseDiscoveryControl(columns.pvalue))
        check("by", *stats.falseDiscoveryControl(columns.pvalue, method = "by"))
    }

    private val a = doubleArrayOf(1.0, 2.0, 3.0, np.nan)
    private val b = doubleArrayOf(2.0, 4.0, 9.0)

    @Test
    fun `what is missing is passed on, left out or refused`() {
        val known = a[0 until 3]
        assertThat(stats.ttestInd(a, b).pvalue).isNaN
        assertThat(stats.ttestInd(a, b, nanPolicy = "omit").pvalue).isEqualTo(ttestInd(known, b).pvalue)
        assertThat(stats.mannwhitneyu(a, b).pvalue).isNaN
        assertThat(stats.mannwhitneyu(a, b, nanPolicy = "omit").statistic).isEqualTo(mannwhitneyu(known, b).statistic)
        assertThat(stats.kruskal(a, b, nanPolicy = "omit").statistic).isEqualTo(stats.kruskal(known, b).statistic)
        assertThat(stats.spearmanr(a, a).pvalue).isNaN
        assertThat(stats.spearmanr(a, doubleArrayOf(1.0, 3.0, 2.0, 4.0), nanPolicy = "omit")[0])
            .isCloseTo(0.5, within(1e-15))
        assertThat(mad(a)).isNaN
        assertThat(mad(a, nanPolicy = "omit") to medianAbsDeviation(NumericColumn.of(1.0, 2.0, 9.0)))
            .isEqualTo(1.0 to 1.0)
        assertThat(stats.zscore(a, nanPolicy = "omit")[3]).isNaN
        assertThat(stats.zscore(a, nanPolicy = "omit")[1]).isEqualTo(0.0)
        assertThat(stats.rankdata(a)).containsOnly(Double.NaN)
        assertThatThrownBy { stats.ttestInd(a, b, nanPolicy = "raise") }
            .hasMessage("nanPolicy is 'raise', and there is a NaN at 3")
        assertThatThrownBy { stats.ttestInd(a, b, nanPolicy = "omitt") }
            .hasMessage("nanPolicy must be one of [propagate, omit, raise], got 'omitt'. Did you mean 'omit'?")
        assertThatThrownBy { stats.ttestInd(a, b, alternative = "more") }
            .hasMessageContaining("alternative must be one")
        assertThatThrownBy { stats.mannwhitneyu(b, b, method = "fast") }.hasMessageContaining("method must be one of")
        assertThatThrownBy { stats.rankdata(b, method = "first") }.hasMessageContaining("got 'first'")
        assertThatThrownBy { mad(b, scale = "wide") }.hasMessage("scale must be a number or 'normal', got wide")
        assertThatThrownBy { mad(StringColumn.of("a")) }.hasMessageContaining("a sample needs numbers, but the column")
        assertThatThrownBy { mad(listOf("a")) }.hasMessageContaining("numbers are needed here, got 'a' at 0")
    }

    @Test
    fun `tables, columns and rows`() {
        val df = pd.DataFrame(mapOf("p" to listOf(1.0, 2.0, 4.0), "q" to listOf(3.0, 1.0, 1.5)))
        val (statistic, pvalue) = stats.pearsonr(df["p"], df["q"])
        assertThat(pearsonr(df["p"], df["q"]).statistic to spearmanr(df["p"], df["q"])[1])
            .isEqualTo(statistic to stats.spearmanr(df["p"], df["q"]).pvalue)
        assertThat(pvalue).isBetween(0.0, 1.0)
        val found = ttestInd(df, df, equalVar = false, nanPolicy = "omit")
        assertThat(found.statistic).containsExactly(0.0, 0.0)
        assertThat(found.component2()).containsExactly(1.0, 1.0)
        assertThatThrownBy { mad(df) }.hasMessageContaining("a sample is one column, got a table of (3, 2)")
        val (chi2, p, dof, expected) = stats.chi2Contingency(listOf(listOf(10, 20, 30), listOf(6, 9, 17)))
        assertThat(chi2 * p * dof).isPositive
        assertThat(expected.sum()).isCloseTo(92.0, within(1e-12))
        assertThat(stats.fisherExact(listOf(listOf(8, 2), listOf(1, 5))).toString())
            .isEqualTo("statistic=20.0, pvalue=0.03496503496503497")
        assertThat(stats.ttestInd(b, b).toString()).isEqualTo("statistic=0.0, pvalue=1.0, df=4.0")
        val x = np.array(listOf(listOf(1.0, 5.0), listOf(2.0, 5.0), listOf(3.0, 8.0)))
        assertThat(stats.medianAbsDeviation(x)).containsExactly(1.0, 0.0)
        assertThat(zscore(x, ddof = 1)[all, 0]).containsExactly(-1.0, 0.0, 1.0)
        assertThat(stats.zscore(x, axis = 1)[0, all]).containsExactly(-1.0, 1.0)
        assertThat(zscore(doubleArrayOf(1.0, 3.0))).containsExactly(-1.0, 1.0)
    }
}
