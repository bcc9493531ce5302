package org.cellweave.dsl

import org.cellweave.inference.TTest
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix

/** [Statistics.medianAbsDeviation] under the name that notebooks import it by: `mad(adata.obs["total_counts"])`. */
public fun mad(x: Any, scale: Any = 1.0, nanPolicy: String = "propagate"): Double =
    stats.medianAbsDeviation(x, scale, nanPolicy)

/** See [Statistics.medianAbsDeviation]. */
public fun medianAbsDeviation(x: Any, scale: Any = 1.0, nanPolicy: String = "propagate"): Double =
    stats.medianAbsDeviation(x, scale, nanPolicy)

/** See [Statistics.ttestInd]. */
public fun ttestInd(
    a: Any,
    b: Any,
    equalVar: Boolean = TTest.Params.DEFAULTS.equalVar(),
    nanPolicy: String = "propagate",
    alternative: String = "two-sided",
): TTestResult = stats.ttestInd(a, b, equalVar, nanPolicy, alternative)

/** See [Statistics.ttestInd]; of every column of two matrices or tables. */
public fun ttestInd(
    a: AxisArray,
    b: AxisArray,
    equalVar: Boolean = TTest.Params.DEFAULTS.equalVar(),
    nanPolicy: String = "propagate",
    alternative: String = "two-sided",
): TestResults = stats.ttestInd(a, b, equalVar, nanPolicy, alternative)

/** See [Statistics.mannwhitneyu]. */
public fun mannwhitneyu(x: Any, y: Any, alternative: String = "two-sided"): TestResult =
    stats.mannwhitneyu(x, y, alternative = alternative)

/** See [Statistics.pearsonr]. */
public fun pearsonr(x: Any, y: Any): TestResult = stats.pearsonr(x, y)

/** See [Statistics.spearmanr]. */
public fun spearmanr(a: Any, b: Any): TestResult = stats.spearmanr(a, b)

/** See [Statistics.zscore]. */
public fun zscore(a: Any, ddof: Int = 0): DoubleArray = stats.zscore(a, ddof)

/** See [Statistics.zscore]; of every column (axis 0) or row (1) of a matrix. */
public fun zscore(a: AxisArray, axis: Int = 0, ddof: Int = 0): DenseMatrix = stats.zscore(a, axis, ddof)
