package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.tables.Ranks
import org.cellweave.inference.Alternative
import org.cellweave.inference.Contingency
import org.cellweave.inference.CorrelationTest
import org.cellweave.inference.FalseDiscoveries
import org.cellweave.inference.KruskalWallis
import org.cellweave.inference.MannWhitney
import org.cellweave.inference.Scores
import org.cellweave.inference.TTest
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/** scipy.stats' names: `stats.mannwhitneyu(a, b)`. See [Statistics]. */
public val stats: Statistics get() = Statistics

/**
 * What notebooks use of scipy.stats. Samples are arrays, lists, or columns, whose missing values are NaN; a test gives
 * its statistic and its p-value, `val (statistic, pvalue) = stats.ttestInd(a, b)`.
 *
 * `nanPolicy` is `propagate` (a NaN makes the results NaN), `omit` (they are left out) or `raise`; `alternative` is
 * `two-sided`, `less` or `greater`.
 */
public object Statistics {
    /**
     * Student's t-test of two independent samples, Welch's when [equalVar] is false.
     *
     * @throws IllegalArgumentException for samples that hold no numbers, and a word that is not known
     */
    public fun ttestInd(
        a: Any,
        b: Any,
        equalVar: Boolean = TTest.Params.DEFAULTS.equalVar(),
        nanPolicy: String = "propagate",
        alternative: String = "two-sided",
    ): TTestResult {
        val params = TTest.Params(equalVar, side(alternative))
        val samples = samples(nanPolicy, a, b) ?: return TTestResult(Double.NaN, Double.NaN, Double.NaN)
        val found = TTest.run(samples[0], samples[1], params)
        return TTestResult(found.statistic(), found.pvalue(), found.df())
    }

    /** As the other, of every column of two matrices, or of two tables of numbers. */
    public fun ttestInd(
        a: AxisArray,
        b: AxisArray,
        equalVar: Boolean = TTest.Params.DEFAULTS.equalVar(),
        nanPolicy: String = "propagate",
        alternative: String = "two-sided",
    ): TestResults {
        val (x, y) = a.matrix() to b.matrix()
        requirePolicy(nanPolicy)
        listOf(x, y).forEach { if (nanPolicy == RAISE) requireKnown(it.flatten()) }
        val found = TTest.ofColumns(x, y, nanPolicy == OMIT, TTest.Params(equalVar, side(alternative)))
        return TestResults(
            DoubleArray(found.size) { found[it].statistic() },
            DoubleArray(found.size) { found[it].pvalue() },
        )
    }

    /**
     * Mann and Whitney's U test of two independent samples.
     *
     * @param method `auto`, `exact` or `asymptotic`; `auto` is exact where a sample has at most eight values and there
     *   are no ties
     */
    public fun mannwhitneyu(
        x: Any,
        y: Any,
        useContinuity: Boolean = MannWhitney.Params.DEFAULTS.useContinuity(),
        alternative: String = "two-sided",
        method: String = "auto",
        nanPolicy: String = "propagate",
    ): TestResult {
        val how = Check.oneOf(method, MannWhitney.Method::class.java, "method")
        val params = MannWhitney.Params(useContinuity, side(alternative), how)
        val samples = samples(nanPolicy, x, y) ?: return TestResult.NONE
        return MannWhitney.run(samples[0], samples[1], params).let { TestResult(it.statistic(), it.pvalue()) }
    }

    /** Kruskal and Wallis' H test of several samples. */
    public fun kruskal(vararg samples: Any, nanPolicy: String = "propagate"): TestResult {
        val known = samples(nanPolicy, *samples) ?: return TestResult.NONE
        return KruskalWallis.run(*known.toTypedArray()).let { TestResult(it.statistic(), it.pvalue()) }
    }

    /** Pearson's correlation of two samples. */
    public fun pearsonr(x: Any, y: Any, alternative: String = "two-sided"): TestResult {
        val samples = samples(PROPAGATE, x, y) ?: return TestResult.NONE
        return CorrelationTest
            .pearson(samples[0], samples[1], side(alternative))
            .let { TestResult(it.statistic(), it.pvalue()) }
    }

    /** Spearman's correlation of two samples; [nanPolicy] `omit` leaves out pairs. */
    public fun spearmanr(
        a: Any,
        b: Any,
        nanPolicy: String = "propagate",
        alternative: String = "two-sided",
    ): TestResult {
        var (x, y) = sample(a) to sample(b)
        requirePolicy(nanPolicy)
        if (nanPolicy == OMIT) {
            requireSameSize(x.size, y.size)
            val both = BooleanArray(x.size) { !x[it].isNaN() && !y[it].isNaN() }
            x = x[both]
            y = y[both]
        }
        val known = samples(nanPolicy, x, y) ?: return TestResult.NONE
        return CorrelationTest
            .spearman(known[0], known[1], side(alternative))
            .let { TestResult(it.statistic(), it.pvalue()) }
    }

    /**
     * The chi-squared test of a table of counts, as `pd.crosstab` gives it.
     *
     * @param correction Yates' correction of a table of two rows and two columns
     */
    public fun chi2Contingency(observed: AxisArray, correction: Boolean = true): ContingencyResult {
        val found = Contingency.chiSquared(rows(observed.matrix()), correction)
        return ContingencyResult(
            found.statistic(), found.pvalue(), found.dof(), DenseMatrix.ofRows(found.expected()),
        )
    }

    /** See the other; counts as lists of rows. */
    public fun chi2Contingency(observed: List<List<Number>>, correction: Boolean = true): ContingencyResult =
        chi2Contingency(np.array(observed), correction)

    /** Fisher's exact test of a table of two rows and two columns; the statistic is its odds ratio. */
    public fun fisherExact(table: AxisArray, alternative: String = "two-sided"): TestResult {
        val counts = rows(table.matrix()).map { row -> row.toInts() }.toTypedArray()
        return Contingency.fisher(counts, side(alternative)).let { TestResult(it.statistic(), it.pvalue()) }
    }

    /** See the other; counts as lists of rows. */
    public fun fisherExact(table: List<List<Number>>, alternative: String = "two-sided"): TestResult =
        fisherExact(np.array(table), alternative)

    /** p-values adjusted by Benjamini and Hochberg, `bh`, or by Benjamini and Yekutieli, `by`. */
    public fun falseDiscoveryControl(ps: Any, method: String = "bh"): DoubleArray =
        FalseDiscoveries.control(sample(ps), Check.oneOf(method, FalseDiscoveries.Method::class.java, "method"))

    /**
     * Median distance from the median.
     *
     * @param scale what it is divided by: a number, or `normal` for the deviation of a normal distribution
     */
    public fun medianAbsDeviation(x: Any, scale: Any = 1.0, nanPolicy: String = "propagate"): Double {
        val known = samples(nanPolicy, x) ?: return Double.NaN
        require(scale is Number || scale == "normal") { "scale must be a number or 'normal', got $scale" }
        return Scores.medianAbsDeviation(known[0], (scale as? Number)?.toDouble() ?: Scores.NORMAL_MAD)
    }

    /** Median distance from the median of every column (axis 0) or row (1). */
    public fun medianAbsDeviation(x: AxisArray, axis: Int = 0, scale: Any = 1.0): DoubleArray =
        byAxis(x, axis).let { rows -> DoubleArray(rows.nRows()) { medianAbsDeviation(rows[it], scale) } }

    /** Distance of every value from the mean in standard deviations, as an array. */
    public fun zscore(a: Any, ddof: Int = 0, nanPolicy: String = "propagate"): DoubleArray {
        val all = sample(a)
        val known = samples(nanPolicy, all) ?: return DoubleArray(all.size) { Double.NaN }
        val scores = Scores.z(known[0], ddof)
        var next = 0
        return DoubleArray(all.size) { if (all[it].isNaN()) Double.NaN else scores[next++] }
    }

    /** Distances from the mean of every column (axis 0) or row (1), in its standard deviations; dense. */
    public fun zscore(a: AxisArray, axis: Int = 0, ddof: Int = 0): DenseMatrix {
        val lines = byAxis(a, axis)
        val out = np.vstack(List(lines.nRows()) { zscore(lines[it], ddof) })
        return if (axisOf(axis) == 0) out.transpose() else out
    }

    /** Root of the product of all values. */
    public fun gmean(a: Any): Double = Scores.geometricMean(sample(a))

    /** Distance of the quartiles, or of other percents: `rng = 10 to 90`. */
    public fun iqr(x: Any, rng: Pair<Number, Number> = 25 to 75): Double {
        val values = sample(x)
        return np.percentile(values, rng.second) - np.percentile(values, rng.first)
    }

    /**
     * Places of the values in order, from 1.
     *
     * @param method what equal values get: `average`, `min`, `max`, `dense` or `ordinal`
     */
    public fun rankdata(a: Any, method: String = "average"): DoubleArray {
        val values = sample(a)
        require(method != "first") { "method must be average, min, max, dense or ordinal, got 'first'" }
        val ties = if (method == "ordinal") Ranks.Ties.FIRST else Check.oneOf(method, Ranks.Ties::class.java, "method")
        if (values.any { it.isNaN() }) return DoubleArray(values.size) { Double.NaN }
        return Ranks.of(NumericColumn.of(*values), ties, true)
    }

    private const val PROPAGATE = "propagate"
    private const val OMIT = "omit"
    private const val RAISE = "raise"
    private val POLICIES = listOf(PROPAGATE, OMIT, RAISE)

    private fun side(alternative: String): Alternative =
        Check.oneOf(alternative, Alternative::class.java, "alternative")

    private fun requirePolicy(nanPolicy: String) = require(nanPolicy in POLICIES) {
        "nanPolicy must be one of $POLICIES, got '$nanPolicy'.${Check.suggestion(nanPolicy, POLICIES)}"
    }

    private fun requireKnown(values: DoubleArray) {
        val at = values.indexOfFirst { it.isNaN() }
        require(at < 0) { "nanPolicy is 'raise', and there is a NaN at $at" }
    }

    /** Numbers of the samples; null where one has a NaN that is passed on. */
    private fun samples(nanPolicy: String, vararg given: Any): List<DoubleArray>? {
        requirePolicy(nanPolicy)
        val all = given.map { sample(it) }
        if (nanPolicy == RAISE) all.forEach { requireKnown(it) }
        if (nanPolicy == OMIT) return all.map { values -> values.filter { !it.isNaN() }.toDoubleArray() }
        return all.takeIf { it.none { values -> values.any { v -> v.isNaN() } } }
    }

    private fun sample(values: Any): DoubleArray {
        if (values is DataFrame) {
            throw IllegalArgumentException(
                "a sample is one column, got a table of ${values.shape}; choose df[\"name\"]",
            )
        }
        require(values !is Column || values is NumericColumn || values is org.cellweave.data.BooleanColumn) {
            "a sample needs numbers, but the column is ${(values as Column).dtypeName()}"
        }
        if (values !is AxisArray) return doublesOf(values)
        return np.squeeze(values)
    }

    /** What an axis runs along as rows. */
    private fun byAxis(x: AxisArray, axis: Int): Matrix = if (axisOf(axis) == 0) x.T else x.matrix()

    private fun rows(x: Matrix): Array<DoubleArray> = Array(x.nRows()) { x[it] }
}

/** Statistic and p-value of a test: `val (statistic, pvalue) = stats.pearsonr(x, y)`. */
public open class TestResult internal constructor(
    public val statistic: Double,
    public val pvalue: Double,
) {
    public operator fun component1(): Double = statistic

    public operator fun component2(): Double = pvalue

    /** The statistic at 0, the p-value at 1. */
    public operator fun get(index: Int): Double =
        when (index) {
            0 -> statistic
            1, -1 -> pvalue
            else -> throw IndexOutOfBoundsException("a result has the places 0 and 1, got $index")
        }

    override fun toString(): String = "statistic=$statistic, pvalue=$pvalue"

    internal companion object {
        val NONE = TestResult(Double.NaN, Double.NaN)
    }
}

/**
 * As [TestResult], of a t-test.
 *
 * @property df degrees of freedom
 */
public class TTestResult internal constructor(
    statistic: Double,
    pvalue: Double,
    public val df: Double,
) : TestResult(statistic, pvalue) {
    override fun toString(): String = "${super.toString()}, df=$df"
}

/** Statistics and p-values of a test of every column. */
public class TestResults internal constructor(
    public val statistic: DoubleArray,
    public val pvalue: DoubleArray,
) {
    public operator fun component1(): DoubleArray = statistic

    public operator fun component2(): DoubleArray = pvalue
}

/**
 * What a test of a table of counts gives: `val (chi2, p, dof, expected) = stats.chi2Contingency(table)`.
 *
 * @property expectedFreq counts if rows and columns were independent
 */
public class ContingencyResult internal constructor(
    statistic: Double,
    pvalue: Double,
    public val dof: Int,
    public val expectedFreq: DenseMatrix,
) : TestResult(statistic, pvalue) {
    public operator fun component3(): Int = dof

    public operator fun component4(): DenseMatrix = expectedFreq
}
