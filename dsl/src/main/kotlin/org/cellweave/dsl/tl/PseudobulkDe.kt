package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.design.Covariate
import org.cellweave.design.ModelFormula
import org.cellweave.design.ModelMatrix
import org.cellweave.diffexp.pseudobulk.DispersionTrend
import org.cellweave.diffexp.pseudobulk.PseudobulkDe
import org.cellweave.diffexp.pseudobulk.SizeFactors
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.sampleCovariate
import org.cellweave.dsl.slots.source
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import org.cellweave.diffexp.pseudobulk.PseudobulkDe.Params.DEFAULTS as DE
import org.cellweave.preprocess.Pseudobulk.Params.DEFAULTS as PSEUDOBULK

/** More rows than studies have samples. */
private const val MANY_SAMPLES = 200

/**
 * Differential expression between samples, with replicates as the units: counts of cells summed by sample, negative
 * binomial models with shared dispersions, Wald or likelihood-ratio tests. See [PseudobulkDe].
 *
 * Reads `X` (or [layer]), raw counts, and the columns of [design] in `obs`: of cells, which are summed by [sampleKey],
 * or of samples as `sc.get.pseudobulk` makes them. Writes `uns[keyAdded]`: `params`, a table `results` with a row per
 * gene (and group), a table `samples` with size factors; `sc.get.pseudobulkDf` reads it.
 *
 * @param design a formula such as `~ sex + condition`, with numbers and labels, `:` and `*`; or a list of columns
 * @param contrast a column of labels, the level of interest and the one it is compared with, as in
 *   `listOf("condition", "stim", "ctrl")`; or weights of coefficients by name; null for the last coefficient
 * @param sampleKey column that tells the cells' samples; null where rows are samples
 * @param groupBy column such as the cell type: one test in each group; groups that cannot be tested are told
 * @param test `wald`, or `lrt` with a [reduced] design
 * @param fitType trend of dispersions: `parametric` or `mean`
 * @param sizeFactors `ratio`, or `poscounts` where every gene has a zero somewhere
 */
public fun Tools.pseudobulkDe(
    adata: AnnData,
    design: Any,
    contrast: Any? = null,
    sampleKey: String? = null,
    groupBy: String? = null,
    layer: String? = null,
    minCells: Int = PSEUDOBULK.minCells(),
    minCounts: Number = PSEUDOBULK.minCounts(),
    test: String = DE.test().spelled(),
    reduced: Any? = null,
    fitType: String = DE.fitType().spelled(),
    sizeFactors: String = DE.sizeFactors().spelled(),
    independentFilter: Boolean = DE.independentFilter(),
    cooksFilter: Boolean = DE.cooksFilter(),
    refitCooks: Boolean = DE.refitCooks(),
    minReplicates: Int = DE.minReplicates(),
    alpha: Number = DE.alpha(),
    lfcShrink: Boolean = DE.lfcShrink(),
    keyAdded: String = "pseudobulk_de",
    copy: Boolean = false,
): AnnData {
    val params =
        PseudobulkDe.Params
            .builder()
            .test(Check.oneOf(test, PseudobulkDe.Test::class.java, "test"))
            .fitType(Check.oneOf(fitType, DispersionTrend.Type::class.java, "fitType"))
            .sizeFactors(Check.oneOf(sizeFactors, SizeFactors.Type::class.java, "sizeFactors"))
            .independentFilter(independentFilter)
            .cooksFilter(cooksFilter)
            .refitCooks(refitCooks)
            .minReplicates(minReplicates)
            .alpha(alpha.toDouble())
            .lfcShrink(lfcShrink)
            .build()
    val formula = formulaOf(design, "design")
    val smaller = reduced?.let { formulaOf(it, "reduced") }
    val columns = (formula.columns() + smaller?.columns().orEmpty()).map(ModelFormula::column)
    requireDesign(adata, columns)
    val target = adata.target(copy)
    val bulk =
        sampleKey?.let { sc.get.pseudobulk(adata, it, groupBy, layer, "sum", minCells, minCounts.toDouble()) } ?: adata
    columns.firstOrNull { !bulk.obs.contains(it) }?.let {
        throw IllegalArgumentException(
            "obs['$it'] varies within samples of '$sampleKey', so that it cannot be in the design; name a column " +
                "that has one value in every sample",
        )
    }
    val study = SampleStudy(formula, smaller, contrast, params, layer.takeIf { sampleKey == null })
    warnOfCells(bulk, sampleKey)
    val tests = if (groupBy == null) listOf(study.test(bulk, null, null)) else study.byGroup(bulk, groupBy)
    val recorded = recorded(
        params, "test", "fitType", "sizeFactors", "independentFilter", "cooksFilter", "refitCooks", "minReplicates",
        "alpha", "lfcShrink",
    )
    target.uns[keyAdded] = dict(
        "params" to recorded + listOfNotNull(
            "design" to "$formula", smaller?.let { "reduced" to "$it" }, sampleKey?.let { "sample_key" to it },
            groupBy?.let { "group_by" to it }, layer?.let { "layer" to it },
            "coefficients" to NdArray.of(*tests[0].coefficients.toTypedArray()),
            "contrast" to NdArray.of(*tests[0].contrast),
        ),
        "results" to results(bulk, tests),
        "samples" to samples(tests),
    )
    return target
}

/** Rows that were not summed here, and do not look as if they had been. */
private fun warnOfCells(bulk: AnnData, sampleKey: String?) {
    if (sampleKey == null && bulk.nObs > MANY_SAMPLES && !bulk.obs.contains("psbulk_n_cells")) {
        Log.warning(
            "pseudobulkDe takes each of the ${bulk.nObs} rows as a sample. If they are cells, pass sampleKey, the " +
                "column of obs that tells samples",
        )
    }
}

private fun formulaOf(value: Any, argument: String): ModelFormula =
    when (value) {
        is String -> ModelFormula.parse(value)
        is Collection<*> -> ModelFormula.ofColumns(value.map { "$it" })
        else -> throw IllegalArgumentException("$argument must be a formula or a list of columns, got $value")
    }

private fun requireDesign(adata: AnnData, columns: List<String>) {
    val missing = columns.filterNot(adata.obs::contains)
    if (missing.isNotEmpty()) {
        throw MissingKeyException("obs", missing, adata.obs.keys, remedy(missing.first(), "obs"))
    }
}

/** One test, of all samples or of one group's. */
private class SampleTest(
    val group: String?,
    val samples: List<String>,
    val coefficients: List<String>,
    val contrast: DoubleArray,
    val result: PseudobulkDe.Result,
)

/** What is asked of each group. */
private class SampleStudy(
    private val formula: ModelFormula,
    private val reduced: ModelFormula?,
    private val contrast: Any?,
    private val params: PseudobulkDe.Params,
    private val layer: String?,
) {
    /**
     * @param asked the coefficient that is tested where no contrast was named; null for the last
     */
    fun test(bulk: AnnData, group: String?, asked: String?): SampleTest {
        val matrix = bulk.modelMatrix(formula).fullRank()
        requireComparison(matrix, asked)
        val smaller = reduced?.let { bulk.modelMatrix(it).fullRank().columns() }
        val weights = matrix.weights()
        val source = bulk.source(layer)
        val input = PseudobulkDe.Input(source.x, matrix.columns(), matrix.names(), weights, smaller)
        val result = bulk.running("pseudobulkDe", source, "sample") { PseudobulkDe.run(input, params, it) }
        val of = group?.let { " of '$it'" }.orEmpty()
        result.warnings().forEach { Log.warning("pseudobulkDe$of: $it") }
        val found = result.padj().count { it < params.alpha() }
        Log.info(
            "pseudobulkDe$of: ${bulk.nObs} samples, $found genes at a false discovery rate of ${params.alpha()}; " +
                "log2FoldChange is ${direction(matrix)}",
        )
        return SampleTest(group, bulk.obsNames, matrix.names(), weights, result)
    }

    /** What a positive fold change means. */
    private fun direction(matrix: ModelMatrix): String {
        if (contrast is List<*>) return "'${contrast[1]}' over '${contrast[2]}' of '${contrast[0]}'"
        if (contrast != null) return "the contrast $contrast"
        val coefficient = matrix.names().last()
        return matrix.covariates().entries.firstNotNullOfOrNull { (name, covariate) ->
            val level = coefficient.removePrefix("$name[T.").removeSuffix("]")
            val first = (covariate as? Categories)?.takeIf { coefficient == "$name[T.$level]" }?.level(0)
            first?.let { "'$level' over '$it' of '${ModelFormula.column(name)}'" }
        } ?: "by the coefficient '$coefficient'"
    }

    /** A column with one level compares nothing, and what is left would be tested in its stead. */
    private fun requireComparison(matrix: ModelMatrix, asked: String?) {
        matrix.covariates().forEach { (name, covariate) ->
            require(covariate !is Categories || covariate.nLevels() > 1) {
                "obs['${ModelFormula.column(name)}'] has one level among these samples, " +
                    "'${(covariate as Categories).level(0)}', so that there is nothing to compare; leave it out of the design"
            }
        }
        if (contrast != null || params.test() == PseudobulkDe.Test.LRT) return
        require(matrix.names().last() != "Intercept") {
            "the design '$formula' has no coefficient to test but the intercept; name a column, or pass a contrast"
        }
        require(asked == null || matrix.names().last() == asked) {
            "'$asked' cannot be tested among these samples, which have ${matrix.names()}"
        }
    }

    fun byGroup(bulk: AnnData, groupBy: String): List<SampleTest> {
        val asked = bulk.modelMatrix(formula).names().last()
        val groups = bulk.categories(groupBy, "groupBy")
        val members = groups.members()
        var first: IllegalArgumentException? = null
        val tests = members.indices.filter { members[it].isNotEmpty() }.mapNotNull { g ->
            try {
                test(bulk[members[g]], groups.level(g), asked)
            } catch (e: IllegalArgumentException) {
                first = first ?: e
                Log.warning("pseudobulkDe leaves out '${groups.level(g)}': ${e.message}")
                null
            }
        }
        first?.let { if (tests.isEmpty()) throw it }
        return tests
    }

    private fun AnnData.modelMatrix(formula: ModelFormula): ModelMatrix =
        if (formula.columns().isEmpty()) {
            ModelMatrix.intercept(nObs)
        } else {
            formula.matrix { name ->
                sampleCovariate(ModelFormula.column(name), ModelFormula.isLabels(name)) as Covariate
            }
        }

    private fun ModelMatrix.weights(): DoubleArray =
        when (contrast) {
            null -> last()
            is Map<*, *> -> contrast(contrast.entries.associate { "${it.key}" to number(it.value) })
            is List<*> -> {
                require(contrast.size == 3) {
                    "contrast must name a column and two of its levels, as in listOf(\"condition\", \"stim\", " +
                        "\"ctrl\"), got $contrast"
                }
                contrast("${contrast[0]}", "${contrast[1]}", "${contrast[2]}")
            }
            else -> throw IllegalArgumentException("contrast must be a list or a map, got $contrast")
        }

    private fun number(value: Any?): Double =
        (value as? Number)?.toDouble() ?: throw IllegalArgumentException("contrast needs numbers, got $value")
}

private fun results(bulk: AnnData, tests: List<SampleTest>): DataFrame {
    val genes = bulk.varNames
    val n = genes.size
    val out = DataFrame.ofNames(*Array(tests.size * n) { "$it" })

    fun put(key: String, values: (PseudobulkDe.Result) -> DoubleArray) {
        val all = tests.map { values(it.result) }
        out.set(key, NumericColumn.of(*DoubleArray(tests.size * n) { all[it / n][it % n] }))
    }
    if (tests[0].group != null) out.set("group", groupColumn(tests) { n })
    out.set("names", StringColumn.of(*Array(tests.size * n) { genes[it % n] }))
    put("baseMean") { it.baseMean() }
    put("log2FoldChange") { it.log2FoldChange() }
    put("lfcSE") { it.lfcSE() }
    put("stat") { it.stat() }
    put("pvalue") { it.pvalue() }
    put("padj") { it.padj() }
    put("dispersion") { it.dispersion() }
    val outliers = tests.map { it.result.cooksOutlier() }
    out.set("outlier", BooleanColumn.of(*BooleanArray(tests.size * n) { outliers[it / n][it % n] }))
    return out
}

private fun samples(tests: List<SampleTest>): DataFrame {
    val out = DataFrame.ofNames(*tests.flatMap { it.samples }.toTypedArray())
    if (tests[0].group != null) out.set("group", groupColumn(tests) { it.samples.size })
    out.set("size_factor", NumericColumn.of(*tests.flatMap { it.result.sizeFactors().asList() }.toDoubleArray()))
    return out
}

private fun groupColumn(tests: List<SampleTest>, rows: (SampleTest) -> Int): CategoricalColumn {
    val texts = tests.flatMap { test -> List(rows(test)) { test.group } }
    return CategoricalColumn.ofTexts(texts.toTypedArray(), tests.map { it.group!! }.toTypedArray(), false)
}
